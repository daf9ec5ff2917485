/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ring.h - the launcher's side of the two byte rings in the console's page
 * (struct lguest_console in <lguest/device.h>).  The guest may write anything
 * there at any time; whatever it does harms only its own console.
 * guide: L:270
 */
#ifndef LAUNCHER_RING_H
#define LAUNCHER_RING_H

#include <stdbool.h>
#include <stddef.h>

#include <lguest/device.h>

struct ring {
	struct lguest_console *page;
	/* What we own, kept here because the guest could change it there. */
	__u32 in_head;
	__u32 out_tail;
	bool frozen;
	__u32 out_end;			/* the guest's head when frozen */
};

/* @page is zeros. */
void ring_init(struct ring *ring, struct lguest_console *page);

/* Input: add what fits of @bytes and return how many that was. */
size_t ring_put(struct ring *ring, const void *data, size_t bytes);
/* After ring_put(): does the guest wait for input, so it needs its interrupt? */
bool ring_put_wakes(struct ring *ring);
/* Ask to be notified when the guest has made room; look once more after it. */
void ring_want_room(struct ring *ring);

/* Output: copy at most @bytes of it and return how many that was. */
size_t ring_peek(struct ring *ring, void *data, size_t bytes);
/* The first @bytes of what ring_peek() gave are dealt with. */
void ring_take(struct ring *ring, size_t bytes);
/* After ring_take(): does the guest wait for room? */
bool ring_take_wakes(struct ring *ring);
/* Ask to be notified when there is output; look once more after it. */
void ring_want_output(struct ring *ring);
/* What the guest writes from now on does not count as output. */
void ring_freeze(struct ring *ring);

#endif
