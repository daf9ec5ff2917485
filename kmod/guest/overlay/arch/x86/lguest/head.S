/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How an lguest guest goes from the ELF entry point to C.  startup_32 of
 * arch/x86/kernel/head_32.S has cleared the bss, saved the boot parameters
 * and made the first page tables, all of it without paging; from there on
 * lguest has its own way, which is here.  The host gave us flat ring-1
 * segments; %esp is the physical address of the boot stack.
 * guide: G:060
 */
#include <linux/linkage.h>
#include <linux/init.h>
#include <asm/asm-offsets.h>
#include <asm/page_types.h>
#include <asm/segment.h>
#include <asm/lguest_guest.h>

#define pa(X) ((X) - __PAGE_OFFSET)

/*
 * The first steps of a guest: shake hands, turn paging on, jump to where the
 * kernel is linked to be.  On a PC this is where %cr3, %cr0 and lgdt would
 * come.
 * guide: G:070 code
 */
	__HEAD
SYM_CODE_START(lguest_startup)
	movl	$LHCALL_INIT, %eax
	movl	$pa(lguest_data), %edx
	movl	$lguest_data, %ebx
	movl	$LGUEST_ABI, %ecx
	int	$LGUEST_TRAP_ENTRY

	/* Paging on.  The tables map us here and at __PAGE_OFFSET. */
	movl	$LHCALL_NEW_PGTABLE, %eax
	movl	$pa(initial_page_table), %edx
	int	$LGUEST_TRAP_ENTRY
	movl	$.Lhigh, %eax
	jmp	*%eax
.Lhigh:
	addl	$__PAGE_OFFSET, %esp

	/* Our own GDT.  It is told once; later changes go entry by entry. */
	movl	$LHCALL_LOAD_GDT, %eax
	movl	$pa(gdt_page), %edx
	movl	$GDT_ENTRIES, %ebx
	int	$LGUEST_TRAP_ENTRY
	movl	$__KERNEL_DS, %eax
	movl	%eax, %ss
	movl	$__USER_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	$__KERNEL_PERCPU, %eax
	movl	%eax, %fs
	xorl	%eax, %eax
	movl	%eax, %gs

	call	*initial_code
	ud2
SYM_CODE_END(lguest_startup)
/* guide: end */
