/* SPDX-License-Identifier: GPL-2.0 */
/*
 * block_io.h - reading and writing of scattered memory, all of it or an error.
 * What can fail here and in the files above returns 0 or a
 * negative errno.
 * guide: L:460
 */
#ifndef LAUNCHER_BLOCK_IO_H
#define LAUNCHER_BLOCK_IO_H

#include <stdint.h>
#include <sys/uio.h>

#include <lguest/block.h>

/* Memory of a guest; @iov has room for all that a request can name. */
struct block_memory {
	unsigned int count;
	struct iovec iov[LGUEST_BLOCK_PIECES];
};

uint64_t block_memory_bytes(const struct block_memory *memory);

/* The part of @memory that begins after @skip bytes and has @bytes. */
void block_memory_slice(const struct block_memory *memory, uint64_t skip,
			uint64_t bytes, struct block_memory *slice);

/* The errno of a file that ends too early. */
#define BLOCK_ENDED	ENODATA

int block_read(int fd, const struct block_memory *memory, uint64_t offset);
int block_write(int fd, const struct block_memory *memory, uint64_t offset);

/*
 * Let a range read as zeros and give back its space, if the file can; else
 * -EOPNOTSUPP.
 */
int block_punch(int fd, uint64_t offset, uint64_t bytes);

#endif
