// SPDX-License-Identifier: GPL-2.0
/*
 * block_io.c - system calls that may do less than they were asked for, until
 * all is done.  See block_io.h.
 */
#include <errno.h>
#include <fcntl.h>

#include "block_io.h"

typedef ssize_t (*transfer_fn)(int fd, const struct iovec *iov, int count,
			       off_t offset);

uint64_t block_memory_bytes(const struct block_memory *memory)
{
	uint64_t bytes = 0;
	unsigned int i;

	for (i = 0; i < memory->count; i++)
		bytes += memory->iov[i].iov_len;
	return bytes;
}

void block_memory_slice(const struct block_memory *memory, uint64_t skip,
			uint64_t bytes, struct block_memory *slice)
{
	unsigned int i;

	slice->count = 0;
	for (i = 0; i < memory->count && bytes; i++) {
		struct iovec part = memory->iov[i];

		if (skip >= part.iov_len) {
			skip -= part.iov_len;
			continue;
		}
		part.iov_base = (char *)part.iov_base + skip;
		part.iov_len -= skip;
		skip = 0;
		if (part.iov_len > bytes)
			part.iov_len = bytes;
		bytes -= part.iov_len;
		slice->iov[slice->count++] = part;
	}
}

static int transfer(transfer_fn call, int fd,
		    const struct block_memory *memory, uint64_t offset)
{
	uint64_t bytes = block_memory_bytes(memory);
	uint64_t done = 0;
	struct block_memory rest = *memory;

	while (done < bytes) {
		ssize_t got = call(fd, rest.iov, rest.count, offset + done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			return -BLOCK_ENDED;
		done += got;
		block_memory_slice(memory, done, bytes - done, &rest);
	}
	return 0;
}

int block_read(int fd, const struct block_memory *memory, uint64_t offset)
{
	return transfer(preadv, fd, memory, offset);
}

int block_write(int fd, const struct block_memory *memory, uint64_t offset)
{
	return transfer(pwritev, fd, memory, offset);
}

int block_punch(int fd, uint64_t offset, uint64_t bytes)
{
	int mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;

	while (fallocate(fd, mode, offset, bytes))
		if (errno != EINTR)
			return -errno;
	return 0;
}
