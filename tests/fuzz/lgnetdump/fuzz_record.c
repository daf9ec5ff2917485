// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_record.c - any bytes as what a net's log has of a frame, whole or cut
 * off: what is made of it for a capture (checksum, segments) has the bytes that
 * it says.
 */
#include <stdlib.h>

#include "frame.h"
#include "frame_seeds.h"
#include "fuzz.h"

static uint64_t sum;

static void look_at(const struct frame *frame)
{
	uint32_t i;

	if (frame->captured > frame->length ||
	    frame->length > FRAME_SEGMENT_MAX)
		abort();
	for (i = 0; i < frame->captured; i++)
		sum += frame->data[i];
}

static void capture(uint8_t *data, uint32_t captured, uint32_t length)
{
	static struct frame_segments segments;
	struct netlog_record record = {
		.head = { .captured = captured, .length = length },
		.data = data,
	};
	struct frame frame;
	unsigned int count = 0;

	frame_from_record(&frame, &record, true);
	look_at(&frame);
	if (frame_split(&segments, &frame, &record))
		while (frame_next_segment(&segments, &frame)) {
			look_at(&frame);
			if (count++ > SEGMENT_COUNT_MAX)
				abort();
		}
	frame_from_record(&frame, &record, false);
	look_at(&frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy;

	/* lg.ko logs no others. */
	if (size < LGUEST_FRAME_MIN || size > NETLOG_SNAPLEN_MAX)
		return 0;
	copy = malloc(size);
	memcpy(copy, data, size);
	capture(copy, size, size);
	memcpy(copy, data, size);
	capture(copy, size, size + 99 < LGUEST_FRAME_MAX ? size + 99 :
							   LGUEST_FRAME_MAX);
	free(copy);
	return 0;
}
