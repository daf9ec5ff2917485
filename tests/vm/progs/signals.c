// SPDX-License-Identifier: GPL-2.0
/*
 * signals.c - signals, and returns from them with registers that no kernel
 * should accept.  Each child does one bad thing; the parent sees that it ends
 * by a signal or survives, and that the system is none the worse.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ucontext.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#define UNUSED		__attribute__((unused))
#define DELIVERIES	20000

static volatile sig_atomic_t got;
static int reg;
static uint32_t value;

static void count(int UNUSED sig)
{
	got++;
}

static void spoil(int UNUSED sig, siginfo_t UNUSED *info, void *ctx)
{
	ucontext_t *uc = ctx;

	uc->uc_mcontext.gregs[reg] = value;
}

static void die_quietly(int sig)
{
	_exit(100 + sig);
}

/* Return from a signal handler with one register spoilt. */
static void bad_return(int which, uint32_t what)
{
	struct sigaction act = { .sa_sigaction = spoil, .sa_flags = SA_SIGINFO };
	stack_t stack = { .ss_size = 65536 };

	reg = which;
	value = what;
	stack.ss_sp = malloc(stack.ss_size);
	sigaltstack(&stack, NULL);
	sigaction(SIGUSR1, &act, NULL);
	act.sa_handler = die_quietly;
	act.sa_flags = SA_ONSTACK;
	sigaction(SIGSEGV, &act, NULL);
	sigaction(SIGBUS, &act, NULL);
	sigaction(SIGILL, &act, NULL);
	sigaction(SIGTRAP, &act, NULL);
	alarm(5);
	raise(SIGUSR1);
	_exit(0);
}

static int child(void (*act)(int, uint32_t), int which, uint32_t what)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		act(which, what);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		perror("child");
		exit(1);
	}
	return status;
}

/* Single-step: each instruction is a SIGTRAP. */
static volatile sig_atomic_t steps;

static void step(int UNUSED sig, siginfo_t UNUSED *info, void *ctx)
{
	ucontext_t *uc = ctx;

	if (++steps >= 10)
		uc->uc_mcontext.gregs[REG_EFL] &= ~0x100;
}

static int single_step(void)
{
	struct sigaction act = { .sa_sigaction = step, .sa_flags = SA_SIGINFO };

	sigaction(SIGTRAP, &act, NULL);
	asm volatile("pushfl\n orl $0x100, (%%esp)\n popfl\n"
		     "nop; nop; nop; nop; nop; nop; nop; nop; nop; nop; nop; nop; nop\n"
		     : : : "memory", "cc");
	return steps;
}

static void illegal(int which, uint32_t UNUSED none)
{
	alarm(5);
	switch (which) {
	case 0:
		asm volatile("cli");
		break;
	case 1:
		asm volatile("hlt");
		break;
	case 2:
		asm volatile("ud2");
		break;
	case 3:
		asm volatile("int $0x1f");
		break;
	case 4:
		asm volatile("movl %%cr3, %%eax" : : : "eax");
		break;
	case 5:
		asm volatile("inb $0x80" : : : "eax");
		break;
	case 6:
		*(volatile int *)0xc0000000 = 1;
		break;
	case 7:
		asm volatile("divl %0" : : "r"(0), "a"(1), "d"(0));
		break;
	case 8:
		asm volatile("movl %0, %%ds" : : "r"(0x68));
		break;
	case 9:
		asm volatile("ljmp $0x61, $0xc0100000");
		break;
	}
}

#define ILLEGAL	10

int main(void)
{
	static const uint32_t bad[] = {
		0, 1, 0x10, 0x13, 0x33, 0x60, 0x61, 0x63, 0x69, 0x73, 0x7b, 0xf8,
		0xffff, 0xffffffff, 0x202, 0x3202, 0x20202, 0x4202, 0x40202,
	};
	static const int regs[] = {
		REG_CS, REG_SS, REG_DS, REG_ES, REG_FS, REG_GS, REG_EFL, REG_EIP, REG_UESP,
	};
	unsigned int i, j, survived = 0, ended = 0;
	int status;

	signal(SIGUSR2, count);
	for (i = 0; i < DELIVERIES; i++)
		raise(SIGUSR2);
	printf("%d of %d signals\n", (int)got, DELIVERIES);

	for (i = 0; i < sizeof(regs) / sizeof(regs[0]); i++)
		for (j = 0; j < sizeof(bad) / sizeof(bad[0]); j++) {
			status = child(bad_return, regs[i], bad[j]);
			if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
				printf("HANGS: register %d = %#x\n", regs[i], bad[j]);
			if (WIFEXITED(status) && !WEXITSTATUS(status))
				survived++;
			else
				ended++;
		}
	printf("%u bad returns survived, %u ended\n", survived, ended);

	for (i = 0; i < ILLEGAL; i++) {
		status = child(illegal, i, 0);
		if (!WIFSIGNALED(status) || WTERMSIG(status) == SIGALRM)
			printf("NO SIGNAL for illegal act %u (status %#x)\n", i, status);
	}
	printf("%d single steps\n", single_step());
	return got != DELIVERIES || steps < 10;
}
