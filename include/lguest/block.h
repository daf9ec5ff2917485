/* SPDX-License-Identifier: GPL-2.0 */
/*
 * block.h - the contract between a guest's disk driver and its launcher.
 *
 * A disk's pages (LGUEST_DEVICE_BLOCK, device.h) hold struct lguest_block.  Its
 * data does not go through them: a request names guest-physical addresses,
 * and the launcher reads and writes there.
 *
 * A request is one of LGUEST_BLOCK_REQUESTS slots, chosen by the guest.  To
 * submit it the guest puts the slot's number into given[], and leaves the slot
 * and the memory that it names alone until the launcher has put that number
 * into done[].  They come back in any order.  No more than one request per
 * slot is under way, so neither ring can be full.
 *
 * Indices run freely and are taken modulo LGUEST_BLOCK_REQUESTS; who adds to a
 * ring stores the index with release order after the entry.  To sleep without
 * losing a wakeup a side sets its *_wait, then (after a full barrier) looks at
 * the ring once more.  After moving an index (and a full barrier) the other
 * side looks at that *_wait; if set it clears it and rings: the guest by
 * LHCALL_NOTIFY, the launcher by the interrupt.  A side that is busy anyway
 * leaves its *_wait at 0 and is not disturbed.
 *
 * Neither side trusts the other, nor reads a field twice.
 * guide: D:060
 */
#ifndef _LGUEST_BLOCK_H
#define _LGUEST_BLOCK_H

#include <linux/types.h>
#include <lguest/device.h>

/* What sectors are counted in, whatever the disk's own blocks are. */
#define LGUEST_BLOCK_SECTOR	512

/* Requests under way at most. */
#define LGUEST_BLOCK_REQUESTS	64

/* Pieces of memory, and bytes of data, that one request may have. */
#define LGUEST_BLOCK_PIECES	126
#define LGUEST_BLOCK_BYTES_MAX	(1 << 20)

/* lguest_block_request.op */
#define LGUEST_BLOCK_READ	0
#define LGUEST_BLOCK_WRITE	1
#define LGUEST_BLOCK_FLUSH	2	/* what was done before is to last */
#define LGUEST_BLOCK_DISCARD	3	/* its content does not matter any more */
#define LGUEST_BLOCK_ZERO	4	/* it shall read as zeros */

/* lguest_block_done.status */
#define LGUEST_BLOCK_OK		0
#define LGUEST_BLOCK_IOERR	1	/* or the request was nonsense */
#define LGUEST_BLOCK_UNSUPPORTED 2	/* this disk cannot do that */

/* lguest_block.flags */
#define LGUEST_BLOCK_READONLY	1	/* reads only */
#define LGUEST_BLOCK_CACHED	2	/* writes last only once flushed */
#define LGUEST_BLOCK_CAN_DISCARD 4
#define LGUEST_BLOCK_CAN_ZERO	8

#define LGUEST_BLOCK_SERIAL	32

/* Guest memory; not empty, and all of it below the device page. */
struct lguest_block_piece {
	__u32 address;
	__u32 bytes;
};

/* All of it by the guest. */
struct lguest_block_request {
	__u64 sector;
	__u32 sectors;		/* FLUSH: 0, as is sector */
	__u16 op;		/* LGUEST_BLOCK_READ... */
	__u16 pieces;		/* READ, WRITE: whose bytes are the sectors' */
	struct lguest_block_piece piece[LGUEST_BLOCK_PIECES];
};

struct lguest_block_done {
	__u32 slot;
	__u32 status;		/* LGUEST_BLOCK_OK... */
};

struct lguest_block {
	/* Launcher, before the guest runs: */
	__u64 sectors;		/* size of the disk */
	__u32 flags;		/* LGUEST_BLOCK_READONLY... */
	__u32 block_bytes;	/* best for alignment; a power of two */
	char serial[LGUEST_BLOCK_SERIAL];	/* ends with a NUL */
	/* The rings: */
	__u32 given_head;	/* guest */
	__u32 given_wait;	/* set by the launcher, cleared by the guest */
	__u32 done_head;	/* launcher */
	__u32 done_wait;	/* set by the guest, cleared by the launcher */
	__u32 given[LGUEST_BLOCK_REQUESTS];			/* guest */
	struct lguest_block_done done[LGUEST_BLOCK_REQUESTS];	/* launcher */
	__u8 reserved[LGUEST_PAGE_SIZE - 64 - LGUEST_BLOCK_REQUESTS * 12];
	struct lguest_block_request slot[LGUEST_BLOCK_REQUESTS];
};

#define LGUEST_BLOCK_PAGES \
	((sizeof(struct lguest_block) + LGUEST_PAGE_SIZE - 1) / LGUEST_PAGE_SIZE)

#endif /* _LGUEST_BLOCK_H */
