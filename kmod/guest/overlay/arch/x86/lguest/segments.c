// SPDX-License-Identifier: GPL-2.0
/*
 * Segments, gates and the ring-1 stack.  The tables that the processor uses
 * are the host's; ours are what the kernel reads, and the host is told of
 * what changes in them.
 * guide: G:180
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <asm/desc.h>
#include <asm/segment.h>
#include "lguest.h"

void lguest_set_gate(int vector, const void *gate)
{
	const u32 *word = gate;

	lguest_hypercall(LHCALL_LOAD_IDT_ENTRY, vector, word[0], word[1]);
}

void lguest_set_gdt_entry(int entry, const void *desc)
{
	const u32 *word = desc;

	lguest_hypercall(LHCALL_LOAD_GDT_ENTRY, entry, word[0], word[1]);
}

/*
 * The thread-local segments of the task that runs next.  A kernel thread has
 * none and uses none, so it leaves those of the task before it; often the
 * same task is the next one, too, and then the host need not hear of it.
 */
void lguest_load_tls(const void *tls)
{
	static struct desc_struct loaded[GDT_ENTRY_TLS_ENTRIES];
	const struct task_struct *task =
		container_of(tls, struct task_struct, thread.tls_array);

	if ((task->flags & PF_KTHREAD) || !memcmp(loaded, tls, sizeof(loaded)))
		return;
	memcpy(loaded, tls, sizeof(loaded));
	lguest_call_or_queue(LHCALL_LOAD_TLS, __pa(tls), 0, 0);
}

/*
 * Where a trap out of ring 3 pushes its frame: the top of the task's own
 * stack.  The host takes a new one along with the new address space, so
 * there is no need for the detour over a stack that is the same for all
 * tasks, which entry_32.S takes elsewhere.  Kernel threads have no ring 3.
 */
void lguest_set_stack_of(const struct task_struct *task)
{
	static unsigned long told;
	unsigned long sp0 = task->thread.sp0;

	if ((task->flags & PF_KTHREAD) || sp0 == told)
		return;
	told = sp0;
	lguest_call_or_queue(LHCALL_SET_STACK, __KERNEL_DS, sp0, 0);
}
