// SPDX-License-Identifier: GPL-2.0
/*
 * iret.c - LHCALL_IRET to ring 1 and ring 3, and interrupts around the
 * guest's own iret: one that comes while the guest is within its noirq range
 * arrives right behind the iret, with the registers that the iret restores.
 */
#include "guest.h"

#define STORM_TICKS	2000u

static u32 result[4] __attribute__((used));

/* To ring 1: EAX, EIP, CS and EFLAGS come from the stack, ESP goes on. */
static void to_ring1(u32 flags)
{
	asm volatile(
		"movl %%esp, result+4\n"
		"pushl %0\n"
		"pushl $0x61\n"
		"pushl $1f\n"
		"pushl $0x1234\n"
		"movl %1, %%eax\n"
		"int %2\n"
		"ud2\n"
		"1: movl %%eax, result\n"
		"pushfl\n"
		"popl result+8\n"
		"subl %%esp, result+4\n"
		:: "r"(flags), "i"(LHCALL_IRET), "i"(LGUEST_TRAP_ENTRY)
		: "eax", "memory", "cc");
	CHECK_EQ(result[0], 0x1234);
	CHECK_EQ(result[1], 0);
	CHECK_EQ(result[2] & (EFLAGS_CF | EFLAGS_IOPL), flags & EFLAGS_CF);
	CHECK_EQ(lguest_data.irq_enabled, flags & EFLAGS_IF);
}

USER_CODE static void user_end_at_once(void)
{
	asm volatile("int $0x80");
}

/* To ring 3, by making trap_return believe that an interrupt waits. */
static void to_ring3(u32 flags)
{
	struct trap regs = user_start_at(user_end_at_once);

	regs.eax = 0x7777;
	regs.ebx = 0x8888;
	regs.esp = pa(user_stack) + 128;
	regs.eflags = EFLAGS_ONE | flags;
	WRITE(lguest_data.irq_pending, 1);
	run_user(&regs);
	CHECK_EQ(regs.vector, VECTOR_SYSCALL);
	CHECK_EQ(regs.eax, 0x7777);
	CHECK_EQ(regs.ebx, 0x8888);
	CHECK_EQ(regs.esp, pa(user_stack) + 128);
	CHECK_EQ(regs.eflags & (EFLAGS_IF | EFLAGS_CF | EFLAGS_IOPL), flags);
	WRITE(lguest_data.irq_pending, 0);
}

static u32 rearm_ns;

static void tick_again(struct trap *trap)
{
	count_tick(trap);
	rearm_ns = rearm_ns % (50 * USEC) + 1013;
	set_timer(rearm_ns);
}

/* Return from a trap over and over while the timer strikes at odd moments. */
static void skip_ud2(struct trap *trap)
{
	trap->eip += 2;
}

static void storm_ring1(void)
{
	u32 i = 0, a;

	handle_irq(LGUEST_IRQ_TIMER, tick_again);
	handlers[VECTOR_UD] = skip_ud2;
	timer_ticks = 0;
	irq_on();
	set_timer(USEC);
	while (timer_ticks < STORM_TICKS) {
		asm volatile("ud2" : "=a"(a) : "a"(++i) : "memory");
		CHECK_EQ(a, i);
		/* The iret has turned them on again. */
		CHECK_EQ(READ(lguest_data.irq_enabled), EFLAGS_IF);
	}
	irq_off();
	handlers[VECTOR_UD] = NULL;
}

USER_CODE static void user_storm(void)
{
	asm volatile("xorl %ebx, %ebx\n"
		     "xorl %eax, %eax\n"
		     "1: incl %ebx\n"
		     "int $0x80\n"
		     "incl %eax\n"
		     "cmpl %eax, %ebx\n"
		     "je 1b\n"
		     "ud2\n");
}

static void serve_storm(struct trap *trap)
{
	CHECK(trap->eflags & EFLAGS_IF);
	if (timer_ticks < STORM_TICKS)
		return;
	set_timer(0);
	handlers[VECTOR_SYSCALL] = NULL;
	dispatch(trap);
}

static void storm_ring3(void)
{
	handlers[VECTOR_SYSCALL] = serve_storm;
	timer_ticks = 0;
	set_timer(USEC);
	CHECK_EQ(run_user_at(user_storm).vector, VECTOR_SYSCALL);
}

/*
 * An interrupt that waits for LHCALL_IRET to turn them on is taken before the
 * first instruction there.
 */
static u32 ticks_seen __attribute__((used));

static void taken_behind_iret(void)
{
	u32 i;

	handle_irq(LGUEST_IRQ_TIMER, count_tick);
	set_timer(0);
	irq_on();	/* what was still pending comes now */
	for (i = 0; i < 100; i++) {
		irq_off();
		timer_ticks = 0;
		set_timer(USEC);
		while (!READ(lguest_data.irq_pending))
			hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
		asm volatile(
			"pushl $0x202\n"
			"pushl $0x61\n"
			"pushl $1f\n"
			"pushl $0\n"
			"movl %0, %%eax\n"
			"int %1\n"
			"1: movl timer_ticks, %%eax\n"
			"movl %%eax, ticks_seen\n"
			:: "i"(LHCALL_IRET), "i"(LGUEST_TRAP_ENTRY)
			: "eax", "memory", "cc");
		CHECK_EQ(ticks_seen, 1);
	}
}

static void test(void)
{
	setup();
	to_ring1(EFLAGS_ONE);
	to_ring1(EFLAGS_ONE | EFLAGS_IF);
	to_ring1(EFLAGS_ONE | EFLAGS_CF);
	irq_off();
	to_ring3(EFLAGS_IF);
	to_ring3(EFLAGS_IF | EFLAGS_CF);
	to_ring3(0);
	storm_ring1();
	storm_ring3();
	taken_behind_iret();
}
