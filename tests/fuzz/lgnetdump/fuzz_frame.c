// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_frame.c - records of any bytes as frames: a checksum is completed or
 * not, and super-frames are split, all within what there is.
 */
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "fuzz.h"

static struct frame_segments segments;

/* TCP in IPv4 or IPv6, 100 bytes a piece, its checksum left to be done */
static const uint8_t ipv4[] = {
	1, 1, 54, 0, 100, 0, 34, 0, 16, 0,
	2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,
	0x45, 0, 1, 0x54, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
	0x13, 0x88, 0, 80, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x18, 1, 0, 0x15, 0x49,
	0, 0,
};

static const uint8_t ipv6[] = {
	1, 4, 74, 0, 100, 0, 54, 0, 16, 0,
	2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x86, 0xdd,
	0x60, 0, 0, 0, 1, 0x40, 6, 64,
	0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
	0x13, 0x88, 0, 80, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x18, 1, 0, 0xfb, 0x49,
	0, 0,
};

#define PAYLOAD		300

size_t fuzz_seed(unsigned int number, uint8_t *data, size_t max)
{
	const uint8_t *seed = number ? ipv6 : ipv4;
	size_t bytes = number ? sizeof(ipv6) : sizeof(ipv4);

	if (number > 1 || bytes + PAYLOAD > max)
		return 0;
	memcpy(data, seed, bytes);
	memset(data + bytes, 'x', PAYLOAD);
	return bytes + PAYLOAD;
}

/* All of it is there to be read. */
static uint32_t look_at(const struct frame *frame)
{
	uint32_t sum = 0, i;

	if (frame->captured > frame->length)
		abort();
	for (i = 0; i < frame->captured; i++)
		sum += frame->data[i];
	return sum;
}

static uint32_t split(const struct frame *frame,
		      const struct netlog_record *record)
{
	struct frame piece;
	uint32_t sum = 0;

	if (!frame_split(&segments, frame, record))
		return 0;
	while (frame_next_segment(&segments, &piece))
		sum += look_at(&piece);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static volatile uint32_t sum;
	struct netlog_record record = {
		.head.captured = size > 65535 ? 65535 : size,
	};
	uint8_t *copy = malloc(size ? size : 1);
	struct frame frame;

	memcpy(copy, data, size);
	record.data = copy;
	record.head.length = record.head.captured;
	frame_from_record(&frame, &record, true);
	sum += look_at(&frame) + split(&frame, &record);
	frame_from_record(&frame, &record, false);
	sum += look_at(&frame);
	free(copy);
	return 0;
}
