// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_segment.c - any bytes as a super-frame that is to be split: each frame
 * that comes of it has all its pieces, the payload is all there once, there
 * are not too many of them, and it does not matter how the source is cut.
 */
#include "frame_seeds.h"
#include "fuzz.h"
#include "iovec.h"
#include "segment.h"

static struct segment segment;

/* All frames' lengths and bytes in two numbers. */
struct sum {
	uint64_t bytes, data;
	unsigned int frames;
	enum segment_verdict verdict;
};

static void add_piece(struct sum *sum, const struct iovec *piece)
{
	const uint8_t *data = piece->iov_base;
	size_t i;

	sum->bytes += piece->iov_len;
	for (i = 0; i < piece->iov_len; i++)
		sum->data = sum->data * 31 + data[i];
}

static struct sum split(const struct iovec *iov, unsigned int parts)
{
	struct iovec piece[SEGMENT_PARTS];
	struct sum sum = { 0 };
	unsigned int count, i;

	sum.verdict = segment_start(&segment, iov, parts);
	while ((count = segment_next(&segment, piece))) {
		if (count > SEGMENT_PARTS || sum.frames++ > SEGMENT_COUNT_MAX)
			abort();
		for (i = 0; i < count; i++)
			add_piece(&sum, &piece[i]);
	}
	if (!sum.verdict != !!sum.frames)
		abort();
	if (sum.verdict == SEGMENT_GOOD && segment.protocol &&
	    segment.payload + segment.done != segment.end)
		abort();
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct iovec whole = { (void *)data, size };
	struct iovec piece[SEGMENT_SOURCE_PARTS];
	struct sum one, many;
	unsigned int pieces;

	pieces = frame_cut(data, size, piece, SEGMENT_SOURCE_PARTS);
	one = split(&whole, 1);
	many = split(piece, pieces);
	if (one.verdict != many.verdict || one.bytes != many.bytes ||
	    one.data != many.data || one.frames != many.frames)
		abort();
	segment_is_due(&whole, 1);
	return 0;
}
