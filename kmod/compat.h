/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compat.h - the differences between the host kernels that lg.ko is built
 * for, 6.1 to 6.12, all in one place.  Used by C and assembler.
 * guide: H:040
 */
#ifndef _LG_COMPAT_H
#define _LG_COMPAT_H

#include <linux/version.h>

/* The host's NMI entry for use by code that received the NMI in its stead. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define HOST_NMI_ENTRY	asm_exc_nmi_noist
#else
#define HOST_NMI_ENTRY	asm_exc_nmi_kvm_vmx
#endif

/* For assembler that follows no calling convention: do not try to unwind. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define LG_UNWIND_HINT	UNWIND_HINT_EMPTY
#else
#define LG_UNWIND_HINT	UNWIND_HINT_UNDEFINED
#endif

#ifndef __ASSEMBLY__
#include <linux/bits.h>
#include <linux/eventfd.h>
#include <linux/mm.h>
#include <asm/processor-flags.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#include <trace/events/ipi.h>	/* smp_send_reschedule() traces */
#endif

/* CR4 bits that older headers do not name (Intel SDM volume 3, 2.5). */
#ifndef X86_CR4_CET
#define X86_CR4_CET	BIT_ULL(23)
#endif
#ifndef X86_CR4_LASS
#define X86_CR4_LASS	BIT_ULL(27)
#endif
#ifndef X86_CR4_FRED
#define X86_CR4_FRED	BIT_ULL(32)
#endif

static inline void lg_eventfd_signal(struct eventfd_ctx *ctx)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
	eventfd_signal(ctx, 1);
#else
	eventfd_signal(ctx);
#endif
}
static inline void lg_vm_flags_change(struct vm_area_struct *vma,
				      unsigned long set, unsigned long clear)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
	vma->vm_flags = (vma->vm_flags & ~clear) | set;
#else
	vm_flags_mod(vma, set, clear);
#endif
}
#endif /* __ASSEMBLY__ */
#endif /* _LG_COMPAT_H */
