// SPDX-License-Identifier: GPL-2.0
/*
 * test_frame.c - frames of records: what is behind the virtio_net_hdr, with its
 * checksum done, and super-frames in pieces.
 */
#include <linux/virtio_net.h>
#include <stdlib.h>

#include "checksum.h"
#include "frame.h"
#include "test.h"

#define SEGMENT_DATA	1000
#define DATA		2500
#define HEADERS		(14 + 20 + 20)

static struct {
	uint8_t vnet[LGUEST_FRAME_HEADER];
	uint8_t ethernet[HEADERS + DATA];
} packet;
static struct netlog_record record;
static struct frame frame;

static void put16(uint8_t *to, unsigned int value)
{
	to[0] = value >> 8;
	to[1] = value;
}

/* TCP from 10.0.0.1 to 10.0.0.2, its checksum left to be done. */
static void make_packet(uint32_t data)
{
	static const uint8_t headers[HEADERS] = {
		2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,
		0x45, 0, 0, 0, 0, 1, 0x40, 0, 64, 6, 0, 0,
		10, 0, 0, 1, 10, 0, 0, 2,
		0x13, 0x88, 0, 80, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x18, 1, 0,
	};
	struct virtio_net_hdr vnet = {
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.csum_start = 34,
		.csum_offset = 16,
	};
	uint8_t *ip = packet.ethernet + 14, *tcp = packet.ethernet + 34;
	uint16_t sum;
	uint32_t i;

	if (data > SEGMENT_DATA) {
		vnet.gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
		vnet.gso_size = SEGMENT_DATA;
		vnet.hdr_len = HEADERS;
	}
	memcpy(packet.vnet, &vnet, sizeof(packet.vnet));
	memcpy(packet.ethernet, headers, sizeof(headers));
	put16(ip + 2, 40 + data);
	sum = ~checksum_fold(checksum_add(0, ip, 20));
	memcpy(ip + 10, &sum, 2);
	for (i = 0; i < data; i++)
		packet.ethernet[HEADERS + i] = i * 7;
	/* The pseudo header: addresses, protocol, length */
	put16(tcp + 16, 0x0a00 + 1 + 0x0a00 + 2 + 6 + 20 + data);
	record = (struct netlog_record){
		.head = {
			.captured = LGUEST_FRAME_HEADER + HEADERS + data,
			.length = LGUEST_FRAME_HEADER + HEADERS + data,
			.time_ns = 5, .id = 6, .source = 1, .target = 2,
			.verdict = LGUEST_DROP_DOWN,
		},
		.data = packet.vnet,
	};
}

/* Does all of it, pseudo header included, add up? */
static void assert_checksum(const uint8_t *ethernet, uint32_t bytes)
{
	uint8_t pseudo[4] = { 0, 6 };
	uint64_t sum;

	put16(pseudo + 2, bytes - 34);
	sum = checksum_add(0, ethernet + 26, 8);
	sum = checksum_add(sum, pseudo, 4);
	sum = checksum_add(sum, ethernet + 34, bytes - 34);
	assert_int_equal(checksum_fold(sum), 0xffff);
}

static void a_frame_is_what_is_behind_the_header(void **state)
{
	(void)state;
	make_packet(100);
	frame_from_record(&frame, &record, false);
	assert_ptr_equal(frame.data, packet.ethernet);
	assert_int_equal(frame.captured, HEADERS + 100);
	assert_int_equal(frame.length, HEADERS + 100);
	assert_int_equal(frame.time_ns, 5);
	assert_int_equal(frame.id, 6);
	assert_int_equal(frame.source, 1);
	assert_int_equal(frame.target, 2);
	assert_int_equal(frame.verdict, LGUEST_DROP_DOWN);
}

static void its_checksum_is_completed(void **state)
{
	(void)state;
	make_packet(99);
	frame_from_record(&frame, &record, false);
	assert_checksum(frame.data, frame.captured);
	make_packet(DATA);
	frame_from_record(&frame, &record, false);
	assert_checksum(frame.data, frame.captured);
}

static void raw_checksums_are_left_alone(void **state)
{
	uint8_t copy[sizeof(packet)];

	(void)state;
	make_packet(99);
	memcpy(copy, &packet, sizeof(packet));
	frame_from_record(&frame, &record, true);
	assert_memory_equal(copy, &packet, sizeof(packet));
}

static void what_is_cut_off_keeps_its_checksum(void **state)
{
	uint8_t copy[sizeof(packet)];

	(void)state;
	make_packet(99);
	record.head.captured -= 10;
	memcpy(copy, &packet, sizeof(packet));
	frame_from_record(&frame, &record, false);
	assert_memory_equal(copy, &packet, sizeof(packet));
	assert_int_equal(frame.captured, HEADERS + 89);
	assert_int_equal(frame.length, HEADERS + 99);
}

static void malformed_records_are_frames_of_few_bytes(void **state)
{
	static const uint8_t byte[LGUEST_FRAME_HEADER];
	uint32_t bytes;

	(void)state;
	for (bytes = 0; bytes <= LGUEST_FRAME_HEADER; bytes++) {
		record = (struct netlog_record){
			.head.captured = bytes,
			.head.length = bytes,
			.data = byte,
		};
		frame_from_record(&frame, &record, false);
		assert_int_equal(frame.captured, 0);
		assert_int_equal(frame.length, 0);
		assert_non_null(frame.data);
	}
}

static void lengths_that_cannot_be_are_made_to_fit(void **state)
{
	(void)state;
	make_packet(99);
	record.head.length = 3;
	frame_from_record(&frame, &record, true);
	assert_int_equal(frame.length, frame.captured);
}

static void a_diverted_frame_is_for_whom_it_was_meant(void **state)
{
	(void)state;
	make_packet(99);
	record.head.flags = LGUEST_RECORD_DIVERTED;
	record.head.meant = 77;
	frame_from_record(&frame, &record, true);
	assert_int_equal(frame.target, 77);
	record.head.meant = 255;
	frame_from_record(&frame, &record, true);
	assert_int_equal(frame.target, 2);
}

static void a_super_frame_is_split(void **state)
{
	static const uint32_t lengths[] = { 1000, 1000, 500 };
	struct frame_segments *segments = malloc(sizeof(*segments));
	struct frame piece;
	unsigned int i;

	(void)state;
	make_packet(DATA);
	frame_from_record(&frame, &record, true);
	assert_true(frame_split(segments, &frame, &record));
	for (i = 0; i < 3; i++) {
		assert_true(frame_next_segment(segments, &piece));
		assert_int_equal(piece.length, HEADERS + lengths[i]);
		assert_int_equal(piece.captured, HEADERS + lengths[i]);
		assert_int_equal(piece.is_segment, i > 0);
		assert_int_equal(piece.id, 6);
		assert_checksum(piece.data, piece.captured);
		assert_memory_equal(piece.data + HEADERS,
				    packet.ethernet + HEADERS + 1000 * i,
				    lengths[i]);
	}
	assert_false(frame_next_segment(segments, &piece));
	free(segments);
}

static void what_is_no_super_frame_is_not_split(void **state)
{
	struct frame_segments *segments = malloc(sizeof(*segments));

	(void)state;
	make_packet(100);
	frame_from_record(&frame, &record, true);
	assert_false(frame_split(segments, &frame, &record));
	/* Nor is one of which a part is missing. */
	make_packet(DATA);
	record.head.captured -= 100;
	frame_from_record(&frame, &record, true);
	assert_false(frame_split(segments, &frame, &record));
	free(segments);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_is_what_is_behind_the_header),
		cmocka_unit_test(its_checksum_is_completed),
		cmocka_unit_test(raw_checksums_are_left_alone),
		cmocka_unit_test(what_is_cut_off_keeps_its_checksum),
		cmocka_unit_test(malformed_records_are_frames_of_few_bytes),
		cmocka_unit_test(lengths_that_cannot_be_are_made_to_fit),
		cmocka_unit_test(a_diverted_frame_is_for_whom_it_was_meant),
		cmocka_unit_test(a_super_frame_is_split),
		cmocka_unit_test(what_is_no_super_frame_is_not_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
