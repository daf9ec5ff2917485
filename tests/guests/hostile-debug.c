// SPDX-License-Identifier: GPL-2.0
/*
 * hostile-debug.c - single-stepping and blocked debug exceptions around
 * everything that enters the host: the shapes of CVE-2018-8897 and its kin.
 */
#include "guest.h"

#define TF_ON	"pushfl\n orl $0x100, (%%esp)\n popfl\n"

/* In ring 1: each ends in some trap of the guest's, or in none. */
static void in_ring1(void)
{
	u32 i;

	for (i = 0; i < 1000; i++) {
		TRY("movl %%ss, %%eax\n movl %%eax, %%ss\n int $0x80");
		CHECK(caught.vector != VECTOR_NONE);
		TRY("movl %%ss, %%ecx\n xorl %%eax, %%eax\n"
		    "movl %%ecx, %%ss\n int $0x1f");
		CHECK_EQ(caught.vector, VECTOR_NONE);
		TRY(TF_ON "movl %%ss, %%eax\n movl %%eax, %%ss\n int $0x80");
		CHECK(caught.vector != VECTOR_NONE);
		TRY(TF_ON "pushl %%ss\n popl %%ss\n int3");
		CHECK(caught.vector != VECTOR_NONE);
		TRY(TF_ON "movl %%ss, %%ecx\n movl %%ecx, %%ss\n int $0x1f");
		CHECK(caught.vector != VECTOR_NONE);
		TRY(TF_ON "sysenter");
		CHECK(caught.vector != VECTOR_NONE);
		TRY(TF_ON "syscall");
		CHECK(caught.vector != VECTOR_NONE);
		TRY(TF_ON "movl %%ss, %%eax\n movl %%eax, %%ss\n syscall");
		CHECK(caught.vector != VECTOR_NONE);
		TRY(TF_ON "movl 0x10000000, %%eax");
		CHECK(caught.vector != VECTOR_NONE);
		TRY(TF_ON ".byte 0xf1");
		CHECK(caught.vector != VECTOR_NONE);
		TRY(TF_ON "hlt");
		CHECK(caught.vector != VECTOR_NONE);
		TRY(TF_ON "inb $0x60, %%al\n nop");
		CHECK(caught.vector != VECTOR_NONE);
		/* into a trap by an iret that sets TF */
		TRY("pushl $0x302\n pushl $0x61\n pushl $771f\n iret");
	}
	/* The last of them may still be stepping. */
	asm volatile("pushl $2\n popfl" ::: "cc");
}

#define USER(name, code)						\
	USER_CODE static void name(void)				\
	{								\
		asm volatile("pushfl\n orl $0x100, (%esp)\n"		\
			     code "\n int $0x80\n");			\
	}

USER(step_syscall, "popfl\n int $0x80")
USER(step_blocked_syscall,
     "movl %ss, %eax\n popfl\n movl %eax, %ss\n int $0x80")
USER(step_blocked_int3, "movl %ss, %eax\n popfl\n movl %eax, %ss\n int3")
USER(step_blocked_hypercall,
     "movl %ss, %eax\n popfl\n movl %eax, %ss\n int $0x1f")
USER(step_sysenter, "popfl\n sysenter")
USER(step_blocked_sysenter,
     "movl %ss, %eax\n popfl\n movl %eax, %ss\n sysenter")
USER(step_blocked_syscall_insn,
     "movl %ss, %eax\n popfl\n movl %eax, %ss\n syscall")
USER(step_fault, "popfl\n movl 0x10000000, %eax")
USER(step_icebp, "popfl\n .byte 0xf1")
USER(step_iret, "popfl\n iret")

static const void *const user_codes[] = {
	step_syscall, step_blocked_syscall, step_blocked_int3,
	step_blocked_hypercall, step_sysenter, step_blocked_sysenter,
	step_blocked_syscall_insn, step_fault, step_icebp, step_iret,
};

static void in_ring3(void)
{
	u32 i, j;

	for (i = 0; i < 500; i++)
		for (j = 0; j < ARRAY_SIZE(user_codes); j++) {
			struct trap regs = run_user_at(user_codes[j]);

			/* Go on where it was, stepping, until the end. */
			while (regs.vector == VECTOR_DB)
				run_user(&regs);
		}
}

/* Each instruction of a loop stepped through, and counted. */
USER_CODE static void user_loop(void)
{
	asm volatile("movl $100, %ecx\n"
		     "1: nop\n"
		     "loop 1b\n"
		     "int $0x80\n");
}

static void step_by_step(void)
{
	struct trap regs = user_start_at(user_loop);
	u32 steps = 0;

	regs.eflags |= EFLAGS_TF;
	for (;;) {
		run_user(&regs);
		if (regs.vector != VECTOR_DB)
			break;
		steps++;
		CHECK(regs.eflags & EFLAGS_TF);
	}
	CHECK_EQ(regs.vector, VECTOR_SYSCALL);
	CHECK_EQ(steps, 201);
}

static void step_on(struct trap *trap)
{
	(void)trap;
}

/* Stepping while interrupts come. */
static u32 rearmed;

static void tick(struct trap *trap)
{
	(void)trap;
	rearmed++;
	set_timer(3 * USEC);
}

static void with_interrupts(void)
{
	handle_irq(LGUEST_IRQ_TIMER, tick);
	handlers[VECTOR_DB] = step_on;
	set_timer(USEC);
	while (rearmed < 500)
		CHECK_EQ(run_user_at(step_syscall).vector, VECTOR_SYSCALL);
	set_timer(0);
	handlers[VECTOR_DB] = NULL;
}

static member *const members[] = {
	in_ring1, in_ring3, step_by_step, with_interrupts,
};

static void test(void)
{
	setup();
	RUN_MEMBER(members);
}
