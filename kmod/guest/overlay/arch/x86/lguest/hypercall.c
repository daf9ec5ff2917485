// SPDX-License-Identifier: GPL-2.0
/*
 * The page that guest and host share, and the ring in it.
 *
 * A hypercall costs as much as a trap, so calls that need no answer are
 * queued in the ring.  The host runs what is queued, in order, before any
 * hypercall; so a queue is emptied by whichever call comes next, or on
 * purpose by lguest_run_queue().
 * guide: G:150
 */
#include <linux/bug.h>
#include <linux/irqflags.h>
#include <linux/stddef.h>
#include <asm/page.h>
#include "lguest.h"

extern char lguest_noirq_start[], lguest_noirq_end[];

/* The alignment keeps it within one page, as the host asks. */
#define LGUEST_DATA_ALIGN	2048

struct lguest_data lguest_data __aligned(LGUEST_DATA_ALIGN) = {
	.blocked_interrupts = ~0U,
	.noirq_start = (u32)lguest_noirq_start,
	.noirq_end = (u32)lguest_noirq_end,
	.kernel_address = CONFIG_PAGE_OFFSET,
	.hcall_status = { [0 ... LGUEST_RING_SIZE - 1] = LGUEST_RING_FREE },
};

static_assert(sizeof(struct lguest_data) <= LGUEST_DATA_ALIGN);
static_assert(offsetof(struct lguest_data, irq_enabled) ==
	      LGUEST_DATA_IRQ_ENABLED);
static_assert(offsetof(struct lguest_data, irq_pending) ==
	      LGUEST_DATA_IRQ_PENDING);

/* Where the next call is queued.  Interrupts off. */
static unsigned int next_slot;

static bool slot_is_free(unsigned int slot)
{
	return READ_ONCE(lguest_data.hcall_status[slot % LGUEST_RING_SIZE]) ==
	       LGUEST_RING_FREE;
}

/*
 * Queue a call; with a full ring, which that empties, make it.
 * guide: G:160 code
 */
void lguest_queue(u32 nr, u32 arg1, u32 arg2, u32 arg3)
{
	unsigned long flags;

	local_irq_save(flags);
	if (!slot_is_free(next_slot)) {
		lguest_hypercall(nr, arg1, arg2, arg3);
	} else {
		lguest_data.hcalls[next_slot] = (struct lguest_hcall){
			.nr = nr, .arg1 = arg1, .arg2 = arg2, .arg3 = arg3,
		};
		barrier();
		WRITE_ONCE(lguest_data.hcall_status[next_slot],
			   LGUEST_RING_QUEUED);
		next_slot = (next_slot + 1) % LGUEST_RING_SIZE;
	}
	local_irq_restore(flags);
}

/* Have the host run what is queued, if anything is. */
void lguest_run_queue(void)
{
	if (!slot_is_free(next_slot + LGUEST_RING_SIZE - 1))
		lguest_hypercall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
}

/*
 * Between these two the scheduler switches tasks, with interrupts off.  What
 * that wants from the host may wait for the end, to cost one exit together:
 * neither the new address space nor the new TLS is used before.
 * guide: G:170
 */
static bool switching;

void lguest_start_context_switch(void)
{
	switching = true;
}

void lguest_end_context_switch(const struct task_struct *next)
{
	lguest_set_stack_of(next);
	switching = false;
	lguest_run_queue();
}

/* For calls that are made in a context switch and elsewhere. */
void lguest_call_or_queue(u32 nr, u32 arg1, u32 arg2, u32 arg3)
{
	if (switching)
		lguest_queue(nr, arg1, arg2, arg3);
	else
		lguest_hypercall(nr, arg1, arg2, arg3);
}
