// SPDX-License-Identifier: GPL-2.0
/*
 * timer.c - the timer: once per SET_CLOCKEVENT, never early, not much too
 * late, cancelled by 0, replaced by the next one, and a thousand in a row.
 */
#include "guest.h"

/* A busy host under emulation may be late by this. */
#define LATE_MS		1000u

/* In ms; 10 * LATE_MS if there is none.  (One may come before we look.) */
static u32 tick_after(u64 ns)
{
	u64 start = now();
	u32 before = timer_ticks;

	set_timer(ns);
	while (timer_ticks == before && elapsed_ms(start) < 10 * LATE_MS)
		;
	return elapsed_ms(start);
}

/* While the guest spins, and while it sleeps. */
static void one_shot(u32 ms)
{
	u64 start;

	timer_ticks = 0;
	CHECK_RANGE(tick_after((u64)ms * MSEC), ms, ms + LATE_MS);
	CHECK_EQ(timer_ticks, 1);

	start = now();
	sleep_ns((u64)ms * MSEC);
	CHECK_EQ(timer_ticks, 2);
	CHECK_RANGE(elapsed_ms(start), ms, ms + LATE_MS);

	/* It does not come again. */
	start = now();
	while (elapsed_ms(start) < 3 * ms)
		;
	CHECK_EQ(timer_ticks, 2);
}

static void cancelled(void)
{
	u64 start = now();

	timer_ticks = 0;
	set_timer(20 * MSEC);
	set_timer(0);
	while (elapsed_ms(start) < 60)
		;
	CHECK_EQ(timer_ticks, 0);
}

static void replaced(void)
{
	u64 start = now();

	timer_ticks = 0;
	set_timer(100 * SEC);
	CHECK_RANGE(tick_after(5 * MSEC), 0, LATE_MS);
	CHECK(elapsed_ms(start) >= 5);

	start = now();
	set_timer(5 * MSEC);
	tick_after(100 * MSEC);
	CHECK(elapsed_ms(start) >= 100);
	CHECK_EQ(timer_ticks, 2);
}

static void many(void)
{
	u32 i;

	timer_ticks = 0;
	for (i = 1; i <= 1000; i++) {
		sleep_ns(i * 97);
		CHECK_EQ(timer_ticks, i);
	}
}

/* The farthest moments there are do no harm, and are not now. */
static void far_away(void)
{
	timer_ticks = 0;
	set_timer(~0ULL);
	hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
	set_timer(1ULL << 63);
	hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
	set_timer(0xffffffffULL);
	hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
	CHECK_EQ(timer_ticks, 0);
	sleep_ns(MSEC);
	CHECK_EQ(timer_ticks, 1);
}

/* A tick reaches ring 3, too, which knows nothing of it. */
static u32 user_ticks;

static void tick_in_user(struct trap *trap)
{
	count_tick(trap);
	CHECK_EQ(trap->cs, LGUEST_USER_CS);
	if (++user_ticks < 100) {
		set_timer(100 * USEC);
		return;
	}
	handle_irq(LGUEST_IRQ_TIMER, NULL);
	dispatch(trap);
}

USER_CODE static void spin(void)
{
	asm volatile("1: movl $5, %ecx\n"
		     "2: loop 2b\n"
		     "jmp 1b\n");
}

static void in_user(void)
{
	handle_irq(LGUEST_IRQ_TIMER, tick_in_user);
	set_timer(MSEC);
	CHECK_EQ(run_user_at(spin).vector, LGUEST_IRQ_VECTOR);
	CHECK_EQ(user_ticks, 100);
	setup_timer();
}

static void test(void)
{
	setup();
	setup_timer();
	irq_on();
	one_shot(1);
	one_shot(50);
	cancelled();
	replaced();
	many();
	far_away();
	irq_off();
	in_user();
}
