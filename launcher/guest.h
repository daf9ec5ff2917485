/* SPDX-License-Identifier: GPL-2.0 */
/*
 * guest.h - a guest in the flesh: its memory, its /dev/lguest file and the
 * thread that runs it.
 */
#ifndef LAUNCHER_GUEST_H
#define LAUNCHER_GUEST_H

#include <pthread.h>

#include <lguest/chardev.h>

#include "config.h"
#include "device.h"
#include "loop.h"
#include "plan.h"

struct guest {
	const char *name;
	struct device_list *devices;
	int fd;				/* of /dev/lguest */
	uint8_t *memory;
	uint64_t bytes;
	pthread_t thread;
	int ended;			/* eventfd: the thread is done */
	struct watch watch;
	bool has_ended;
	/* Valid once it has: */
	int error;			/* errno of a failed read(), or 0 */
	struct lguest_exit exit;
};

/*
 * Make a guest ready to run, on a file that chardev_open() gave and that
 * is the guest's from here, even if this fails.
 */
bool guest_create(struct guest *guest, int fd, const struct config *config,
		  struct device_list *devices, struct why *why);

/* Run it in a thread of its own until it ends. */
bool guest_start(struct guest *guest, struct loop *loop, struct why *why);

/* Free all; if it was started, it must have ended. */
void guest_destroy(struct guest *guest);

#endif
