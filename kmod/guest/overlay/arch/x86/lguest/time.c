// SPDX-License-Identifier: GPL-2.0
/*
 * Time.  If the host's TSC can serve as a clock (lguest_data.tsc_khz) then it
 * is ours, too: reading it costs no hypercall, and programs read it in the
 * vDSO without a system call.  If not, the clock is asked from the host.
 * There is one timer, interrupt LGUEST_IRQ_TIMER, set for each next event.
 * guide: G:140
 */
#include <linux/clockchips.h>
#include <linux/clocksource.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <asm/cpufeature.h>
#include <asm/time.h>
#include <asm/x86_init.h>
#include "lguest.h"

/* Better than jiffies, worse than the TSC. */
#define LGUEST_CLOCK_RATING	200
#define LGUEST_TIMER_RATING	300
/*
 * The timer counts in units of so many nanoseconds: with 32 bits of them the
 * longest sleep is more than an hour, so that an idle guest stays idle.
 */
#define LGUEST_TIMER_UNIT	1000

/* Have the host write its clocks and take one, before an interrupt can. */
static u64 read_clock(const u64 *which)
{
	unsigned long flags;
	u64 ns;

	local_irq_save(flags);
	lguest_hypercall(LHCALL_READ_CLOCK, 0, 0, 0);
	ns = *which;
	local_irq_restore(flags);
	return ns;
}

static u64 hosts_clock_read(struct clocksource *cs)
{
	return read_clock(&lguest_data.monotonic_ns);
}

static struct clocksource hosts_clock = {
	.name	= "lguest",
	.rating	= LGUEST_CLOCK_RATING,
	.read	= hosts_clock_read,
	.mask	= CLOCKSOURCE_MASK(64),
	.flags	= CLOCK_SOURCE_IS_CONTINUOUS,
};

/*
 * The idle task is about to halt or to be replaced, and either empties the
 * queue; everybody else wants the timer set now.  (The task that boots is
 * called idle long before it is.)
 */
static void set_timer(u64 ns)
{
	u32 low = lower_32_bits(ns), high = upper_32_bits(ns);

	if (is_idle_task(current) && system_state >= SYSTEM_SCHEDULING)
		lguest_queue(LHCALL_SET_CLOCKEVENT, low, high, 0);
	else
		lguest_hypercall(LHCALL_SET_CLOCKEVENT, low, high, 0);
}

static int lguest_timer_set(unsigned long delta,
			    struct clock_event_device *timer)
{
	/* Rather that little too late than to come for nothing. */
	set_timer(((u64)delta + 1) * LGUEST_TIMER_UNIT);
	return 0;
}

static int lguest_timer_off(struct clock_event_device *timer)
{
	set_timer(0);
	return 0;
}

static struct clock_event_device lguest_timer = {
	.name			= "lguest",
	.rating			= LGUEST_TIMER_RATING,
	.features		= CLOCK_EVT_FEAT_ONESHOT,
	.set_next_event		= lguest_timer_set,
	.set_state_shutdown	= lguest_timer_off,
};

static irqreturn_t lguest_timer_interrupt(int irq, void *arg)
{
	lguest_timer.event_handler(&lguest_timer);
	return IRQ_HANDLED;
}

static void __init lguest_timer_init(void)
{
	int err;

	clocksource_register_hz(&hosts_clock, NSEC_PER_SEC);
	lguest_timer.cpumask = cpumask_of(0);
	lguest_timer.irq = LGUEST_IRQ_TIMER;
	err = request_irq(LGUEST_IRQ_TIMER, lguest_timer_interrupt,
			  IRQF_TIMER | IRQF_NOBALANCING, "timer", NULL);
	if (err)
		panic("lguest: cannot have the timer's interrupt (error %d)",
		      -err);
	clockevents_config_and_register(&lguest_timer,
					NSEC_PER_SEC / LGUEST_TIMER_UNIT, 1,
					ULONG_MAX);
}

static void wallclock_read(struct timespec64 *now)
{
	*now = ns_to_timespec64(read_clock(&lguest_data.wallclock_ns));
}

/* The host's clock is not ours to set. */
static int wallclock_set(const struct timespec64 *now)
{
	return -ENODEV;
}

static unsigned long lguest_tsc_khz(void)
{
	return lguest_data.tsc_khz;
}

void __init lguest_time_init(void)
{
	if (lguest_data.tsc_khz) {
		setup_force_cpu_cap(X86_FEATURE_CONSTANT_TSC);
		setup_force_cpu_cap(X86_FEATURE_TSC_KNOWN_FREQ);
		setup_force_cpu_cap(X86_FEATURE_TSC_RELIABLE);
	}
	x86_platform.calibrate_cpu = lguest_tsc_khz;
	x86_platform.calibrate_tsc = lguest_tsc_khz;
	x86_platform.get_wallclock = wallclock_read;
	x86_platform.set_wallclock = wallclock_set;
	x86_init.timers.timer_init = lguest_timer_init;
	x86_init.timers.setup_percpu_clockev = x86_init_noop;
	x86_init.timers.wallclock_init = x86_init_noop;
}
