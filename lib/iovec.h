/* SPDX-License-Identifier: GPL-2.0 */
/*
 * iovec.h - bytes that lie in several pieces of memory (struct iovec), used as
 * if they were one.  Offsets count through all pieces; pieces may be empty.
 * guide: C:160
 */
#ifndef LIB_IOVEC_H
#define LIB_IOVEC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

size_t iovec_bytes(const struct iovec *iov, unsigned int parts);

/* Copy out of the pieces, or into them.  False, and nothing: too few bytes. */
bool iovec_read(const struct iovec *iov, unsigned int parts, size_t offset,
		void *to, size_t bytes);
bool iovec_write(const struct iovec *iov, unsigned int parts, size_t offset,
		 const void *from, size_t bytes);

/*
 * The pieces of a range, in @slice, which has room for as many as there are.
 * How many it took; the range has to be there.
 */
unsigned int iovec_slice(const struct iovec *iov, unsigned int parts,
			 size_t offset, size_t bytes, struct iovec *slice);

#endif
