// SPDX-License-Identifier: GPL-2.0
/*
 * hostile-iret.c - returns to where no guest may be: ring 0, 64-bit code,
 * vm86 mode, a task; by its own iret, by LHCALL_IRET, and by the end of its
 * noirq range while an interrupt waits.
 */
#include "guest.h"

/* What ring 3 gets to when a frame is good after all. */
USER_CODE static void user_ends(void)
{
	asm volatile("int $0x80");
}

static const u32 code_selectors[] = {
	0, 1, 2, 3, 0x08, 0x10, 0x11, 0x12, 0x13, 0x18, 0x1b, 0x20, 0x23, 0x28,
	0x2b, 0x30, 0x33, 0x38, 0x3b, 0x40, 0x43, 0x60, 0x61, 0x62, 0x63, 0x64,
	0x65, 0x67, 0x68, 0x69, 0x70, 0x71, 0x73, 0x77, 0x7b, 0xf8, 0xff,
	0xfff8, 0xffff, 0x10061, 0xdead0061, 0xdead0073,
};

static const u32 stack_selectors[] = {
	0, 3, 0x10, 0x18, 0x1b, 0x2b, 0x60, 0x61, 0x68, 0x69, 0x6b, 0x73, 0x78,
	0x7b, 0x7f, 0xfff8, 0xffff, 0xdead007b,
};

static const u32 flag_sets[] = {
	EFLAGS_IF | EFLAGS_ONE,
	0,
	EFLAGS_IOPL | EFLAGS_IF,
	EFLAGS_NT | EFLAGS_IF,
	EFLAGS_VM | EFLAGS_IF,
	EFLAGS_VM | EFLAGS_IOPL | EFLAGS_NT,
	EFLAGS_TF | EFLAGS_IF,
	EFLAGS_AC | EFLAGS_ID | EFLAGS_DF,
	0x00010000 | EFLAGS_TF,		/* RF */
	0x00180000,			/* VIF, VIP */
	0xffffffff,
};

static u32 frame[6] __attribute__((used));	/* eax eip cs eflags esp ss */

static void by_native_iret(void)
{
	TRY("movl $frame+4, %%esp\n iret");
}

static void by_hypercall(void)
{
	TRY_WITH("movl $frame, %%esp\n int $0x1f", LHCALL_IRET, 0);
}

/* The host ends the noirq range itself: it has a timer pending. */
static void by_noirq_range(void)
{
	irq_off();
	set_timer(1);
	TRY("movl $frame, %%esp\n movl $0x200, %%eax\n jmp noirq_start");
	set_timer(0);
}

static void (*const ways[])(void) = {
	by_native_iret, by_hypercall, by_noirq_range,
};

static void return_to(void (*way)(void), u32 eip, u32 cs, u32 flags, u32 esp,
		      u32 ss)
{
	frame[0] = 0;
	frame[1] = eip;
	frame[2] = cs;
	frame[3] = flags;
	frame[4] = esp;
	frame[5] = ss;
	way();
	if (caught.vector == VECTOR_NONE)
		fail("iret to %x with flags %x was not noticed", cs, flags);
}

/*
 * EIP is that of an int $0x80 which ring 3 may run, and ring 1 where the CPU
 * has no SMEP: any good frame ends there.
 */
static void all_frames(void)
{
	void (*way)(void) = ways[parameter("way", 0)];
	u32 c, s, f;

	for (c = 0; c < ARRAY_SIZE(code_selectors); c++)
		for (s = 0; s < ARRAY_SIZE(stack_selectors); s++)
			for (f = 0; f < ARRAY_SIZE(flag_sets); f++)
				return_to(way, pa(user_ends),
					  code_selectors[c], flag_sets[f],
					  pa(user_stack) + 64,
					  stack_selectors[s]);
}

/* EIP and ESP all over the address space. */
static void all_addresses(void)
{
	static const u32 addresses[] = {
		0, 1, 0x1000, 0x7fffffff, 0x80000000, 0xbfffffff, 0xc0000000,
		0xffffe000, 0xfffff000, 0xfffffffc, 0xffffffff,
	};
	void (*way)(void) = ways[parameter("way", 0)];
	u32 i, j;

	*(u16 *)at(0) = 0x0b0f;		/* ud2, should anyone come by */
	for (i = 0; i < ARRAY_SIZE(addresses); i++)
		for (j = 0; j < ARRAY_SIZE(addresses); j++) {
			return_to(way, addresses[i], LGUEST_USER_CS, EFLAGS_IF,
				  addresses[j], LGUEST_USER_DS);
			return_to(way, pa(user_ends), LGUEST_USER_CS,
				  EFLAGS_IF, addresses[j], LGUEST_USER_DS);
		}
}

/* lret is a way to ring 3 as well; and not to ring 0. */
static void far_returns(void)
{
	u32 c, s;

	for (c = 0; c < ARRAY_SIZE(code_selectors); c++)
		for (s = 0; s < ARRAY_SIZE(stack_selectors); s++) {
			frame[0] = pa(user_ends);
			frame[1] = code_selectors[c];
			frame[2] = pa(user_stack) + 64;
			frame[3] = stack_selectors[s];
			TRY("movl $frame, %%esp\n lret");
			CHECK(caught.vector != VECTOR_NONE);
		}
}

static member *const members[] = { all_frames, all_addresses, far_returns };

static void ignore(struct trap *trap)
{
	(void)trap;
}

static void test(void)
{
	setup();
	handle_irq(LGUEST_IRQ_TIMER, ignore);
	RUN_MEMBER(members);
}
