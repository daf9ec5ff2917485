// SPDX-License-Identifier: GPL-2.0
/*
 * random.c - numbers by the xoshiro256** generator (Blackman and Vigna), whose
 * state is filled from a seed by SplitMix64, as its authors advise.  See
 * random.h.
 */
#include "random.h"

static uint64_t rotate(uint64_t value, unsigned int by)
{
	return value << by | value >> (64 - by);
}

/* Each step of the counter in @state, well mixed. */
static uint64_t split_mix(uint64_t *state)
{
	uint64_t mixed = *state += 0x9e3779b97f4a7c15;

	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
	return mixed ^ mixed >> 31;
}

void random_seed(struct random *random, uint64_t seed)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		random->state[i] = split_mix(&seed);
}

uint64_t random_derive(uint64_t seed, uint64_t one, uint64_t other)
{
	uint64_t mixed = split_mix(&seed) ^ one;

	mixed = split_mix(&mixed) ^ other;
	return split_mix(&mixed);
}

uint64_t random_next(struct random *random)
{
	uint64_t *s = random->state;
	uint64_t result = rotate(s[1] * 5, 7) * 9;
	uint64_t shifted = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = rotate(s[3], 45);
	return result;
}

/* The upper half of a product: a remainder would prefer small numbers. */
uint64_t random_below(struct random *random, uint64_t end)
{
	return (__uint128_t)random_next(random) * end >> 64;
}

bool random_chance(struct random *random, uint32_t ppm)
{
	return random_below(random, RANDOM_SURE) < ppm;
}
