/* SPDX-License-Identifier: GPL-2.0 */
/*
 * held.h - copies of frames that are sent later (see line.h), each with its
 * timer.  Their memory is bounded and used again.
 * guide: C:280
 */
#ifndef LGSWITCH_HELD_H
#define LGSWITCH_HELD_H

#include <stdbool.h>
#include <stdint.h>

#include "frame.h"
#include "wheel.h"

struct line;

/* All of them together; what would be more is dropped. */
#define HELD_BYTES_MAX	(256U << 20)

/* From where to where: ports by id and serial, for they may go meanwhile. */
struct held_way {
	uint16_t from_id, to_id;
	uint32_t from_serial, to_serial;
	/* Slots if it is sent on within a net, or to one slot; else -1. */
	int source, target;
};

struct held {
	struct wheel_timer timer;	/* first */
	struct held *next, *previous;	/* of all that wait */
	struct line *line;		/* NULL: it is gone */
	struct held_way way;
	uint16_t vlan;
	uint32_t bytes, room;
	uint8_t data[];
};

struct held_pool {
	struct wheel wheel;
	struct held *all;
	struct held *small, *large;	/* free ones */
	uint64_t bytes;			/* in use and free */
};

void held_init(struct held_pool *pool, uint64_t now_ns);
void held_free_all(struct held_pool *pool);

/* A copy, which waits for @when_ns; NULL: no memory. */
struct held *held_add(struct held_pool *pool, const struct frame *frame,
		      uint64_t when_ns);
/* The next whose time has come, which waits no more; or NULL. */
struct held *held_take(struct held_pool *pool, uint64_t now_ns);
/* Done with one that was taken. */
void held_put(struct held_pool *pool, struct held *held);

#endif
