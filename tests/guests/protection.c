// SPDX-License-Identifier: GPL-2.0
/*
 * protection.c - who may do what to a page: every combination of the write
 * and user bits in directory and table, tried by ring 1 and ring 3, for
 * reading and writing, with the error code and address that a CPU would give.
 */
#include "guest.h"

#define LOW		0x10000000u
#define HIGH		0xd0000000u

/* ecx says where. */
USER_CODE static void user_reads(void)
{
	asm volatile("movl (%ecx), %eax\n"
		     "int $0x80\n");
}

USER_CODE static void user_writes(void)
{
	asm volatile("movl $7, (%ecx)\n"
		     "int $0x80\n");
}

/* Do it in ring 3; as TRY() does, leave the trap in "caught". */
static u32 user_access(u32 va, bool write)
{
	struct trap regs = user_start_at(write ? user_writes : user_reads);

	regs.ecx = va;
	run_user(&regs);
	caught = regs;
	if (caught.vector == VECTOR_SYSCALL)
		caught.vector = VECTOR_NONE;
	return caught.vector;
}

static u32 kernel_access(u32 va, bool write)
{
	return write ? try_write(va, 7) : try_read(va);
}

static bool may(u32 pde, u32 pte, bool user, bool write)
{
	u32 both = pde & pte;

	return (both & PTE_PRESENT) && (!user || (both & PTE_USER)) &&
	       (!write || (both & PTE_WRITE));
}

static u32 error_code(u32 pde, u32 pte, bool user, bool write)
{
	return (pde & pte & PTE_PRESENT ? PF_PRESENT : 0) |
	       (write ? PF_WRITE : 0) | (user ? PF_USER : 0);
}

/* Offset 0x84 tells apart a rounded address in cr2. */
static void check_access(u32 va, u32 pde, u32 pte, bool user, bool write)
{
	u32 address = va + 0x84;
	u32 vector = user ? user_access(address, write)
			  : kernel_access(address, write);

	if (may(pde, pte, user, write)) {
		if (vector == VECTOR_NONE)
			return;
	} else if (vector == VECTOR_PF && caught_cr2 == address &&
		   caught.error == error_code(pde, pte, user, write)) {
		return;
	}
	fail("%s %s %x with pde %x pte %x: trap %u error %x cr2 %x",
	     user ? "ring 3" : "ring 1", write ? "writes" : "reads", va, pde,
	     pte, vector, caught.error, caught_cr2);
}

static void set(u32 *entry, u32 flags)
{
	*entry = (*entry & PTE_FRAME) | flags;
}

/* Any order of accesses must give the same, so try two. */
static void check_all_accesses(u32 va, u32 pde, u32 pte)
{
	u32 *table_entry = pte_of(first_pgdir, va);
	u32 i;

	for (i = 0; i < 8; i++) {
		u32 access = i < 4 ? i : 7 - i;

		if (i % 4 == 0) {
			set(table_entry, pte);
			set(&first_pgdir[pde_index(va)], pde);
			hcall(LHCALL_SET_PGD, pa(first_pgdir), pde_index(va),
			      0);
		}
		check_access(va, pde, pte, access & 2, access & 1);
	}
	set(&first_pgdir[pde_index(va)], PTE_ALL);
}

static void check_page(u32 va)
{
	u32 pde, pte;

	for (pde = 0; pde < 8; pde++)
		for (pte = 0; pte < 8; pte++)
			check_all_accesses(va, pde, pte);
}

/* SMAP is the host's affair: ring 1 may use user pages, whatever AC says. */
static void check_without_ac(void)
{
	u32 i;

	map(first_pgdir, LOW, pa(new_page()), PTE_ALL);
	for (i = 0; i < 100; i++)
		CHECK_EQ(TRY_WITH("pushl $2\n"
				  "popfl\n"
				  "incl (%%eax)\n"
				  "pushl $2\n"
				  "popfl\n"
				  "incl (%%eax)\n", LOW, 0), VECTOR_NONE);
	CHECK_EQ(READ(*(u32 *)at(LOW)), 200);
}

/* An access over a page boundary faults at the page that is at fault. */
static void check_straddling(void)
{
	map(first_pgdir, LOW, pa(new_page()), PTE_KERNEL);
	map(first_pgdir, LOW + PAGE_SIZE, 0, 0);
	CHECK_EQ(try_read(LOW + PAGE_SIZE - 2), VECTOR_PF);
	CHECK_EQ(caught_cr2, LOW + PAGE_SIZE);
	CHECK_EQ(try_write(LOW + PAGE_SIZE - 1, 1), VECTOR_PF);
	CHECK_EQ(caught_cr2, LOW + PAGE_SIZE);
}

/* Fetching an instruction faults like a read; errors show no fetch bit. */
static void check_fetch(void)
{
	map(first_pgdir, LOW, 0, 0);
	CHECK_EQ(TRY_WITH("jmp *%%eax", LOW + 0x10, 0), VECTOR_PF);
	CHECK_TRAP(VECTOR_PF, 0);
	CHECK_EQ(caught_cr2, LOW + 0x10);
	CHECK_EQ(caught.eip, LOW + 0x10);
}

static void test(void)
{
	setup();
	map(first_pgdir, LOW, pa(new_page()), PTE_ALL);
	map(first_pgdir, HIGH, pa(new_page()), PTE_ALL);
	check_page(LOW);
	check_page(HIGH);
	check_without_ac();
	check_straddling();
	check_fetch();
}
