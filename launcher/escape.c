// SPDX-License-Identifier: GPL-2.0
/*
 * escape.c - notices three ^C in a row within a second.
 */
#include <string.h>

#include "escape.h"

#define CTRL_C	3

static bool feed_one(struct escape *escape, uint8_t typed, uint64_t now_ns)
{
	if (typed != CTRL_C) {
		escape->count = 0;
		return false;
	}
	if (escape->count == ESCAPE_COUNT) {
		memmove(escape->when, escape->when + 1,
			sizeof(escape->when) - sizeof(escape->when[0]));
		escape->count--;
	}
	escape->when[escape->count++] = now_ns;
	return escape->count == ESCAPE_COUNT &&
	       now_ns - escape->when[0] <= ESCAPE_NS;
}

bool escape_feed(struct escape *escape, const uint8_t *typed, size_t bytes,
		 uint64_t now_ns)
{
	bool leaving = false;
	size_t i;

	for (i = 0; i < bytes; i++)
		leaving |= feed_one(escape, typed[i], now_ns);
	return leaving;
}
