// SPDX-License-Identifier: GPL-2.0
/*
 * frame.c - reads a frame's head and changes its tag without touching the rest.
 * See frame.h.
 */
#include <linux/virtio_net.h>
#include <string.h>

#include "frame.h"

#define ETHERNET_HEADER	14
#define TYPE_AT		12
#define TAG_BYTES	4
#define TYPE_VLAN	0x8100

static uint16_t read_u16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

bool frame_read(struct frame *frame)
{
	const uint8_t *head = frame->iov[0].iov_base;
	size_t bytes = frame->iov[0].iov_len;

	if (bytes < LGUEST_FRAME_MIN || frame->bytes > LGUEST_FRAME_MAX)
		return false;
	frame->ethernet = head + LGUEST_FRAME_HEADER;
	frame->type = read_u16(frame->ethernet + TYPE_AT);
	frame->tag = FRAME_NO_TAG;
	if (frame->type != TYPE_VLAN)
		return true;
	/* A tag that is cut off tells nothing. */
	if (bytes < LGUEST_FRAME_MIN + TAG_BYTES)
		return false;
	frame->tag = read_u16(frame->ethernet + TYPE_AT + 2);
	frame->type = read_u16(frame->ethernet + TYPE_AT + TAG_BYTES);
	return true;
}

bool frame_is_control(const struct frame *frame)
{
	/* IEEE 802.1D, reserved addresses: 01:80:c2:00:00:00 to :0f. */
	static const uint8_t reserved[] = { 0x01, 0x80, 0xc2, 0x00, 0x00 };

	return !memcmp(frame->ethernet, reserved, sizeof(reserved)) &&
	       frame->ethernet[5] < 0x10;
}

void frame_copy(const struct frame *frame, uint8_t *to)
{
	unsigned int i;

	for (i = 0; i < frame->parts; i++) {
		memcpy(to, frame->iov[i].iov_base, frame->iov[i].iov_len);
		to += frame->iov[i].iov_len;
	}
}

/* Offsets in the header count from the Ethernet header, which grows. */
static void shift_offsets(uint8_t *head, int by)
{
	struct virtio_net_hdr header;

	memcpy(&header, head, sizeof(header));
	if (header.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
		header.csum_start += by;
	if (header.gso_type != VIRTIO_NET_HDR_GSO_NONE && header.hdr_len)
		header.hdr_len += by;
	memcpy(head, &header, sizeof(header));
}

void frame_set_tag(const struct frame *frame, int tag, struct frame *edited,
		   struct frame_edit *edit)
{
	const uint8_t *head = frame->iov[0].iov_base;
	size_t old = LGUEST_FRAME_HEADER + TYPE_AT +
		     (frame->tag == FRAME_NO_TAG ? 0 : TAG_BYTES);
	size_t new = LGUEST_FRAME_HEADER + TYPE_AT;

	memcpy(edit->head, head, new);
	if (tag != FRAME_NO_TAG) {
		edit->head[new++] = TYPE_VLAN >> 8;
		edit->head[new++] = TYPE_VLAN & 0xff;
		edit->head[new++] = tag >> 8;
		edit->head[new++] = tag;
	}
	shift_offsets(edit->head, (int)new - (int)old);
	edit->iov[0] = (struct iovec){ edit->head, new };
	edit->iov[1] = (struct iovec){
		(uint8_t *)head + old, frame->iov[0].iov_len - old
	};
	memcpy(&edit->iov[2], &frame->iov[1],
	       (frame->parts - 1) * sizeof(frame->iov[1]));
	*edited = *frame;
	edited->iov = edit->iov;
	edited->parts = frame->parts + 1;
	edited->bytes = frame->bytes + new - old;
	edited->tag = tag;
	edited->ethernet = edit->head + LGUEST_FRAME_HEADER;
	edited->lender = NULL;
}
