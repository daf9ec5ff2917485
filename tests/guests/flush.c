// SPDX-License-Identifier: GPL-2.0
/*
 * flush.c - what the host may keep of page tables that have changed, and
 * when it has to look at them again: SET_PTE, SET_PGD, the kinds of flush,
 * and faults.
 */
#include "guest.h"

#define LOW		0x10000000u
#define LOW2		0x20400000u
#define HIGH		0xd0000000u
#define OLD		0x01d01d01u
#define NEW		0x4e4e4e4eu

static u32 *old_page, *new_one;

static u32 word(u32 address)
{
	return READ(*(u32 *)at(address));
}

/* Map va to the old page, use it, and let the table say the new one. */
static void make_stale(u32 *pgdir, u32 va)
{
	map(pgdir, va, pa(old_page), PTE_KERNEL);
	CHECK_EQ(word(va), OLD);
	map_untold(pgdir, va, pa(new_one), PTE_KERNEL);
}

static void after_set_pte(u32 va)
{
	make_stale(first_pgdir, va);
	hcall(LHCALL_SET_PTE, pa(first_pgdir), va, 0);
	CHECK_EQ(word(va), NEW);

	make_stale(first_pgdir, va);
	queue(LHCALL_SET_PTE, pa(first_pgdir), va, 0);
	hcall(LHCALL_FLUSH_TLB, LGUEST_FLUSH_TOLD, 0, 0);
	CHECK_EQ(word(va), NEW);

	/* Any address within the page will do. */
	make_stale(first_pgdir, va);
	hcall(LHCALL_SET_PTE, pa(first_pgdir), va + 0xfff, 0);
	CHECK_EQ(word(va), NEW);
}

static void after_set_pgd(u32 va)
{
	u32 *table = new_page();

	make_stale(first_pgdir, va);
	hcall(LHCALL_SET_PGD, pa(first_pgdir), pde_index(va), 0);
	CHECK_EQ(word(va), NEW);

	/* Another table altogether; both of its ends. */
	map(first_pgdir, va, pa(old_page), PTE_KERNEL);
	map(first_pgdir, va + LARGE_SIZE - PAGE_SIZE, pa(old_page), PTE_KERNEL);
	CHECK_EQ(word(va), OLD);
	CHECK_EQ(word(va + LARGE_SIZE - PAGE_SIZE), OLD);
	table[0] = pa(new_one) | PTE_KERNEL;
	table[ENTRIES - 1] = pa(new_one) | PTE_KERNEL;
	first_pgdir[pde_index(va)] = pa(table) | PTE_ALL;
	hcall(LHCALL_SET_PGD, pa(first_pgdir), pde_index(va), 0);
	CHECK_EQ(word(va), NEW);
	CHECK_EQ(word(va + LARGE_SIZE - PAGE_SIZE), NEW);
}

static void after_flush(void)
{
	make_stale(first_pgdir, LOW);
	hcall(LHCALL_FLUSH_TLB, LGUEST_FLUSH_USER, 0, 0);
	CHECK_EQ(word(LOW), NEW);

	make_stale(first_pgdir, LOW);
	make_stale(first_pgdir, LOW2);
	make_stale(first_pgdir, HIGH);
	hcall(LHCALL_FLUSH_TLB, LGUEST_FLUSH_ALL, 0, 0);
	CHECK_EQ(word(LOW), NEW);
	CHECK_EQ(word(LOW2), NEW);
	CHECK_EQ(word(HIGH), NEW);
}

/* A mapping taken away is gone: the next access faults, for either ring. */
static void unmap(u32 va)
{
	map(first_pgdir, va, pa(old_page), PTE_ALL);
	CHECK_EQ(word(va), OLD);
	map(first_pgdir, va, 0, 0);
	CHECK_EQ(try_read(va), VECTOR_PF);
	CHECK_TRAP(VECTOR_PF, 0);
	CHECK_EQ(caught_cr2, va);

	map(first_pgdir, va, pa(old_page), PTE_ALL);
	WRITE(*(u32 *)at(va), OLD);
	map(first_pgdir, va, pa(old_page), PTE_PRESENT | PTE_USER);
	CHECK_EQ(try_write(va, OLD), VECTOR_PF);
	CHECK_TRAP(VECTOR_PF, PF_PRESENT | PF_WRITE);
}

/* More rights need no flush: a fault looks at the tables again. */
static void add_rights(u32 va)
{
	map(first_pgdir, va, 0, 0);
	CHECK_EQ(try_read(va), VECTOR_PF);
	map_untold(first_pgdir, va, pa(old_page), PTE_PRESENT);
	CHECK_EQ(word(va), OLD);
	CHECK_EQ(try_write(va, 0), VECTOR_PF);
	map_untold(first_pgdir, va, pa(old_page), PTE_KERNEL);
	CHECK_EQ(try_write(va, OLD), VECTOR_NONE);
}

/* A change in another directory than the current one is remembered. */
static void change_elsewhere(void)
{
	u32 *other = new_pgdir();

	load_pgdir(other);
	make_stale(other, LOW);
	load_pgdir(first_pgdir);
	hcall(LHCALL_SET_PTE, pa(other), LOW, 0);
	load_pgdir(other);
	CHECK_EQ(word(LOW), NEW);

	make_stale(other, LOW);
	load_pgdir(first_pgdir);
	hcall(LHCALL_SET_PGD, pa(other), pde_index(LOW), 0);
	load_pgdir(other);
	CHECK_EQ(word(LOW), NEW);

	/* FLUSH_ALL is for every directory. */
	make_stale(other, LOW);
	load_pgdir(first_pgdir);
	hcall(LHCALL_FLUSH_TLB, LGUEST_FLUSH_ALL, 0, 0);
	load_pgdir(other);
	CHECK_EQ(word(LOW), NEW);

	/* A directory nobody knows is no mistake. */
	hcall(LHCALL_SET_PTE, pa(new_page()), LOW, 0);
	hcall(LHCALL_DROP_PGTABLE, pa(new_page()), 0, 0);
	load_pgdir(first_pgdir);
}

/* Code that is changed where it runs. */
static void change_code(void)
{
	u8 *code = (u8 *)new_page();
	u32 i;

	memcpy(code, "\xb8\x00\x00\x00\x00\xc3", 6);	/* mov $0,%eax; ret */
	for (i = 0; i < 100; i++) {
		u32 (*fn)(void) = (u32 (*)(void))code;

		WRITE(*(u32 *)at(pa(code) + 1), i);
		CHECK_EQ(fn(), i);
	}
}

static void test(void)
{
	setup();
	old_page = new_page();
	new_one = new_page();
	*old_page = OLD;
	*new_one = NEW;

	after_set_pte(LOW);
	after_set_pte(LOW + LARGE_SIZE - PAGE_SIZE);
	after_set_pte(HIGH);
	after_set_pgd(LOW);
	after_set_pgd(LOW + LARGE_SIZE);
	after_set_pgd(HIGH);
	after_flush();
	unmap(LOW);
	unmap(HIGH);
	add_rights(LOW);
	add_rights(HIGH);
	change_elsewhere();
	change_code();
}
