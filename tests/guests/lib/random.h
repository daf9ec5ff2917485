/* SPDX-License-Identifier: GPL-2.0 */
/*
 * random.h - numbers without pattern that are the same each time (xorshift).
 */
#ifndef _TEST_GUEST_RANDOM_H
#define _TEST_GUEST_RANDOM_H

#include "boot.h"

static u32 random_state __attribute__((used)) = 1;

static inline u32 random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

/* Begin anew, as the guest's seed=N says. */
static inline void seed_random(void)
{
	random_state = parameter("seed", 1) * 2654435761u + 1;
}

#endif /* _TEST_GUEST_RANDOM_H */
