/* SPDX-License-Identifier: GPL-2.0 */
/*
 * device.h - the devices of a guest.  Each gets its number, which names its
 * interrupt and its notifications, and pages of its own above the guest's RAM;
 * the device page there tells the guest's drivers about all of them.
 * guide: L:250
 */
#ifndef LAUNCHER_DEVICE_H
#define LAUNCHER_DEVICE_H

#include <stdint.h>
#include <stdio.h>

#include <lguest/device.h>

#include "loop.h"
#include "why.h"

/*
 * There is no virtio: lguest's rings are simpler, and its network needs the
 * host to understand them.  But with a virtio transport over the device page a
 * guest could have whatever Linux has a driver for: shared folders, sockets to
 * the host, random numbers, a balloon.  A device here is a type, some pages
 * and a doorbell, which is all that such a transport asks for.
 * guide: M:140
 */

struct device {
	/* The device says: */
	uint32_t type;			/* LGUEST_DEVICE_* */
	uint32_t pages;
	/* New guest, new memory: @pages are zeros; NULL: they are gone. */
	void (*reset)(void *context, void *pages);
	/*
	 * The guest has rung.  NULL: threads of the device's own wait for that,
	 * by reading @doorbell.
	 */
	void (*notified)(void *context);
	/* If not NULL: it is there now, and /dev/lguest knows the guest. */
	bool (*attach)(void *context, int guest, struct why *why);
	/* If not NULL: a line that tells people of it. */
	void (*describe)(void *context, FILE *file);
	void *context;
	/* The list fills in: */
	struct device_list *list;
	unsigned int number;
	int doorbell;			/* eventfd that notifications add to */
	struct watch watch;
};

struct device_list {
	struct device *device[LGUEST_DEVICE_MAX];
	unsigned int count;
	int guest;			/* the /dev/lguest file; -1: none runs */
	/* Of the guest that devices were last reset for: */
	uint8_t *memory;
	uint64_t ram;			/* bytes of it below the device page */
};

void device_list_init(struct device_list *list);

/* There has to be room for it: the options allow no more than that. */
void device_add(struct device_list *list, struct device *device);

/* Pages that all devices need, the device page included. */
unsigned int device_pages(const struct device_list *list);

/* Let guests ring: create the doorbells and watch them. */
bool device_open(struct device_list *list, struct loop *loop,
		 struct why *why);
void device_close(struct device_list *list);

/* A new guest has these devices: describe and reset them, name doorbells. */
bool device_attach(struct device_list *list, int guest, uint8_t *memory,
		   uint64_t start, struct why *why);
/*
 * The guest has ended: no more interrupts.  (Threads may be about to raise one
 * all the same: the file stays open until device_release() is done.)
 */
void device_detach(struct device_list *list);
/* Its memory goes away, and its file may be closed. */
void device_release(struct device_list *list);

/* Call notified() again soon, after others had their turn. */
void device_again(struct device *device);

/* A line for each that has something to tell. */
void device_print(const struct device_list *list, FILE *file);

/* Raise its interrupt, if there is a guest.  Any thread. */
void device_interrupt(struct device *device);

#endif
