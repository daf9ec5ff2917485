// SPDX-License-Identifier: GPL-2.0
/*
 * The interrupt lines.  The host remembers one bit per line from when it is
 * raised until it is delivered, and does not deliver it while the line's bit
 * in blocked_interrupts is set.  That is an edge: a line that is raised again
 * while its handler runs comes again right after, so nothing is lost and the
 * usual interrupt needs no hypercall.
 * guide: G:130
 */
#include <linux/bitops.h>
#include <linux/init.h>
#include <linux/irq.h>
#include <linux/percpu.h>
#include <asm/hw_irq.h>
#include <asm/i8259.h>
#include <asm/irq.h>
#include <asm/x86_init.h>
#include "lguest.h"

static_assert(LGUEST_IRQ_VECTOR == FIRST_EXTERNAL_VECTOR);

static unsigned long *blocked(void)
{
	return (unsigned long *)&lguest_data.blocked_interrupts;
}

static void line_mask(struct irq_data *data)
{
	set_bit(data->irq, blocked());
}

/* A line raised meanwhile waits in the host, which looks at any hypercall. */
static void line_unmask(struct irq_data *data)
{
	clear_bit(data->irq, blocked());
	lguest_hypercall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
}

/* By delivering an interrupt the host has acknowledged it. */
static void line_ack(struct irq_data *data)
{
}

static struct irq_chip lguest_lines = {
	.name		= "lguest",
	.irq_mask	= line_mask,
	.irq_unmask	= line_unmask,
	.irq_ack	= line_ack,
};

static void __init lguest_setup_lines(void)
{
	unsigned int irq;

	for (irq = 0; irq < LGUEST_IRQS; irq++) {
		int err = irq_alloc_desc_at(irq, 0);

		if (err < 0 && err != -EEXIST) {
			pr_err("lguest: cannot set up interrupt %u (error %d): its device will not work\n",
			       irq, -err);
			continue;
		}
		irq_set_chip_and_handler_name(irq, &lguest_lines,
					      handle_edge_irq, "edge");
		__this_cpu_write(vector_irq[LGUEST_IRQ_VECTOR + irq],
				 irq_to_desc(irq));
	}
}

void __init lguest_irq_init(void)
{
	legacy_pic = &null_legacy_pic;
	x86_init.irqs.pre_vector_init = lguest_setup_lines;
}
