// SPDX-License-Identifier: GPL-2.0
/*
 * held.c - the pool of held frames.  See held.h.  There are two sizes, so that
 * any that is free fits the next of its kind.
 */
#include <stdlib.h>

#include "held.h"

#define SMALL_BYTES	2048U
#define LARGE_BYTES	LGUEST_FRAME_MAX

void held_init(struct held_pool *pool, uint64_t now_ns)
{
	*pool = (struct held_pool){ .all = NULL };
	wheel_init(&pool->wheel, now_ns);
}

static void free_list(struct held *held)
{
	while (held) {
		struct held *next = held->next;

		free(held);
		held = next;
	}
}

void held_free_all(struct held_pool *pool)
{
	free_list(pool->all);
	free_list(pool->small);
	free_list(pool->large);
	pool->all = pool->small = pool->large = NULL;
}

static struct held *get(struct held_pool *pool, uint32_t bytes)
{
	bool is_small = bytes <= SMALL_BYTES;
	uint32_t room = is_small ? SMALL_BYTES : LARGE_BYTES;
	struct held **list = is_small ? &pool->small : &pool->large;
	struct held *held = *list;

	if (held) {
		*list = held->next;
		return held;
	}
	if (pool->bytes + room > HELD_BYTES_MAX)
		return NULL;
	held = malloc(sizeof(*held) + room);
	if (!held)
		return NULL;
	pool->bytes += room;
	held->room = room;
	held->timer = (struct wheel_timer){ 0 };
	return held;
}

struct held *held_add(struct held_pool *pool, const struct frame *frame,
		      uint64_t when_ns)
{
	struct held *held = get(pool, frame->bytes);

	if (!held)
		return NULL;
	held->bytes = frame->bytes;
	held->vlan = frame->vlan;
	frame_copy(frame, held->data);
	held->previous = NULL;
	held->next = pool->all;
	if (held->next)
		held->next->previous = held;
	pool->all = held;
	wheel_add(&pool->wheel, &held->timer, when_ns);
	return held;
}

struct held *held_take(struct held_pool *pool, uint64_t now_ns)
{
	struct held *held = (void *)wheel_expire(&pool->wheel, now_ns);

	if (!held)
		return NULL;
	if (held->previous)
		held->previous->next = held->next;
	else
		pool->all = held->next;
	if (held->next)
		held->next->previous = held->previous;
	return held;
}

/* What is free counts, too, but not for ever: a burst is given back. */
void held_put(struct held_pool *pool, struct held *held)
{
	struct held **list = held->room == SMALL_BYTES ? &pool->small :
							 &pool->large;

	if (!pool->all) {
		pool->bytes -= held->room;
		free(held);
		return;
	}
	held->next = *list;
	*list = held;
}
