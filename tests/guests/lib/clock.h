/* SPDX-License-Identifier: GPL-2.0 */
/*
 * clock.h - time, and the timer interrupt.
 */
#ifndef _TEST_GUEST_CLOCK_H
#define _TEST_GUEST_CLOCK_H

#include "trap.h"

#define USEC	1000u		/* in nanoseconds */
#define MSEC	1000000u
#define SEC	1000000000u

static volatile u32 timer_ticks __attribute__((used));

static inline void count_tick(struct trap *trap)
{
	(void)trap;
	timer_ticks++;
}

/* Count timer interrupts from here on. */
static inline void setup_timer(void)
{
	handle_irq(LGUEST_IRQ_TIMER, count_tick);
}

/* CLOCK_MONOTONIC of the host, in nanoseconds. */
static inline u64 now(void)
{
	hcall(LHCALL_READ_CLOCK, 0, 0, 0);
	return READ(lguest_data.monotonic_ns);
}

static inline u32 elapsed_ms(u64 since)
{
	return divide(now() - since, MSEC);
}

/* One interrupt in ns nanoseconds, or never (0). */
static inline void set_timer(u64 ns)
{
	hcall(LHCALL_SET_CLOCKEVENT, (u32)ns, (u32)(ns >> 32), 0);
}

/* Turn interrupts on and sleep until one has been handled. */
static inline void halt(void)
{
	hcall(LHCALL_HALT, 0, 0, 0);
}

/* Sleep until the timer: it may not come before HALT, hence irq_off(). */
static inline void sleep_ns(u64 ns)
{
	irq_off();
	set_timer(ns);
	halt();
}

static inline u64 read_tsc(void)
{
	u64 tsc;

	asm volatile("rdtsc" : "=A"(tsc));
	return tsc;
}

#endif /* _TEST_GUEST_CLOCK_H */
