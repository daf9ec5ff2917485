// SPDX-License-Identifier: GPL-2.0
/*
 * abuse-state.c - a launcher with CPU state of its own: segment bases, LDT
 * selectors, vector registers, protection keys, I/O permissions, hardware
 * breakpoints, single steps.  All of it must be as it was when read() comes
 * back, however often guest and host have taken turns, and the guest must
 * have none of it.
 */
#include <asm/ldt.h>
#include <asm/prctl.h>
#include <cpuid.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <sys/io.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "tiny.h"

#define RUNS	3

/* Somebody who wants the CPU as well, with registers of his own. */
static volatile bool stop_rival;

static void *rival(void *unused)
{
	volatile double x = 1;

	(void)unused;
	while (!stop_rival)
		x = x * 1.0000001 + 0.5;
	return NULL;
}

static void with_rivals(void (*fn)(void))
{
	pthread_t rivals[2];
	int i;

	stop_rival = false;
	for (i = 0; i < 2; i++)
		CHECK(!pthread_create(&rivals[i], NULL, rival, NULL));
	fn();
	stop_rival = true;
	for (i = 0; i < 2; i++)
		CHECK(!pthread_join(rivals[i], NULL));
}

static void run_work(void)
{
	struct tiny t;

	tiny_start(&t, tiny_work);
	tiny_run(&t);
	tiny_check_poweroff(&t);
	tiny_end(&t);
}

/* Run in a child, as there is no way back from some of these. */
static void in_child(void (*fn)(void))
{
	int status;
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (!pid) {
		fn();
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static unsigned long get_base(int which)
{
	unsigned long base;

	CHECK(!syscall(SYS_arch_prctl, which, &base));
	return base;
}

static void segment_bases(void)
{
	unsigned long fs = get_base(ARCH_GET_FS);
	static const unsigned long bases[] = {
		0x1000, 0x7fff12345000, 0xdeadbeef000,
	};
	size_t i;

	for (i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		CHECK(!syscall(SYS_arch_prctl, ARCH_SET_GS, bases[i]));
		run_work();
		CHECK(get_base(ARCH_GET_GS) == bases[i]);
		CHECK(get_base(ARCH_GET_FS) == fs);
	}
	CHECK(!syscall(SYS_arch_prctl, ARCH_SET_GS, 0));
}

/* read() by hand, for what a function call would ruin. */
static long raw_read(int fd, void *buffer, size_t n)
{
	long ret;

	asm volatile("syscall" : "=a"(ret)
		     : "a"(SYS_read), "D"(fd), "S"(buffer), "d"(n)
		     : "rcx", "r11", "memory");
	return ret;
}

/* A 32-bit data segment of the LDT; selector 7 is its first, of ring 3. */
static void make_ldt_entry(unsigned int base)
{
	struct user_desc entry = {
		.entry_number = 0, .base_addr = base, .limit = 0xfffff,
		.seg_32bit = 1, .limit_in_pages = 1, .useable = 1,
	};

	CHECK(!syscall(SYS_modify_ldt, 1, &entry, sizeof(entry)));
}

/* A launcher with an LDT may be refused; but then in so many words. */
static void check_ldt_end(const struct tiny *t)
{
	if (t->exit.reason == LGUEST_EXIT_KILLED)
		tiny_check_killed(t, "LDT");
	else
		tiny_check_poweroff(t);
}

static void ldt_selectors_child(void)
{
	unsigned int ds, es, gs;
	struct tiny t;

	make_ldt_entry(0);
	tiny_start(&t, tiny_work);
	asm volatile("movl %0, %%ds\n movl %0, %%es\n movl %0, %%gs"
		     :: "r"(7));
	do {
		t.got = raw_read(t.fd, &t.exit, sizeof(t.exit));
	} while (t.got == -EINTR);
	asm volatile("movl %%ds, %0\n movl %%es, %1\n movl %%gs, %2\n"
		     "movl %3, %%ds\n movl %3, %%es\n movl %3, %%gs"
		     : "=&r"(ds), "=&r"(es), "=&r"(gs) : "r"(0));
	CHECK(ds == 7 && es == 7 && gs == 7);
	check_ldt_end(&t);
}

/* Another thread changes the LDT while the guest runs. */
static void ldt_changes_child(void)
{
	struct tiny t;
	int i;

	tiny_start(&t, tiny_spin);
	tiny_run_thread(&t);
	tiny_wait_progress(&t);
	for (i = 0; i < 1000; i++)
		make_ldt_entry(i << 12);
	tiny_stop_thread(&t);
	CHECK(t.got == -1 || t.exit.reason == LGUEST_EXIT_KILLED);
}

static void local_descriptors(void)
{
	in_child(ldt_selectors_child);
	in_child(ldt_changes_child);
}

static uint8_t vectors_in[16][32] __attribute__((aligned(32)));
static uint8_t vectors_out[16][32] __attribute__((aligned(32)));

static bool has_avx(void)
{
	unsigned int a, b, c, d;

	return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_AVX) &&
	       (c & bit_OSXSAVE);
}

/* All sixteen, whole, and the FPU's and SSE's control words. */
__attribute__((target("avx")))
static long read_with_vectors(int fd, void *buffer, size_t n)
{
	long ret;

	asm volatile(
		".irp i,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"
		"vmovdqa 32*\\i(%[in]), %%ymm\\i\n"
		".endr\n"
		"syscall\n"
		".irp i,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"
		"vmovdqa %%ymm\\i, 32*\\i(%[out])\n"
		".endr\n"
		"vzeroupper\n"
		: "=a"(ret)
		: "a"(SYS_read), "D"(fd), "S"(buffer), "d"(n),
		  [in] "r"(vectors_in), [out] "r"(vectors_out)
		: "rcx", "r11", "memory", "xmm0", "xmm1", "xmm2", "xmm3",
		  "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
		  "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
	return ret;
}

static void vector_registers(void)
{
	uint16_t control = 0x0e7f, control_after;
	uint32_t mxcsr = 0x7f80, mxcsr_after, usual = 0x1f80;
	struct tiny t;
	size_t i, run;

	if (!has_avx()) {
		printf("   this CPU has no AVX\n");
		return;
	}
	for (run = 0; run < RUNS; run++) {
		for (i = 0; i < sizeof(vectors_in); i++)
			vectors_in[i / 32][i % 32] = i * 7 + run;
		tiny_start(&t, tiny_work);
		asm volatile("fldcw %0\n ldmxcsr %1" :: "m"(control), "m"(mxcsr));
		do {
			t.got = read_with_vectors(t.fd, &t.exit,
						  sizeof(t.exit));
			CHECK(!memcmp(vectors_in, vectors_out,
				      sizeof(vectors_in)));
		} while (t.got == -EINTR);
		asm volatile("fnstcw %0\n stmxcsr %1\n fninit\n ldmxcsr %2"
			     : "=m"(control_after), "=m"(mxcsr_after)
			     : "m"(usual));
		tiny_check_poweroff(&t);
		CHECK(control == control_after);
		CHECK(mxcsr == mxcsr_after);
		tiny_end(&t);
	}
}

/* The guest's memory is barred from this thread, and not from the guest. */
static void protection_keys(void)
{
	struct tiny t;
	int key = pkey_alloc(0, 0);

	if (key < 0) {
		printf("   this CPU has no protection keys\n");
		return;
	}
	tiny_start(&t, tiny_work);
	CHECK(!pkey_set(key, PKEY_DISABLE_WRITE));
	tiny_run(&t);
	tiny_check_poweroff(&t);
	CHECK(pkey_get(key) == PKEY_DISABLE_WRITE);
	CHECK(!pkey_free(key));
	tiny_end(&t);
}

/* in $0x80; then power off: whatever the launcher may, the guest may not. */
static const uint8_t in_and_poweroff[] = {
	0x31, 0xc0,				/* xorl %eax, %eax */
	0xe4, 0x70,				/* inb $0x70, %al */
	0x3c, 0xff,				/* cmpb $0xff, %al */
	0x75, 0xfe,				/* 1: jne 1b */
	0xb8, LHCALL_SHUTDOWN, 0, 0, 0,
	0x31, 0xd2,
	0xbb, LGUEST_SHUTDOWN_POWEROFF, 0, 0, 0,
	0xcd, LGUEST_TRAP_ENTRY,
};

/* Refused in so many words, or kept from the guest. */
static void run_with_ports(void)
{
	struct tiny t;

	tiny_start(&t, in_and_poweroff);
	tiny_run(&t);
	if (t.exit.reason == LGUEST_EXIT_KILLED)
		tiny_check_killed(&t, "I/O ports");
	else
		tiny_check_poweroff(&t);
}

static void io_permissions_child(void)
{
	CHECK(!ioperm(0, 0x400, 1));
	run_with_ports();
}

static void io_privilege_child(void)
{
	CHECK(!iopl(3));
	run_with_ports();
}

static void io_permissions(void)
{
	if (ioperm(0, 1, 0)) {
		printf("   this kernel gives nobody I/O ports\n");
		return;
	}
	in_child(io_permissions_child);
	in_child(io_privilege_child);
}

/* rdtsc that faults for the launcher; the host's affair, not the guest's. */
static void no_tsc_child(void)
{
	CHECK(!prctl(PR_SET_TSC, PR_TSC_SIGSEGV));
	run_work();
}

static void no_cpuid_child(void)
{
	if (syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0))
		printf("   this CPU cannot make CPUID fault\n");
	run_work();
}

static void faulting_instructions(void)
{
	in_child(no_tsc_child);
	in_child(no_cpuid_child);
}

static volatile bool *on_alarm;

static void set_flag(int sig)
{
	(void)sig;
	*on_alarm = true;
}

/* Run on this very thread, for a second. */
static void run_for_a_second(struct tiny *t)
{
	struct sigaction action = { .sa_handler = set_flag };

	t->stop = false;
	on_alarm = &t->stop;
	CHECK(!sigaction(SIGALRM, &action, NULL));
	alarm(1);
	tiny_run(t);
	CHECK(t->error == EINTR && t->stop);
}

/* A breakpoint of the launcher at addresses that the guest uses as well. */
static void hardware_breakpoints(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_BREAKPOINT,
		.size = sizeof(attr),
		.bp_type = HW_BREAKPOINT_W,
		.bp_addr = TINY_COUNTER,
		.bp_len = HW_BREAKPOINT_LEN_4,
		.exclude_kernel = 1,
	};
	struct tiny t;
	uint64_t hits = 0;
	int fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);

	if (fd < 0) {
		printf("   no hardware breakpoints here\n");
		return;
	}
	tiny_start(&t, tiny_spin);
	run_for_a_second(&t);
	CHECK(tiny_count(&t) != 0);
	CHECK(read(fd, &hits, sizeof(hits)) == sizeof(hits));
	CHECK(hits == 0);
	close(fd);
	tiny_end(&t);
}

/* --- traced --- */

static void traced_child(void)
{
	CHECK(!ptrace(PTRACE_TRACEME, 0, 0, 0));
	raise(SIGSTOP);
	run_work();
}

/* Single-stepping over the read() that runs a guest. */
static void single_steps(void)
{
	int status;
	long steps = 0;
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (!pid) {
		traced_child();
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFSTOPPED(status));
	for (;;) {
		int sig = WSTOPSIG(status);

		CHECK(!ptrace(PTRACE_SINGLESTEP, pid, 0,
			      sig == SIGTRAP || sig == SIGSTOP ? 0 : sig));
		CHECK(waitpid(pid, &status, 0) == pid);
		if (!WIFSTOPPED(status))
			break;
		steps++;
	}
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	printf("   %ld steps\n", steps);
}

static void spin_child(void)
{
	struct tiny t;

	tiny_start(&t, tiny_spin);
	tiny_run(&t);
}

/* Attached to, looked at and let go, again and again, amid a run. */
static void attach_and_detach(void)
{
	int status, i;
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (!pid) {
		spin_child();
		_exit(1);
	}
	usleep(100000);
	for (i = 0; i < 200; i++) {
		CHECK(!ptrace(PTRACE_ATTACH, pid, 0, 0));
		CHECK(waitpid(pid, &status, 0) == pid && WIFSTOPPED(status));
		CHECK(!ptrace(PTRACE_DETACH, pid, 0, 0));
	}
	CHECK(!kill(pid, SIGKILL));
	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
}

/* Stopped and continued, from outside. */
static void stop_and_continue(void)
{
	int status, i;
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (!pid) {
		spin_child();
		_exit(1);
	}
	for (i = 0; i < 100; i++) {
		CHECK(!kill(pid, SIGSTOP));
		CHECK(waitpid(pid, &status, WUNTRACED) == pid);
		CHECK(WIFSTOPPED(status));
		CHECK(!kill(pid, SIGCONT));
		usleep(2000);
	}
	CHECK(!kill(pid, SIGKILL));
	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
}

#define CASE(fn) { fn, #fn }

static const struct {
	void (*fn)(void);
	const char *name;
} cases[] = {
	CASE(segment_bases), CASE(vector_registers), CASE(local_descriptors),
	CASE(protection_keys), CASE(io_permissions),
	CASE(faulting_instructions), CASE(hardware_breakpoints),
	CASE(single_steps), CASE(attach_and_detach), CASE(stop_and_continue),
};

int main(void)
{
	size_t i;

	tiny_signals();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cases[i].fn();
		printf("ok: %s\n", cases[i].name);
		/* The forking ones must not have threads around. */
		if (i < 2) {
			with_rivals(cases[i].fn);
			printf("ok: %s, with rivals for the CPU\n",
			       cases[i].name);
		}
	}
	return 0;
}
