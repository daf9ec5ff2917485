// SPDX-License-Identifier: GPL-2.0
/*
 * interrupts.c - when an interrupt comes and when not: irq_enabled,
 * irq_pending and SEND_INTERRUPTS, blocked_interrupts, HALT.
 */
#include "guest.h"

#define TIMER_BIT	(1u << LGUEST_IRQ_TIMER)

/* Have the timer's interrupt pending, and do not let it come. */
static void make_pending(void)
{
	irq_off();
	timer_ticks = 0;
	set_timer(USEC);
	while (!READ(lguest_data.irq_pending))
		hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
	CHECK_EQ(timer_ticks, 0);
}

static void wait_ms(u32 ms)
{
	u64 start = now();

	while (elapsed_ms(start) < ms)
		;
}

static void while_off(void)
{
	make_pending();
	wait_ms(20);
	CHECK_EQ(timer_ticks, 0);
	irq_on();
	CHECK_EQ(timer_ticks, 1);
	/* Nothing more is pending. */
	irq_off();
	irq_on();
	CHECK_EQ(timer_ticks, 1);
	CHECK_EQ(READ(lguest_data.irq_pending), 0);
}

/* It is seen at any exit, too. */
static void at_any_exit(void)
{
	make_pending();
	WRITE(lguest_data.irq_enabled, EFLAGS_IF);
	hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
	CHECK_EQ(timer_ticks, 1);
}

static void while_blocked(void)
{
	irq_on();
	timer_ticks = 0;
	WRITE(lguest_data.blocked_interrupts, TIMER_BIT);
	set_timer(USEC);
	wait_ms(20);
	CHECK_EQ(timer_ticks, 0);
	WRITE(lguest_data.blocked_interrupts, ~TIMER_BIT);
	hcall(LHCALL_SEND_INTERRUPTS, 0, 0, 0);
	CHECK_EQ(timer_ticks, 1);
	WRITE(lguest_data.blocked_interrupts, 0);
}

/* The timer is not among the blocked lines, and ends the sleep. */
static void halt_while_blocked(void)
{
	u64 start = now();

	irq_on();
	timer_ticks = 0;
	WRITE(lguest_data.blocked_interrupts, ~TIMER_BIT);
	sleep_ns(30 * MSEC);
	CHECK(elapsed_ms(start) >= 30);
	CHECK_EQ(timer_ticks, 1);
	WRITE(lguest_data.blocked_interrupts, 0);
}

static void halt_with_pending(void)
{
	u64 start;

	make_pending();
	start = now();
	halt();
	CHECK_EQ(timer_ticks, 1);
	CHECK_EQ(READ(lguest_data.irq_enabled), EFLAGS_IF);
	CHECK(elapsed_ms(start) < 1000);
}

/* No wakeup is lost, however close the timer and the HALT come together. */
static void halt_in_a_race(void)
{
	u32 i;

	timer_ticks = 0;
	for (i = 1; i <= 3000; i++) {
		sleep_ns(1 + i % 300 * 37);
		CHECK_EQ(timer_ticks, i);
	}
}

/* An interrupt may come within an interrupt's handler that turns them on. */
static u32 depth, max_depth;

static void nest(struct trap *trap)
{
	(void)trap;
	timer_ticks++;
	CHECK_EQ(READ(lguest_data.irq_enabled), 0);
	if (++depth > max_depth)
		max_depth = depth;
	if (depth < 3) {
		u32 ticks = timer_ticks;

		set_timer(USEC);
		irq_on();
		while (timer_ticks == ticks)
			;
		irq_off();
	}
	depth--;
}

static void nested(void)
{
	handle_irq(LGUEST_IRQ_TIMER, nest);
	timer_ticks = 0;
	sleep_ns(USEC);
	CHECK_EQ(max_depth, 3);
	CHECK_EQ(depth, 0);
	CHECK_EQ(timer_ticks, 3);
	setup_timer();
}

/* Registers survive interrupts at any instruction. */
static void storm_tick(struct trap *trap)
{
	count_tick(trap);
	set_timer(5 * USEC);
}

static void registers_kept(void)
{
	u32 i, wrong = 0;

	handle_irq(LGUEST_IRQ_TIMER, storm_tick);
	timer_ticks = 0;
	irq_on();
	set_timer(USEC);
	for (i = 0; timer_ticks < 2000; i++) {
		u32 a = i, b = ~i, c = i ^ 0x5555, d = i + 7;
		u32 s = i * 3, t = i * 5;

		asm volatile("pushl %%eax\n"
			     "cmpl %%eax, (%%esp)\n"
			     "leal 4(%%esp), %%esp\n"
			     "pushfl\n"
			     "incl %%eax\n incl %%ebx\n incl %%ecx\n"
			     "incl %%edx\n incl %%esi\n incl %%edi\n"
			     "popfl\n"
			     "je 1f\n"
			     "movl $0, %%eax\n"
			     "1:"
			     : "+a"(a), "+b"(b), "+c"(c), "+d"(d), "+S"(s),
			       "+D"(t) :: "memory", "cc");
		wrong += a != i + 1 || b != ~i + 1 || c != (i ^ 0x5555) + 1 ||
			 d != i + 8 || s != i * 3 + 1 || t != i * 5 + 1;
	}
	irq_off();
	CHECK_EQ(wrong, 0);
	setup_timer();
	set_timer(0);
	irq_on();
}

static void test(void)
{
	setup();
	setup_timer();
	while_off();
	at_any_exit();
	while_blocked();
	halt_while_blocked();
	halt_with_pending();
	halt_in_a_race();
	nested();
	registers_kept();
}
