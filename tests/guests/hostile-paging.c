// SPDX-License-Identifier: GPL-2.0
/*
 * hostile-paging.c - page tables that no kernel would make: outside memory,
 * pointing at themselves, with bits that mean something else to a 64-bit CPU,
 * too many of them.
 */
#include "guest.h"

#define LOW		0x10000000u
#define PATTERN		0xfeedf00du

static void touch(u32 va)
{
	(void)READ(*(u32 *)at(va));
}

static void load_raw(u32 pgdir)
{
	hcall(LHCALL_NEW_PGTABLE, pgdir, 0, 0);
}

/* 0 to 4: the directory itself */
static void pgdir_beyond_memory(void)
{
	load_raw(memory_end() + 16 * PAGE_SIZE);
}

static void pgdir_just_beyond(void)
{
	load_raw(memory_end());
}

static void pgdir_at_top(void)
{
	load_raw(0xfffff000);
}

static void pgdir_unaligned(void)
{
	load_raw(pa(first_pgdir) + 8);
}

static void pgdir_empty(void)
{
	load_pgdir(new_page());
}

/* 5 to 11: entries that point outside memory, or have odd bits */
static void pte_beyond_memory(void)
{
	map(first_pgdir, LOW, memory_end(), PTE_ALL);
	touch(LOW);
}

static void pte_at_top(void)
{
	map(first_pgdir, LOW, 0xfffff000, PTE_ALL);
	touch(LOW);
}

static void pde_beyond_memory(void)
{
	first_pgdir[pde_index(LOW)] = memory_end() | PTE_ALL;
	touch(LOW);
}

static void pde_at_top(void)
{
	first_pgdir[pde_index(LOW)] = 0xfffff000 | PTE_ALL;
	touch(LOW);
}

static void pde_large(void)
{
	first_pgdir[pde_index(LOW)] = PTE_LARGE | PTE_ALL;
	touch(LOW);
}

static void pte_pat(void)
{
	map(first_pgdir, LOW, pa(new_page()), PTE_LARGE | PTE_ALL);
	touch(LOW);
}

static void all_ones(void)
{
	memset(&first_pgdir[pde_index(LOW)], 0xff, sizeof(u32));
	touch(LOW);
}

/* 12: bits that the host must ignore, not pass on: PWT, PCD, G, 9 to 11 */
static void harmless_bits(void)
{
	u32 flags;

	for (flags = 0x008; flags <= 0xe18; flags += 8) {
		if (flags & (PTE_LARGE | PTE_ACCESSED | PTE_DIRTY))
			continue;
		map(first_pgdir, LOW, pa(new_page()), flags | PTE_ALL);
		WRITE(*(u32 *)at(LOW), PATTERN);
		CHECK_EQ(READ(*(u32 *)at(LOW)), PATTERN);
		next_free_page -= PAGE_SIZE;
	}
}

/* 13: tables seen through themselves, and changed that way */
static void recursive(void)
{
	u32 slot = pde_index(LOW), *tables = at(LOW);
	u32 *pgdir = at(LOW + slot * PAGE_SIZE), *page = new_page();

	*page = PATTERN;
	first_pgdir[slot] = pa(first_pgdir) | PTE_ALL;
	hcall(LHCALL_SET_PGD, pa(first_pgdir), slot, 0);
	CHECK_EQ(READ(pgdir[slot]) & PTE_FRAME, pa(first_pgdir));
	/* A new table made through the hole, and used. */
	WRITE(pgdir[slot + 1], pa(new_page()) | PTE_ALL);
	WRITE(tables[(slot + 1) * ENTRIES], pa(page) | PTE_ALL);
	CHECK_EQ(READ(*(u32 *)at(LOW + LARGE_SIZE)), PATTERN);
	WRITE(tables[(slot + 1) * ENTRIES], 0);
	hcall(LHCALL_SET_PTE, pa(first_pgdir), LOW + LARGE_SIZE, 0);
	CHECK_EQ(try_read(LOW + LARGE_SIZE), VECTOR_PF);
}

/* 14: a page that is directory, table and mapped page all at once */
static void one_page_for_all(void)
{
	u32 *page = new_page(), i, va;

	for (i = 0; i < pde_index(KERNEL_HALF); i++)
		page[i] = i < 4 ? first_pgdir[i] : pa(page) | PTE_ALL;
	for (; i < ENTRIES; i++)
		page[i] = first_pgdir[i];
	load_pgdir(page);
	for (va = LOW; va < KERNEL_HALF; va += LARGE_SIZE + PAGE_SIZE) {
		u32 vector = try_read(va);

		CHECK(vector == VECTOR_NONE || vector == VECTOR_PF);
	}
	load_pgdir(first_pgdir);
}

/* 15: a table that is lguest_data, which the host writes to */
static void table_is_lguest_data(void)
{
	first_pgdir[pde_index(LOW)] = pa(&lguest_data) | PTE_ALL;
	try_read(LOW);
	try_read(LOW + PAGE_SIZE);
	try_write(LOW + 5 * PAGE_SIZE, 0);
}

/* 16: no page may be reached but those that are mapped */
static bool is_mapped(u32 va)
{
	u32 pde = first_pgdir[pde_index(va)];

	return (pde & PTE_PRESENT) &&
	       (*pte_of(first_pgdir, va) & PTE_PRESENT);
}

static void all_pages(void)
{
	u32 va = 0;

	do {
		u32 vector = try_read(va);

		if (vector != (is_mapped(va) ? VECTOR_NONE : VECTOR_PF))
			fail("reading %x: trap %u", va, vector);
		va += PAGE_SIZE;
	} while (va);
}

/* 17: accesses across the end of the address space */
static void across_the_end(void)
{
	u32 va;

	map(first_pgdir, 0xfffff000, pa(new_page()), PTE_ALL);
	for (va = 0xfffffffd; va; va++) {
		u32 vector = try_read(va);

		CHECK(vector != VECTOR_UD);
		try_write(va, PATTERN);
	}
	CHECK_EQ(try_read(0xfffffffc), VECTOR_NONE);
}

/* 18: code that runs across the end of the address space */
static void run_across_the_end(void)
{
	u32 *page = new_page();

	memset(page, 0x90, PAGE_SIZE);			/* nop */
	*(u16 *)at(0) = 0x0b0f;				/* ud2, at address 0 */
	map(first_pgdir, 0xfffff000, pa(page), PTE_ALL);
	TRY_WITH("jmp *%%eax", 0xfffffff0, 0);
	CHECK(caught.vector != VECTOR_NONE);
	TRY_WITH("jmp *%%eax", 0xffffffff, 0);
	CHECK(caught.vector != VECTOR_NONE);
}

/* 19: more mappings than the host wants to keep tables for */
static void too_many_tables(void)
{
	u32 *table = new_page(), *page = new_page();
	u32 round, space, va;

	table[0] = pa(page) | PTE_ALL;
	table[ENTRIES - 1] = pa(page) | PTE_ALL;
	for (round = 0; round < 2; round++) {
		for (space = 0; space < 24; space++) {
			u32 *pgdir = new_pgdir(), i;

			for (i = pde_index(LOW); i < pde_index(KERNEL_HALF); i++)
				pgdir[i] = pa(table) | PTE_ALL;
			load_pgdir(pgdir);
			*page = space;
			for (va = LOW; va < KERNEL_HALF; va += LARGE_SIZE) {
				CHECK_EQ(READ(*(u32 *)at(va)), space);
				CHECK_EQ(READ(*(u32 *)at(va + LARGE_SIZE -
							 PAGE_SIZE)), space);
			}
		}
	}
}

/* 20: many mappings of one page, which all have to go when it does */
static void many_mappings_of_one(void)
{
	u32 *page = new_page(), *table = new_page(), i, va;

	for (i = 0; i < ENTRIES; i++)
		table[i] = pa(page) | PTE_ALL;
	for (i = pde_index(LOW); i < pde_index(LOW) + 64; i++)
		first_pgdir[i] = pa(table) | PTE_ALL;
	for (va = LOW; va < LOW + 64 * LARGE_SIZE; va += PAGE_SIZE)
		WRITE(*(u32 *)at(va), va);
	CHECK_EQ(*page, LOW + 64 * LARGE_SIZE - PAGE_SIZE);
	hcall(LHCALL_FLUSH_TLB, LGUEST_FLUSH_ALL, 0, 0);
	CHECK_EQ(READ(*(u32 *)at(LOW)), *page);
}

/* 21 to 27: the calls' arguments */
static void set_pte_wild(void)
{
	u32 i, va = 0;

	for (i = 0; i < 100000; i++, va += 0x9e3779b9)
		hcall(LHCALL_SET_PTE, pa(first_pgdir), va, ~va);
}

static void set_pte_bad_pgdir(void)
{
	hcall(LHCALL_SET_PTE, memory_end(), LOW, 0);
}

static void set_pgd_bad_index(void)
{
	hcall(LHCALL_SET_PGD, pa(first_pgdir), ENTRIES, 0);
}

static void set_pgd_wild_index(void)
{
	hcall(LHCALL_SET_PGD, pa(first_pgdir), 0xffffffff, 0);
}

static void set_pgd_bad_pgdir(void)
{
	hcall(LHCALL_SET_PGD, 0xfffff000, 0, 0);
}

static void drop_bad_pgdir(void)
{
	hcall(LHCALL_DROP_PGTABLE, pa(first_pgdir) + 1, 0, 0);
}

static void flush_of_no_kind(void)
{
	hcall(LHCALL_FLUSH_TLB, LGUEST_FLUSH_ALL + 1, 0, 0);
}

/* 28: dropping the tables of the address space in use, again and again */
static void drop_storm(void)
{
	u32 i;

	for (i = 0; i < 2000; i++) {
		queue(LHCALL_DROP_PGTABLE, pa(first_pgdir), 0, 0);
		queue(LHCALL_FLUSH_TLB, LGUEST_FLUSH_ALL, 0, 0);
		hcall(LHCALL_NEW_PGTABLE, pa(first_pgdir), 0, 0);
	}
}

static member *const members[] = {
	pgdir_beyond_memory, pgdir_just_beyond, pgdir_at_top, pgdir_unaligned,
	pgdir_empty, pte_beyond_memory, pte_at_top, pde_beyond_memory,
	pde_at_top, pde_large, pte_pat, all_ones, harmless_bits, recursive,
	one_page_for_all, table_is_lguest_data, all_pages, across_the_end,
	run_across_the_end, too_many_tables, many_mappings_of_one,
	set_pte_wild, set_pte_bad_pgdir, set_pgd_bad_index, set_pgd_wild_index,
	set_pgd_bad_pgdir, drop_bad_pgdir, flush_of_no_kind, drop_storm,
};

static void test(void)
{
	setup();
	RUN_MEMBER(members);
}
