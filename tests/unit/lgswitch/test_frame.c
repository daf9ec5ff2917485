// SPDX-License-Identifier: GPL-2.0
/*
 * test_frame.c - reading a frame's head, and tags that come and go.
 */
#include <linux/virtio_net.h>

#include "frame.h"
#include "test.h"

#define HEAD	LGUEST_FRAME_HEADER

static uint8_t data[256];
static struct iovec iov;
static struct frame frame;

/* A frame of @bytes; @tag: with one, or FRAME_NO_TAG. */
static void make(uint32_t bytes, int tag)
{
	uint32_t i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = i;
	memset(data, 0, HEAD);
	data[HEAD + 12] = tag < 0 ? 0x08 : 0x81;
	data[HEAD + 13] = 0x00;
	if (tag >= 0) {
		data[HEAD + 14] = tag >> 8;
		data[HEAD + 15] = tag;
		data[HEAD + 16] = 0x86;
		data[HEAD + 17] = 0xdd;
	}
	iov = (struct iovec){ data, bytes };
	frame = (struct frame){ .iov = &iov, .parts = 1, .bytes = bytes };
}

static void flatten(const struct frame *from, uint8_t *to)
{
	memset(to, 0, sizeof(data));
	assert_true(from->bytes <= sizeof(data));
	frame_copy(from, to);
}

static void heads_are_read(void **state)
{
	(void)state;
	make(100, FRAME_NO_TAG);
	assert_true(frame_read(&frame));
	assert_int_equal(frame.tag, FRAME_NO_TAG);
	assert_int_equal(frame.type, 0x0800);
	assert_ptr_equal(frame_target(&frame), data + HEAD);
	assert_ptr_equal(frame_source(&frame), data + HEAD + 6);
	assert_false(frame_is_group(&frame));
	make(100, 0xa123);
	assert_true(frame_read(&frame));
	assert_int_equal(frame.tag, 0xa123);
	assert_int_equal(frame.type, 0x86dd);
}

static void what_is_too_short_or_too_long_is_no_frame(void **state)
{
	(void)state;
	make(LGUEST_FRAME_MIN, FRAME_NO_TAG);
	assert_true(frame_read(&frame));
	make(LGUEST_FRAME_MIN - 1, FRAME_NO_TAG);
	assert_false(frame_read(&frame));
	make(0, FRAME_NO_TAG);
	assert_false(frame_read(&frame));
	make(LGUEST_FRAME_MIN + 4, 7);
	assert_true(frame_read(&frame));
	make(LGUEST_FRAME_MIN + 3, 7);
	assert_false(frame_read(&frame));
	make(100, FRAME_NO_TAG);
	frame.bytes = LGUEST_FRAME_MAX + 1;
	assert_false(frame_read(&frame));
}

static void control_frames_are_known(void **state)
{
	static const uint8_t lldp[] = { 0x01, 0x80, 0xc2, 0, 0, 0x0e };
	static const uint8_t other[] = { 0x01, 0x80, 0xc2, 0, 0, 0x10 };

	(void)state;
	make(100, FRAME_NO_TAG);
	memcpy(data + HEAD, lldp, sizeof(lldp));
	assert_true(frame_read(&frame));
	assert_true(frame_is_control(&frame));
	assert_true(frame_is_group(&frame));
	memcpy(data + HEAD, other, sizeof(other));
	assert_false(frame_is_control(&frame));
}

static void a_tag_comes_and_goes_and_leaves_no_trace(void **state)
{
	struct frame tagged, back;
	struct frame_edit edit, other;
	uint8_t flat[sizeof(data)], again[sizeof(data)];

	(void)state;
	make(100, FRAME_NO_TAG);
	assert_true(frame_read(&frame));
	frame_set_tag(&frame, 0x2064, &tagged, &edit);
	assert_int_equal(tagged.bytes, 104);
	assert_int_equal(tagged.tag, 0x2064);
	flatten(&tagged, flat);
	assert_memory_equal(flat, data, HEAD + 12);
	assert_memory_equal(flat + HEAD + 12, "\x81\x00\x20\x64", 4);
	assert_memory_equal(flat + HEAD + 16, data + HEAD + 12,
			    100 - HEAD - 12);
	/* Again, from one piece, as another port would have it. */
	iov = (struct iovec){ flat, 104 };
	frame = (struct frame){ .iov = &iov, .parts = 1, .bytes = 104 };
	assert_true(frame_read(&frame));
	assert_int_equal(frame.tag, 0x2064);
	frame_set_tag(&frame, FRAME_NO_TAG, &back, &other);
	assert_int_equal(back.bytes, 100);
	flatten(&back, again);
	assert_memory_equal(again, data, 100);
}

static void a_tag_is_replaced(void **state)
{
	uint8_t flat[sizeof(data)];
	struct frame_edit edit;
	struct frame edited;

	(void)state;
	make(100, 0x6000);
	assert_true(frame_read(&frame));
	frame_set_tag(&frame, 0x6005, &edited, &edit);
	assert_int_equal(edited.bytes, 100);
	flatten(&edited, flat);
	data[HEAD + 15] = 5;
	assert_memory_equal(flat, data, 100);
}

static void offsets_of_the_header_follow_the_tag(void **state)
{
	struct virtio_net_hdr header = {
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM, .csum_start = 34,
		.csum_offset = 16, .gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
		.gso_size = 1448, .hdr_len = 66,
	}, after;
	struct frame_edit edit;
	struct frame edited;

	(void)state;
	make(200, FRAME_NO_TAG);
	memcpy(data, &header, sizeof(header));
	assert_true(frame_read(&frame));
	frame_set_tag(&frame, 10, &edited, &edit);
	memcpy(&after, edited.iov[0].iov_base, sizeof(after));
	assert_int_equal(after.csum_start, 38);
	assert_int_equal(after.csum_offset, 16);
	assert_int_equal(after.hdr_len, 70);
	assert_int_equal(after.gso_size, 1448);
	/* The frame itself is as it was. */
	assert_memory_equal(data, &header, sizeof(header));
}

static void a_header_that_asks_nothing_is_left_alone(void **state)
{
	struct virtio_net_hdr none = { .csum_start = 9 }, after;
	struct frame_edit edit;
	struct frame edited;

	(void)state;
	make(100, FRAME_NO_TAG);
	memcpy(data, &none, sizeof(none));
	assert_true(frame_read(&frame));
	frame_set_tag(&frame, 10, &edited, &edit);
	memcpy(&after, edited.iov[0].iov_base, sizeof(after));
	assert_memory_equal(&after, &none, sizeof(none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_are_read),
		cmocka_unit_test(what_is_too_short_or_too_long_is_no_frame),
		cmocka_unit_test(control_frames_are_known),
		cmocka_unit_test(a_tag_comes_and_goes_and_leaves_no_trace),
		cmocka_unit_test(a_tag_is_replaced),
		cmocka_unit_test(offsets_of_the_header_follow_the_tag),
		cmocka_unit_test(a_header_that_asks_nothing_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
