/* SPDX-License-Identifier: GPL-2.0 */
/*
 * random.h - chance that can be repeated: the same seed gives the same
 * numbers, on every machine.  Not for secrets.
 * guide: C:265
 */
#ifndef LGSWITCH_RANDOM_H
#define LGSWITCH_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
	uint64_t state[4];
};

/* What chance is counted in: parts of a million. */
#define RANDOM_SURE	1000000U

void random_seed(struct random *random, uint64_t seed);

/*
 * A seed of its own for one of many things that hang on one seed, told apart
 * by two numbers.
 */
uint64_t random_derive(uint64_t seed, uint64_t one, uint64_t other);

uint64_t random_next(struct random *random);

/* Evenly 0 to @end - 1; 0 if @end is 0. */
uint64_t random_below(struct random *random, uint64_t end);

/* True in @ppm of a million cases. */
bool random_chance(struct random *random, uint32_t ppm);

#endif
