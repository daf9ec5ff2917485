// SPDX-License-Identifier: GPL-2.0
/*
 * storm.c - the bucket of a storm limit.  See storm.h.
 */
#include "storm.h"

#define SECOND_NS	1000000000ULL
/* What comes in that time may come at once. */
#define BURST_NS	(SECOND_NS / 10)

void storm_set(struct storm *storm, uint32_t per_second, uint64_t now_ns)
{
	storm->per_second = per_second;
	storm->last_ns = now_ns;
	storm->credit_ns = SECOND_NS;	/* cut to what it holds when used */
}

bool storm_take(struct storm *storm, uint64_t now_ns)
{
	uint64_t cost, most;

	if (!storm->per_second)
		return true;
	cost = SECOND_NS / storm->per_second;
	/* One more than the burst, so that no time is lost between frames. */
	most = BURST_NS + cost;
	if (now_ns > storm->last_ns) {
		storm->credit_ns += now_ns - storm->last_ns;
		storm->last_ns = now_ns;
	}
	if (storm->credit_ns > most)
		storm->credit_ns = most;
	if (storm->credit_ns < cost)
		return false;
	storm->credit_ns -= cost;
	return true;
}

void storm_give_back(struct storm *storm)
{
	if (storm->per_second)
		storm->credit_ns += SECOND_NS / storm->per_second;
}
