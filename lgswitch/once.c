// SPDX-License-Identifier: GPL-2.0
/*
 * once.c - remembers what has been said.  See once.h.
 */
#include "once.h"

bool once_is_new(struct once *once, uint64_t key, uint64_t now_ns,
		 uint64_t again_ns)
{
	unsigned int i;

	for (i = 0; i < once->count; i++) {
		if (once->said[i].key != key)
			continue;
		if (now_ns - once->said[i].time_ns < again_ns)
			return false;
		once->said[i].time_ns = now_ns;
		return true;
	}
	/* Full: the oldest is forgotten. */
	once->said[once->next].key = key;
	once->said[once->next].time_ns = now_ns;
	once->next = (once->next + 1) % ONCE_ROOM;
	if (once->count < ONCE_ROOM)
		once->count++;
	return true;
}

/* FNV-1a */
uint64_t once_key(uint64_t key, const void *bytes, size_t count)
{
	const uint8_t *byte = bytes;

	key ^= 0xcbf29ce484222325ULL;
	while (count--)
		key = (key ^ *byte++) * 0x100000001b3ULL;
	return key;
}
