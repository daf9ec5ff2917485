// SPDX-License-Identifier: GPL-2.0
/*
 * accessed.c - the accessed and dirty bits of the guest's own page tables:
 * set when, and only when, a page is read or written.
 */
#include "guest.h"

#define LOW		0x10000000u
#define HIGH		0xd0000000u
#define BITS		(PTE_ACCESSED | PTE_DIRTY)

static u32 *page;

static u32 pte_bits(u32 va)
{
	return READ(*pte_of(first_pgdir, va)) & BITS;
}

static u32 pde_bits(u32 va)
{
	return READ(first_pgdir[pde_index(va)]) & PTE_ACCESSED;
}

static void fresh(u32 va, u32 flags)
{
	map(first_pgdir, va, pa(page), flags);
	first_pgdir[pde_index(va)] &= ~PTE_ACCESSED;
	hcall(LHCALL_SET_PGD, pa(first_pgdir), pde_index(va), 0);
	CHECK_EQ(pte_bits(va), 0);
	CHECK_EQ(pde_bits(va), 0);
}

static void by_kernel(u32 va)
{
	fresh(va, PTE_KERNEL);
	(void)READ(*(u32 *)at(va));
	CHECK_EQ(pte_bits(va), PTE_ACCESSED);
	CHECK_EQ(pde_bits(va), PTE_ACCESSED);
	WRITE(*(u32 *)at(va), 1);
	CHECK_EQ(pte_bits(va), PTE_ACCESSED | PTE_DIRTY);

	fresh(va, PTE_KERNEL);
	WRITE(*(u32 *)at(va), 1);
	CHECK_EQ(pte_bits(va), PTE_ACCESSED | PTE_DIRTY);
	CHECK_EQ(pde_bits(va), PTE_ACCESSED);

	/* A read-modify-write is a write. */
	fresh(va, PTE_KERNEL);
	asm volatile("lock incl (%0)" :: "r"(va) : "memory");
	CHECK_EQ(pte_bits(va), PTE_ACCESSED | PTE_DIRTY);
}

/* The host's help with one bit cleared comes again. */
static void cleared(u32 va)
{
	u32 *pte = pte_of(first_pgdir, va);

	fresh(va, PTE_KERNEL);
	WRITE(*(u32 *)at(va), 1);
	*pte &= ~PTE_DIRTY;
	hcall(LHCALL_SET_PTE, pa(first_pgdir), va, *pte);
	(void)READ(*(u32 *)at(va));
	CHECK_EQ(pte_bits(va), PTE_ACCESSED);
	WRITE(*(u32 *)at(va), 1);
	CHECK_EQ(pte_bits(va), PTE_ACCESSED | PTE_DIRTY);

	*pte &= ~PTE_ACCESSED;
	hcall(LHCALL_SET_PTE, pa(first_pgdir), va, *pte);
	CHECK_EQ(pte_bits(va), PTE_DIRTY);
	(void)READ(*(u32 *)at(va));
	CHECK_EQ(pte_bits(va), PTE_ACCESSED | PTE_DIRTY);
}

/* What faults leaves no trace. */
static void refused(u32 va)
{
	fresh(va, PTE_PRESENT);
	CHECK_EQ(try_write(va, 1), VECTOR_PF);
	CHECK_EQ(pte_bits(va) & PTE_DIRTY, 0);
	(void)READ(*(u32 *)at(va));
	CHECK_EQ(pte_bits(va), PTE_ACCESSED);
	CHECK_EQ(try_write(va, 1), VECTOR_PF);
	CHECK_EQ(pte_bits(va), PTE_ACCESSED);

	map(first_pgdir, va, 0, 0);
	CHECK_EQ(try_read(va), VECTOR_PF);
	CHECK_EQ(READ(*pte_of(first_pgdir, va)), 0);
}

USER_CODE static void user_reads(void)
{
	asm volatile("movl 0x10000000, %eax\n"
		     "int $0x80\n");
}

USER_CODE static void user_writes(void)
{
	asm volatile("movl %eax, 0x10000000\n"
		     "int $0x80\n");
}

static void by_user(void)
{
	fresh(LOW, PTE_ALL);
	CHECK_EQ(run_user_at(user_reads).vector, VECTOR_SYSCALL);
	CHECK_EQ(pte_bits(LOW), PTE_ACCESSED);
	CHECK_EQ(run_user_at(user_writes).vector, VECTOR_SYSCALL);
	CHECK_EQ(pte_bits(LOW), PTE_ACCESSED | PTE_DIRTY);
	CHECK_EQ(pde_bits(LOW), PTE_ACCESSED);

	fresh(LOW, PTE_KERNEL);
	CHECK_EQ(run_user_at(user_writes).vector, VECTOR_PF);
	CHECK_EQ(pte_bits(LOW), 0);
}

/* A neighbour's bits stay as they are. */
static void neighbours(void)
{
	fresh(LOW, PTE_KERNEL);
	map(first_pgdir, LOW + PAGE_SIZE, pa(new_page()), PTE_KERNEL);
	map(first_pgdir, LOW - PAGE_SIZE, pa(new_page()), PTE_KERNEL);
	WRITE(*(u32 *)at(LOW), 1);
	CHECK_EQ(pte_bits(LOW + PAGE_SIZE), 0);
	CHECK_EQ(pte_bits(LOW - PAGE_SIZE), 0);
	/* Across a page boundary: both. */
	WRITE(*(u32 *)at(LOW + PAGE_SIZE - 2), 1);
	CHECK_EQ(pte_bits(LOW + PAGE_SIZE), PTE_ACCESSED | PTE_DIRTY);
	CHECK_EQ(pte_bits(LOW - PAGE_SIZE), 0);
}

static void test(void)
{
	setup();
	page = new_page();
	by_kernel(LOW);
	by_kernel(HIGH);
	cleared(LOW);
	cleared(HIGH);
	refused(LOW);
	refused(HIGH);
	by_user();
	neighbours();
}
