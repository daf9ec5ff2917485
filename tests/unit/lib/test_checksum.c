// SPDX-License-Identifier: GPL-2.0
/* The Internet checksum, and frames that leave theirs to be done. */
#include <arpa/inet.h>

#include "checksum.h"
#include "frames.h"

static uint16_t sum_of(const void *data, size_t bytes)
{
	return ntohs(checksum_fold(checksum_add(0, data, bytes)));
}

static void sums_are_those_that_are_known(void **state)
{
	/* RFC 1071, section 3; and an IPv4 header that is in many textbooks. */
	static const uint8_t rfc[] = {
		0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7,
	};
	static const uint8_t header[] = {
		0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
		0x00, 0x00, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7,
	};

	(void)state;
	assert_int_equal(sum_of(rfc, sizeof(rfc)), 0xddf2);
	assert_int_equal((uint16_t)~sum_of(header, sizeof(header)), 0xb861);
	assert_int_equal(sum_of(rfc, 0), 0);
	assert_int_equal(sum_of("\xff\xff\xff", 3), 0xff00);
}

static void the_longest_of_ones_does_not_overflow(void **state)
{
	static uint8_t data[65557];

	(void)state;
	memset(data, 0xff, sizeof(data));
	assert_int_equal(sum_of(data, sizeof(data) - 1), 0xffff);
	assert_int_equal(sum_of(data, sizeof(data)), 0xff00);
}

static void pieces_of_any_size_have_the_same_sum(void **state)
{
	struct iovec iov[20];
	uint8_t data[400];
	size_t i, from, bytes;
	unsigned int parts;

	(void)state;
	for (i = 0; i < sizeof(data); i++)
		data[i] = i * 37 + i / 5;
	parts = frame_cut(data, sizeof(data), iov, ARRAY_SIZE(iov));
	for (from = 0; from < sizeof(data); from += 3)
		for (bytes = 0; bytes <= sizeof(data) - from; bytes += 7)
			assert_int_equal(ntohs(checksum_fold(checksum_add_iov(
						 0, iov, parts, from, bytes))),
					 frame_sum(0, data + from, bytes));
}

static const struct frame_wish wishes[] = {
	{ .protocol = FRAME_TCP, .payload = 11 },
	{ .protocol = FRAME_UDP, .payload = 1 },
	{ .protocol = FRAME_UDP },
	{ .ipv6 = true, .protocol = FRAME_TCP, .payload = 1000, .tags = 1 },
	{ .ipv6 = true, .protocol = FRAME_UDP, .payload = 8, .extensions = 2,
	  .routing = true },
	{ .protocol = FRAME_TCP, .payload = 65000, .tags = 2, .ip_options = 40,
	  .tcp_options = 40 },
};

static struct test_frame frame;

static void a_frame_in_one_piece_is_completed(void **state)
{
	struct iovec iov = { .iov_base = frame.data };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wishes); i++) {
		frame_build(&frame, &wishes[i]);
		iov.iov_len = frame.bytes;
		assert_int_equal(checksum_complete(&iov, 1), CHECKSUM_DUE);
		frame_judge(&frame, &wishes[i]);
		assert_int_equal(checksum_complete(&iov, 1), CHECKSUM_NONE);
	}
}

static void a_frame_in_pieces_is_completed(void **state)
{
	struct iovec iov[24];
	unsigned int max, parts;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wishes); i++)
		for (max = 2; max < ARRAY_SIZE(iov); max++) {
			frame_build(&frame, &wishes[i]);
			parts = frame_cut(frame.data, frame.bytes, iov, max);
			assert_int_equal(checksum_complete(iov, parts),
					 CHECKSUM_DUE);
			frame_judge(&frame, &wishes[i]);
			assert_int_equal(frame.data[0], 0);
		}
}

/*
 * Frames of text2pcap, so checksums of somebody else; only that where they go
 * there is the pseudo header's sum, as a driver puts it.
 */
static const char known_tcp[] =
	"\1\0\0\0\0\0\x22\0\x10\0"
	" RECV\0 SEND\0\x08\0\x45\0\0\x33\x12\x34\0\0\xff\x06\x8e\x83"
	"\x0a\x01\x02\x03\x0a\x04\x05\x06\x04\xd2\0\x50\0\0\0\0\0\0\0\0"
	"\x50\0\x20\0\x1b\x33\0\0hello world";
static const char known_udp[] =
	"\1\0\0\0\0\0\x36\0\x06\0"
	" RECV\0 SEND\0\x86\xdd\x60\0\0\0\0\x13\x11\x20"
	"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
	"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2"
	"\x14\xe9\0\x35\0\x13\x5b\x99hello world";

static void checksums_are_those_of_wireshark(void **state)
{
	struct iovec iov = { (void *)known_tcp, sizeof(known_tcp) - 1 };
	struct checksum checksum;

	(void)state;
	assert_int_equal(checksum_find(&iov, 1, &checksum), CHECKSUM_DUE);
	assert_int_equal(checksum.offset, 10 + 14 + 20 + 16);
	assert_memory_equal(checksum.field, "\xdd\xdb", 2);
	iov = (struct iovec){ (void *)known_udp, sizeof(known_udp) - 1 };
	assert_int_equal(checksum_find(&iov, 1, &checksum), CHECKSUM_DUE);
	assert_int_equal(checksum.offset, 10 + 14 + 40 + 6);
	assert_memory_equal(checksum.field, "\xfd\x66", 2);
}

static void only_what_is_due_is_done(void **state)
{
	struct iovec iov = { .iov_base = frame.data };
	struct checksum checksum;

	(void)state;
	frame_build(&frame, &wishes[0]);
	frame.data[0] = 0;
	iov.iov_len = frame.bytes;
	assert_int_equal(checksum_find(&iov, 1, &checksum), CHECKSUM_NONE);
	assert_int_equal(checksum_complete(&iov, 1), CHECKSUM_NONE);
	iov.iov_len = 9;
	frame.data[0] = 1;
	assert_int_equal(checksum_complete(&iov, 1), CHECKSUM_NONE);
	assert_int_equal(checksum_complete(NULL, 0), CHECKSUM_NONE);
}

static void set_where(uint16_t start, uint16_t offset)
{
	memcpy(frame.data + 6, &start, 2);
	memcpy(frame.data + 8, &offset, 2);
}

static void nonsense_about_where_is_refused_and_nothing_written(void **state)
{
	static uint8_t before[FRAME_ROOM];
	struct iovec iov = { .iov_base = frame.data };
	static const struct {
		uint16_t start, offset;
	} bad[] = {
		{ 0, 0 }, { 13, 16 }, { 65535, 65535 }, { 34, 65535 },
		{ 65535, 0 }, { 34, 30 }, { 64, 0 }, { 65, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		frame_build(&frame, &wishes[0]);
		set_where(bad[i].start, bad[i].offset);
		memcpy(before, frame.data, frame.bytes);
		iov.iov_len = frame.bytes;
		assert_int_equal(checksum_complete(&iov, 1), CHECKSUM_BAD);
		assert_memory_equal(before, frame.data, frame.bytes);
	}
	/* The last place that is one. */
	set_where(63, 0);
	assert_int_equal(checksum_complete(&iov, 1), CHECKSUM_DUE);
}

static void a_sum_of_zero_is_written_as_ones(void **state)
{
	struct frame_wish wish = { .protocol = FRAME_UDP, .payload = 2 };
	struct iovec iov = { .iov_base = frame.data };
	uint32_t at;

	(void)state;
	/* Make the payload such that everything adds up to 0xffff. */
	frame_build(&frame, &wish);
	iov.iov_len = frame.bytes;
	at = frame.transport + 6;
	frame_set16(&frame, frame.payload, 0);
	frame_set16(&frame, frame.payload,
		    ~frame_sum(0, frame.data + frame.transport,
			       frame.bytes - frame.transport));
	assert_int_equal(checksum_complete(&iov, 1), CHECKSUM_DUE);
	assert_int_equal(frame_get16(frame.data + at), 0xffff);
	frame_judge(&frame, &wish);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_those_that_are_known),
		cmocka_unit_test(the_longest_of_ones_does_not_overflow),
		cmocka_unit_test(pieces_of_any_size_have_the_same_sum),
		cmocka_unit_test(a_frame_in_one_piece_is_completed),
		cmocka_unit_test(a_frame_in_pieces_is_completed),
		cmocka_unit_test(checksums_are_those_of_wireshark),
		cmocka_unit_test(only_what_is_due_is_done),
		cmocka_unit_test(nonsense_about_where_is_refused_and_nothing_written),
		cmocka_unit_test(a_sum_of_zero_is_written_as_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
