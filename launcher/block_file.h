/* SPDX-License-Identifier: GPL-2.0 */
/*
 * block_file.h - the file or block device of the host that a guest's disk is.
 * Any number of threads may read and write at once.
 */
#ifndef LAUNCHER_BLOCK_FILE_H
#define LAUNCHER_BLOCK_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "block_io.h"
#include "why.h"

struct block_file {
	const char *path;		/* for messages */
	int fd;
	uint64_t bytes;			/* whole sectors of it */
	uint32_t block_bytes;		/* what the host likes */
	bool is_regular;
	bool can_punch;			/* block_file_punch() may work */
	bool direct;			/* past the host's page cache */
	bool has_complained;
};

/*
 * Open and lock it: for others who do the same it is either theirs to read or
 * ours to write.  @path has to last.
 */
bool block_file_open(struct block_file *file, const char *path, bool writable,
		     struct why *why);
void block_file_close(struct block_file *file);

/*
 * The range must lie within file->bytes.  The first failure is logged.  A file
 * that has become shorter does not grow again by being written to.
 */
int block_file_read(struct block_file *file, const struct block_memory *memory,
		    uint64_t offset);
int block_file_write(struct block_file *file,
		     const struct block_memory *memory, uint64_t offset);
int block_file_punch(struct block_file *file, uint64_t offset, uint64_t bytes);
int block_file_zero(struct block_file *file, uint64_t offset, uint64_t bytes);
int block_file_flush(struct block_file *file);

#endif
