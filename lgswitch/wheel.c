// SPDX-License-Identifier: GPL-2.0
/*
 * wheel.c - a hierarchical timer wheel.  See wheel.h.
 *
 * The number of a tick is read as digits of 8 bits.  A timer is on the level
 * of the highest digit in which its tick differs from the one that it is now,
 * in the slot of that digit: level 0 has the next ticks one by one, each level
 * above them 256 times as many per slot.  When time comes to a slot of a
 * higher level, its timers are dealt out to lower ones.  Slots that are in use
 * are marked in bitmaps, so that time passes over empty ones in one step.
 *
 * wheel->now is the tick that is to fire next: all of level 0 in it is due.
 * guide: C:290
 */
#include <stddef.h>

#include "wheel.h"

#define DIGIT_BITS	8
#define WORD_BITS	64

static unsigned int digit_of(uint64_t tick, unsigned int level)
{
	return tick >> (level * DIGIT_BITS) & (WHEEL_SLOTS - 1);
}

/* The highest digit in which two ticks differ. */
static unsigned int level_of(uint64_t one, uint64_t other)
{
	uint64_t difference = one ^ other;

	return difference ? (63 - __builtin_clzll(difference)) / DIGIT_BITS : 0;
}

static void mark(struct wheel *wheel, unsigned int level, unsigned int slot)
{
	wheel->busy[level][slot / WORD_BITS] |= 1ULL << slot % WORD_BITS;
}

static void unmark(struct wheel *wheel, unsigned int level, unsigned int slot)
{
	wheel->busy[level][slot / WORD_BITS] &= ~(1ULL << slot % WORD_BITS);
}

static bool is_empty(const struct wheel_link *list)
{
	return list->next == list;
}

static void append(struct wheel_link *list, struct wheel_link *link)
{
	link->next = list;
	link->previous = list->previous;
	list->previous->next = link;
	list->previous = link;
}

static void unlink_one(struct wheel_link *link)
{
	link->next->previous = link->previous;
	link->previous->next = link->next;
}

void wheel_init(struct wheel *wheel, uint64_t now_ns)
{
	unsigned int level, slot;

	*wheel = (struct wheel){ .now = now_ns >> WHEEL_TICK_SHIFT };
	for (level = 0; level < WHEEL_LEVELS; level++)
		for (slot = 0; slot < WHEEL_SLOTS; slot++) {
			struct wheel_link *list = &wheel->slot[level][slot];

			list->next = list->previous = list;
		}
}

/* Into the slot where its tick belongs. */
static void place(struct wheel *wheel, struct wheel_timer *timer)
{
	unsigned int level = level_of(timer->tick, wheel->now);
	unsigned int slot = digit_of(timer->tick, level);

	append(&wheel->slot[level][slot], &timer->link);
	mark(wheel, level, slot);
}

/* The first tick that begins when the time is over; there is a last one. */
static uint64_t tick_of(uint64_t when_ns)
{
	if (when_ns > UINT64_MAX - WHEEL_TICK_NS)
		return UINT64_MAX >> WHEEL_TICK_SHIFT;
	return (when_ns + WHEEL_TICK_NS - 1) >> WHEEL_TICK_SHIFT;
}

void wheel_add(struct wheel *wheel, struct wheel_timer *timer,
	       uint64_t when_ns)
{
	uint64_t tick = tick_of(when_ns);

	timer->tick = tick < wheel->now ? wheel->now : tick;
	timer->waits = true;
	wheel->count++;
	place(wheel, timer);
}

void wheel_remove(struct wheel *wheel, struct wheel_timer *timer)
{
	unsigned int level, slot;

	if (!timer->waits)
		return;
	level = level_of(timer->tick, wheel->now);
	slot = digit_of(timer->tick, level);
	unlink_one(&timer->link);
	if (is_empty(&wheel->slot[level][slot]))
		unmark(wheel, level, slot);
	timer->waits = false;
	wheel->count--;
}

/* The first slot in use from @from on; WHEEL_SLOTS: there is none. */
static unsigned int find_busy(const struct wheel *wheel, unsigned int level,
			      unsigned int from)
{
	unsigned int word = from / WORD_BITS;
	uint64_t bits;

	if (from == WHEEL_SLOTS)
		return from;
	bits = wheel->busy[level][word] & (~0ULL << from % WORD_BITS);
	while (!bits) {
		if (++word == WHEEL_SLOTS / WORD_BITS)
			return WHEEL_SLOTS;
		bits = wheel->busy[level][word];
	}
	return word * WORD_BITS + __builtin_ctzll(bits);
}

/*
 * The next tick in which there is something to do, and on which level: timers
 * to fire (0) or to deal out.  No timer that waits is before it.
 */
static bool find_next(const struct wheel *wheel, uint64_t *tick,
		      unsigned int *level)
{
	unsigned int slot, shift;

	for (*level = 0; *level < WHEEL_LEVELS; ++*level) {
		/* This tick's own slot of a higher level has been dealt out. */
		slot = digit_of(wheel->now, *level) + (*level > 0);
		slot = find_busy(wheel, *level, slot);
		if (slot == WHEEL_SLOTS)
			continue;
		shift = *level * DIGIT_BITS;
		*tick = wheel->now >> shift >> DIGIT_BITS << DIGIT_BITS;
		*tick = (*tick | slot) << shift;
		return true;
	}
	return false;
}

/* Time has come to a slot: its timers go to lower levels, in order. */
static void deal_out(struct wheel *wheel, unsigned int level)
{
	unsigned int slot = digit_of(wheel->now, level);
	struct wheel_link *list = &wheel->slot[level][slot], *link, *next;

	link = list->next;
	list->next = list->previous = list;
	unmark(wheel, level, slot);
	for (; link != list; link = next) {
		next = link->next;
		place(wheel, (struct wheel_timer *)link);
	}
}

/*
 * The next timer that is due.  Time does not tick here: it jumps from one
 * thing to do to the next, be it a timer that fires or a slot whose timers are
 * dealt out.
 * guide: C:295 code
 */
struct wheel_timer *wheel_expire(struct wheel *wheel, uint64_t now_ns)
{
	uint64_t now = now_ns >> WHEEL_TICK_SHIFT, tick;
	struct wheel_timer *timer;
	unsigned int level;

	while (find_next(wheel, &tick, &level) && tick <= now) {
		wheel->now = tick;
		if (level) {
			deal_out(wheel, level);
			continue;
		}
		timer = (void *)wheel->slot[0][digit_of(tick, 0)].next;
		wheel_remove(wheel, timer);
		return timer;
	}
	/* Nothing waits before the next thing to do, so nothing moves. */
	if (now > wheel->now)
		wheel->now = now;
	return NULL;
}

bool wheel_next(const struct wheel *wheel, uint64_t *when_ns)
{
	unsigned int level;
	uint64_t tick;

	if (!find_next(wheel, &tick, &level))
		return false;
	*when_ns = tick << WHEEL_TICK_SHIFT;
	return true;
}
