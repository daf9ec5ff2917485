// SPDX-License-Identifier: GPL-2.0
/*
 * checksum.c - the Internet checksum (RFC 1071).  See checksum.h.
 *
 * Sums are of 64-bit words: a carry out of 16 bits counts as 1, so that what
 * counts is the sum modulo 0xffff, and words of any even size have the same.
 * For the same reason byte order does not matter, as long as the result goes
 * back into memory as it is.
 * guide: C:155
 */
#include <string.h>

#include <linux/if_ether.h>
#include <linux/virtio_net.h>

#include "checksum.h"
#include "iovec.h"

/* As nets have it: without num_buffers. */
#define VNET_BYTES	sizeof(struct virtio_net_hdr)

uint64_t checksum_add(uint64_t sum, const void *data, size_t bytes)
{
	const char *at = data;
	uint64_t word, carries = 0;

	for (; bytes >= sizeof(word); bytes -= sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		carries += __builtin_add_overflow(sum, word, &sum);
		at += sizeof(word);
	}
	if (bytes) {
		word = 0;
		memcpy(&word, at, bytes);
		carries += __builtin_add_overflow(sum, word, &sum);
	}
	/* With room for more to be added. */
	return (sum >> 32) + (uint32_t)sum + carries;
}

uint16_t checksum_fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

uint64_t checksum_add_iov(uint64_t sum, const struct iovec *iov,
			  unsigned int parts, size_t offset, size_t bytes)
{
	size_t done = 0;

	for (; parts-- && done < bytes; iov++) {
		size_t skip = offset < iov->iov_len ? offset : iov->iov_len;
		size_t here = iov->iov_len - skip;
		uint64_t part;

		offset -= skip;
		if (here > bytes - done)
			here = bytes - done;
		if (!here)
			continue;
		part = checksum_add(0, (char *)iov->iov_base + skip, here);
		/* Its words are the other way round than ours. */
		if (done & 1)
			part = __builtin_bswap16(checksum_fold(part));
		sum += part;
		done += here;
	}
	return sum;
}

enum checksum_verdict checksum_find(const struct iovec *iov,
				    unsigned int parts,
				    struct checksum *checksum)
{
	size_t bytes = iovec_bytes(iov, parts);
	struct virtio_net_hdr vnet;
	size_t start, field;
	uint16_t value;

	if (!iovec_read(iov, parts, 0, &vnet, VNET_BYTES) ||
	    !(vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM))
		return CHECKSUM_NONE;
	start = VNET_BYTES + vnet.csum_start;
	field = start + vnet.csum_offset;
	if (vnet.csum_start < ETH_HLEN || field + sizeof(value) > bytes)
		return CHECKSUM_BAD;
	value = ~checksum_fold(checksum_add_iov(0, iov, parts, start,
						bytes - start));
	/* To UDP 0 would be no checksum at all; to others it is the same. */
	if (!value)
		value = 0xffff;
	checksum->offset = field;
	memcpy(checksum->field, &value, sizeof(value));
	return CHECKSUM_DUE;
}

enum checksum_verdict checksum_complete(const struct iovec *iov,
					unsigned int parts)
{
	struct checksum checksum;
	enum checksum_verdict verdict = checksum_find(iov, parts, &checksum);
	struct virtio_net_hdr vnet;

	if (verdict != CHECKSUM_DUE)
		return verdict;
	iovec_write(iov, parts, checksum.offset, checksum.field,
		    sizeof(checksum.field));
	iovec_read(iov, parts, 0, &vnet, VNET_BYTES);
	vnet.flags &= ~VIRTIO_NET_HDR_F_NEEDS_CSUM;
	vnet.csum_start = 0;
	vnet.csum_offset = 0;
	iovec_write(iov, parts, 0, &vnet, VNET_BYTES);
	return verdict;
}
