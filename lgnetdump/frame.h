/* SPDX-License-Identifier: GPL-2.0 */
/*
 * frame.h - a frame as it is captured: what a net's record (lguest/net.h)
 * says of it, without the virtio_net_hdr, which has been seen to: a checksum
 * that was left to be done is done, and a super-frame may be split.
 */
#ifndef LGNETDUMP_FRAME_H
#define LGNETDUMP_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "netlog.h"

struct frame {
	uint64_t time_ns;		/* since 1970 */
	uint64_t id;			/* the same for copies of it; 0: none */
	const uint8_t *data;		/* from the Ethernet header on */
	uint32_t captured;		/* bytes there */
	uint32_t length;		/* bytes it had when it was sent */
	uint8_t source, target;		/* slots; target LGUEST_NET_NOBODY */
	uint8_t verdict;		/* LGUEST_DELIVERED, LGUEST_DROP_* */
	uint8_t flags;			/* LGUEST_RECORD_* */
};

/* The frame of a record, as it is there.  Its data lasts as the record's. */
void frame_from_record(struct frame *frame, const struct netlog_record *record);

#endif
