// SPDX-License-Identifier: GPL-2.0
/*
 * hostile-selectors.c - all 65536 selectors, in every register and by every
 * instruction that takes one, in ring 1 and ring 3.  Each faults or works;
 * none gives more than the guest's own GDT does.
 */
#include "guest.h"

static u32 far_pointer[2] __attribute__((used));
USER_DATA static u32 user_far_pointer[2] __attribute__((used));

static void clean_up(void)
{
	asm volatile("movl %0, %%fs\n movl %0, %%gs" :: "r"(0));
}

/* Only what a flat ring-1 machine has may be loaded. */
static void data_registers(void)
{
	u32 s;

	for (s = 0; s < 0x10000; s++) {
		TRY_WITH("movl %%eax, %%ds", s, 0);
		if (caught.vector == VECTOR_NONE && s > 3)
			CHECK(s == LGUEST_KERNEL_CS || s == 0x60 || s == 0x62 ||
			      (s >= 0x60 && s < 0x80));
		TRY_WITH("movl %%eax, %%es", s, 0);
		TRY_WITH("movl %%eax, %%fs", s, 0);
		TRY_WITH("movl %%eax, %%gs", s, 0);
		TRY_WITH("movl %%eax, %%ss", s, 0);
		if (caught.vector == VECTOR_NONE)
			CHECK_EQ(s, LGUEST_KERNEL_DS);
	}
	clean_up();
}

static void far_transfers(void)
{
	u32 s;

	for (s = 0; s < 0x10000; s++) {
		far_pointer[1] = s;
		TRY("movl $771f, far_pointer\n ljmp *far_pointer");
		if (caught.vector == VECTOR_NONE)
			CHECK_EQ(s & ~3u, LGUEST_KERNEL_CS & ~3u);
		TRY("movl $771f, far_pointer\n lcall *far_pointer");
		TRY_WITH("pushl %%eax\n pushl $771f\n lret", s, 0);
		TRY_WITH("pushfl\n pushl %%eax\n pushl $771f\n iret", s, 0);
	}
}

static void questions(void)
{
	u32 s;

	for (s = 0; s < 0x10000; s++) {
		CHECK_EQ(TRY_WITH("larl %%eax, %%edx", s, 0), VECTOR_NONE);
		CHECK_EQ(TRY_WITH("lsll %%eax, %%edx", s, 0), VECTOR_NONE);
		CHECK_EQ(TRY_WITH("verr %%ax", s, 0), VECTOR_NONE);
		CHECK_EQ(TRY_WITH("verw %%ax", s, 0), VECTOR_NONE);
	}
}

USER_CODE static void user_data_registers(void)
{
	asm volatile("movl %eax, %ds\n"
		     "movl %eax, %es\n"
		     "movl %eax, %fs\n"
		     "movl %eax, %gs\n"
		     "movl %eax, %ss\n"
		     "int $0x80\n");
}

USER_CODE static void user_far_jump(void)
{
	asm volatile("movl $1f, user_far_pointer\n"
		     "movl %eax, user_far_pointer+4\n"
		     "ljmp *user_far_pointer\n"
		     "1: int $0x80\n");
}

static void in_ring3(const void *code)
{
	u32 s;

	for (s = 0; s < 0x10000; s++) {
		struct trap regs = user_start_at(code);

		regs.eax = s;
		run_user(&regs);
		if (regs.vector == VECTOR_SYSCALL)
			CHECK(s == LGUEST_USER_CS || (s & ~3u) == 0x70 ||
			      s == LGUEST_USER_DS);
		else
			CHECK(regs.vector == VECTOR_GP ||
			      regs.vector == VECTOR_NP ||
			      regs.vector == VECTOR_SS);
	}
	clean_up();
}

static void user_registers(void)
{
	in_ring3(user_data_registers);
}

static void user_jumps(void)
{
	in_ring3(user_far_jump);
}

static member *const members[] = {
	data_registers, far_transfers, questions, user_registers, user_jumps,
};

static void test(void)
{
	setup();
	RUN_MEMBER(members);
}
