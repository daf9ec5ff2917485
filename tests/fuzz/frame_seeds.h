/* SPDX-License-Identifier: GPL-2.0 */
/*
 * frame_seeds.h - frames to begin with, for targets that take frames: one of
 * each kind that lib/segment.h knows, and plain ones.
 */
#ifndef TESTS_FUZZ_FRAME_SEEDS_H
#define TESTS_FUZZ_FRAME_SEEDS_H

#include "frames.h"

static const struct frame_wish frame_wishes[] = {
	{ .protocol = FRAME_TCP, .payload = 20 },
	{ .ipv6 = true, .protocol = FRAME_UDP, .payload = 20, .tags = 1 },
	{ .protocol = FRAME_TCP, .type = 1, .size = 100, .payload = 999,
	  .tcp_options = 12, .tcp_flags = 0x18 },
	{ .protocol = FRAME_TCP, .type = 0x81, .size = 8, .payload = 99,
	  .tags = 2, .ip_options = 40, .tcp_options = 40, .tcp_flags = 0x91 },
	{ .ipv6 = true, .protocol = FRAME_TCP, .type = 4, .size = 64,
	  .payload = 300, .extensions = 2, .routing = true, .tcp_flags = 0x10 },
	{ .ipv6 = true, .protocol = FRAME_UDP, .type = 5, .size = 32,
	  .payload = 100 },
	{ .protocol = FRAME_UDP, .type = 5, .size = 1400, .payload = 20000 },
};

size_t fuzz_seed(unsigned int number, uint8_t *data, size_t max)
{
	static struct test_frame frame;

	if (number >= ARRAY_SIZE(frame_wishes))
		return 0;
	frame_build(&frame, &frame_wishes[number]);
	if (frame.bytes > max)
		return 0;
	memcpy(data, frame.data, frame.bytes);
	return frame.bytes;
}

#endif
