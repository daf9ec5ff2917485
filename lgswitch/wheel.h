/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wheel.h - a hierarchical timer wheel: very many timers at a cost that does
 * not depend on how many there are.  A timer fires in the tick (65.536 us) in
 * which its time is over: never early, less than a tick late.  Those of one
 * tick fire in the order in which they were added.
 *
 * It keeps no clock.  All times are nanoseconds of one that never goes back
 * (CLOCK_MONOTONIC), handed in.
 *
 *	while ((timer = wheel_expire(&wheel, now)))
 *		... the struct that timer is embedded in ...
 *	if (wheel_next(&wheel, &when))
 *		... sleep until then (TFD_TIMER_ABSTIME) ...
 * guide: C:285
 */
#ifndef LGSWITCH_WHEEL_H
#define LGSWITCH_WHEEL_H

#include <stdbool.h>
#include <stdint.h>

#define WHEEL_TICK_SHIFT	16
#define WHEEL_TICK_NS		(1ULL << WHEEL_TICK_SHIFT)

#define WHEEL_SLOTS		256
/* 8 bits of a tick's number each: no time is too far. */
#define WHEEL_LEVELS		6

struct wheel_link {
	struct wheel_link *next, *previous;
};

/* To be embedded, first, in what it is a timer of. */
struct wheel_timer {
	struct wheel_link link;
	uint64_t tick;			/* in which it fires */
	bool waits;			/* has been added, did not fire yet */
};

struct wheel {
	uint64_t now;			/* tick up to which all have fired */
	uint64_t count;			/* timers */
	uint64_t busy[WHEEL_LEVELS][WHEEL_SLOTS / 64];	/* slots in use */
	struct wheel_link slot[WHEEL_LEVELS][WHEEL_SLOTS];
};

/* Not to be moved in memory after that. */
void wheel_init(struct wheel *wheel, uint64_t now_ns);

/* For a time that is over: it fires at the next look. */
void wheel_add(struct wheel *wheel, struct wheel_timer *timer,
	       uint64_t when_ns);

/* One that waits or not; it fires no more. */
void wheel_remove(struct wheel *wheel, struct wheel_timer *timer);

/* Take the first timer whose time is over; NULL: none (any more). */
struct wheel_timer *wheel_expire(struct wheel *wheel, uint64_t now_ns);

/*
 * When to look again: at the first timer's time if that is within the next 256
 * ticks, else maybe earlier, never later.  False: there are no timers.
 */
bool wheel_next(const struct wheel *wheel, uint64_t *when_ns);

#endif
