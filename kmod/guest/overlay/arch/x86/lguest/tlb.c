// SPDX-License-Identifier: GPL-2.0
/*
 * Page tables, address spaces and the TLB; takes the place of
 * arch/x86/mm/tlb.c.
 *
 * The host's shadow of our page tables is a TLB that outlives the switch to
 * another address space.  asm/lguest_pgtable.h queues a note for every
 * present entry that loses something.  So the usual flush has nothing to name
 * any more: it makes sure that the host has read the notes, and if none was
 * written since the last time it costs nothing.
 *
 * Address spaces that were never loaded have no shadow and need no notes;
 * mm_cpumask() remembers which were.  One that nobody uses any more is not
 * told page by page either: nothing runs in it, and when its page directory
 * goes the host forgets the whole.
 * guide: G:200
 */
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <asm/mmu_context.h>
#include <asm/pgalloc.h>
#include <asm/tlbflush.h>
#include "../mm/mm_internal.h"
#include "lguest.h"

/* What head.S has turned on, and where. */
unsigned long lguest_cr0 = X86_CR0_PG | X86_CR0_WP | X86_CR0_NE |
			   X86_CR0_ET | X86_CR0_MP | X86_CR0_PE;
unsigned long lguest_cr3;
unsigned long lguest_cr4;

atomic64_t last_mm_ctx_id = ATOMIC64_INIT(1);
DEFINE_PER_CPU_SHARED_ALIGNED(struct tlb_state_shared, cpu_tlbstate_shared);

/* Larger changes of kernel mappings flush everything; see set_memory.c. */
unsigned long tlb_single_page_flush_ceiling __read_mostly = LGUEST_RING_SIZE / 2;

/* Notes were queued since the last flush. */
static bool told;
/* A kernel entry was changed that could not be told, for want of an address. */
static bool untold;

void lguest_load_cr3(unsigned long cr3)
{
	lguest_cr3 = cr3;
	lguest_call_or_queue(LHCALL_NEW_PGTABLE, cr3, 0, 0);
}

static bool has_shadow(struct mm_struct *mm)
{
	return mm == &init_mm || cpumask_test_cpu(0, mm_cpumask(mm));
}

void lguest_pte_changed(struct mm_struct *mm, unsigned long address,
			unsigned long pte)
{
	if (!has_shadow(mm))
		return;
	lguest_queue(LHCALL_SET_PTE, __pa(mm->pgd), address, pte);
	told = true;
}

void lguest_kernel_pte_changed(void)
{
	untold = true;
}

void lguest_pgd_changed(void *pgd_entry)
{
	unsigned long pa = __pa(pgd_entry);

	lguest_queue(LHCALL_SET_PGD, pa & PAGE_MASK,
		     (pa & ~PAGE_MASK) / sizeof(pgd_t), 0);
	told = true;
}

/* Queued in order, it comes before any new use of the page. */
void lguest_pgd_freed(struct mm_struct *mm)
{
	if (has_shadow(mm))
		lguest_queue(LHCALL_DROP_PGTABLE, __pa(mm->pgd), 0, 0);
}

static void flush_told(void)
{
	if (!told)
		return;
	told = false;
	lguest_hypercall(LHCALL_FLUSH_TLB, LGUEST_FLUSH_TOLD, 0, 0);
}

static void flush_everything(void)
{
	told = false;
	untold = false;
	lguest_hypercall(LHCALL_FLUSH_TLB, LGUEST_FLUSH_ALL, 0, 0);
}

void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start,
			unsigned long end, unsigned int stride_shift,
			bool freed_tables)
{
	if (atomic_read(&mm->mm_users))
		flush_told();
}

void arch_tlbbatch_flush(struct arch_tlbflush_unmap_batch *batch)
{
	flush_told();
}

/* Unmapping told each page, so the length of the range does not matter. */
void flush_tlb_kernel_range(unsigned long start, unsigned long end)
{
	if (untold)
		flush_everything();
	else
		flush_told();
}

/* The entry may have been set without its address: here it is. */
void flush_tlb_one_kernel(unsigned long addr)
{
	lguest_pte_changed(&init_mm, addr, 0);
	flush_told();
}

void flush_tlb_one_user(unsigned long addr)
{
	lguest_queue(LHCALL_SET_PTE, lguest_cr3, addr, 0);
	told = true;
	flush_told();
}

void flush_tlb_all(void)
{
	flush_everything();
}

void __flush_tlb_all(void)
{
	flush_everything();
}

void flush_tlb_local(void)
{
	flush_everything();
}

void initialize_tlbstate_and_flush(void)
{
	flush_everything();
}

unsigned long __get_current_cr3_fast(void)
{
	return lguest_cr3;
}

/* May code that must not fault look at user memory now? */
bool nmi_uaccess_okay(void)
{
	return this_cpu_read(cpu_tlbstate.loaded_mm) == current->mm;
}

/* No performance counters, so there is no instruction to allow. */
void cr4_update_pce(void *unused)
{
}

void switch_mm_irqs_off(struct mm_struct *prev, struct mm_struct *next,
			struct task_struct *tsk)
{
	if (this_cpu_read(cpu_tlbstate.loaded_mm) == next)
		return;
	cpumask_set_cpu(0, mm_cpumask(next));
	this_cpu_write(cpu_tlbstate.loaded_mm, next);
	load_cr3(next->pgd);
}

void switch_mm(struct mm_struct *prev, struct mm_struct *next,
	       struct task_struct *tsk)
{
	unsigned long flags;

	local_irq_save(flags);
	switch_mm_irqs_off(prev, next, tsk);
	local_irq_restore(flags);
}

/* A kernel thread keeps the tables that are loaded; no one will notice. */
void enter_lazy_tlb(struct mm_struct *mm, struct task_struct *tsk)
{
}

/* For whoever wants the loaded tables to be nobody's. */
void leave_mm(int cpu)
{
	switch_mm(NULL, &init_mm, NULL);
}
