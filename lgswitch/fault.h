/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fault.h - what a bad line does to frames: loses, delays, repeats, overtakes,
 * damages, throttles them.  One struct fault per direction of a pair.  It
 * decides about a frame that is about to cross and keeps none: who asks holds
 * the copies until their times (wheel.h).  It has no clock, and its chance is
 * seeded, so that the same frames at the same times fare the same.
 *
 * In this order: a link that is down (or in the down phase of its flapping)
 * takes no frame; loss; corruption (one bit, of all copies); duplication (a
 * second copy right behind); the queue of a limited rate, in which a frame
 * takes its time to be sent and for which there may be no room; delay, evenly
 * from delay - jitter to delay + jitter.  Frames keep their order nevertheless
 * (one that would overtake leaves together with the one before it; so of many
 * frames within the jitter most are given more than the middle), except those
 * that are reordered: these skip the delay and so overtake those that have it.
 * guide: C:250
 */

/*
 * A lab's network is too good.  Whoever tries out routing, replication or a
 * game wants lines that lose, dawdle and break; and wants them between two
 * guests of one net as well, whose frames the switch would otherwise never
 * see.  The decision is made here, with dice that can be thrown again; line.h
 * finds out whose line it is, divert.h has lg.ko send such frames round by us,
 * and held.h and wheel.h keep what is to come later.
 * guide: C:245
 */

#ifndef LGSWITCH_FAULT_H
#define LGSWITCH_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "random.h"
#include "why.h"

#define FAULT_DELAY_MAX	(60ULL * 1000000000)
#define FAULT_RATE_MIN	1000ULL			/* bit/s */
#define FAULT_RATE_MAX	1000000000000ULL
#define FAULT_LIMIT_MIN	1500U			/* bytes */
#define FAULT_LIMIT_MAX	(1U << 30)
#define FAULT_LIMIT	(256U << 10)		/* if not said */
#define FAULT_FLAP_MIN	1000000ULL		/* ns */
#define FAULT_FLAP_MAX	(3600ULL * 1000000000)

/* All zeros: no fault at all. */
struct fault_spec {
	uint64_t delay_ns, jitter_ns;
	/* parts per million of the frames */
	uint32_t loss_ppm, duplicate_ppm, reorder_ppm, corrupt_ppm;
	uint64_t rate;			/* bit/s; 0: no limit */
	uint32_t limit;			/* bytes that wait for it; 0: FAULT_LIMIT */
	uint64_t flap_up_ns, flap_down_ns;	/* in turns; 0: does not */
	bool down;
};

/*
 * Words, the same on the command line, in a file and in a request:
 *	delay=TIME	10ms, 500us, 1.5s, 1ns to 60s
 *	jitter=TIME	not more than the delay
 *	loss=PERCENT	1%, 0.0001% to 100%
 *	duplicate=, corrupt=, reorder=PERCENT	(the last one with a delay)
 *	rate=RATE	bit/s: 64k, 10m, 1.5g
 *	limit=SIZE	bytes that wait for the rate: 64K (of 1024)
 *	flap=UP/DOWN	times: 5s/500ms
 *	down		alone
 */

/* One of them (@value is NULL if it has none), into @spec. */
bool fault_set(struct fault_spec *spec, const char *name, const char *value,
	       struct why *why);

/* Does it make sense as a whole?  To be asked after the last word. */
bool fault_check(const struct fault_spec *spec, struct why *why);

/* Words with commas between them; both of the above. */
bool fault_parse(const char *text, struct fault_spec *spec, struct why *why);

/* As fault_parse() takes it; "" if there is no fault. */
#define FAULT_TEXT	256
void fault_format(const struct fault_spec *spec, char text[FAULT_TEXT]);

bool fault_is_none(const struct fault_spec *spec);

/*
 * Are super-frames to be split, and checksums completed, before they meet it?
 * Chance is per frame on a wire, and damage has to be noticed by a checksum;
 * delay and rate do without.
 */
bool fault_needs_segments(const struct fault_spec *spec);

enum fault_drop {
	FAULT_KEPT,
	FAULT_DOWN,
	FAULT_LOST,
	FAULT_FULL,			/* no room to wait for the rate */
};

#define FAULT_COPIES	2

/* What is to become of a frame. */
struct fault_plan {
	enum fault_drop drop;		/* why there is no copy */
	unsigned int copies;
	uint64_t when[FAULT_COPIES];	/* ns; not later than now: at once */
	bool corrupt;			/* flip this bit, of all copies */
	uint32_t bit;			/* counted from the Ethernet header on */
};

struct fault_counts {
	uint64_t frames, bytes;		/* that came */
	uint64_t copies;		/* that go on */
	uint64_t down, lost, full;	/* that do not */
	uint64_t duplicated, corrupted, reordered;
};

struct fault {
	struct fault_spec spec;
	struct random random;
	uint64_t start;			/* flapping counts from here */
	uint64_t free_at;		/* the limited rate is busy until then */
	uint64_t rest;			/* of that, in parts of a ns: bits * 10^9 */
	uint64_t last;			/* time of the latest copy in order */
	struct fault_counts counts;
};

void fault_init(struct fault *fault, const struct fault_spec *spec,
		uint64_t seed, uint64_t now_ns);

/*
 * Another one from now on; counts go on.  Frames that are on their way keep
 * their times, and those that come now do not wait for them.
 */
void fault_change(struct fault *fault, const struct fault_spec *spec,
		  uint64_t now_ns);

/* @bytes of the frame, from its Ethernet header on. */
void fault_apply(struct fault *fault, uint64_t now_ns, uint32_t bytes,
		 struct fault_plan *plan);

#endif
