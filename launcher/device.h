/* SPDX-License-Identifier: GPL-2.0 */
/*
 * device.h - the devices of a guest.  Each gets its number, which names its
 * interrupt and its notifications, and pages of its own above the guest's RAM;
 * the device page there tells the guest's drivers about all of them.
 */
#ifndef LAUNCHER_DEVICE_H
#define LAUNCHER_DEVICE_H

#include <stdint.h>

#include <lguest/device.h>

#include "loop.h"
#include "why.h"

struct device {
	/* The device says: */
	uint32_t type;			/* LGUEST_DEVICE_* */
	uint32_t pages;
	/* New guest, new memory: @pages are zeros; NULL: they are gone. */
	void (*reset)(void *context, void *pages);
	/* The guest has rung. */
	void (*notified)(void *context);
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
/* The guest has ended: no more interrupts. */
void device_detach(struct device_list *list);
/* Its memory goes away. */
void device_release(struct device_list *list);

/* Call notified() again soon, after others had their turn. */
void device_again(struct device *device);

/* Raise its interrupt, if there is a guest. */
void device_interrupt(struct device *device);

#endif
