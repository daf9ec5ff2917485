// SPDX-License-Identifier: GPL-2.0
/*
 * pgtables.c - many address spaces.  More of them than the host caches are
 * used in turn, each with memory of its own at the same address; a dropped
 * directory's page serves for another one; the kernel half is shared.
 */
#include "guest.h"

#define SPACES		64u
#define ROUNDS		20u
#define OWN		0x10000000u	/* each space's own page */
#define SHARED		0xd0000000u	/* everybody's */

static u32 *spaces[SPACES], *own_pages[SPACES];

static void make_space(u32 i)
{
	spaces[i] = new_pgdir();
	own_pages[i] = new_page();
	*own_pages[i] = i << 16;
	map_untold(spaces[i], OWN, pa(own_pages[i]), PTE_KERNEL);
}

static u32 *word(u32 address)
{
	return at(address);
}

/* Each space counts in its own page. */
static void use_in_turn(void)
{
	u32 i, round;

	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < SPACES; i++) {
			load_pgdir(spaces[i]);
			CHECK_EQ(READ(*word(OWN)), i << 16 | round);
			WRITE(*word(OWN), i << 16 | (round + 1));
			WRITE(*word(SHARED), READ(*word(SHARED)) + 1);
		}
	}
	for (i = 0; i < SPACES; i++)
		CHECK_EQ(*own_pages[i], i << 16 | ROUNDS);
	CHECK_EQ(READ(*word(SHARED)), SPACES * ROUNDS);
}

/* Switch at random, many times, by the queue. */
static void use_at_random(void)
{
	u32 i, random = 12345, seen[SPACES] = { 0 };

	for (i = 0; i < 2000; i++) {
		u32 n;

		random = random * 1103515245 + 12345;
		n = random >> 16 & (SPACES - 1);
		queue(LHCALL_NEW_PGTABLE, pa(spaces[n]), 0, 0);
		hcall(LHCALL_FLUSH_TLB, LGUEST_FLUSH_TOLD, 0, 0);
		CHECK_EQ(READ(*word(OWN)), n << 16 | (ROUNDS + seen[n]));
		seen[n]++;
		WRITE(*word(OWN), n << 16 | (ROUNDS + seen[n]));
	}
}

/* A directory's page is given up and soon is a directory again. */
static void reuse_page(void)
{
	u32 i;

	for (i = 1; i < SPACES; i++) {
		load_pgdir(spaces[0]);
		hcall(LHCALL_DROP_PGTABLE, pa(spaces[i]), 0, 0);
		*pte_of(spaces[i], OWN) = pa(own_pages[SPACES - i]) | PTE_KERNEL;
		load_pgdir(spaces[i]);
		CHECK_EQ(READ(*word(OWN)) >> 16, SPACES - i);
	}
}

/* The current directory is dropped, and goes on. */
static void drop_current(void)
{
	u32 n;

	load_pgdir(spaces[5]);
	n = READ(*word(OWN));
	hcall(LHCALL_DROP_PGTABLE, pa(spaces[5]), 0, 0);
	CHECK_EQ(READ(*word(OWN)), n);
}

/* A change of the shared half by way of any directory is for all of them. */
static void change_shared(void)
{
	u32 *page = new_page();

	*page = 0x5eed;
	load_pgdir(spaces[1]);
	CHECK(READ(*word(SHARED)) != 0x5eed);
	load_pgdir(spaces[2]);
	map(spaces[1], SHARED, pa(page), PTE_KERNEL);
	CHECK_EQ(READ(*word(SHARED)), 0x5eed);
	load_pgdir(spaces[1]);
	CHECK_EQ(READ(*word(SHARED)), 0x5eed);
	load_pgdir(spaces[40]);
	CHECK_EQ(READ(*word(SHARED)), 0x5eed);
}

static void test(void)
{
	u32 i;

	setup();
	map_untold(first_pgdir, SHARED, pa(new_page()), PTE_KERNEL);
	for (i = 0; i < SPACES; i++)
		make_space(i);
	use_in_turn();
	use_at_random();
	change_shared();
	drop_current();
	reuse_page();
}
