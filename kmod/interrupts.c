// SPDX-License-Identifier: GPL-2.0
/*
 * interrupts.c - the guest's interrupt lines, its clock and its sleep.
 *
 * A line is a bit in lg->irqs: raised by the launcher or by the timer,
 * cleared when the guest takes it.  The bits are looked at whenever the guest
 * is about to run; who sets one makes sure that this happens soon, by waking
 * a halted guest or by an IPI to the CPU that runs it.
 * guide: H:200
 */
#include <linux/bitops.h>
#include <linux/hrtimer.h>
#include <linux/moduleparam.h>
#include <linux/notifier.h>
#include <linux/pvclock_gtod.h>
#include <linux/sched/clock.h>
#include <linux/sched/signal.h>
#include <linux/sched/stat.h>
#include <linux/smp.h>
#include <linux/timekeeper_internal.h>
#include <linux/timekeeping.h>
#include <asm/tsc.h>
#include "compat.h"
#include "lg.h"

/*
 * A guest that has just slept for a short time looks out for work for a while
 * before it sleeps again, which makes conversations fast and costs CPU time
 * that looks like work.  How long that is, is one number for all.  One that
 * learns, and gives up sooner on a guest for which it never paid, would be
 * kinder to hosts with many guests.
 * guide: M:110
 */

static unsigned int halt_poll_us = 200;
module_param(halt_poll_us, uint, 0644);
MODULE_PARM_DESC(halt_poll_us, "How long a halted guest looks for interrupts before it sleeps, if its last sleep was no longer than that, in microseconds (default 200; 0: never)");

static enum hrtimer_restart timer_expired(struct hrtimer *timer)
{
	lg_raise_irq(container_of(timer, struct lg, timer), LGUEST_IRQ_TIMER);
	return HRTIMER_NORESTART;
}

void lg_interrupts_init(struct lg *lg)
{
	rcuwait_init(&lg->wait);
	hrtimer_init(&lg->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	lg->timer.function = timer_expired;
}

void lg_interrupts_exit(struct lg *lg)
{
	hrtimer_cancel(&lg->timer);
}

/*
 * Have the vCPU's thread look at what was changed for it.  Any context.
 *
 * Three cases, and the order makes all of them right: a guest that sleeps is
 * woken, one that runs on another CPU is thrown out of guest mode by an
 * interrupt, and one that is between the two looks at what we have set before
 * it goes on.
 * guide: H:210 code
 */
void lg_kick(struct lg *lg)
{
	int cpu;

	/* Pairs with the barriers of lg_guest_mode_enter() and rcuwait. */
	smp_mb();
	rcuwait_wake_up(&lg->wait);
	preempt_disable();
	cpu = READ_ONCE(lg->guest_mode_cpu);
	if (cpu >= 0 && cpu != smp_processor_id())
		smp_send_reschedule(cpu);
	preempt_enable();
}

/* From any context. */
void lg_raise_irq(struct lg *lg, u32 irq)
{
	/* Already there: whoever set it has kicked, or is about to. */
	if (!test_and_set_bit(irq, &lg->irqs))
		lg_kick(lg);
}

/*
 * Guest mode, before the guest runs on: deliver the first pending line, or
 * tell the guest to call when it has turned interrupts on.
 */
int lg_deliver_irq(struct lg *lg)
{
	u32 pending = READ_ONCE(lg->irqs), irq;
	struct lguest_data *data;
	int err;

	if (likely(!pending) || lg->data_pa == ~0U)
		return 0;
	err = lg_data(lg, &data);
	if (err)
		return err;
	pending &= ~READ_ONCE(data->blocked_interrupts);
	if (!pending)
		return 0;

	if (lg_in_noirq(lg)) {
		/* On its way to turn them on: take those last steps for it. */
		bool with_eax = (u32)lg->vp->regs.rip != lg->noirq_end - 1;

		err = lg_iret(lg, with_eax);
		if (err)
			return err;
	}
	if (lg_in_noirq(lg) ||
	    !(READ_ONCE(data->irq_enabled) & X86_EFLAGS_IF)) {
		WRITE_ONCE(data->irq_pending, 1);
		return 0;
	}

	irq = __ffs(pending);
	err = lg_reflect(lg, LGUEST_IRQ_VECTOR + irq, false, 0);
	if (err)
		return err;
	clear_bit(irq, &lg->irqs);
	WRITE_ONCE(data->irq_pending, !!(pending & ~BIT(irq)));
	return 0;
}

/* LHCALL_HALT: done when something is pending, asleep until then. */
int lg_halt(struct lg *lg)
{
	struct lguest_data *data;
	int err = lg_data(lg, &data);

	if (err)
		return err;
	WRITE_ONCE(data->irq_enabled, X86_EFLAGS_IF);
	lg->halt_blocked = READ_ONCE(data->blocked_interrupts);
	if (READ_ONCE(lg->irqs) & ~lg->halt_blocked)
		return 0;
	return lg_want(lg, LG_WANT_SLEEP);
}

static bool has_work(const struct lg *lg)
{
	return READ_ONCE(lg->irqs) & ~lg->halt_blocked ||
	       READ_ONCE(lg->net_missing);
}

/* Nobody else wants this CPU: it would idle, and be slow to come back. */
static bool poll_for_work(const struct lg *lg, u64 end)
{
	while (!has_work(lg)) {
		if (local_clock() >= end || !single_task_running() ||
		    need_resched() || signal_pending(current))
			return false;
		cpu_relax();
	}
	return true;
}

/*
 * Outside: until an interrupt or a signal.  The hypercall is then redone.
 * Who slept for a short time only is probably in a conversation, in which the
 * way into sleep and out of it takes longer than the other side's answer.
 * guide: H:220
 */
void lg_sleep(struct lg *lg)
{
	u64 start = local_clock();
	u64 limit = (u64)READ_ONCE(halt_poll_us) * NSEC_PER_USEC;

	if (lg->slept < limit && poll_for_work(lg, start + limit))
		return;
	lg_shadow_trim(lg);
	rcuwait_wait_event(&lg->wait, has_work(lg), TASK_INTERRUPTIBLE);
	lg->slept = local_clock() - start;
}

/* LHCALL_SET_CLOCKEVENT */
void lg_set_clockevent(struct lg *lg, u64 ns)
{
	if (!ns) {
		/* One that expires right now was not cancelled in time. */
		hrtimer_try_to_cancel(&lg->timer);
		return;
	}
	hrtimer_start(&lg->timer, ns_to_ktime(min_t(u64, ns, KTIME_MAX)),
		      HRTIMER_MODE_REL);
}

void lg_read_clock(struct lguest_data *data)
{
	data->wallclock_ns = ktime_get_real_ns();
	data->monotonic_ns = ktime_get_ns();
}

/* --- may guests use the TSC as their clock? Only if the host itself does. --- */

static bool host_clock_is_tsc;

/* Called by timekeeping at each of its updates; in no context to do much. */
static int timekeeping_updated(struct notifier_block *block,
			       unsigned long was_set, void *data)
{
	const struct timekeeper *tk = data;
	bool is_tsc = tk->tkr_mono.clock->vdso_clock_mode ==
		      VDSO_CLOCKMODE_TSC;

	if (host_clock_is_tsc != is_tsc)
		WRITE_ONCE(host_clock_is_tsc, is_tsc);
	return 0;
}

static struct notifier_block timekeeping_block = {
	.notifier_call = timekeeping_updated,
};

void lg_interrupts_init_module(void)
{
	pvclock_gtod_register_notifier(&timekeeping_block);
}

void lg_interrupts_exit_module(void)
{
	pvclock_gtod_unregister_notifier(&timekeeping_block);
}

u32 lg_clock_khz(void)
{
	return READ_ONCE(host_clock_is_tsc) ? tsc_khz : 0;
}
