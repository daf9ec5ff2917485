/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an i386 kernel does by privileged instructions, said in lguest's terms.
 *
 * The guest kernel runs in ring 1, where cli, mov to %cr3 and their like are
 * refused.  With CONFIG_LGUEST_GUEST the headers of arch/x86 take the
 * functions below instead of the instructions: a store into the page that is
 * shared with the host (struct lguest_data), a hypercall, or nothing at all.
 * It is decided when the kernel is built: such a kernel runs only on lguest.
 * guide: G:100
 */
#ifndef _ASM_X86_LGUEST_GUEST_H
#define _ASM_X86_LGUEST_GUEST_H

#include <lguest/hypercall.h>

/* The descriptors that gdt_page starts with: ring 1 and ring 3, accessed. */
#define LGUEST_GDT_INIT							\
	[GDT_ENTRY_KERNEL_CS] = GDT_ENTRY_INIT(0xc0bb, 0, 0xfffff),	\
	[GDT_ENTRY_KERNEL_DS] = GDT_ENTRY_INIT(0xc0b3, 0, 0xfffff),	\
	[GDT_ENTRY_DEFAULT_USER_CS] = GDT_ENTRY_INIT(0xc0fb, 0, 0xfffff), \
	[GDT_ENTRY_DEFAULT_USER_DS] = GDT_ENTRY_INIT(0xc0f3, 0, 0xfffff),

#ifdef __ASSEMBLY__

/*
 * Return from a trap.  In ring 1 iret leaves the interrupt flag alone, so the
 * virtual one is stored by hand, in three instructions that the host knows
 * how to finish should an interrupt come in between.  If one waits already
 * the host does all of it, but for a frame that iret would refuse: then it
 * leaves at least that to us.  Such a fault continues at \fault.
 * guide: G:120 code
 */
.macro LGUEST_IRET fault:req
	pushl	%eax
	movl	12(%esp), %eax			/* above eax, eip and cs */
	andl	$X86_EFLAGS_IF, %eax
	jz	lguest_noirq_start
	cmpl	$0, %ss:lguest_data + LGUEST_DATA_IRQ_PENDING
	je	lguest_noirq_start
	movl	$LHCALL_IRET, %eax
	int	$LGUEST_TRAP_ENTRY
	ud2
SYM_INNER_LABEL(lguest_noirq_start, SYM_L_GLOBAL)
	movl	%eax, %ss:lguest_data + LGUEST_DATA_IRQ_ENABLED
	popl	%eax
.Llguest_iret:
	iret
SYM_INNER_LABEL(lguest_noirq_end, SYM_L_GLOBAL)
	_ASM_EXTABLE(.Llguest_iret, \fault)
.endm
/* guide: end */

#else /* !__ASSEMBLY__ */

#include <linux/compiler.h>
#include <asm/processor-flags.h>

extern struct lguest_data lguest_data;

static __always_inline u32 lguest_hypercall(u32 nr, u32 arg1, u32 arg2,
					    u32 arg3)
{
	asm volatile("int %[entry]"
		     : "+a" (nr)
		     : "d" (arg1), "b" (arg2), "c" (arg3),
		       [entry] "i" (LGUEST_TRAP_ENTRY)
		     : "memory");
	return nr;
}

/* Interrupts: the flag is a word of memory, which costs next to nothing. */

static __always_inline unsigned long native_save_fl(void)
{
	return READ_ONCE(lguest_data.irq_enabled);
}

static __always_inline void native_irq_disable(void)
{
	WRITE_ONCE(lguest_data.irq_enabled, 0);
	barrier();
}

/*
 * First enable, then look: what comes in between is delivered right away.
 *
 * Here sti becomes a store and a look.  The host sees to the other half: when
 * it has an interrupt for us and finds irq_enabled to be 0, it sets
 * irq_pending.
 * guide: G:110 code
 */
static __always_inline void native_irq_enable(void)
{
	barrier();
	WRITE_ONCE(lguest_data.irq_enabled, X86_EFLAGS_IF);
	barrier();
	if (unlikely(READ_ONCE(lguest_data.irq_pending)))
		lguest_hypercall(LHCALL_SEND_INTERRUPTS, 0, 0, 0);
}

/* The host turns interrupts on and sleeps in one step. */
static __always_inline void native_safe_halt(void)
{
	lguest_hypercall(LHCALL_HALT, 0, 0, 0);
}

static __always_inline void native_halt(void)
{
	lguest_hypercall(LHCALL_HALT, 0, 0, 0);
}

/* Control registers: the real ones are the host's; these are our notes. */

extern unsigned long lguest_cr0, lguest_cr3, lguest_cr4;
void lguest_load_cr3(unsigned long cr3);

static inline unsigned long native_read_cr0(void)
{
	return lguest_cr0;
}

static __always_inline unsigned long native_read_cr2(void)
{
	return READ_ONCE(lguest_data.cr2);
}

static __always_inline void native_write_cr2(unsigned long val)
{
	WRITE_ONCE(lguest_data.cr2, val);
}

static inline unsigned long __native_read_cr3(void)
{
	return lguest_cr3;
}

static inline void native_write_cr3(unsigned long val)
{
	lguest_load_cr3(val);
}

static inline unsigned long native_read_cr4(void)
{
	return lguest_cr4;
}

/* CPUID is not privileged, but most of what it offers is not for us. */
void lguest_cpuid(unsigned int *eax, unsigned int *ebx, unsigned int *ecx,
		  unsigned int *edx);

/* Descriptors: the host keeps its own tables and is told of each entry. */
void lguest_set_gate(int vector, const void *gate);
void lguest_set_gdt_entry(int entry, const void *desc);
void lguest_load_tls(const void *tls);

/* Page tables: see arch/x86/lguest/tlb.c. */
struct mm_struct;
struct task_struct;
void lguest_pte_changed(struct mm_struct *mm, unsigned long address,
			unsigned long pte);
void lguest_kernel_pte_changed(void);
void lguest_pgd_changed(void *pgd_entry);
void lguest_pgd_freed(struct mm_struct *mm);
void lguest_start_context_switch(void);
void lguest_end_context_switch(const struct task_struct *next);

/* Once, before anything else of the kernel's C code. */
void lguest_init(void);

#endif /* __ASSEMBLY__ */
#endif /* _ASM_X86_LGUEST_GUEST_H */
