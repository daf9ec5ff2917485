// SPDX-License-Identifier: GPL-2.0
/*
 * block_ring.c - takes requests from a guest that may be hostile.
 */
#include <stddef.h>
#include <string.h>

#include "block_ring.h"

_Static_assert(sizeof(struct lguest_block_request) == 1024,
	       "a slot has no holes");
_Static_assert(offsetof(struct lguest_block, slot) == LGUEST_PAGE_SIZE,
	       "the slots begin on a page of their own");
_Static_assert(LGUEST_BLOCK_REQUESTS <= 64,
	       "under_way has a bit for each slot");

void block_ring_init(struct block_ring *ring, struct lguest_block *page,
		     uint8_t *memory, uint64_t ram)
{
	*ring = (struct block_ring){
		.page = page,
		.memory = memory,
		.ram = ram,
		.sectors = page->sectors,
	};
	page->given_wait = 1;
}

/* None if the guest's head is nonsense: it cannot have given more than fit. */
static uint32_t given(const struct block_ring *ring)
{
	uint32_t head = __atomic_load_n(&ring->page->given_head,
					__ATOMIC_ACQUIRE);
	uint32_t count = head - ring->given_tail;

	return count <= LGUEST_BLOCK_REQUESTS ? count : 0;
}

/* One that we have already is not to be had twice. */
static bool claim(struct block_ring *ring, uint32_t slot)
{
	uint64_t bit = 1ULL << slot;

	if (ring->under_way & bit)
		return false;
	ring->under_way |= bit;
	return true;
}

bool block_ring_take(struct block_ring *ring, uint32_t *slot)
{
	uint32_t left = given(ring);

	for (; left; left--) {
		uint32_t at = ring->given_tail++ % LGUEST_BLOCK_REQUESTS;

		*slot = __atomic_load_n(&ring->page->given[at],
					__ATOMIC_RELAXED) %
			LGUEST_BLOCK_REQUESTS;
		if (claim(ring, *slot))
			return true;
	}
	return false;
}

bool block_ring_wait(struct block_ring *ring)
{
	__atomic_store_n(&ring->page->given_wait, 1, __ATOMIC_RELAXED);
	/* What was given before the guest saw our wish is seen here. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!given(ring))
		return true;
	__atomic_store_n(&ring->page->given_wait, 0, __ATOMIC_RELAXED);
	return false;
}

bool block_ring_put(struct block_ring *ring, uint32_t slot, uint32_t status)
{
	struct lguest_block *page = ring->page;

	page->done[ring->done_head % LGUEST_BLOCK_REQUESTS] =
		(struct lguest_block_done){ .slot = slot, .status = status };
	ring->under_way &= ~(1ULL << slot);
	__atomic_store_n(&page->done_head, ++ring->done_head,
			 __ATOMIC_RELEASE);
	/* Our index first, then its wish: it does the reverse. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return __atomic_load_n(&page->done_wait, __ATOMIC_RELAXED) &&
	       __atomic_exchange_n(&page->done_wait, 0, __ATOMIC_RELAXED);
}

/* The compiler may not read it again later instead of keeping the copy. */
static void read_slot(struct lguest_block_request *copy,
		      const struct lguest_block_request *slot)
{
	memcpy(copy, slot, sizeof(*copy));
	__asm__ volatile("" : : "r"(copy) : "memory");
}

/* The guest's RAM is all that a request may name, not our own memory. */
static bool add_piece(const struct block_ring *ring,
		      const struct lguest_block_piece *piece,
		      struct block_memory *memory)
{
	if (!piece->bytes || piece->address >= ring->ram ||
	    piece->bytes > ring->ram - piece->address)
		return false;
	memory->iov[memory->count++] = (struct iovec){
		.iov_base = ring->memory + piece->address,
		.iov_len = piece->bytes,
	};
	return true;
}

static bool add_pieces(const struct block_ring *ring,
		       const struct lguest_block_request *slot,
		       struct block_memory *memory)
{
	unsigned int i;

	if (slot->pieces > LGUEST_BLOCK_PIECES)
		return false;
	memory->count = 0;
	for (i = 0; i < slot->pieces; i++)
		if (!add_piece(ring, &slot->piece[i], memory))
			return false;
	return true;
}

/* A range of the disk, not empty and without a way round its end. */
static bool is_range(const struct block_ring *ring,
		     const struct lguest_block_request *slot)
{
	return slot->sectors && slot->sector < ring->sectors &&
	       slot->sectors <= ring->sectors - slot->sector;
}

static bool moves_data(uint16_t op)
{
	return op == LGUEST_BLOCK_READ || op == LGUEST_BLOCK_WRITE;
}

static bool check(const struct block_ring *ring,
		  const struct lguest_block_request *slot,
		  struct block_request *request)
{
	request->op = slot->op;
	request->offset = slot->sector * LGUEST_BLOCK_SECTOR;
	request->bytes = (uint64_t)slot->sectors * LGUEST_BLOCK_SECTOR;
	request->memory.count = 0;
	if (slot->op == LGUEST_BLOCK_FLUSH)
		return true;
	if (!is_range(ring, slot))
		return false;
	if (!moves_data(slot->op))
		return true;
	return request->bytes <= LGUEST_BLOCK_BYTES_MAX &&
	       add_pieces(ring, slot, &request->memory) &&
	       block_memory_bytes(&request->memory) == request->bytes;
}

bool block_ring_read(const struct block_ring *ring, uint32_t slot,
		     struct block_request *request)
{
	struct lguest_block_request copy;

	read_slot(&copy, &ring->page->slot[slot]);
	return check(ring, &copy, request);
}
