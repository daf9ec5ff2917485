// SPDX-License-Identifier: GPL-2.0
/*
 * iovec.c - bytes in several pieces.  See iovec.h.
 */
#include <string.h>

#include "iovec.h"

size_t iovec_bytes(const struct iovec *iov, unsigned int parts)
{
	size_t bytes = 0;

	while (parts--)
		bytes += iov++->iov_len;
	return bytes;
}

/* What of a piece, after skipping *offset, belongs to a range. */
static struct iovec take_part(const struct iovec *iov, size_t *offset,
			      size_t bytes)
{
	size_t skip = *offset < iov->iov_len ? *offset : iov->iov_len;
	size_t here = iov->iov_len - skip;

	*offset -= skip;
	return (struct iovec){
		.iov_base = (char *)iov->iov_base + skip,
		.iov_len = here < bytes ? here : bytes,
	};
}

static bool has_range(const struct iovec *iov, unsigned int parts,
		      size_t offset, size_t bytes)
{
	size_t all = iovec_bytes(iov, parts);

	return offset <= all && bytes <= all - offset;
}

bool iovec_read(const struct iovec *iov, unsigned int parts, size_t offset,
		void *to, size_t bytes)
{
	char *at = to;

	if (!has_range(iov, parts, offset, bytes))
		return false;
	for (; bytes; iov++) {
		struct iovec part = take_part(iov, &offset, bytes);

		if (part.iov_len)
			memcpy(at, part.iov_base, part.iov_len);
		at += part.iov_len;
		bytes -= part.iov_len;
	}
	return true;
}

bool iovec_write(const struct iovec *iov, unsigned int parts, size_t offset,
		 const void *from, size_t bytes)
{
	const char *at = from;

	if (!has_range(iov, parts, offset, bytes))
		return false;
	for (; bytes; iov++) {
		struct iovec part = take_part(iov, &offset, bytes);

		if (part.iov_len)
			memcpy(part.iov_base, at, part.iov_len);
		at += part.iov_len;
		bytes -= part.iov_len;
	}
	return true;
}

unsigned int iovec_slice(const struct iovec *iov, unsigned int parts,
			 size_t offset, size_t bytes, struct iovec *slice)
{
	unsigned int count = 0;

	for (; bytes && parts; iov++, parts--) {
		struct iovec part = take_part(iov, &offset, bytes);

		if (!part.iov_len)
			continue;
		slice[count++] = part;
		bytes -= part.iov_len;
	}
	return count;
}
