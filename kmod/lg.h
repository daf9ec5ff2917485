/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lg.h - what the files of lg.ko share.
 *
 *	main.c		load and unload; refuses hosts that it cannot run on
 *	chardev.c	/dev/lguest: open, write (requests), read (run), close
 *	run.c		the loop that runs a guest and serves its exits
 *	vcpu.c		this CPU's state lent to the guest and taken back
 *	switch.S	the instructions in between
 *	memory.c	guest-physical memory: the launcher's pages, followed
 *	shadow.c	shadow page tables
 *	hypercall.c	what the guest asks for
 *	traps.c		the guest's IDT, its traps, iret and port instructions
 *	interrupts.c	the guest's interrupt lines, clock and sleep
 *	segments.c	the guest's GDT
 *	net.c, dma.c, port.c, log.c	networks, see net.h
 *	compat.h	what differs between host kernels
 *
 * Two contexts run most of this:
 *
 * "in guest mode" (between lg_guest_mode_enter() and _leave()): interrupts
 * off, CR3 holds the guest's shadow tables.  They have the host's upper half,
 * so the kernel runs on them as usual, but user memory is not there and
 * nothing may sleep.  Exits that the guest causes are served here, because
 * changing address spaces costs more than all the rest of an exit.
 *
 * "outside": an ordinary system call.  What guest mode could not do (bring a
 * page in, allocate, sleep, signal) is done here, then the exit is served
 * again from its start.  So serving an exit is restartable: nothing that it
 * changes before it can return -EAGAIN may matter if done twice.
 *
 * Return values of what serves the guest:
 *	0		done
 *	-EAGAIN		lg->want says what must be done outside first
 *	-EFAULT		the guest is dead (lg_kill() was called); stop at once
 * guide: H:020
 */

/*
 * The guest believes to have a machine, and the launcher believes to have a
 * guest.  In this chapter we meet what makes both true: lg.ko, the module in
 * the host's kernel.  It holds a guest on a lead.  Ring 1 may not touch what
 * matters to the host, so sooner or later it traps, and whoever serves the
 * trap decides what the guest gets to see.
 *
 * We begin with the door (main.c, chardev.c), then follow the loop that runs a
 * guest (run.c) to what it serves: memory, page tables, hypercalls, traps and
 * interrupts.  The second half of the chapter is about nets, by which guests
 * talk to each other without the launcher having a part in it.  How the CPU
 * itself changes hands is the next chapter's.
 * guide: H:010
 */

#ifndef _LG_H
#define _LG_H

#include <linux/types.h>
#include <lguest/hypercall.h>
#include <lguest/device.h>
#include <lguest/chardev.h>

/* Guest registers as the switcher saves and loads them. */
struct lg_regs {
	u64 rdi, rsi, rbp, rbx, rdx, rcx, rax;
	u64 vec, err;
	u64 rip, cs, flags, rsp, ss;	/* pushed by the CPU */
};

struct lg_table_ptr {
	u16 limit;
	u64 base;
} __packed __aligned(2);

#define LG_NMI_STACK		4096
/* Index in lg_vp.reflect of the system call gate; 0 to 31 are exceptions. */
#define LG_REFLECT_SYSCALL	32
#define LG_REFLECT_COUNT	33
#define LG_SYSCALL_VECTOR	0x80

/*
 * What the switcher reads and writes, one per guest.  It is found from a
 * stack pointer within it, so it is aligned to its size.
 */
struct lg_vp {
	u64 host_rsp;
	u64 host_gsbase;
	struct lg_table_ptr host_gdtr;
	struct lg_table_ptr host_idtr;
	struct lg_table_ptr guest_gdtr;
	struct lg_table_ptr guest_idtr;
	/* guest selectors */
	u32 ds, es, fs, gs;
	/* why lg_enter() came back, apart from regs.vec */
	u32 nmi;		/* NMIs that are owed to the host */
	u32 mce;
	u32 aborted;		/* an NMI came first: the guest did not run */
	u32 fault;		/* the switcher itself faulted: */
	u64 fault_vec, fault_err, fault_rip;
	/*
	 * Traps from ring 3 that switch.S delivers to ring 1 by itself: where
	 * to (0: not this one), on which stack, and with which lguest_data.
	 */
	u32 reflect[LG_REFLECT_COUNT];
	u32 ring1_esp;
	u32 data_va;		/* linear address of lguest_data */
	u64 gdt[LGUEST_GDT_ENTRIES];
	/* The stack that holds the iret frame on the way in. */
	u64 iret_stack[64] __aligned(16);
	/*
	 * A trap from the guest finds its stack pointer (TSS sp0) at the end
	 * of regs.  A fault of the switcher itself nests below it.
	 */
	u64 nest_stack[64];
	struct lg_regs regs __aligned(16);

	u8 nmi_stack[LG_NMI_STACK] __aligned(4096);
	u8 mce_stack[LG_NMI_STACK] __aligned(4096);
};

#define LG_VP_SIZE	16384
#define LG_VP_ORDER	2

/*
 * A kernel built for real time is refused when lg.ko is built.  Locks that are
 * spinlocks here sleep there, and guest mode may not sleep.  mmu_lock and the
 * locks of endpoints could become raw ones, if somebody measures for how long
 * they are held at most.
 * guide: M:040
 */

#ifdef CONFIG_PREEMPT_RT
#error lg.ko takes spinlocks with interrupts off, which PREEMPT_RT does not allow
#endif

#ifndef __ASSEMBLY__
#include <linux/atomic.h>
#include <linux/eventfd.h>
#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/rcuwait.h>
#include <linux/spinlock.h>
#include <asm/fpu/api.h>
#include <asm/processor-flags.h>

/* What must be done outside guest mode before an exit can be served. */
enum lg_want {
	LG_WANT_NOTHING,
	LG_WANT_PAGE,		/* bring in guest page want_gfn */
	LG_WANT_TABLES,		/* refill the stock of shadow pages */
	LG_WANT_SLEEP,		/* halted: wait for an interrupt */
	LG_WANT_NOTIFY,		/* signal the eventfd of want_device */
	LG_WANT_HOST_PAGE,	/* wait until the host's host has want_token */
	LG_WANT_ROOM,		/* drop shadow tables: too many in use */
	LG_WANT_DROP,		/* drop the shadow tables in want_drop */
};

/* A shadow leaf table: 512 entries for 2 MiB, and who else maps each page. */
struct lg_leaf {
	u64 *pte;
	struct lg_link *link;	/* 512, of the list of mappings of a page */
	u32 id;
	u32 used;		/* entries present */
	struct list_head free;	/* in lg->free_leaves */
};

/*
 * All mappings of one guest page are a doubly linked list of references:
 * 1 + (leaf id << 9 | entry), 0 ends it.  The first one's prev says LG_HEAD
 * and which page it is the list of.
 */
struct lg_link {
	u32 next, prev;
};

#define LG_HEAD		BIT(31)

/* The shadow of one guest page directory. */
struct lg_top {
	bool used;
	u32 gpgdir;		/* guest-physical address of its original */
	u64 stamp;		/* of its last use, for LRU */
	u64 *root;		/* what CR3 points to */
	u64 *p4d;		/* with five levels only */
	u64 *pdpt;
	u64 *pd[4];		/* per GiB; the shared half's are lg->kernel_pd */
	u32 nleaves;
	u64 loads;		/* lg->loads when it got the host's upper half */
};

#define LG_TOPS		16

/* Which tables: bit i is the user half of top[i], this the shared half. */
#define LG_DROP_KERNEL	BIT(LG_TOPS)
#define LG_DROP_ALL	(BIT(LG_TOPS + 1) - 1)

struct lg_gate {
	u32 eip;
	u8 present, trap, dpl;
};

/*
 * A guest has one CPU.  Nearly everything in this struct that is "the vCPU's"
 * would be once per vCPU then, shadow tables would be changed by several
 * threads at once, and a TLB flush would have to reach the other CPUs.
 * mmu_lock is there already for the memory notifier; whether it is enough is
 * the question to begin with.
 * guide: M:070
 */

struct lg {
	/* --- fixed once initialized --- */
	struct mm_struct *mm;	/* for comparison only */
	unsigned long memory;	/* guest-physical 0 in mm */
	u32 npages;		/* of guest memory */
	bool initialized;	/* release-stored last */
	struct mutex lock;	/* requests that set things up */
	struct mutex run_lock;	/* held by the thread in read() */

	/* --- the vCPU; only its thread touches this --- */
	struct lg_vp *vp;
	struct preempt_notifier preempt;
	struct fpu_guest fpu;
	u64 host_cr3, host_cr4, host_sp0;
	u64 host_efer, host_sysenter_cs, host_fsbase;
	u16 host_ds, host_es, host_fs, host_gs;
	bool flush_tlb;		/* reload CR3 before the guest runs on */
	bool pending_exit;	/* regs.vec still wants to be served */
	u64 cr2;
	u32 dr6;
	enum lg_want want;
	u32 want_gfn;
	u32 want_device;
	u32 want_token;
	u32 want_drop;		/* LG_DROP_* */

	/* --- what the guest has set --- */
	u32 data_pa;		/* of lguest_data, ~0 before INIT */
	u32 noirq_start, noirq_end;
	u32 kernel_address;
	u32 ring_next;
	struct lg_gate idt[256];
	u32 ring1_esp;
	bool paging;

	/* --- interrupts: any context --- */
	unsigned long irqs;	/* pending lines, atomic bits */
	int guest_mode_cpu;	/* -1: not in guest mode */
	struct rcuwait wait;
	u32 halt_blocked;	/* blocked_interrupts when it halted */
	u64 slept;		/* the vCPU's: how long, the last time, in ns */
	struct hrtimer timer;

	/* --- memory --- */
	spinlock_t mmu_lock;	/* page, rmap, links and leaf entries */
	struct mmu_interval_notifier notifier;
	struct page **page;	/* by gfn; NULL: not brought in */
	u32 *rmap;		/* by gfn: first reference */

	/* --- shadow tables; the vCPU's --- */
	struct lg_top top[LG_TOPS];
	struct lg_top *cur;
	u64 stamp;
	u64 loads;		/* times this came onto a CPU */
	u64 *kernel_pd[4];
	u32 kernel_nleaves;
	struct lg_leaf **leaf;	/* by id; NULL: id is free */
	u32 next_id;		/* where to look for a free one */
	u32 max_leaves;
	u32 nleaves;		/* allocated, free_leaves included */
	struct list_head free_leaves;
	u32 nfree_leaves;
	u32 zapped;		/* entries, since last outside */
	u64 *free_pd[4];
	u32 nfree_pd;

	/* --- devices --- */
	struct mutex eventfd_lock;
	struct eventfd_ctx *eventfd[LGUEST_DEVICE_MAX];
	struct lg_endpoint *net[LGUEST_DEVICE_MAX];
	unsigned long net_missing;	/* net devices with pages to bring in */

	/* --- instead of a guest --- */
	struct lg_port *port;
	struct lg_listener *listener;

	/* --- the end --- */
	bool dead;
	struct lguest_exit exit;
};

/* main.c */
extern unsigned int lg_max_leaves;
bool lg_five_levels(void);

/* chardev.c */
int lg_chardev_register(void);
void lg_chardev_unregister(void);

/* run.c */
int lg_run(struct lg *lg);
__printf(2, 3) int lg_kill(struct lg *lg, const char *fmt, ...);
int lg_end(struct lg *lg, u32 reason, const char *message);

/* vcpu.c */
int lg_vcpu_init_module(void);
void lg_vcpu_exit_module(void);
int lg_vcpu_alloc(struct lg *lg);
void lg_vcpu_free(struct lg *lg);
void lg_vcpu_start(struct lg *lg, u32 entry, u32 boot_params);
void lg_vcpu_begin(struct lg *lg);
void lg_vcpu_end(struct lg *lg);
int lg_guest_mode_enter(struct lg *lg);
void lg_guest_mode_leave(struct lg *lg);
void lg_enter_guest(struct lg *lg);
void lg_host_vector(u8 vector);
void lg_host_nmi(void);

/* switch.S */
extern char lg_stubs[], lg_nmi_stub[], lg_mce_stub[], lg_df_stub[];
extern char lg_syscall_stub[], lg_int_thunks[];
extern char lg_load_ds[], lg_load_es[], lg_load_fs[], lg_load_gs[];
#define LG_STUB_SIZE	16
#define LG_THUNK_SIZE	8
asmlinkage void lg_enter(struct lg_vp *vp);
asmlinkage void lg_call_nmi(void);

/* memory.c */
int lg_memory_init(struct lg *lg, unsigned long memory);
void lg_memory_exit(struct lg *lg);
int lg_bring_in(struct lg *lg, u32 gfn);
int lg_phys(struct lg *lg, u32 pa, u32 len, void **ptr);
int lg_read_phys(struct lg *lg, u32 pa, void *buf, u32 len);
int lg_data(struct lg *lg, struct lguest_data **data);
void lg_wait_guest_mode(struct lg *lg);

/* shadow.c */
int lg_shadow_init_module(void);
void lg_shadow_exit_module(void);
int lg_shadow_init(struct lg *lg);
void lg_shadow_exit(struct lg *lg);
int lg_shadow_refill(struct lg *lg);
void lg_shadow_make_room(struct lg *lg);
void lg_shadow_trim(struct lg *lg);
void lg_shadow_drop(struct lg *lg, u32 which);
int lg_shadow_fault(struct lg *lg, u32 va, u32 *err, bool *guests_own);
int lg_shadow_set_pte(struct lg *lg, u32 gpgdir, u32 va);
int lg_shadow_set_pgd(struct lg *lg, u32 gpgdir, u32 index);
int lg_shadow_new_pgdir(struct lg *lg, u32 gpgdir);
int lg_shadow_drop_pgdir(struct lg *lg, u32 gpgdir);
int lg_shadow_flush(struct lg *lg, u32 kind);
bool lg_shadow_unmap_page(struct lg *lg, u32 gfn, u32 most);
u64 lg_shadow_cr3(struct lg *lg);
int lg_virt(struct lg *lg, u32 va, bool write, void **ptr);
int lg_read_virt(struct lg *lg, u32 va, void *buf, u32 len);
int lg_write_virt(struct lg *lg, u32 va, const void *buf, u32 len);

/* hypercall.c */
int lg_hypercall(struct lg *lg);

/* traps.c */
int lg_load_gate(struct lg *lg, u32 vector, u32 lo, u32 hi);
int lg_trap(struct lg *lg);
int lg_reflect(struct lg *lg, u32 vector, bool has_err, u32 err);
int lg_iret(struct lg *lg, bool with_eax);
bool lg_in_noirq(const struct lg *lg);

/* interrupts.c */
void lg_interrupts_init_module(void);
void lg_interrupts_exit_module(void);
void lg_interrupts_init(struct lg *lg);
void lg_interrupts_exit(struct lg *lg);
void lg_raise_irq(struct lg *lg, u32 irq);
void lg_kick(struct lg *lg);
int lg_deliver_irq(struct lg *lg);
int lg_halt(struct lg *lg);
void lg_sleep(struct lg *lg);
void lg_set_clockevent(struct lg *lg, u64 ns);
void lg_read_clock(struct lguest_data *data);
u32 lg_clock_khz(void);

/* segments.c */
void lg_gdt_init(struct lg *lg);
int lg_load_gdt(struct lg *lg, u32 pa, u32 entries);
int lg_load_gdt_entry(struct lg *lg, u32 n, u32 lo, u32 hi);
int lg_load_tls(struct lg *lg, u32 pa);

static inline u32 lg_cpl(const struct lg *lg)
{
	return lg->vp->regs.cs & 3;
}

static inline int lg_want(struct lg *lg, enum lg_want want)
{
	lg->want = want;
	return -EAGAIN;
}

#endif /* __ASSEMBLY__ */
#endif /* _LG_H */
