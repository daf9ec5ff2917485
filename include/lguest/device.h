/* SPDX-License-Identifier: GPL-2.0 */
/*
 * device.h - the contract between a guest's drivers and its launcher.
 *
 * One page right above the guest's memory lists its devices; the pages that
 * the devices themselves need follow it.  Both sides have all of it mapped.
 * The guest finds the page by the boot protocol: boot_params.hdr
 * .hardware_subarch is LGUEST_SUBARCH (X86_SUBARCH_LGUEST) and
 * .hardware_subarch_data its guest-physical address.
 *
 * Device n raises interrupt n + 1 (interrupt 0 is the timer).  The guest
 * wakes the launcher's side of device n by LHCALL_NOTIFY(n).
 *
 * Neither side trusts the other: every index is reduced modulo the ring's
 * size before use, and every length checked.
 * guide: D:020
 */

/*
 * A kernel without devices is a quiet companion.  A guest has three kinds, and
 * none of them exists anywhere as hardware: a console, disks, and network
 * devices.  All three are rings in memory that both sides see, an interrupt in
 * one direction and a hypercall in the other; nobody waits for the other
 * longer than for a ring that is full.
 *
 * They are told in the order of what they teach: how devices are found, the
 * console with its two rings of bytes, the disks with requests that overtake
 * each other, and the network, where the other side is not the launcher but
 * the host itself.
 * guide: D:010
 */

#ifndef _LGUEST_DEVICE_H
#define _LGUEST_DEVICE_H

#include <linux/types.h>

#define LGUEST_SUBARCH		1
#define LGUEST_PAGE_SIZE	4096
#define LGUEST_DEVICE_MAX	31	/* interrupts 1 to 31 */

/* lguest_device_desc.type; a 0 ends the list */
#define LGUEST_DEVICE_NONE	0
#define LGUEST_DEVICE_CONSOLE	1
#define LGUEST_DEVICE_NET	2
#define LGUEST_DEVICE_BLOCK	3

/* lguest_device_desc.status, set by the guest as its driver gets on */
#define LGUEST_STATUS_ACKNOWLEDGE	1	/* lguest_bus has seen it */
#define LGUEST_STATUS_DRIVER		2	/* a driver knows its type */
#define LGUEST_STATUS_DRIVER_OK		4	/* ready for work */
#define LGUEST_STATUS_REMOVED		8	/* the driver let go of it */
#define LGUEST_STATUS_FAILED		128	/* gave up */

/* A device, 128 bytes. */
struct lguest_device_desc {
	__u32 type;		/* launcher: LGUEST_DEVICE_* */
	__u32 features;		/* launcher: bits by type, 0 for now */
	__u32 status;		/* guest: LGUEST_STATUS_* */
	__u32 num_pages;	/* launcher: pages of its own, from pfn on */
	__u32 pfn;		/* launcher: guest-physical page number */
	__u32 reserved[27];
};

struct lguest_device_page {
	struct lguest_device_desc dev[LGUEST_DEVICE_MAX];
	__u8 reserved[LGUEST_PAGE_SIZE -
		      LGUEST_DEVICE_MAX * sizeof(struct lguest_device_desc)];
};

/*
 * The console's page: two byte rings.  Indices run freely and are taken
 * modulo the size; a ring is empty when head equals tail and full when they
 * are a size apart.  Who adds bytes writes head, who takes them writes tail,
 * each with release order.
 *
 * To sleep without losing a wakeup a side sets its *_wait, then (after a full
 * barrier) looks at the ring once more.  After moving an index (and a full
 * barrier) the other side looks at that *_wait; if set it clears it and
 * rings: the guest by LHCALL_NOTIFY, the launcher by the interrupt.
 *
 * in_wait    set by the guest while it has consumed all input
 * in_room    set by the launcher while it holds input that does not fit
 * out_wait   set by the launcher while it has consumed all output
 * out_room   set by the guest while it holds output that does not fit
 */
#define LGUEST_CONSOLE_IN	1024
#define LGUEST_CONSOLE_OUT	2048

struct lguest_console {
	__u32 in_head;		/* launcher */
	__u32 in_tail;		/* guest */
	__u32 in_wait;
	__u32 in_room;
	__u32 out_head;		/* guest */
	__u32 out_tail;		/* launcher */
	__u32 out_wait;
	__u32 out_room;
	__u8 in[LGUEST_CONSOLE_IN];
	__u8 out[LGUEST_CONSOLE_OUT];
};

/*
 * A network device's page, written by the launcher before the guest runs.
 * All else goes through lg.ko (dma.h).
 */
struct lguest_net_config {
	__u8 mac[6];
	__u16 reserved;
	__u32 mtu;		/* to begin with, bytes */
	__u32 mtu_max;
	char net[64];		/* what it is on, for people; ends with a NUL */
};

#endif /* _LGUEST_DEVICE_H */
