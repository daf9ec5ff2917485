// SPDX-License-Identifier: GPL-2.0
/*
 * fpu.c - processes that keep values in x87 and SSE registers for a long time
 * while others do the same, and say if one ever changed.
 *
 * usage: fpu PROCESSES ROUNDS
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SPIN	200000

/*
 * Hold eight XMM registers and an x87 stack entry over a stretch of time in
 * which the kernel switches, then look at them again.
 */
static int hold(unsigned int seed, int yield)
{
	unsigned int in[32] __attribute__((aligned(16)));
	unsigned int out[32] __attribute__((aligned(16)));
	double x87 = seed * 1.25, back;
	volatile unsigned int spin = SPIN;
	int i;

	for (i = 0; i < 32; i++)
		in[i] = seed * 32 + i;
	asm volatile("fldl %0" : : "m"(x87));
	asm volatile("movdqa 0(%0), %%xmm0\n movdqa 16(%0), %%xmm1\n"
		     "movdqa 32(%0), %%xmm2\n movdqa 48(%0), %%xmm3\n"
		     "movdqa 64(%0), %%xmm4\n movdqa 80(%0), %%xmm5\n"
		     "movdqa 96(%0), %%xmm6\n movdqa 112(%0), %%xmm7\n"
		     : : "r"(in) : "memory");
	if (yield)	/* sched_yield(): number 158, and no libc in between */
		asm volatile("int $0x80" : : "a"(158) : "memory");
	else
		asm volatile("1: decl %0\n jnz 1b" : "+m"(spin));
	asm volatile("movdqa %%xmm0, 0(%0)\n movdqa %%xmm1, 16(%0)\n"
		     "movdqa %%xmm2, 32(%0)\n movdqa %%xmm3, 48(%0)\n"
		     "movdqa %%xmm4, 64(%0)\n movdqa %%xmm5, 80(%0)\n"
		     "movdqa %%xmm6, 96(%0)\n movdqa %%xmm7, 112(%0)\n"
		     : : "r"(out) : "memory");
	asm volatile("fstpl %0" : "=m"(back));
	return back != x87 || memcmp(in, out, sizeof(in));
}

static int worker(unsigned int id, int rounds)
{
	int i;

	for (i = 0; i < rounds; i++)
		if (hold(id * 1000003 + i, i % 2)) {
			printf("process %u: registers differ in round %d\n", id, i);
			return 1;
		}
	return 0;
}

int main(int argc, char **argv)
{
	int processes = argc > 1 ? atoi(argv[1]) : 4;
	int rounds = argc > 2 ? atoi(argv[2]) : 100;
	int i, status, bad = 0;

	for (i = 0; i < processes; i++) {
		pid_t pid = fork();

		if (pid < 0) {
			perror("fork");
			return 1;
		}
		if (!pid) {
			status = worker(i, rounds);
			fflush(stdout);
			_exit(status);
		}
	}
	while (wait(&status) > 0)
		bad += !!status;
	printf("%d processes held their registers, %d did not\n", processes - bad, bad);
	return !!bad;
}
