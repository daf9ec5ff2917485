// SPDX-License-Identifier: GPL-2.0
/*
 * test_ring.c - the console's rings, with guests that keep to the contract and
 * guests that do not.
 */
#include <stdlib.h>

#include "ring.h"
#include "test.h"

static struct lguest_console *page;
static struct ring ring;

/* On the heap and of the exact size, so that the sanitizer guards its ends. */
static int new_ring(void **state)
{
	(void)state;
	page = calloc(1, sizeof(*page));
	ring_init(&ring, page);
	return 0;
}

static int free_ring(void **state)
{
	(void)state;
	free(page);
	return 0;
}

/* What a guest's driver does. */
static void guest_writes(const void *data, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		page->out[page->out_head++ % LGUEST_CONSOLE_OUT] =
			((const uint8_t *)data)[i];
}

static size_t guest_reads(void *data, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes && page->in_tail != page->in_head; i++)
		((uint8_t *)data)[i] =
			page->in[page->in_tail++ % LGUEST_CONSOLE_IN];
	return i;
}

static void fill(uint8_t *data, size_t bytes, unsigned int seed)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		data[i] = seed + i * 7;
}

static void input_arrives_in_order_across_the_wrap(void **state)
{
	uint8_t sent[700], got[700];
	unsigned int i;

	(void)state;
	for (i = 0; i < 50; i++) {
		fill(sent, sizeof(sent), i);
		assert_int_equal(ring_put(&ring, sent, sizeof(sent)), 700);
		assert_int_equal(guest_reads(got, sizeof(got)), 700);
		assert_memory_equal(sent, got, sizeof(sent));
	}
}

static void output_arrives_in_order_across_the_wrap(void **state)
{
	uint8_t sent[1500], got[1500];
	unsigned int i;

	(void)state;
	for (i = 0; i < 50; i++) {
		fill(sent, sizeof(sent), i);
		guest_writes(sent, sizeof(sent));
		assert_int_equal(ring_peek(&ring, got, sizeof(got)), 1500);
		assert_memory_equal(sent, got, sizeof(sent));
		ring_take(&ring, sizeof(got));
	}
	assert_int_equal(ring_peek(&ring, got, sizeof(got)), 0);
}

static void indices_may_run_over_4_gib(void **state)
{
	uint8_t sent[100], got[100];

	(void)state;
	page->in_head = page->in_tail = ring.in_head = 0xffffffd0;
	page->out_head = page->out_tail = ring.out_tail = 0xffffffd0;
	fill(sent, sizeof(sent), 1);
	assert_int_equal(ring_put(&ring, sent, 100), 100);
	assert_int_equal(guest_reads(got, 100), 100);
	assert_memory_equal(sent, got, 100);
	memset(got, 0, 100);
	guest_writes(sent, 100);
	assert_int_equal(ring_peek(&ring, got, 100), 100);
	assert_memory_equal(sent, got, 100);
}

static void a_full_input_ring_takes_no_more(void **state)
{
	uint8_t data[2 * LGUEST_CONSOLE_IN] = { 0 };

	(void)state;
	assert_int_equal(ring_put(&ring, data, sizeof(data)),
			 LGUEST_CONSOLE_IN);
	assert_int_equal(ring_put(&ring, data, 1), 0);
	assert_int_equal(guest_reads(data, 3), 3);
	assert_int_equal(ring_put(&ring, data, sizeof(data)), 3);
}

static void a_full_output_ring_is_read_whole(void **state)
{
	uint8_t sent[LGUEST_CONSOLE_OUT], got[2 * LGUEST_CONSOLE_OUT];

	(void)state;
	fill(sent, sizeof(sent), 9);
	guest_writes("abc", 3);
	ring_take(&ring, 3);
	guest_writes(sent, sizeof(sent));
	assert_int_equal(ring_peek(&ring, got, sizeof(got)), sizeof(sent));
	assert_memory_equal(sent, got, sizeof(sent));
	ring_take(&ring, 1);
	assert_int_equal(ring_peek(&ring, got, sizeof(got)),
			 sizeof(sent) - 1);
	assert_int_equal(page->out_tail, 4);
}

static void a_waiting_guest_is_woken_once(void **state)
{
	(void)state;
	assert_false(ring_put_wakes(&ring));
	page->in_wait = 1;
	assert_true(ring_put_wakes(&ring));
	assert_int_equal(page->in_wait, 0);
	assert_false(ring_put_wakes(&ring));
	page->out_room = 1;
	assert_true(ring_take_wakes(&ring));
	assert_int_equal(page->out_room, 0);
	assert_false(ring_take_wakes(&ring));
}

static void we_ask_to_be_woken(void **state)
{
	(void)state;
	assert_int_equal(page->out_wait, 1);
	page->out_wait = 0;
	ring_want_output(&ring);
	assert_int_equal(page->out_wait, 1);
	ring_want_room(&ring);
	assert_int_equal(page->in_room, 1);
}

static void nonsense_from_the_guest_is_harmless(void **state)
{
	static const __u32 nonsense[] = {
		0xffffffff, 0x80000000, LGUEST_CONSOLE_OUT + 1,
		LGUEST_CONSOLE_IN + 1, 0x7fffffff, 12345678,
	};
	uint8_t data[2 * LGUEST_CONSOLE_OUT] = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(nonsense); i++) {
		memset(page, 0xff, sizeof(*page));
		page->out_head = ring.out_tail + nonsense[i];
		page->in_tail = ring.in_head + nonsense[i];
		assert_true(ring_peek(&ring, data, sizeof(data)) <=
			    LGUEST_CONSOLE_OUT);
		assert_true(ring_put(&ring, data, sizeof(data)) <=
			    LGUEST_CONSOLE_IN);
	}
}

static void a_guest_that_overruns_its_output_loses_it(void **state)
{
	uint8_t data[LGUEST_CONSOLE_OUT];

	(void)state;
	page->out_head = LGUEST_CONSOLE_OUT + 1;
	assert_int_equal(ring_peek(&ring, data, sizeof(data)), 0);
	assert_int_equal(page->out_tail, page->out_head);
	guest_writes("again", 5);
	assert_int_equal(ring_peek(&ring, data, sizeof(data)), 5);
	assert_memory_equal(data, "again", 5);
}

static void our_own_indices_are_not_taken_from_the_guest(void **state)
{
	uint8_t data[8];

	(void)state;
	guest_writes("abcd", 4);
	page->out_tail = 77;
	assert_int_equal(ring_peek(&ring, data, sizeof(data)), 4);
	page->in_head = 500;
	assert_int_equal(ring_put(&ring, "xy", 2), 2);
	assert_int_equal(page->in_head, 2);
	assert_memory_equal(page->in, "xy", 2);
}

static void a_frozen_ring_gets_no_longer(void **state)
{
	uint8_t data[16];

	(void)state;
	guest_writes("before", 6);
	ring_freeze(&ring);
	guest_writes("after", 5);
	assert_int_equal(ring_peek(&ring, data, sizeof(data)), 6);
	ring_take(&ring, 6);
	assert_int_equal(ring_peek(&ring, data, sizeof(data)), 0);
}

#define RING_TEST(f)	cmocka_unit_test_setup_teardown(f, new_ring, free_ring)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RING_TEST(input_arrives_in_order_across_the_wrap),
		RING_TEST(output_arrives_in_order_across_the_wrap),
		RING_TEST(indices_may_run_over_4_gib),
		RING_TEST(a_full_input_ring_takes_no_more),
		RING_TEST(a_full_output_ring_is_read_whole),
		RING_TEST(a_waiting_guest_is_woken_once),
		RING_TEST(we_ask_to_be_woken),
		RING_TEST(nonsense_from_the_guest_is_harmless),
		RING_TEST(a_guest_that_overruns_its_output_loses_it),
		RING_TEST(our_own_indices_are_not_taken_from_the_guest),
		RING_TEST(a_frozen_ring_gets_no_longer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
