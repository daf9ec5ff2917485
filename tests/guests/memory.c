// SPDX-License-Identifier: GPL-2.0
/*
 * memory.c - fills all of its memory with a pattern, and reads it back over
 * and over, changing some, for seconds=N.  Whatever the host does to that
 * memory meanwhile (swapping, moving, compacting it) must not show.
 */
#include "guest.h"

#define FIRST	((u32)(uintptr_t)image_end + 256 * PAGE_SIZE)

/* What word must hold after n changes of its page. */
static u32 value_of(u32 address, u32 n, u32 seed)
{
	return address * 2654435761u ^ (n * 0x9e3779b9u) ^ seed;
}

static void fill_page(u32 page, u32 n, u32 seed)
{
	u32 a;

	for (a = page; a < page + PAGE_SIZE; a += 64)
		WRITE(*(u32 *)at(a), value_of(a, n, seed));
}

static void check_page(u32 page, u32 n, u32 seed)
{
	u32 a;

	for (a = page; a < page + PAGE_SIZE; a += 64)
		if (READ(*(u32 *)at(a)) != value_of(a, n, seed))
			fail("word %x is %x in round %u, expected %x", a,
			     READ(*(u32 *)at(a)), n, value_of(a, n, seed));
}

static void test(void)
{
	u32 seed = parameter("seed", 1), seconds = parameter("seconds", 5);
	u32 page, round = 0;
	u64 start;

	setup();
	start = now();
	for (page = FIRST; page < ram_end(); page += PAGE_SIZE)
		fill_page(page, 0, seed);
	do {
		for (page = FIRST; page < ram_end(); page += PAGE_SIZE) {
			check_page(page, round, seed);
			fill_page(page, round + 1, seed);
		}
		round++;
	} while (elapsed_ms(start) < seconds * 1000);
}
