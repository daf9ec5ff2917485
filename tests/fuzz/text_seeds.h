/* SPDX-License-Identifier: GPL-2.0 */
/*
 * text_seeds.h - for targets that take text: include it behind an array of
 * strings that is called seeds.
 */
#ifndef TESTS_FUZZ_TEXT_SEEDS_H
#define TESTS_FUZZ_TEXT_SEEDS_H

#include <string.h>

#include "array.h"
#include "fuzz.h"

size_t fuzz_seed(unsigned int number, uint8_t *data, size_t max)
{
	size_t size;

	if (number >= ARRAY_SIZE(seeds))
		return 0;
	size = strlen(seeds[number]);
	if (size > max)
		return 0;
	memcpy(data, seeds[number], size);
	return size;
}

#endif
