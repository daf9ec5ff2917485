// SPDX-License-Identifier: GPL-2.0
/*
 * test_block_ring.c - the rings of a disk, and which of a guest's requests
 * count as such.
 */
#include <stdlib.h>

#include "block_ring.h"
#include "test.h"

#define RAM		(64 * 4096)
#define SECTORS		1000
#define GARBAGE_ROUNDS	20000

static struct lguest_block *page;
static struct block_ring ring;
static uint8_t *ram;
static struct block_request request;

/* On the heap and of the exact size, so that the sanitizer guards its ends. */
static int new_ring(void **state)
{
	(void)state;
	page = calloc(1, sizeof(*page));
	ram = calloc(1, RAM);
	page->sectors = SECTORS;
	block_ring_init(&ring, page, ram, RAM);
	return 0;
}

static int free_ring(void **state)
{
	(void)state;
	free(page);
	free(ram);
	return 0;
}

/* What a guest's driver does. */
static void give(uint32_t slot)
{
	page->given[page->given_head % LGUEST_BLOCK_REQUESTS] = slot;
	page->given_head++;
}

static void fill(uint16_t op, uint64_t sector, uint32_t sectors,
		 uint16_t pieces)
{
	page->slot[0].op = op;
	page->slot[0].sector = sector;
	page->slot[0].sectors = sectors;
	page->slot[0].pieces = pieces;
}

static void piece(unsigned int i, uint32_t address, uint32_t bytes)
{
	page->slot[0].piece[i] = (struct lguest_block_piece){ address, bytes };
}

static bool makes_sense(void)
{
	return block_ring_read(&ring, 0, &request);
}

static void slots_go_to_and_fro_across_the_wrap(void **state)
{
	uint32_t slot, i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		give(i % 7);
		assert_true(block_ring_take(&ring, &slot));
		assert_int_equal(slot, i % 7);
		assert_false(block_ring_take(&ring, &slot));
		block_ring_put(&ring, i % 7, i);
		assert_int_equal(page->done_head, i + 1);
		assert_int_equal(page->done[i % LGUEST_BLOCK_REQUESTS].slot,
				 i % 7);
		assert_int_equal(page->done[i % LGUEST_BLOCK_REQUESTS].status,
				 i);
	}
}

static void all_slots_can_be_under_way(void **state)
{
	uint32_t slot, i;

	(void)state;
	for (i = 0; i < LGUEST_BLOCK_REQUESTS; i++)
		give(i);
	for (i = 0; i < LGUEST_BLOCK_REQUESTS; i++)
		assert_true(block_ring_take(&ring, &slot));
	for (i = 0; i < LGUEST_BLOCK_REQUESTS; i++)
		block_ring_put(&ring, LGUEST_BLOCK_REQUESTS - 1 - i, 0);
	for (i = 0; i < LGUEST_BLOCK_REQUESTS; i++)
		assert_int_equal(page->done[i].slot,
				 LGUEST_BLOCK_REQUESTS - 1 - i);
}

static void a_slot_that_is_under_way_is_not_taken_again(void **state)
{
	uint32_t slot;

	(void)state;
	give(3);
	give(3);
	give(4);
	assert_true(block_ring_take(&ring, &slot));
	assert_int_equal(slot, 3);
	assert_true(block_ring_take(&ring, &slot));
	assert_int_equal(slot, 4);
	assert_false(block_ring_take(&ring, &slot));
	block_ring_put(&ring, 3, 0);
	give(3);
	assert_true(block_ring_take(&ring, &slot));
	assert_int_equal(slot, 3);
}

static void more_than_fits_is_nothing(void **state)
{
	uint32_t slot;

	(void)state;
	page->given_head = LGUEST_BLOCK_REQUESTS + 1;
	assert_false(block_ring_take(&ring, &slot));
	page->given_head = 0xffffffff;
	assert_false(block_ring_take(&ring, &slot));
	assert_true(block_ring_wait(&ring));
}

static void slots_are_reduced(void **state)
{
	uint32_t slot;

	(void)state;
	give(0xffffffff);
	assert_true(block_ring_take(&ring, &slot));
	assert_int_equal(slot, LGUEST_BLOCK_REQUESTS - 1);
}

static void who_waits_is_rung_once(void **state)
{
	uint32_t slot;

	(void)state;
	assert_int_equal(page->given_wait, 1);
	page->given_wait = 0;
	give(0);
	assert_false(block_ring_wait(&ring));
	assert_int_equal(page->given_wait, 0);
	assert_true(block_ring_take(&ring, &slot));
	assert_true(block_ring_wait(&ring));
	assert_int_equal(page->given_wait, 1);

	assert_false(block_ring_put(&ring, 0, 0));
	page->done_wait = 1;
	assert_true(block_ring_put(&ring, 0, 0));
	assert_int_equal(page->done_wait, 0);
	assert_false(block_ring_put(&ring, 0, 0));
}

static void pieces_become_our_memory(void **state)
{
	(void)state;
	fill(LGUEST_BLOCK_WRITE, 10, 3, 2);
	piece(0, 4096, 1000);
	piece(1, RAM - 536, 536);
	assert_true(makes_sense());
	assert_int_equal(request.op, LGUEST_BLOCK_WRITE);
	assert_int_equal(request.offset, 5120);
	assert_int_equal(request.bytes, 1536);
	assert_int_equal(request.memory.count, 2);
	assert_ptr_equal(request.memory.iov[0].iov_base, ram + 4096);
	assert_int_equal(request.memory.iov[0].iov_len, 1000);
	assert_ptr_equal(request.memory.iov[1].iov_base, ram + RAM - 536);
}

static void pieces_must_lie_in_ram(void **state)
{
	static const struct lguest_block_piece bad[] = {
		{ RAM, 512 }, { RAM - 511, 512 }, { 0xfffffe00, 512 },
		{ 0xffffffff, 512 }, { 0, 0 }, { 512, 0xffffffff },
		{ 0x80000000, 0x80000000 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		fill(LGUEST_BLOCK_READ, 0, 1, 1);
		page->slot[0].piece[0] = bad[i];
		assert_false(makes_sense());
	}
}

static void pieces_must_be_the_sectors(void **state)
{
	(void)state;
	piece(0, 0, 1024);
	fill(LGUEST_BLOCK_READ, 0, 2, 1);
	assert_true(makes_sense());
	fill(LGUEST_BLOCK_READ, 0, 1, 1);
	assert_false(makes_sense());
	fill(LGUEST_BLOCK_READ, 0, 3, 1);
	assert_false(makes_sense());
	fill(LGUEST_BLOCK_READ, 0, 2, 0);
	assert_false(makes_sense());
}

static void there_is_a_limit_to_pieces_and_bytes(void **state)
{
	unsigned int i;

	(void)state;
	block_ring_init(&ring, page, ram, 1ULL << 30);
	ring.sectors = 1ULL << 40;
	for (i = 0; i < LGUEST_BLOCK_PIECES; i++)
		piece(i, 0, 512);
	fill(LGUEST_BLOCK_READ, 0, LGUEST_BLOCK_PIECES, LGUEST_BLOCK_PIECES);
	assert_true(makes_sense());
	fill(LGUEST_BLOCK_READ, 0, LGUEST_BLOCK_PIECES + 1,
	     LGUEST_BLOCK_PIECES + 1);
	assert_false(makes_sense());
	fill(LGUEST_BLOCK_READ, 0, 65535, 65535);
	assert_false(makes_sense());
	piece(0, 0, LGUEST_BLOCK_BYTES_MAX);
	fill(LGUEST_BLOCK_READ, 0, LGUEST_BLOCK_BYTES_MAX / 512, 1);
	assert_true(makes_sense());
	piece(0, 0, LGUEST_BLOCK_BYTES_MAX + 512);
	fill(LGUEST_BLOCK_READ, 0, LGUEST_BLOCK_BYTES_MAX / 512 + 1, 1);
	assert_false(makes_sense());
}

static void sectors_must_lie_on_the_disk(void **state)
{
	static const struct {
		uint64_t sector;
		uint32_t sectors;
		bool good;
	} range[] = {
		{ 0, SECTORS, true }, { SECTORS - 1, 1, true },
		{ 0, 0, false }, { SECTORS, 1, false },
		{ SECTORS - 1, 2, false }, { 0, SECTORS + 1, false },
		{ 0, 0xffffffff, false }, { 0xffffffffffffffff, 1, false },
		{ 0xffffffffffffffff, 0xffffffff, false },
		{ 1ULL << 55, 1, false }, { SECTORS, 0, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(range); i++) {
		fill(LGUEST_BLOCK_DISCARD, range[i].sector, range[i].sectors,
		     0);
		assert_int_equal(makes_sense(), range[i].good);
	}
}

static void a_flush_needs_nothing(void **state)
{
	(void)state;
	fill(LGUEST_BLOCK_FLUSH, 77777, 0, 65535);
	assert_true(makes_sense());
	assert_int_equal(request.memory.count, 0);
}

static void garble(void *to, size_t bytes)
{
	uint8_t *p = to;

	while (bytes--)
		*p++ = rand();
}

/* Some of it nearly right, so that it gets further. */
static void garble_slot(struct lguest_block_request *slot)
{
	unsigned int i;

	garble(slot, sizeof(*slot));
	slot->op %= 8;
	if (rand() % 2)
		slot->sector %= SECTORS;
	if (rand() % 2)
		slot->sectors = rand() % 16 + 1;
	if (rand() % 2)
		slot->pieces = rand() % 4 + 1;
	for (i = 0; i < 4; i++) {
		if (rand() % 4)
			slot->piece[i].address %= RAM + 512;
		if (rand() % 4)
			slot->piece[i].bytes = (rand() % 8) * 512;
	}
}

static void check_sane(const struct block_request *r)
{
	unsigned int i;

	if (r->op != LGUEST_BLOCK_FLUSH)
		assert_in_range(r->offset + r->bytes, 512, SECTORS * 512);
	assert_in_range(r->memory.count, 0, LGUEST_BLOCK_PIECES);
	for (i = 0; i < r->memory.count; i++) {
		uint8_t *start = r->memory.iov[i].iov_base;

		assert_in_range(start - ram, 0, RAM - 1);
		assert_in_range(start + r->memory.iov[i].iov_len - ram, 1, RAM);
	}
}

static void garbage_is_survived(void **state)
{
	unsigned int i, good = 0;
	uint32_t slot;

	(void)state;
	srand(1);
	for (i = 0; i < GARBAGE_ROUNDS; i++) {
		garble(page->given, sizeof(page->given));
		page->given_head = ring.given_tail + rand() % 70;
		page->done_wait = rand();
		if (!block_ring_take(&ring, &slot))
			continue;
		assert_in_range(slot, 0, LGUEST_BLOCK_REQUESTS - 1);
		garble_slot(&page->slot[slot]);
		if (block_ring_read(&ring, slot, &request)) {
			check_sane(&request);
			good++;
		}
		block_ring_put(&ring, slot, 0);
	}
	assert_in_range(good, 100, GARBAGE_ROUNDS);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, new_ring, free_ring)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(slots_go_to_and_fro_across_the_wrap),
		TEST(all_slots_can_be_under_way),
		TEST(a_slot_that_is_under_way_is_not_taken_again),
		TEST(more_than_fits_is_nothing),
		TEST(slots_are_reduced),
		TEST(who_waits_is_rung_once),
		TEST(pieces_become_our_memory),
		TEST(pieces_must_lie_in_ram),
		TEST(pieces_must_be_the_sectors),
		TEST(there_is_a_limit_to_pieces_and_bytes),
		TEST(sectors_must_lie_on_the_disk),
		TEST(a_flush_needs_nothing),
		TEST(garbage_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
