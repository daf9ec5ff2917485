// SPDX-License-Identifier: GPL-2.0
/*
 * frame.c - makes frames of records.  See frame.h.
 */
#include "frame.h"

/* What is behind the virtio_net_hdr; of a malformed frame that may be nothing. */
static uint32_t behind_header(uint32_t bytes)
{
	return bytes > LGUEST_FRAME_HEADER ? bytes - LGUEST_FRAME_HEADER : 0;
}

void frame_from_record(struct frame *frame, const struct netlog_record *record)
{
	const struct lguest_net_record *head = &record->head;

	*frame = (struct frame){
		.time_ns = head->time_ns,
		.id = head->id,
		.data = record->data + LGUEST_FRAME_HEADER,
		.captured = behind_header(head->captured),
		.length = behind_header(head->length),
		.source = head->source,
		.target = head->target,
		.verdict = head->verdict,
		.flags = head->flags,
	};
	if (!frame->captured)
		frame->data = record->data;
	/* lg.ko never says so, and files must not. */
	if (frame->length < frame->captured)
		frame->length = frame->captured;
}
