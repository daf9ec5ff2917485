/* SPDX-License-Identifier: GPL-2.0 */
/*
 * frame.h - a frame on its way through the switch: where its bytes lie (in the
 * memory of the port that it came from), and what was read from its head.
 * guide: C:180
 */
#ifndef LGSWITCH_FRAME_H
#define LGSWITCH_FRAME_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

#include <lguest/dma.h>

#include "mac.h"

/* One more than it may have in a port: a tag is put in by another piece. */
#define FRAME_PARTS	(LGUEST_FRAME_PARTS + 2)

#define FRAME_NO_SLOT	-1

struct port;

struct frame {
	const struct iovec *iov;	/* struct virtio_net_hdr first */
	unsigned int parts;
	uint32_t bytes;			/* with LGUEST_FRAME_HEADER */
	int source_slot;		/* of a net; FRAME_NO_SLOT */
	/*
	 * The net whose send area its bytes lie in, so that it needs no copy
	 * to get there; NULL: none.
	 */
	struct port *lender;
	/* Read from its head by frame_read(): */
	const uint8_t *ethernet;	/* the Ethernet header, in iov[0] */
	int tag;			/* 802.1Q tag control information, or -1 */
	uint16_t type;			/* behind the tag */
	uint16_t vlan;			/* that it belongs to, set by forward.c */
};

/* False: it is too short or too long for a frame, or its head is in pieces. */
bool frame_read(struct frame *frame);

static inline const uint8_t *frame_target(const struct frame *frame)
{
	return frame->ethernet;
}

static inline const uint8_t *frame_source(const struct frame *frame)
{
	return frame->ethernet + MAC_BYTES;
}

static inline bool frame_is_group(const struct frame *frame)
{
	return frame->ethernet[0] & 1;
}

/* One of those that bridges keep to themselves: LLDP, STP, LACP, pause... */
bool frame_is_control(const struct frame *frame);

/* Copies all of it; @to has room for frame->bytes. */
void frame_copy(const struct frame *frame, uint8_t *to);

/*
 * The same frame with that tag control information, or without a tag (-1):
 * @edited refers to the old one's bytes and to @edit.  The header's offsets
 * follow.
 */
#define FRAME_NO_TAG	-1
#define FRAME_HEAD	(LGUEST_FRAME_HEADER + 14 + 4)

struct frame_edit {
	struct iovec iov[FRAME_PARTS];
	uint8_t head[FRAME_HEAD];
};

void frame_set_tag(const struct frame *frame, int tag, struct frame *edited,
		   struct frame_edit *edit);

#endif
