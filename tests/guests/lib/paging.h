/* SPDX-License-Identifier: GPL-2.0 */
/*
 * paging.h - page tables, i386 without PAE.
 *
 * Every page directory made here maps the guest's memory twice: where it is
 * (all of it is ring 1's but what lies in .user), and again from
 * KERNEL_HALF on, for the host to reach lguest_data and the trap stack where
 * a kernel would have them.  Both maps' tables are shared by all directories.
 * Tests put what they like elsewhere.
 */
#ifndef _TEST_GUEST_PAGING_H
#define _TEST_GUEST_PAGING_H

#include <lguest/device.h>
#include "trap.h"

#define PTE_PRESENT	0x001u
#define PTE_WRITE	0x002u
#define PTE_USER	0x004u
#define PTE_ACCESSED	0x020u
#define PTE_DIRTY	0x040u
#define PTE_LARGE	0x080u	/* in a page directory */
#define PTE_GLOBAL	0x100u
#define PTE_FRAME	0xfffff000u
#define PTE_KERNEL	(PTE_PRESENT | PTE_WRITE)
#define PTE_ALL		(PTE_PRESENT | PTE_WRITE | PTE_USER)

#define ENTRIES		1024u
#define KERNEL_HALF	0xc0000000u
#define LARGE_SIZE	0x400000u	/* what one directory entry maps */

extern char user_start[], user_end[], image_end[];

static u32 *first_pgdir;	/* the one of setup_paging() */
static u32 next_free_page;

static inline u32 pde_index(u32 va)
{
	return va >> 22;
}

static inline u32 pte_index(u32 va)
{
	return va >> 12 & (ENTRIES - 1);
}

/* A zeroed page of RAM; its address is linear and physical. */
static inline u32 *new_page(void)
{
	u32 *page;

	if (!next_free_page)
		next_free_page = pa(image_end);
	page = at(next_free_page);
	if (next_free_page + PAGE_SIZE > ram_end())
		fail("the guest needs more memory than %x", ram_end());
	next_free_page += PAGE_SIZE;
	memset(page, 0, PAGE_SIZE);
	return page;
}

/* Where va's entry is; the table is made if there is none. */
static inline u32 *pte_of(u32 *pgdir, u32 va)
{
	u32 *pde = &pgdir[pde_index(va)];

	if (!(*pde & PTE_PRESENT))
		*pde = pa(new_page()) | PTE_ALL;
	return (u32 *)at(*pde & PTE_FRAME) + pte_index(va);
}

/* Change an entry without telling the host. */
static inline void map_untold(u32 *pgdir, u32 va, u32 frame, u32 flags)
{
	WRITE(*pte_of(pgdir, va), frame | flags);
}

/* Change an entry and tell the host, as a kernel must. */
static inline void map(u32 *pgdir, u32 va, u32 frame, u32 flags)
{
	bool had_table = pgdir[pde_index(va)] & PTE_PRESENT;

	map_untold(pgdir, va, frame, flags);
	if (!had_table)
		hcall(LHCALL_SET_PGD, pa(pgdir), pde_index(va), 0);
	hcall(LHCALL_SET_PTE, pa(pgdir), va, frame | flags);
}

/* The first page behind the memory that the launcher gave. */
static inline u32 memory_end(void)
{
	const struct lguest_device_page *devices = at(ram_end());
	u32 i, end = ram_end() + PAGE_SIZE;

	for (i = 0; i < LGUEST_DEVICE_MAX && devices->dev[i].type; i++) {
		u32 behind = (devices->dev[i].pfn + devices->dev[i].num_pages) *
			     PAGE_SIZE;

		if (behind > end)
			end = behind;
	}
	return end;
}

static inline void map_all_memory(u32 *pgdir)
{
	u32 page, end = memory_end();

	for (page = 0; page < end; page += PAGE_SIZE) {
		bool user = page >= pa(user_start) && page < pa(user_end);

		map_untold(pgdir, page, page, user ? PTE_ALL : PTE_KERNEL);
		map_untold(pgdir, KERNEL_HALF + page, page, PTE_KERNEL);
	}
}

/* A directory that has the tables of the first one. */
static inline u32 *new_pgdir(void)
{
	u32 *pgdir = new_page();
	u32 i, end = memory_end();

	for (i = 0; i <= pde_index(end - 1); i++)
		pgdir[i] = first_pgdir[i];
	for (i = pde_index(KERNEL_HALF); i < ENTRIES; i++)
		pgdir[i] = first_pgdir[i];
	return pgdir;
}

static inline void load_pgdir(const u32 *pgdir)
{
	hcall(LHCALL_NEW_PGTABLE, pa(pgdir), 0, 0);
}

/* Tell the host about lguest_data; KERNEL_HALF is mapped from then on. */
static inline void setup_init(void)
{
	u32 i;

	for (i = 0; i < LGUEST_RING_SIZE; i++)
		lguest_data.hcall_status[i] = LGUEST_RING_FREE;
	lguest_data.kernel_address = KERNEL_HALF;
	lguest_data.noirq_start = pa(noirq_start);
	lguest_data.noirq_end = pa(noirq_end);
	hcall(LHCALL_INIT, pa(&lguest_data), KERNEL_HALF + pa(&lguest_data),
	      LGUEST_ABI);
}

/* Turn paging on.  The trap stack moves to where a kernel has it. */
static inline void setup_paging(void)
{
	first_pgdir = new_page();
	map_all_memory(first_pgdir);
	load_pgdir(first_pgdir);
	hcall(LHCALL_SET_STACK, LGUEST_KERNEL_DS,
	      KERNEL_HALF + trap_stack_top(), 0);
}

#endif /* _TEST_GUEST_PAGING_H */
