/* SPDX-License-Identifier: GPL-2.0 */
/*
 * block_overlay.h - what a guest writes to a disk whose file stays as it is:
 * a nameless file that goes with us, and a map of what is in it.  Reading takes
 * each cluster from where it is.
 * guide: L:440
 */

/*
 * An overlay is gone when its launcher is.  To keep one, its map would have to
 * be written beside the data, in an order that a crash does not spoil; or it
 * could be qcow2, which others read.
 * guide: M:150
 */

#ifndef LAUNCHER_BLOCK_OVERLAY_H
#define LAUNCHER_BLOCK_OVERLAY_H

#include <pthread.h>

#include "block_file.h"

/* Bytes that are in the overlay together or not at all: a guest's page. */
#define BLOCK_CLUSTER	4096

struct block_overlay {
	struct block_file *base;
	int fd;
	/* A bit for each cluster that is in it; none is ever cleared. */
	unsigned long *map;
	/* Held to write for bringing a cluster in, else for writing data. */
	pthread_rwlock_t clusters;
	bool can_punch;
	bool has_complained;
};

/* The file is made in $TMPDIR, or /var/tmp. */
bool block_overlay_open(struct block_overlay *overlay, struct block_file *base,
			struct why *why);
void block_overlay_close(struct block_overlay *overlay);

/* As those of block_file.h. */
int block_overlay_read(struct block_overlay *overlay,
		       const struct block_memory *memory, uint64_t offset);
int block_overlay_write(struct block_overlay *overlay,
			const struct block_memory *memory, uint64_t offset);
/* May leave what is not a whole cluster as it was. */
int block_overlay_discard(struct block_overlay *overlay, uint64_t offset,
			  uint64_t bytes);
int block_overlay_zero(struct block_overlay *overlay, uint64_t offset,
		       uint64_t bytes);

#endif
