// SPDX-License-Identifier: GPL-2.0
/*
 * run.c - the loop that runs a guest.
 *
 * The inner loop stays in guest mode: enter the guest, serve its exit, enter
 * again.  It ends when something must be done outside: an interrupt of the
 * host, or what an exit wants (lg->want).  The outer loop does that, looks
 * for signals, and lets others run.
 * guide: H:060
 */
#include <linux/kernel.h>
#include <linux/sched/signal.h>
#include <linux/stdarg.h>
#include <linux/rcupdate.h>
#include <asm/debugreg.h>
#include <asm/kvm_para.h>
#include <asm/trapnr.h>
#include "compat.h"
#include "lg.h"
#include "net.h"

/* The guest's end, for whichever reason comes first. */
int lg_end(struct lg *lg, u32 reason, const char *message)
{
	if (!lg->dead) {
		lg->exit.reason = reason;
		strscpy(lg->exit.message, message, sizeof(lg->exit.message));
		lg->dead = true;
	}
	return -EFAULT;
}

int lg_kill(struct lg *lg, const char *fmt, ...)
{
	va_list args;

	if (!lg->dead) {
		va_start(args, fmt);
		vsnprintf(lg->exit.message, sizeof(lg->exit.message), fmt,
			  args);
		va_end(args);
		lg->exit.reason = LGUEST_EXIT_KILLED;
		lg->dead = true;
	}
	return -EFAULT;
}

/* The switcher could not enter the guest: its segments or frame are bad. */
static int switch_fault(struct lg *lg)
{
	struct lg_vp *vp = lg->vp;
	void *rip = (void *)vp->fault_rip;

	vp->fault = 0;
	if (rip == lg_load_ds)
		vp->ds = 0;
	else if (rip == lg_load_es)
		vp->es = 0;
	else if (rip == lg_load_fs)
		vp->fs = 0;
	else if (rip == lg_load_gs)
		vp->gs = 0;
	else
		return lg_kill(lg, "cannot enter it: trap %llu at cs:eip %#x:%#x ss:esp %#x:%#x",
			       vp->fault_vec, (u32)vp->regs.cs,
			       (u32)vp->regs.rip, (u32)vp->regs.ss,
			       (u32)vp->regs.rsp);
	return 0;
}

/*
 * QEMU's emulation lets ring 1 iret into vm86 mode.  Silicon does not, so it
 * is taken for what it would have been: a general protection fault.
 */
static void out_of_vm86(struct lg *lg)
{
	struct lg_vp *vp = lg->vp;

	vp->regs.flags &= ~(u64)X86_EFLAGS_VM;
	vp->regs.cs = LGUEST_KERNEL_CS;
	vp->regs.ss = LGUEST_KERNEL_DS;
	vp->regs.rsp = lg->ring1_esp;
	vp->ds = 0;
	vp->es = 0;
	vp->fs = 0;
	vp->gs = 0;
	if (vp->regs.vec < 32) {
		vp->regs.vec = X86_TRAP_GP;
		vp->regs.err = 0;
	}
}

/* Serve what the guest trapped for.  May be called again: see lg.h. */
static int serve_exit(struct lg *lg)
{
	switch (lg->vp->regs.vec) {
	case LGUEST_TRAP_ENTRY:
		return lg_hypercall(lg);
	default:
		return lg_trap(lg);
	}
}

static bool is_host_vector(u64 vec)
{
	return vec == X86_TRAP_NMI || vec == X86_TRAP_MC ||
	       (vec >= 32 && vec != LG_SYSCALL_VECTOR);
}

/* Which kind of debug trap it was; the CPU never clears this by itself. */
static void take_dr6(struct lg *lg)
{
	unsigned long dr6;

	get_debugreg(dr6, 6);
	set_debugreg(DR6_RESERVED, 6);
	lg->dr6 = dr6;
}

/*
 * A page fault that is none: the host itself may be a KVM guest, whose host
 * says in this way that it has to fetch one of the pages (and which, in CR2);
 * then the guest's instruction is simply done again later.  And an access
 * that begins below 4 GiB and ends above has no address that a 32-bit guest
 * could be told.
 */
static bool not_a_page_fault(struct lg *lg)
{
	if (kvm_read_and_reset_apf_flags()) {
		lg->want_token = lg->cr2;
		lg_want(lg, LG_WANT_HOST_PAGE);
		return true;
	}
	if (lg->cr2 >> 32) {
		lg->vp->regs.vec = X86_TRAP_GP;
		lg->vp->regs.err = 0;
		return true;
	}
	return false;
}

static void wait_for_host_page(u32 token)
{
	local_irq_disable();
	kvm_async_pf_task_wait_schedule(token);
	local_irq_enable();
}

/* What enter_once() says. */
enum entered {
	ENTERED_NOT,		/* a selector was bad: enter again */
	ENTERED_ABORTED,	/* an NMI came first, or the guest is dead */
	ENTERED_HOST,		/* regs.vec is for the host */
	ENTERED_GUEST,		/* regs.vec wants to be served */
};

/* Enter the guest once and take note of why it came back. */
static enum entered enter_once(struct lg *lg)
{
	struct lg_vp *vp = lg->vp;

	lg_enter_guest(lg);
	if (unlikely(vp->fault))
		return switch_fault(lg) ? ENTERED_ABORTED : ENTERED_NOT;
	if (unlikely(vp->aborted))
		return ENTERED_ABORTED;
	if (unlikely(vp->regs.flags & X86_EFLAGS_VM))
		out_of_vm86(lg);
	if (vp->regs.vec == X86_TRAP_PF && unlikely(not_a_page_fault(lg)))
		return lg->want ? ENTERED_ABORTED : ENTERED_GUEST;
	if (vp->regs.vec == X86_TRAP_DB)
		take_dr6(lg);
	return is_host_vector(vp->regs.vec) ? ENTERED_HOST : ENTERED_GUEST;
}

/*
 * While the host serves a guest in guest mode, CR3 is still the guest's.  An
 * NMI that looks at the process' user memory just then (a profiler's call
 * chain, sysrq-l) finds nothing, or below 4 GiB the guest's: that spoils its
 * sample and nothing else.  But a kernel with CONFIG_DEBUG_VM notices and warns,
 * once, in nmi_uaccess_okay(), for what that goes by is not for modules to set.
 * To leave guest mode before whatever takes long would make it rare.
 * guide: M:125
 */

/*
 * Stay in guest mode as long as possible.  Returns the host's vector to run,
 * or -1 if there is none, after which lg->want or lg->dead tell more.
 *
 * This is the innermost loop of all.  A guest that computes is in
 * enter_once(); one that faults or makes hypercalls goes round here, and no
 * launcher, no scheduler and no address space of the host comes into it.
 * guide: H:070 code
 */
static int run_in_guest_mode(struct lg *lg)
{
	struct lg_vp *vp = lg->vp;

	for (;;) {
		if (lg->pending_exit) {
			if (serve_exit(lg))
				return -1;
			lg->pending_exit = false;
		}
		/* Serving it may have woken somebody, or left work. */
		if (need_resched() || READ_ONCE(lg->net_missing))
			return -1;
		if (lg_deliver_irq(lg))
			return -1;
		switch (enter_once(lg)) {
		case ENTERED_NOT:
			break;
		case ENTERED_ABORTED:
			return -1;
		case ENTERED_HOST:
			return vp->regs.vec;
		case ENTERED_GUEST:
			lg->pending_exit = true;
			if (unlikely(vp->nmi || vp->mce))
				return -1;
		}
	}
}

/*
 * Run the guest from here to the next thing for the outside.  What came for
 * the host meanwhile is handed on first, while interrupts are still off.
 */
static void run_inside(struct lg *lg)
{
	struct lg_vp *vp = lg->vp;
	int vector = -1;

	preempt_disable();
	local_irq_disable();
	if (!lg_guest_mode_enter(lg)) {
		vector = run_in_guest_mode(lg);
		lg_guest_mode_leave(lg);
	}
	if (unlikely(vp->nmi)) {
		vp->nmi = 0;
		lg_host_nmi();
	}
	if (unlikely(vp->mce)) {
		vp->mce = 0;
		lg_host_vector(X86_TRAP_MC);
	}
	if (vector >= 32)
		lg_host_vector(vector);
	local_irq_enable();
	preempt_enable();
}

static void notify(struct lg *lg)
{
	mutex_lock(&lg->eventfd_lock);
	if (lg->eventfd[lg->want_device])
		lg_eventfd_signal(lg->eventfd[lg->want_device]);
	mutex_unlock(&lg->eventfd_lock);
	/* This is all that was left of the hypercall. */
	lg->pending_exit = false;
}

/* Do what could not be done in guest mode. */
static int do_wanted(struct lg *lg)
{
	enum lg_want want = lg->want;

	lg->zapped = 0;
	lg->want = LG_WANT_NOTHING;
	switch (want) {
	case LG_WANT_NOTHING:
		return 0;
	case LG_WANT_PAGE:
		return lg_bring_in(lg, lg->want_gfn);
	case LG_WANT_TABLES:
		return lg_shadow_refill(lg);
	case LG_WANT_ROOM:
		lg_shadow_make_room(lg);
		return 0;
	case LG_WANT_DROP:
		lg_shadow_drop(lg, lg->want_drop);
		return 0;
	case LG_WANT_HOST_PAGE:
		wait_for_host_page(lg->want_token);
		return 0;
	case LG_WANT_SLEEP:
		lg_sleep(lg);
		return 0;
	case LG_WANT_NOTIFY:
		notify(lg);
		return 0;
	}
	return 0;
}

static int bring_in_for_nets(struct lg *lg)
{
	return READ_ONCE(lg->net_missing) ? lg_net_bring_in(lg) : 0;
}

/*
 * Run the guest until it is dead (0) or a signal is pending (-EINTR).  The
 * caller holds run_lock.
 */
int lg_run(struct lg *lg)
{
	int err = 0;

	lg_vcpu_begin(lg);
	while (!lg->dead) {
		/* Work that is done on the way to user space must not wait. */
		if (signal_pending(current) ||
		    test_thread_flag(TIF_NOTIFY_RESUME)) {
			err = -EINTR;
			break;
		}
		run_inside(lg);
		if (do_wanted(lg) == -EINTR || bring_in_for_nets(lg) == -EINTR) {
			err = -EINTR;
			break;
		}
		cond_resched_tasks_rcu_qs();
	}
	lg_vcpu_end(lg);
	return err;
}
