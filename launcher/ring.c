// SPDX-License-Identifier: GPL-2.0
/*
 * ring.c - moves bytes through the console's page.  Each index of the guest is
 * read once per use and compared with our own before it counts.
 * guide: L:280
 */
#include <string.h>

#include "ring.h"

void ring_init(struct ring *ring, struct lguest_console *page)
{
	*ring = (struct ring){ .page = page };
	ring_want_output(ring);
}

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Bytes of input that fit; none if the guest's tail is nonsense. */
static size_t room(struct ring *ring)
{
	__u32 used = ring->in_head -
		     __atomic_load_n(&ring->page->in_tail, __ATOMIC_ACQUIRE);

	return used > LGUEST_CONSOLE_IN ? 0 : LGUEST_CONSOLE_IN - used;
}

size_t ring_put(struct ring *ring, const void *data, size_t bytes)
{
	size_t start = ring->in_head % LGUEST_CONSOLE_IN;
	size_t first;

	bytes = min(bytes, room(ring));
	first = min(bytes, LGUEST_CONSOLE_IN - start);
	memcpy(ring->page->in + start, data, first);
	memcpy(ring->page->in, (const char *)data + first, bytes - first);
	ring->in_head += bytes;
	__atomic_store_n(&ring->page->in_head, ring->in_head,
			 __ATOMIC_RELEASE);
	return bytes;
}

/*
 * Bytes of output.  A guest whose head is nonsense loses its output: we agree
 * to call the ring empty there, or we would print garbage for 4 GiB.
 * guide: L:290
 */
static size_t pending(struct ring *ring)
{
	__u32 head = ring->frozen ? ring->out_end :
		     __atomic_load_n(&ring->page->out_head, __ATOMIC_ACQUIRE);
	__u32 used = head - ring->out_tail;

	if (used <= LGUEST_CONSOLE_OUT)
		return used;
	ring_take(ring, used);
	return 0;
}

size_t ring_peek(struct ring *ring, void *data, size_t bytes)
{
	size_t start = ring->out_tail % LGUEST_CONSOLE_OUT;
	size_t first;

	bytes = min(bytes, pending(ring));
	first = min(bytes, LGUEST_CONSOLE_OUT - start);
	memcpy(data, ring->page->out + start, first);
	memcpy((char *)data + first, ring->page->out, bytes - first);
	return bytes;
}

void ring_take(struct ring *ring, size_t bytes)
{
	ring->out_tail += bytes;
	__atomic_store_n(&ring->page->out_tail, ring->out_tail,
			 __ATOMIC_RELEASE);
}

/* Waiting flags are seen in order with the indices only by a full barrier. */
static void ask(__u32 *flag)
{
	__atomic_store_n(flag, 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static bool answer(__u32 *flag)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!__atomic_load_n(flag, __ATOMIC_RELAXED))
		return false;
	__atomic_store_n(flag, 0, __ATOMIC_RELAXED);
	return true;
}

bool ring_put_wakes(struct ring *ring)
{
	return answer(&ring->page->in_wait);
}

void ring_want_room(struct ring *ring)
{
	ask(&ring->page->in_room);
}

bool ring_take_wakes(struct ring *ring)
{
	return answer(&ring->page->out_room);
}

void ring_want_output(struct ring *ring)
{
	ask(&ring->page->out_wait);
}

void ring_freeze(struct ring *ring)
{
	size_t bytes = pending(ring);

	ring->out_end = ring->out_tail + bytes;
	ring->frozen = true;
}
