/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Page-table entries that the host hears of.
 *
 * The processor uses the host's shadow of our page tables.  It has only
 * entries that were present here when they were first used, and it stays when
 * the address space is switched.  So whoever takes something away from a
 * present entry tells the host; who adds an entry, or rights to one, need
 * not: the access faults, and then the host looks at our tables again, just
 * as a processor does that missed in its TLB.
 *
 * Included in the middle of asm/pgtable.h, which it serves.
 * guide: G:190
 */
#ifndef _ASM_X86_LGUEST_PGTABLE_H
#define _ASM_X86_LGUEST_PGTABLE_H

#include <asm/lguest_guest.h>

/* Bits that no processor looks at. */
#define LGUEST_PTE_SOFT		(_PAGE_SOFTW1 | _PAGE_SOFTW2 | _PAGE_SOFTW3)
/* Bits whose appearance only grants something. */
#define LGUEST_PTE_GRANTS	(_PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | \
				 _PAGE_DIRTY)

/* May the shadow of the entry old be wrong once it is new? */
static inline bool lguest_pte_revoked(pte_t old, pte_t new)
{
	pteval_t changed = old.pte_low ^ new.pte_low;

	if (!(old.pte_low & _PAGE_PRESENT))
		return false;
	return changed & ~LGUEST_PTE_SOFT & ~(new.pte_low & LGUEST_PTE_GRANTS);
}

/* The two that do not say which address they are about. */
static inline void lguest_set_pte(pte_t *ptep, pte_t pte)
{
	pte_t old = *ptep;

	native_set_pte(ptep, pte);
	if (lguest_pte_revoked(old, pte))
		lguest_kernel_pte_changed();
}

static inline void lguest_set_pmd(pmd_t *pmdp, pmd_t pmd)
{
	pmd_t old = *pmdp;

	native_set_pmd(pmdp, pmd);
	if (native_pmd_val(old) & _PAGE_PRESENT)
		lguest_pgd_changed(pmdp);
}

static inline void lguest_set_pte_at(struct mm_struct *mm, unsigned long addr,
				     pte_t *ptep, pte_t pte)
{
	pte_t old = *ptep;

	native_set_pte(ptep, pte);
	if (lguest_pte_revoked(old, pte))
		lguest_pte_changed(mm, addr, pte.pte_low);
}

static inline pte_t lguest_ptep_get_and_clear(struct mm_struct *mm,
					      unsigned long addr, pte_t *ptep)
{
	pte_t old = *ptep;

	lguest_set_pte_at(mm, addr, ptep, native_make_pte(0));
	return old;
}

static inline void lguest_pte_clear(struct mm_struct *mm, unsigned long addr,
				    pte_t *ptep)
{
	if (mm)
		lguest_set_pte_at(mm, addr, ptep, native_make_pte(0));
	else
		lguest_set_pte(ptep, native_make_pte(0));
}

/* Take bits away from an entry; true if any of them was there. */
static inline bool lguest_pte_clear_bits(struct mm_struct *mm,
					 unsigned long addr, pte_t *ptep,
					 pteval_t bits)
{
	pte_t old = *ptep;

	lguest_set_pte_at(mm, addr, ptep, native_make_pte(old.pte_low & ~bits));
	return old.pte_low & bits;
}

#endif /* _ASM_X86_LGUEST_PGTABLE_H */
