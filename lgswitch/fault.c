// SPDX-License-Identifier: GPL-2.0
/*
 * fault.c - what becomes of a frame on a bad line.  See fault.h; the words
 * that describe such a line are in fault_words.c.
 */
#include "fault.h"

#define NS_PER_S	1000000000ULL
#define BITS		8

bool fault_is_none(const struct fault_spec *spec)
{
	return !spec->delay_ns && !spec->loss_ppm && !spec->duplicate_ppm &&
	       !spec->corrupt_ppm && !spec->rate && !spec->flap_down_ns &&
	       !spec->down;
}

bool fault_needs_segments(const struct fault_spec *spec)
{
	return spec->loss_ppm || spec->duplicate_ppm || spec->reorder_ppm ||
	       spec->corrupt_ppm;
}

void fault_init(struct fault *fault, const struct fault_spec *spec,
		uint64_t seed, uint64_t now_ns)
{
	*fault = (struct fault){ 0 };
	random_seed(&fault->random, seed);
	fault_change(fault, spec, now_ns);
}

void fault_change(struct fault *fault, const struct fault_spec *spec,
		  uint64_t now_ns)
{
	fault->spec = *spec;
	fault->start = now_ns;
	fault->free_at = now_ns;
	fault->rest = 0;
	fault->last = now_ns;
}

static bool is_down(const struct fault *fault, uint64_t now)
{
	const struct fault_spec *spec = &fault->spec;
	uint64_t period = spec->flap_up_ns + spec->flap_down_ns;

	if (spec->down)
		return true;
	return period && (now - fault->start) % period >= spec->flap_up_ns;
}

/* Chance is not drawn for what cannot happen. */
static bool happens(struct fault *fault, uint32_t ppm)
{
	return ppm && random_chance(&fault->random, ppm);
}

/* Bytes that wait for the rate now. */
static uint64_t backlog(const struct fault *fault, uint64_t now)
{
	return (__uint128_t)(fault->free_at - now) * fault->spec.rate /
	       (BITS * NS_PER_S);
}

/*
 * When the frame's last bit would have been sent at the limited rate, behind
 * those that wait for it.  False: no room to wait, too.
 */
static bool take_turn(struct fault *fault, uint64_t now, uint32_t bytes,
		      uint64_t *sent)
{
	const struct fault_spec *spec = &fault->spec;
	uint32_t limit = spec->limit ? spec->limit : FAULT_LIMIT;

	*sent = now;
	if (!spec->rate)
		return true;
	if (fault->free_at < now) {
		fault->free_at = now;
		fault->rest = 0;
	}
	/* A line that is idle takes any frame. */
	if (fault->free_at > now && backlog(fault, now) + bytes > limit)
		return false;
	/* Exact in the long run at any rate, so the remainder is kept. */
	fault->rest += bytes * BITS * NS_PER_S;
	fault->free_at += fault->rest / spec->rate;
	fault->rest %= spec->rate;
	*sent = fault->free_at;
	return true;
}

/* In order, unless it is to overtake. */
static uint64_t add_delay(struct fault *fault, uint64_t sent)
{
	const struct fault_spec *spec = &fault->spec;
	uint64_t when = sent + spec->delay_ns;

	if (happens(fault, spec->reorder_ppm)) {
		fault->counts.reordered++;
		return sent;
	}
	if (spec->jitter_ns)
		when += random_below(&fault->random, 2 * spec->jitter_ns + 1) -
			spec->jitter_ns;
	if (when < fault->last)
		when = fault->last;
	fault->last = when;
	return when;
}

static void add_copy(struct fault *fault, uint64_t now, uint32_t bytes,
		     struct fault_plan *plan)
{
	uint64_t sent;

	if (!take_turn(fault, now, bytes, &sent)) {
		fault->counts.full++;
		return;
	}
	plan->when[plan->copies++] = add_delay(fault, sent);
	fault->counts.copies++;
}

static void plan_copies(struct fault *fault, uint64_t now, uint32_t bytes,
			struct fault_plan *plan)
{
	add_copy(fault, now, bytes, plan);
	if (happens(fault, fault->spec.duplicate_ppm)) {
		fault->counts.duplicated++;
		add_copy(fault, now, bytes, plan);
	}
	if (!plan->copies)
		plan->drop = FAULT_FULL;
}

/*
 * Neither a clock nor the frame itself is needed to decide on its fate: hand
 * in the time and the length, and the plan comes out.  So a test runs through
 * hours of bad line in no time.
 * guide: C:255 code
 */
void fault_apply(struct fault *fault, uint64_t now_ns, uint32_t bytes,
		 struct fault_plan *plan)
{
	*plan = (struct fault_plan){ .drop = FAULT_KEPT };
	fault->counts.frames++;
	fault->counts.bytes += bytes;
	if (is_down(fault, now_ns)) {
		plan->drop = FAULT_DOWN;
		fault->counts.down++;
		return;
	}
	if (happens(fault, fault->spec.loss_ppm)) {
		plan->drop = FAULT_LOST;
		fault->counts.lost++;
		return;
	}
	if (happens(fault, fault->spec.corrupt_ppm)) {
		plan->corrupt = true;
		plan->bit = random_below(&fault->random,
					 (uint64_t)bytes * BITS);
		fault->counts.corrupted++;
	}
	plan_copies(fault, now_ns, bytes, plan);
}
