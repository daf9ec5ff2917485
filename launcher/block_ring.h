/* SPDX-License-Identifier: GPL-2.0 */
/*
 * block_ring.h - the launcher's side of the pages that a guest's disk has
 * (lguest/block.h): what the guest gives, checked, and what it gets back.
 * guide: L:410
 */
#ifndef LAUNCHER_BLOCK_RING_H
#define LAUNCHER_BLOCK_RING_H

#include <stdbool.h>
#include <stdint.h>

#include <lguest/block.h>

#include "block_io.h"

struct block_ring {
	struct lguest_block *page;
	/* Where requests may point to: */
	uint8_t *memory;
	uint64_t ram;			/* bytes of it */
	uint64_t sectors;		/* of the disk */
	/* Our own copies, as the guest can write anything there: */
	uint32_t given_tail;
	uint32_t done_head;
	uint64_t under_way;		/* a bit per slot */
};

/* A request that makes sense. */
struct block_request {
	uint16_t op;			/* LGUEST_BLOCK_READ..., or unknown */
	uint64_t offset;		/* bytes */
	uint64_t bytes;
	struct block_memory memory;	/* of READ and WRITE: @bytes of it */
};

/* What is in the pages already stays; the guest is asked to ring. */
void block_ring_init(struct block_ring *ring, struct lguest_block *page,
		     uint8_t *memory, uint64_t ram);

/* The next slot that the guest has given; false if there is none. */
bool block_ring_take(struct block_ring *ring, uint32_t *slot);

/* Ask to be rung; false if there is something to take already. */
bool block_ring_wait(struct block_ring *ring);

/* Give back a slot that was taken; true if the guest is to be interrupted. */
bool block_ring_put(struct block_ring *ring, uint32_t slot, uint32_t status);

/*
 * Read what a slot says, once.  False if it makes no sense.  Needs no lock: a
 * slot that was taken is nobody else's.
 */
bool block_ring_read(const struct block_ring *ring, uint32_t slot,
		     struct block_request *request);

#endif
