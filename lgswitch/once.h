/* SPDX-License-Identifier: GPL-2.0 */
/*
 * once.h - what has been said lately need not be said again: remembers some
 * hundred things by a number each, for a while.
 * guide: C:230
 */
#ifndef LGSWITCH_ONCE_H
#define LGSWITCH_ONCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ONCE_ROOM	256

struct once {
	struct { uint64_t key, time_ns; } said[ONCE_ROOM];
	unsigned int count, next;
};

/* Has it not been said within @again_ns?  Then it is now. */
bool once_is_new(struct once *once, uint64_t key, uint64_t now_ns,
		 uint64_t again_ns);

/* A number that bytes are known by, to go on with others. */
uint64_t once_key(uint64_t key, const void *bytes, size_t count);

#endif
