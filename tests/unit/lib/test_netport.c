// SPDX-License-Identifier: GPL-2.0
/*
 * test_netport.c - the rings of a port, against a stand-in for lg.ko.
 */
#include "fakenet.h"

static struct netport port;
static struct netport_frame frame[LGUEST_DMA_RING];

static int open_port(void **state)
{
	(void)state;
	fakenet_open(&port);
	return 0;
}

static int free_port(void **state)
{
	(void)state;
	free(fakenet.shared);
	fakenet.shared = NULL;
	return 0;
}

static void assert_frame(const struct netport_frame *got, uint32_t bytes,
			 uint8_t seed)
{
	uint32_t at = 0;
	unsigned int i;
	size_t j;

	assert_int_equal(got->bytes, bytes);
	for (i = 0; i < got->parts; i++)
		for (j = 0; j < got->iov[i].iov_len; j++)
			if (((uint8_t *)got->iov[i].iov_base)[j] !=
			    (uint8_t)(seed + at++))
				fail_msg("byte %u is wrong", at - 1);
	assert_int_equal(at, bytes);
}

static void frames_arrive_whole_with_their_source(void **state)
{
	(void)state;
	assert_int_equal(netport_receive(&port, frame, 4), 0);
	assert_true(fakenet_deliver(60, 1, 5));
	assert_true(fakenet_deliver(LGUEST_FRAME_MAX, 2, 126));
	assert_true(fakenet_deliver(4096, 3, 0));
	assert_int_equal(netport_receive(&port, frame, 4), 3);
	assert_frame(&frame[0], 60, 1);
	assert_frame(&frame[1], LGUEST_FRAME_MAX, 2);
	assert_frame(&frame[2], 4096, 3);
	assert_int_equal(frame[0].source, 5);
	assert_int_equal(frame[1].source, 126);
	assert_int_equal(frame[2].parts, 1);
}

static void what_is_not_released_is_given_again(void **state)
{
	(void)state;
	fakenet_deliver(60, 1, 0);
	fakenet_deliver(60, 2, 0);
	assert_int_equal(netport_receive(&port, frame, 1), 1);
	assert_int_equal(netport_receive(&port, frame, 4), 2);
	netport_release(&port, frame, 1);
	assert_int_equal(netport_receive(&port, frame, 4), 1);
	assert_frame(&frame[0], 60, 2);
	netport_release(&port, frame, 1);
	assert_int_equal(netport_receive(&port, frame, 4), 0);
}

static void poll_is_for_frames_not_shown_yet(void **state)
{
	(void)state;
	assert_false(fakenet_poll_in());
	fakenet_deliver(60, 1, 0);
	fakenet_deliver(60, 2, 0);
	assert_true(fakenet_poll_in());
	netport_receive(&port, frame, 1);
	assert_true(fakenet_poll_in());
	netport_receive(&port, frame, 2);
	assert_false(fakenet_poll_in());
	netport_release(&port, frame, 2);
	assert_false(fakenet_poll_in());
}

static void many_rounds_keep_order(void **state)
{
	static const uint32_t sizes[] = { 24, 4096, 4097, 65567, 1514, 9000 };
	uint8_t given = 0, got = 0;
	unsigned int i, j, count;

	(void)state;
	for (i = 0; i < 3000; i++) {
		while (fakenet_deliver(sizes[given % 6], given, 0))
			given++;
		count = netport_receive(&port, frame, 1 + i % 40);
		for (j = 0; j < count; j++, got++)
			assert_frame(&frame[j], sizes[got % 6], got);
		netport_release(&port, frame, count);
	}
}

static void a_full_ring_is_given_once(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < LGUEST_DMA_RING; i++)
		assert_true(fakenet_deliver(60, i, 0));
	assert_false(fakenet_deliver(60, 0, 0));
	assert_int_equal(netport_receive(&port, frame, LGUEST_DMA_RING),
			 LGUEST_DMA_RING);
	assert_frame(&frame[LGUEST_DMA_RING - 1], 60, 0xff);
	netport_release(&port, frame, 1);
	assert_true(fakenet_deliver(60, 9, 0));
}

static void senders_that_wait_are_told_of_room(void **state)
{
	(void)state;
	fakenet_deliver(60, 1, 0);
	netport_receive(&port, frame, 1);
	netport_release(&port, frame, 0);
	netport_release(&port, frame, 1);
	assert_int_equal(fakenet.restocks, 0);
	while (fakenet_deliver(60, 1, 0))
		;
	assert_int_equal(netport_receive(&port, frame, 1), 1);
	netport_release(&port, frame, 1);
	assert_int_equal(fakenet.restocks, 1);
}

static void quiet_is_said(void **state)
{
	(void)state;
	netport_quiet(&port, true);
	assert_int_equal(fakenet.shared->receive.quiet, 1);
	netport_quiet(&port, false);
	assert_int_equal(fakenet.shared->receive.quiet, 0);
}

static void counters_run_over_4_gib(void **state)
{
	uint32_t start = 0xffffff00 / LGUEST_DMA_RING * LGUEST_DMA_RING;
	uint8_t given = 0, got = 0;
	unsigned int i, j, count;

	(void)state;
	port.next = fakenet.received = start;
	fakenet.shared->receive.given = start + LGUEST_DMA_RING;
	port.given = port.taken = fakenet.sent = start;
	fakenet.shared->send.taken = start;
	for (i = 0; i < 100; i++) {
		for (j = 0; j < 20; j++) {
			assert_true(fakenet_deliver(60, given++, 0));
			assert_non_null(netport_room(&port));
			netport_add(&port, 60);
		}
		count = netport_receive(&port, frame, 64);
		assert_int_equal(count, 20);
		for (j = 0; j < count; j++)
			assert_frame(&frame[j], 60, got++);
		netport_release(&port, frame, count);
		assert_int_equal(netport_flush(&port), NETPORT_SENT);
	}
	assert_int_equal(fakenet.frames, 2000);
}

static void nonsense_in_the_ring_stays_within_bounds(void **state)
{
	struct lguest_dma_ring *ring = &fakenet.shared->receive;
	unsigned int i, count;

	(void)state;
	memset(ring->desc, 0xff, sizeof(ring->desc));
	ring->taken = 0x12345678;
	for (i = 0; i < 100; i++) {
		count = netport_receive(&port, frame, LGUEST_DMA_RING);
		assert_true(count * LGUEST_FRAME_PARTS <=
			    LGUEST_DMA_RING + LGUEST_FRAME_PARTS);
		while (count)
			assert_true(frame[--count].bytes <=
				    LGUEST_FRAME_PARTS * 4096);
	}
}

/* --- sending --- */

static void add(uint32_t bytes, uint8_t first)
{
	uint8_t *room = netport_room(&port);

	assert_non_null(room);
	memset(room, first, bytes);
	netport_add(&port, bytes);
}

static void frames_are_sent_in_order_at_flush(void **state)
{
	(void)state;
	add(60, 1);
	add(LGUEST_FRAME_MAX, 2);
	assert_int_equal(fakenet.frames, 0);
	assert_int_equal(netport_flush(&port), NETPORT_SENT);
	assert_int_equal(fakenet.frames, 2);
	assert_int_equal(fakenet.frame[0].bytes, 60);
	assert_int_equal(fakenet.frame[0].data[0], 1);
	assert_int_equal(fakenet.frame[1].bytes, LGUEST_FRAME_MAX);
	assert_int_equal(fakenet.frame[1].data[63], 2);
}

static void nothing_to_send_costs_no_call(void **state)
{
	(void)state;
	assert_int_equal(netport_flush(&port), NETPORT_SENT);
	add(60, 1);
	netport_flush(&port);
	netport_flush(&port);
	assert_int_equal(fakenet.sends, 1);
}

static void a_stopped_port_goes_on_where_it_was(void **state)
{
	(void)state;
	fakenet.send_room = 1;
	add(60, 1);
	add(61, 2);
	assert_int_equal(netport_flush(&port), NETPORT_STOPPED);
	assert_int_equal(netport_flush(&port), NETPORT_STOPPED);
	fakenet.send_room = 5;
	add(62, 3);
	assert_int_equal(netport_flush(&port), NETPORT_SENT);
	assert_int_equal(fakenet.frame[1].bytes, 61);
	assert_int_equal(fakenet.frame[2].bytes, 62);
}

static void the_ring_s_descriptors_are_the_limit_for_small_frames(void **state)
{
	int i;

	(void)state;
	fakenet.send_room = 0;
	for (i = 0; i < LGUEST_DMA_RING; i++)
		add(60, i);
	assert_null(netport_room(&port));
	assert_int_equal(netport_flush(&port), NETPORT_STOPPED);
	assert_null(netport_room(&port));
	fakenet.send_room = 1;
	netport_flush(&port);
	assert_non_null(netport_room(&port));
}

static void the_area_is_the_limit_for_large_frames(void **state)
{
	int count = 0;

	(void)state;
	fakenet.send_room = 0;
	while (netport_room(&port)) {
		add(LGUEST_FRAME_MAX, count++);
		assert_true(count < 100);
	}
	assert_true(count > 10);
	netport_flush(&port);
	assert_null(netport_room(&port));
	fakenet.send_room = 2;
	netport_flush(&port);
	/* (One more than there were: its place is at the area's end.) */
	assert_non_null(netport_room(&port));
}

/* What waits is not written over, whatever sizes and rooms there are. */
static void many_rounds_of_sending_keep_frames_whole(void **state)
{
	uint32_t seed = 1, added = 0, seen = 0;
	int i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		uint8_t *room;

		seed = seed * 1103515245 + 12345;
		fakenet.send_room = seed >> 16 & 3;
		room = netport_room(&port);
		if (room) {
			uint32_t bytes = seed >> 28 ?
				24 + (seed >> 8) % 3000 : LGUEST_FRAME_MAX;

			memset(room, 0xee, bytes);
			memcpy(room, &added, sizeof(added));
			added++;
			netport_add(&port, bytes);
		}
		if (seed >> 30)
			netport_flush(&port);
		for (; seen < fakenet.frames; seen++) {
			const uint8_t *data = fakenet.frame[seen %
				ARRAY_SIZE(fakenet.frame)].data;

			assert_memory_equal(data, &seen, sizeof(seen));
			assert_int_equal(data[23], 0xee);
		}
	}
	assert_true(seen > 10000);
}

static void a_copy_is_gathered_from_its_parts(void **state)
{
	const struct iovec iov[] = {
		{ "0123456789", 10 }, { "abc", 3 }, { "defghijklmno", 12 },
	};
	const struct iovec long_iov[] = {
		{ fakenet.shared, LGUEST_FRAME_MAX }, { "x", 1 },
	};

	(void)state;
	assert_true(netport_copy(&port, iov, 3));
	assert_false(netport_copy(&port, long_iov, 2));
	netport_flush(&port);
	assert_int_equal(fakenet.frames, 1);
	assert_int_equal(fakenet.frame[0].bytes, 25);
	assert_memory_equal(fakenet.frame[0].data, "0123456789abcdefghijklmno",
			    25);
}

static void errors_of_sending_are_told(void **state)
{
	(void)state;
	add(60, 1);
	fakenet.error = EINTR;
	assert_int_equal(netport_flush(&port), NETPORT_SENT);
	add(60, 1);
	fakenet.error = EINVAL;
	assert_int_equal(netport_flush(&port), NETPORT_FAILED);
	assert_int_equal(errno, EINVAL);
}

static void diverted_frames_tell_both_slots(void **state)
{
	(void)state;
	fakenet_deliver_as(9000, 1, LGUEST_PAIR(5, 126), LGUEST_DMA_PAIR);
	fakenet_deliver(60, 2, 7);
	assert_int_equal(netport_receive(&port, frame, 4), 2);
	assert_true(frame[0].diverted);
	assert_int_equal(frame[0].source, 5);
	assert_int_equal(frame[0].target, 126);
	assert_int_equal(frame[0].parts, 3);
	assert_false(frame[1].diverted);
	assert_int_equal(frame[1].source, 7);
}

static void frames_are_sent_on_for_a_pair(void **state)
{
	uint8_t data[60] = { 1, 2, 3 };
	struct iovec iov = { data, sizeof(data) };

	(void)state;
	assert_true(netport_copy_for(&port, &iov, 1, 3, 126));
	assert_true(netport_copy(&port, &iov, 1));
	assert_non_null(netport_room(&port));
	netport_add_for(&port, 61, 126, 0);
	assert_int_equal(netport_flush(&port), NETPORT_SENT);
	assert_int_equal(fakenet.frame[0].flags, LGUEST_DMA_PAIR);
	assert_int_equal(fakenet.frame[0].source, LGUEST_PAIR(3, 126));
	assert_memory_equal(fakenet.frame[0].data, data, sizeof(data));
	assert_int_equal(fakenet.frame[1].flags, 0);
	assert_int_equal(fakenet.frame[2].source, LGUEST_PAIR(126, 0));
	assert_int_equal(fakenet.frame[2].bytes, 61);
	iov.iov_len = LGUEST_FRAME_MAX + 1;
	assert_false(netport_copy_for(&port, &iov, 1, 3, 4));
}

static void diversions_are_asked_for_and_refusals_told(void **state)
{
	struct why why;

	(void)state;
	assert_good(netport_divert(&port, 3, LGUEST_NET_NOBODY, true, &why),
		    &why);
	assert_int_equal(fakenet.divert.source, 3);
	assert_int_equal(fakenet.divert.target, LGUEST_NET_NOBODY);
	assert_int_equal(fakenet.divert.on, 1);
	fakenet.error = EBUSY;
	assert_fails(netport_divert(&port, 3, 4, true, &why), &why,
		     "from slot 3 to 4: Device or resource busy (another port");
	fakenet.error = EINVAL;
	assert_fails(netport_divert(&port, 3, 3, true, &why), &why,
		     "it takes two slots");
	assert_fails(netport_divert(&port, 128, 3, true, &why), &why,
		     "there are 127 slots");
	assert_fails(netport_divert(&port, 3, 256 + 4, true, &why), &why,
		     "there are 127 slots");
}

static void flags_of_a_slot_are_set_and_refusals_told(void **state)
{
	struct why why;

	(void)state;
	assert_good(netport_set_flags(&port, 9, LGUEST_SLOT_DOWN, 0, &why),
		    &why);
	assert_int_equal(fakenet.set.slot, 9);
	assert_int_equal(fakenet.set.mask, LGUEST_SLOT_DOWN);
	assert_int_equal(fakenet.set.flags, 0);
	fakenet.error = ENOENT;
	assert_fails(netport_set_flags(&port, 9, LGUEST_SLOT_DOWN, 0, &why),
		     &why, "nobody has that slot");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_port, free_port)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(frames_arrive_whole_with_their_source),
		TEST(what_is_not_released_is_given_again),
		TEST(poll_is_for_frames_not_shown_yet),
		TEST(many_rounds_keep_order),
		TEST(a_full_ring_is_given_once),
		TEST(senders_that_wait_are_told_of_room),
		TEST(quiet_is_said),
		TEST(counters_run_over_4_gib),
		TEST(nonsense_in_the_ring_stays_within_bounds),
		TEST(frames_are_sent_in_order_at_flush),
		TEST(nothing_to_send_costs_no_call),
		TEST(a_stopped_port_goes_on_where_it_was),
		TEST(the_ring_s_descriptors_are_the_limit_for_small_frames),
		TEST(the_area_is_the_limit_for_large_frames),
		TEST(many_rounds_of_sending_keep_frames_whole),
		TEST(a_copy_is_gathered_from_its_parts),
		TEST(errors_of_sending_are_told),
		TEST(diverted_frames_tell_both_slots),
		TEST(frames_are_sent_on_for_a_pair),
		TEST(diversions_are_asked_for_and_refusals_told),
		TEST(flags_of_a_slot_are_set_and_refusals_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
