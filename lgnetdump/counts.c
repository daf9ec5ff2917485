// SPDX-License-Identifier: GPL-2.0
/*
 * counts.c - shows counts.  See counts.h.
 */
#include <stdio.h>

#include "counts.h"

static unsigned long long number(uint64_t count)
{
	return count;
}

void counts_format(const struct counts *counts, const char *net, char *text,
		   size_t size)
{
	snprintf(text, size,
		 "%s: seen %llu, other copies %llu, not asked for %llu, filtered %llu, captured %llu, further segments %llu, not written %llu, lost in the ring %llu",
		 net, number(counts->seen), number(counts->copies),
		 number(counts->unwanted), number(counts->filtered),
		 number(counts->captured), number(counts->segments),
		 number(counts->unwritten),
		 number(counts->lost));
}
