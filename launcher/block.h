/* SPDX-License-Identifier: GPL-2.0 */
/*
 * block.h - a disk as one of a guest's devices.  A few threads of its own take
 * the guest's requests, several at once, so neither the guest nor the main
 * loop ever waits for the host's disk.
 * guide: L:380
 */
#ifndef LAUNCHER_BLOCK_H
#define LAUNCHER_BLOCK_H

#include <pthread.h>

#include "block_disk.h"
#include "block_ring.h"
#include "device.h"

/* Requests of a disk that the host works on at once; others wait in the ring. */
#define BLOCK_WORKERS	8

struct block {
	struct device device;
	struct block_disk disk;
	pthread_mutex_t lock;		/* of all below */
	bool serving;			/* a guest's ring */
	struct block_ring ring;
	pthread_cond_t work;		/* somebody is to look at the ring */
	pthread_cond_t idle;		/* nobody is busy any more */
	unsigned int workers;		/* threads */
	unsigned int resting;		/* of them, waiting for @work */
	unsigned int busy;		/* of them, with a request */
	bool listening;			/* one waits for the guest to ring */
};

/* Enter it in the list of devices; nothing is opened. */
void block_init(struct block *block, struct device_list *list);

/* Open what @spec says, which has to last. */
bool block_open(struct block *block, const struct block_spec *spec,
		struct why *why);

/*
 * Begin to serve guests; the device must be open.  From here on the threads
 * live as long as the process.
 */
bool block_start(struct block *block, struct why *why);

#endif
