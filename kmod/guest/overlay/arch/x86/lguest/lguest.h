/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of arch/x86/lguest share among themselves.
 * guide: G:220
 */
#ifndef _ARCH_X86_LGUEST_H
#define _ARCH_X86_LGUEST_H

#include <linux/types.h>
#include <asm/lguest_guest.h>

/* hypercall.c */
void lguest_queue(u32 nr, u32 arg1, u32 arg2, u32 arg3);
void lguest_run_queue(void);
void lguest_call_or_queue(u32 nr, u32 arg1, u32 arg2, u32 arg3);

/* segments.c */
void lguest_set_stack_of(const struct task_struct *task);

/* irq.c, time.c, shutdown.c: each sets its own hooks of x86_init and so on */
void lguest_irq_init(void);
void lguest_time_init(void);
void lguest_shutdown_init(void);

/* drivers/tty/hvc/hvc_lguest.c */
void lguest_early_console(void);

#endif /* _ARCH_X86_LGUEST_H */
