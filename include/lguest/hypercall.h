/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hypercall.h - the contract between a guest kernel and the host module.
 *
 * Read by lg.ko, by the guest kernel (C and assembler), and by the small test
 * guests.  It says how a guest starts, how it asks the host for something,
 * and what the two share in memory.  There is no compatibility to keep: host
 * and guest are built from one tree; LGUEST_ABI changes when this file does
 * in any way that matters, and the host refuses a guest that differs.
 *
 * How a guest starts
 *	A flat 32-bit program in ring 1.  Until the first LHCALL_NEW_PGTABLE
 *	linear addresses equal guest-physical ones.  EIP is the ELF entry
 *	point, ESI the guest-physical address of struct boot_params (the Linux
 *	boot protocol, Documentation/x86/boot.rst), CS is LGUEST_KERNEL_CS,
 *	SS, DS and ES are LGUEST_KERNEL_DS, FS and GS are null, the other
 *	general registers zero.  No IDT is set: a trap before one is given
 *	kills the guest.
 *
 * How a guest asks
 *	int $LGUEST_TRAP_ENTRY with the number in EAX and arguments in EDX,
 *	EBX and ECX.  The result comes back in EAX: 0 or what the call says.
 *	No other register changes.  Only ring 1 may do it; from ring 3 it is a
 *	general protection fault, which the guest kernel gets to see.
 *	An argument that makes no sense kills the guest with a reason that its
 *	launcher prints.  "pa" is a guest-physical address.
 * guide: G:020
 */

/*
 * Before we see how a guest is run, let us be one.  This is the story of a
 * Linux kernel that is asked to live in ring 1: it may not turn interrupts
 * off, load a page table or halt.  All of these it has to ask for, or to note
 * where the host can read it.  So we begin with the language in which it asks,
 * then see how such a kernel is built from an ordinary one, how it starts, and
 * how each thing that a kernel does to its machine is said in that language.
 *
 * Two ideas make it fast.  What happens most often (interrupts off, interrupts
 * on) costs a store to memory.  And what needs no answer is written down, for
 * the host to read when it comes by anyway.
 * guide: G:010
 */

#ifndef _LGUEST_HYPERCALL_H
#define _LGUEST_HYPERCALL_H

#define LGUEST_ABI		2

#define LGUEST_TRAP_ENTRY	0x1f

/*
 * Selectors.  The guest's GDT has LGUEST_GDT_ENTRIES entries, numbered as
 * i386 Linux does; entries 0 to 5 belong to the host.
 */
#define LGUEST_GDT_ENTRIES	32
#define LGUEST_GDT_FIRST	6	/* the first that a guest may set */
#define LGUEST_KERNEL_CS	0x61	/* entry 12, ring 1 */
#define LGUEST_KERNEL_DS	0x69	/* entry 13, ring 1 */
#define LGUEST_USER_CS		0x73	/* entry 14, ring 3 */
#define LGUEST_USER_DS		0x7b	/* entry 15, ring 3 */

/* Run every queued call of the ring (see struct lguest_data), now. */
#define LHCALL_FLUSH_ASYNC	0
/*
 * pa of struct lguest_data, its linear address once paging is on, LGUEST_ABI.
 * Once, and before anything that needs lguest_data (interrupts, traps).
 */
#define LHCALL_INIT		1
/*
 * pa of a message (bytes up to a NUL, LGUEST_MESSAGE_MAX at most; 0: none),
 * reason LGUEST_SHUTDOWN_*.  Ends the guest, does not return.
 */
#define LHCALL_SHUTDOWN		2
/* pa of the table, number of entries (at most LGUEST_GDT_ENTRIES). */
#define LHCALL_LOAD_GDT		3
/* pa of a page directory (i386 without PAE).  The first one turns paging on. */
#define LHCALL_NEW_PGTABLE	4
/* LGUEST_FLUSH_* */
#define LHCALL_FLUSH_TLB	5
/*
 * vector, low word, high word of an i386 gate.  Interrupt and trap gates into
 * LGUEST_KERNEL_CS, or a zero (absent) one.
 */
#define LHCALL_LOAD_IDT_ENTRY	6
/* ring-1 SS and ESP that a trap out of ring 3 starts with. */
#define LHCALL_SET_STACK	7
/* low and high word of nanoseconds from now until interrupt 0; 0 is "never" */
#define LHCALL_SET_CLOCKEVENT	8
/* Turn virtual interrupts on and sleep until one is pending. */
#define LHCALL_HALT		9
/* Bring wallclock_ns and monotonic_ns of lguest_data up to date. */
#define LHCALL_READ_CLOCK	10
/* pa of a page directory, linear address, the entry (for information). */
#define LHCALL_SET_PTE		11
/* pa of a page directory, index: that entry of it changed. */
#define LHCALL_SET_PGD		12
/* pa of a page directory which is one no more. */
#define LHCALL_DROP_PGTABLE	13
/* pa of three descriptors for GDT entries 6, 7 and 8 */
#define LHCALL_LOAD_TLS		14
/* entry number, low word, high word */
#define LHCALL_LOAD_GDT_ENTRY	15
/* Interrupts are on now and irq_pending was seen: deliver. */
#define LHCALL_SEND_INTERRUPTS	16
/*
 * Return from a trap for the guest.  At ESP: EAX, EIP, CS, EFLAGS and, if
 * that CS is of ring 3, ESP and SS.  EFLAGS.IF becomes irq_enabled.  A frame
 * that the host cannot load is left to the guest's own iret at noirq_end - 1,
 * so that the guest gets the fault which that is.
 */
#define LHCALL_IRET		17
/* device number (index into the device page): its launcher looks at it */
#define LHCALL_NOTIFY		18
/*
 * Of a network device (its launcher has joined it to a net): pa of the ring
 * that sends and of the one that receives (struct lguest_dma_ring, dma.h).
 * Both 0: no longer.
 */
#define LHCALL_BIND_DMA		19
/* network device: frames were given.  Returns LGUEST_DMA_STOPPED or 0. */
#define LHCALL_SEND_DMA		20
/* network device: buffers were given to a ring that has wanted set. */
#define LHCALL_RESTOCK_DMA	21
/*
 * network device; first four bytes of its MAC address (the first in bits 0 to
 * 7); the last two, and LGUEST_NET_PROMISC if it wants all frames.  Returns
 * 1 if that is no address for a station, or it may not change its own, and
 * changes nothing, or 0.
 */
#define LHCALL_SET_NET		22
#define LGUEST_NET_PROMISC	0x10000
#define LHCALL_COUNT		23

/* LHCALL_SHUTDOWN reasons */
#define LGUEST_SHUTDOWN_POWEROFF	1
#define LGUEST_SHUTDOWN_RESTART		2
#define LGUEST_SHUTDOWN_PANIC		3

/* Bytes of a message with its NUL. */
#define LGUEST_MESSAGE_MAX	256

/*
 * LHCALL_FLUSH_TLB: what may be stale.
 * TOLD: nothing but what LHCALL_SET_PTE and LHCALL_SET_PGD said (cheap).
 * USER: anything below kernel_address in the current address space.
 * ALL: anything at all.
 */
#define LGUEST_FLUSH_TOLD	0
#define LGUEST_FLUSH_USER	1
#define LGUEST_FLUSH_ALL	2

/* Interrupt n arrives as vector LGUEST_IRQ_VECTOR + n. */
#define LGUEST_IRQS		32
#define LGUEST_IRQ_VECTOR	0x20
#define LGUEST_IRQ_TIMER	0

/* The ring of queued calls. */
#define LGUEST_RING_SIZE	64
#define LGUEST_RING_FREE	0xff
#define LGUEST_RING_QUEUED	0

/* Offsets in struct lguest_data for assembler; hypercall.h users assert them. */
#define LGUEST_DATA_IRQ_ENABLED	0
#define LGUEST_DATA_IRQ_PENDING	4

#ifndef __ASSEMBLY__
#include <linux/types.h>

/* One queued call: the numbers that EAX, EDX, EBX and ECX would hold. */
struct lguest_hcall {
	__u32 nr;
	__u32 arg1;
	__u32 arg2;
	__u32 arg3;
};

/*
 * What guest and host share.  Lives in the guest's memory, in one page; the
 * host finds it by LHCALL_INIT.  The host trusts none of it and reads each
 * field once per use.
 *
 * The ring: calls that need no answer are queued by filling hcalls[i] and
 * then storing LGUEST_RING_QUEUED to hcall_status[i], i going round from 0.
 * The host runs them in that order before any other hypercall and marks them
 * LGUEST_RING_FREE.  What may be queued: SET_PTE, SET_PGD, DROP_PGTABLE,
 * NEW_PGTABLE, FLUSH_TLB, SET_STACK, LOAD_TLS, LOAD_GDT_ENTRY,
 * SET_CLOCKEVENT and FLUSH_ASYNC; anything else kills the guest.
 * guide: G:030 code
 */
struct lguest_data {
	/*
	 * The virtual interrupt flag: 0 or X86_EFLAGS_IF (0x200).  The guest
	 * stores it instead of cli, sti and popf; the host clears it when it
	 * delivers through an interrupt gate.
	 */
	__u32 irq_enabled;
	/* Host: an interrupt waits for irq_enabled. See SEND_INTERRUPTS. */
	__u32 irq_pending;
	/* Host: the faulting address of the last page fault delivered. */
	__u32 cr2;
	/* Guest: interrupt n is masked while bit n is set. */
	__u32 blocked_interrupts;
	/* Host, at INIT and READ_CLOCK: CLOCK_REALTIME and CLOCK_MONOTONIC. */
	__u64 wallclock_ns;
	__u64 monotonic_ns;
	/* Host, at INIT: kHz of a TSC that can serve as clock, or 0. */
	__u32 tsc_khz;
	/*
	 * Guest, before INIT: the linear range that holds exactly "mov %eax,
	 * irq_enabled; pop %eax; iret" and in which the virtual flag does not
	 * say whether an interrupt may come.  The host finishes the three
	 * instructions by itself when one has to.  Both 0: no such range.
	 */
	__u32 noirq_start;
	__u32 noirq_end;
	/*
	 * Guest, before INIT: where the half begins that all address spaces
	 * share.  0x40000000, 0x80000000 or 0xc0000000.
	 */
	__u32 kernel_address;
	/* Host: DR6 of the last debug trap delivered. */
	__u32 dr6;
	__u8 hcall_status[LGUEST_RING_SIZE];
	struct lguest_hcall hcalls[LGUEST_RING_SIZE];
};
#endif /* __ASSEMBLY__ */
#endif /* _LGUEST_HYPERCALL_H */
