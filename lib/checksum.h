/* SPDX-License-Identifier: GPL-2.0 */
/*
 * checksum.h - the Internet checksum, and frames that leave theirs to others.
 *
 * A frame of a net may come with VIRTIO_NET_HDR_F_NEEDS_CSUM: its TCP or UDP
 * checksum field then holds the sum of the pseudo header only, and whoever
 * takes the frame to where no virtio_net_hdr goes along has to add the rest,
 * from csum_start to the end.
 *
 * Frames are in pieces (struct iovec), struct virtio_net_hdr first; any number
 * of pieces, cut anywhere.  Nothing in them is trusted.
 * guide: C:150
 */
#ifndef LIB_CHECKSUM_H
#define LIB_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

/*
 * Add data to a sum of 16-bit words, as they are in memory.  What is added in
 * several steps has to have an even length in all but the last.
 */
uint64_t checksum_add(uint64_t sum, const void *data, size_t bytes);

/* The same for @bytes of a frame, from @offset on, in steps of any length. */
uint64_t checksum_add_iov(uint64_t sum, const struct iovec *iov,
			  unsigned int parts, size_t offset, size_t bytes);

/* A sum in 16 bits; its complement is what goes into a header. */
uint16_t checksum_fold(uint64_t sum);

enum checksum_verdict {
	CHECKSUM_NONE,		/* the frame leaves none to be done */
	CHECKSUM_DUE,		/* it does, and this is it */
	CHECKSUM_BAD,		/* it does, but says nonsense about where */
};

/* A checksum, and where it belongs. */
struct checksum {
	uint32_t offset;	/* in the frame, from its virtio_net_hdr on */
	uint8_t field[2];	/* as it goes there */
};

/* What is to be filled in; does not write to the frame. */
enum checksum_verdict checksum_find(const struct iovec *iov,
				    unsigned int parts,
				    struct checksum *checksum);

/*
 * Fill it in, and clear NEEDS_CSUM, csum_start and csum_offset in the frame's
 * virtio_net_hdr.  If it is CHECKSUM_BAD nothing is written.  For a frame that
 * is to be split (gso_type), see segment.h.
 */
enum checksum_verdict checksum_complete(const struct iovec *iov,
					unsigned int parts);

#endif
