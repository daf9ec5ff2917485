/* SPDX-License-Identifier: GPL-2.0 */
/*
 * frame.h - a frame as it is captured: what a net's record (lguest/net.h)
 * says of it, without the virtio_net_hdr, which has been seen to: a checksum
 * that was left to be done is done, and a super-frame may be split.
 * guide: C:540
 */
#ifndef LGNETDUMP_FRAME_H
#define LGNETDUMP_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "netlog.h"
#include "segment.h"

/* No frame is longer, split or not. */
#define FRAME_SEGMENT_MAX	(LGUEST_FRAME_MAX + SEGMENT_HEADERS)

struct frame {
	uint64_t time_ns;		/* since 1970 */
	uint64_t id;			/* the same for copies of it; 0: none */
	const uint8_t *data;		/* from the Ethernet header on */
	uint32_t captured;		/* bytes there */
	uint32_t length;		/* bytes it had when it was sent */
	uint8_t source, target;		/* slots; target LGUEST_NET_NOBODY */
	uint8_t verdict;		/* LGUEST_DELIVERED, LGUEST_DROP_* */
	uint8_t flags;			/* LGUEST_RECORD_* */
	bool is_segment;		/* one of several, and not the first */
};

/*
 * The frame of a record.  Its data is the record's, in which a checksum that
 * is left to be done is completed, unless @raw_checksum; that cannot be done
 * if part of it is missing.
 */
void frame_from_record(struct frame *frame, const struct netlog_record *record,
		       bool raw_checksum);

/* What a super-frame is split into. */
struct frame_segments {
	struct frame whole;
	struct segment segment;
	bool any;			/* one was made */
	uint8_t data[FRAME_SEGMENT_MAX];
};

/*
 * Begin to split the frame of a record, whose checksum was not completed yet.
 * False: it is none to be split, or cannot be.
 */
bool frame_split(struct frame_segments *segments, const struct frame *frame,
		 const struct netlog_record *record);
/* The next one, which lasts until the next call; false: that was all. */
bool frame_next_segment(struct frame_segments *segments, struct frame *frame);

#endif
