// SPDX-License-Identifier: GPL-2.0
/*
 * The ways a guest ends: it is turned off, restarts, or panics.  All are one
 * hypercall, with a sentence for the person who started it.
 * guide: G:210
 */
#include <linux/console.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/notifier.h>
#include <linux/panic_notifier.h>
#include <linux/pm.h>
#include <linux/string.h>
#include <asm/page.h>
#include <asm/reboot.h>
#include "lguest.h"

static void __noreturn end_guest(u32 reason, const char *message)
{
	static char copy[LGUEST_MESSAGE_MAX];

	strscpy(copy, message, sizeof(copy));
	local_irq_disable();
	for (;;)
		lguest_hypercall(LHCALL_SHUTDOWN, __pa(copy), reason, 0);
}

static void end_power_off(void)
{
	end_guest(LGUEST_SHUTDOWN_POWEROFF, "powered off");
}

static void end_halt(void)
{
	end_guest(LGUEST_SHUTDOWN_POWEROFF, "halted");
}

static void end_restart(char *command)
{
	end_guest(LGUEST_SHUTDOWN_RESTART, command ?: "restarted");
}

static void end_emergency_restart(void)
{
	end_guest(LGUEST_SHUTDOWN_RESTART, "restarted in an emergency");
}

/*
 * Last of the notifiers.  Who asked for a restart after a panic (panic=) gets
 * that, by way of the function above; for others a panic is the end.
 */
static int end_panic(struct notifier_block *nb, unsigned long event,
			void *message)
{
	if (panic_timeout)
		return NOTIFY_DONE;
	console_flush_on_panic(CONSOLE_FLUSH_PENDING);
	end_guest(LGUEST_SHUTDOWN_PANIC, message);
}

static struct notifier_block panic_block = {
	.notifier_call	= end_panic,
	.priority	= INT_MIN,
};

void __init lguest_shutdown_init(void)
{
	machine_ops.power_off = end_power_off;
	machine_ops.halt = end_halt;
	machine_ops.restart = end_restart;
	machine_ops.emergency_restart = end_emergency_restart;
	pm_power_off = end_power_off;
	atomic_notifier_chain_register(&panic_notifier_list,
				       &panic_block);
}
