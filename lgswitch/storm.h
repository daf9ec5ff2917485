/* SPDX-License-Identifier: GPL-2.0 */
/*
 * storm.h - a limit for broadcast, multicast and flooded frames per second: a
 * bucket of tokens, one for each frame, which fills up with time and holds a
 * tenth of a second's.
 * guide: C:210
 */
#ifndef LGSWITCH_STORM_H
#define LGSWITCH_STORM_H

#include <stdbool.h>
#include <stdint.h>

struct storm {
	uint32_t per_second;		/* 0: no limit */
	uint64_t credit_ns;		/* time that frames may use up */
	uint64_t last_ns;
};

void storm_set(struct storm *storm, uint32_t per_second, uint64_t now_ns);

/* May one more frame pass? */
bool storm_take(struct storm *storm, uint64_t now_ns);
/* It did not, after all. */
void storm_give_back(struct storm *storm);

#endif
