/* SPDX-License-Identifier: GPL-2.0 */
/*
 * segment.h - splits a super-frame (a TCP or UDP frame of up to 64 KiB, whose
 * virtio_net_hdr says into how much a piece it is to be cut) into the frames
 * that would be on a wire, as a network card would: lengths, IPv4 ids,
 * sequence numbers, flags and checksums of their own.  Of a frame that is none
 * it makes one, with its checksum completed.
 *
 *	struct segment segment;
 *	struct iovec piece[SEGMENT_PARTS];
 *
 *	verdict = segment_start(&segment, iov, parts);
 *	if (verdict != SEGMENT_GOOD)
 *		... count the frame as dropped: segment_verdict(verdict) ...
 *	while ((count = segment_next(&segment, piece)))
 *		... write piece[0] to piece[count - 1] ...
 *
 * Each frame again begins with a virtio_net_hdr, one of zeros.  Payload is not
 * copied: pieces point into the source, which is not written to, and headers
 * into struct segment; those last until the next call.  Nothing in a frame is
 * trusted.
 * guide: C:140
 */
#ifndef LIB_SEGMENT_H
#define LIB_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "checksum.h"

/* Pieces that the source may have. */
#define SEGMENT_SOURCE_PARTS	64
/* Pieces that a frame made of it has at most. */
#define SEGMENT_PARTS		(SEGMENT_SOURCE_PARTS + 4)
/* Bytes of virtio_net_hdr, Ethernet, IP and TCP headers at most. */
#define SEGMENT_HEADERS		512
/* TCP never has less in a frame (48 without, 8 with all of its options). */
#define SEGMENT_SIZE_MIN	8
/* Frames that one may become: it shall not be a way to make floods. */
#define SEGMENT_COUNT_MAX	2048

enum segment_verdict {
	SEGMENT_GOOD,
	SEGMENT_SHORT,		/* it ends within a header, or was cut off */
	SEGMENT_LONG,		/* too many pieces, or too long headers */
	SEGMENT_TYPE,		/* a kind of super-frame that is not known */
	SEGMENT_PROTOCOL,	/* it is not the protocol that it claims */
	SEGMENT_HEADER,		/* lengths or flags of a header make no sense */
	SEGMENT_FRAGMENT,	/* a fragment, or encrypted: cannot be split */
	SEGMENT_SIZE,		/* payload per frame: too little, too many */
	SEGMENT_CHECKSUM,	/* where the checksum goes makes no sense */
	SEGMENT_VERDICTS
};

struct segment {
	struct iovec source[SEGMENT_SOURCE_PARTS];
	unsigned int parts;
	/* Offsets in the frame, its end (padding does not count) included. */
	uint32_t ip, transport, payload, end;
	uint8_t protocol;		/* of the transport; 0: not to be split */
	bool ipv6;
	uint32_t size;			/* payload per frame */
	uint32_t done;			/* of the payload */
	uint32_t count, index;		/* frames; the next one's number */
	uint16_t pseudo;		/* sum of the pseudo header, no length */
	/* If not to be split: */
	bool has_checksum;
	struct checksum checksum;
	/* As in the source; of the frame made last.  So that fields align. */
	uint8_t header[SEGMENT_HEADERS] __attribute__((aligned(8)));
	uint8_t made[SEGMENT_HEADERS] __attribute__((aligned(8)));
};

/* @iov itself need not last, what it points to has to. */
enum segment_verdict segment_start(struct segment *segment,
				   const struct iovec *iov, unsigned int parts);

/* The next frame: how many of SEGMENT_PARTS pieces; 0: that was all. */
unsigned int segment_next(struct segment *segment, struct iovec *piece);

/*
 * Does the frame say that it is to be split?  If not, segment_start() only
 * fails if its checksum is due and makes no sense.
 */
bool segment_is_due(const struct iovec *iov, unsigned int parts);

/* Why a frame could not be split, for people. */
const char *segment_verdict(enum segment_verdict verdict);

#endif
