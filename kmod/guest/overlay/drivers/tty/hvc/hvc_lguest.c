// SPDX-License-Identifier: GPL-2.0
/*
 * The console, over the two byte rings of struct lguest_console.  It is used
 * in three stages, all over the same mapping: as a boot console as soon as
 * the page can be mapped, then as the kernel's console hvc0, and once
 * the bus has found the device as a terminal with an interrupt.
 * guide: D:050
 */
#define pr_fmt(fmt) "hvc_lguest: " fmt

#include <linux/console.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/lguest_bus.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <asm/barrier.h>
#include <asm/early_ioremap.h>
#include <asm/fixmap.h>
#include <asm/setup.h>
#include "hvc_console.h"

#define VTERM	0

static struct lguest_console *ring;
static u32 ring_pfn;
static unsigned int ring_device;	/* its index in the device page */

static void notify_launcher(void)
{
	lguest_hypercall(LHCALL_NOTIFY, ring_device, 0, 0);
}

/* If the other side wants to hear that an index has moved, ring. */
static void ring_if_wanted(u32 *wanted)
{
	/* Our index first, then its wish: it does the reverse to go to sleep */
	virt_mb();
	if (READ_ONCE(*wanted)) {
		WRITE_ONCE(*wanted, 0);
		notify_launcher();
	}
}

/* Bytes in a ring, whatever its other end made of the indices. */
static u32 bytes_in(u32 head, u32 tail, u32 size)
{
	return min(head - tail, size);
}

static u32 output_room(void)
{
	/* It has read the bytes before it gives us their room */
	u32 tail = virt_load_acquire(&ring->out_tail);

	return LGUEST_CONSOLE_OUT -
	       bytes_in(READ_ONCE(ring->out_head), tail, LGUEST_CONSOLE_OUT);
}

/* Is there room, and if not, will there be an interrupt when there is? */
static u32 output_room_or_wait(void)
{
	u32 room = output_room();

	if (room)
		return room;
	WRITE_ONCE(ring->out_room, 1);
	/* Room that the launcher made before it saw our wish is seen here */
	virt_mb();
	room = output_room();
	if (room)
		WRITE_ONCE(ring->out_room, 0);
	return room;
}

/*
 * Take as many bytes as fit.  With -EAGAIN the terminal waits for the
 * interrupt, while printk, which must not sleep, calls again and again: for
 * that one each call gives the launcher a push.
 */
static int lguest_put_chars(u32 vterm, const char *buf, int count)
{
	u32 head = READ_ONCE(ring->out_head);
	u32 room = output_room_or_wait();
	int i, n = min_t(u32, room, count);

	if (!room) {
		notify_launcher();
		return -EAGAIN;
	}
	for (i = 0; i < n; i++)
		ring->out[(head + i) % LGUEST_CONSOLE_OUT] = buf[i];
	/* The bytes are there before they are announced */
	virt_store_release(&ring->out_head, head + n);
	ring_if_wanted(&ring->out_wait);
	return n;
}

static u32 input_bytes(void)
{
	/* What is announced is there */
	u32 head = virt_load_acquire(&ring->in_head);

	return bytes_in(head, READ_ONCE(ring->in_tail), LGUEST_CONSOLE_IN);
}

/* Is there input, and if not, will there be an interrupt when there is? */
static u32 input_bytes_or_wait(void)
{
	u32 bytes = input_bytes();

	if (bytes)
		return bytes;
	WRITE_ONCE(ring->in_wait, 1);
	/* Input that came before the launcher saw our wish is seen here */
	virt_mb();
	bytes = input_bytes();
	if (bytes)
		WRITE_ONCE(ring->in_wait, 0);
	return bytes;
}

/* No more than count: the rest stays in the ring until the tty takes it. */
static int lguest_get_chars(u32 vterm, char *buf, int count)
{
	u32 tail = READ_ONCE(ring->in_tail);
	int i, n = min_t(u32, input_bytes_or_wait(), count);

	if (!n)
		return 0;
	for (i = 0; i < n; i++)
		buf[i] = ring->in[(tail + i) % LGUEST_CONSOLE_IN];
	/* We have read the bytes before their room is given back */
	virt_store_release(&ring->in_tail, tail + n);
	ring_if_wanted(&ring->in_room);
	return n;
}

static const struct hv_ops lguest_hvc_ops = {
	.get_chars		= lguest_get_chars,
	.put_chars		= lguest_put_chars,
	.notifier_add		= notifier_add_irq,
	.notifier_del		= notifier_del_irq,
	.notifier_hangup	= notifier_hangup_irq,
};

static void put_all(const char *buf, unsigned int count)
{
	while (count) {
		int n = lguest_put_chars(VTERM, buf, count);

		if (n > 0) {
			buf += n;
			count -= n;
		}
	}
}

/* The terminal at the other end is raw, so a new line is ours to begin. */
static void boot_console_write(struct console *console, const char *buf,
			       unsigned int count)
{
	while (count) {
		const char *newline = memchr(buf, '\n', count);
		unsigned int n = newline ? newline - buf : count;

		put_all(buf, n);
		if (!newline)
			return;
		put_all("\r\n", 2);
		buf += n + 1;
		count -= n + 1;
	}
}

static struct console boot_console = {
	.name	= "lguest",
	.write	= boot_console_write,
	.flags	= CON_PRINTBUFFER | CON_BOOT,
	.index	= -1,
};

/* Find the first console on the device page; false if there is none. */
static bool __init find_console(void)
{
	phys_addr_t pa = boot_params.hdr.hardware_subarch_data;
	const struct lguest_device_desc *desc;
	struct lguest_device_page *page;
	unsigned int i;

	if (boot_params.hdr.hardware_subarch != LGUEST_SUBARCH || !pa)
		return false;
	page = early_memremap(pa, sizeof(*page));
	if (!page)
		return false;
	for (i = 0; i < LGUEST_DEVICE_MAX; i++) {
		desc = &page->dev[i];
		if (desc->type == LGUEST_DEVICE_NONE ||
		    desc->type == LGUEST_DEVICE_CONSOLE)
			break;
	}
	if (i < LGUEST_DEVICE_MAX && desc->type == LGUEST_DEVICE_CONSOLE &&
	    desc->num_pages) {
		ring_pfn = desc->pfn;
		ring_device = i;
	}
	early_memunmap(page, sizeof(*page));
	return ring_pfn;
}

/*
 * Called in setup_arch(), long before memory can be mapped in the usual way.
 * The fixmap slot is the one for early consoles, and stays.
 */
void __init lguest_early_console(void)
{
	static_assert(sizeof(*ring) <= PAGE_SIZE);

	if (!find_console())
		return;
	__set_fixmap(FIX_EARLYCON_MEM_BASE, PFN_PHYS(ring_pfn), PAGE_KERNEL);
	ring = (void *)fix_to_virt(FIX_EARLYCON_MEM_BASE);
	register_console(&boot_console);
	/* What /dev/console is, unless the command line says otherwise */
	add_preferred_console("hvc", VTERM, NULL);
}

static int __init lguest_console_init(void)
{
	if (!ring)
		return 0;
	return hvc_instantiate(VTERM, VTERM, &lguest_hvc_ops);
}
console_initcall(lguest_console_init);

static int lguest_console_probe(struct lguest_device *ldev)
{
	struct hvc_struct *hvc;

	if (!ring || ldev->index != ring_device) {
		dev_err(&ldev->dev, "only the first console is used, not this one\n");
		return -EBUSY;
	}
	hvc = hvc_alloc(VTERM, lguest_device_irq(ldev), &lguest_hvc_ops,
			LGUEST_CONSOLE_OUT);
	if (IS_ERR(hvc))
		return PTR_ERR(hvc);
	dev_set_drvdata(&ldev->dev, hvc);
	return 0;
}

static struct lguest_driver lguest_console_driver = {
	.driver	= {
		.name			= "hvc_lguest",
		/* It is the console: it stays. */
		.suppress_bind_attrs	= true,
	},
	.type	= LGUEST_DEVICE_CONSOLE,
	.probe	= lguest_console_probe,
};

static int __init lguest_console_driver_init(void)
{
	return lguest_driver_register(&lguest_console_driver);
}
device_initcall(lguest_console_driver_init);
