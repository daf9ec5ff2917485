// SPDX-License-Identifier: GPL-2.0
/*
 * frame.c - makes frames of records.  See frame.h.
 */
#include <string.h>
#include <sys/uio.h>

#include "checksum.h"
#include "frame.h"

/* What is behind the virtio_net_hdr; of a malformed frame that may be nothing. */
static uint32_t behind_header(uint32_t bytes)
{
	return bytes > LGUEST_FRAME_HEADER ? bytes - LGUEST_FRAME_HEADER : 0;
}

/* Records are in our own memory, whatever lib/netlog.h lets others do. */
static struct iovec all_of(const struct netlog_record *record)
{
	return (struct iovec){
		.iov_base = (void *)record->data,
		.iov_len = record->head.captured,
	};
}

static bool is_whole(const struct lguest_net_record *head)
{
	return head->captured == head->length;
}

void frame_from_record(struct frame *frame, const struct netlog_record *record,
		       bool raw_checksum)
{
	const struct lguest_net_record *head = &record->head;
	const struct iovec iov = all_of(record);

	*frame = (struct frame){
		.time_ns = head->time_ns,
		.id = head->id,
		.data = record->data,
		.captured = behind_header(head->captured),
		.length = behind_header(head->length),
		.source = head->source,
		.target = head->target,
		.verdict = head->verdict,
		.flags = head->flags,
	};
	/* Whom it was meant for is what people ask, and a port is in between. */
	if (head->flags & LGUEST_RECORD_DIVERTED &&
	    head->meant < LGUEST_NET_SLOTS)
		frame->target = head->meant;
	if (frame->captured)
		frame->data += LGUEST_FRAME_HEADER;
	/* lg.ko never says so, and files must not. */
	if (frame->length < frame->captured)
		frame->length = frame->captured;
	if (!raw_checksum && is_whole(head))
		checksum_complete(&iov, 1);
}

/* --- super-frames --- */

bool frame_split(struct frame_segments *segments, const struct frame *frame,
		 const struct netlog_record *record)
{
	const struct iovec iov = all_of(record);

	if (!is_whole(&record->head) || !segment_is_due(&iov, 1) ||
	    segment_start(&segments->segment, &iov, 1) != SEGMENT_GOOD)
		return false;
	segments->whole = *frame;
	segments->any = false;
	return true;
}

/* In one piece; more than there is room for cannot be. */
static size_t gather(const struct iovec *piece, unsigned int count,
		     uint8_t *to)
{
	size_t bytes = 0, here;
	unsigned int i;

	for (i = 0; i < count; i++) {
		here = piece[i].iov_len;
		if (here > FRAME_SEGMENT_MAX - bytes)
			here = FRAME_SEGMENT_MAX - bytes;
		memcpy(to + bytes, piece[i].iov_base, here);
		bytes += here;
	}
	return bytes;
}

bool frame_next_segment(struct frame_segments *segments, struct frame *frame)
{
	struct iovec piece[SEGMENT_PARTS];
	unsigned int count = segment_next(&segments->segment, piece);

	if (!count)
		return false;
	*frame = segments->whole;
	frame->is_segment = segments->any;
	frame->data = segments->data + LGUEST_FRAME_HEADER;
	frame->length = behind_header(gather(piece, count, segments->data));
	frame->captured = frame->length;
	segments->any = true;
	return true;
}
