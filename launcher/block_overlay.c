// SPDX-License-Identifier: GPL-2.0
/*
 * block_overlay.c - copies on write.  The overlay's file is sparse and as large
 * as the disk, so each cluster has the same place in both.
 * guide: L:450
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "block_overlay.h"
#include "log.h"

#define DEFAULT_FOLDER	"/var/tmp"
#define WORD_BITS	(8 * sizeof(unsigned long))

static uint64_t cluster_of(uint64_t offset)
{
	return offset / BLOCK_CLUSTER;
}

static bool is_in(const struct block_overlay *overlay, uint64_t cluster)
{
	unsigned long word = __atomic_load_n(&overlay->map[cluster / WORD_BITS],
					     __ATOMIC_ACQUIRE);

	return word >> (cluster % WORD_BITS) & 1;
}

static void set_in(struct block_overlay *overlay, uint64_t cluster)
{
	__atomic_fetch_or(&overlay->map[cluster / WORD_BITS],
			  1UL << (cluster % WORD_BITS), __ATOMIC_RELEASE);
}

static void set_range_in(struct block_overlay *overlay, uint64_t offset,
			 uint64_t bytes)
{
	uint64_t last = cluster_of(offset + bytes - 1);
	uint64_t cluster;

	for (cluster = cluster_of(offset); cluster <= last; cluster++)
		set_in(overlay, cluster);
}

static bool create_file(struct block_overlay *overlay, struct why *why)
{
	const char *folder = getenv("TMPDIR");
	char *path;

	if (!folder || !*folder)
		folder = DEFAULT_FOLDER;
	if (asprintf(&path, "%s/lguest-overlay-XXXXXX", folder) < 0)
		return why_fail(why, "there is no memory for a file's name");
	overlay->fd = mkostemp(path, O_CLOEXEC);
	if (overlay->fd < 0)
		why_fail(why, "cannot create an overlay for the disk %s in %s: %m (TMPDIR names another folder)",
			 overlay->base->path, folder);
	else
		unlink(path);
	free(path);
	if (overlay->fd < 0)
		return false;
	if (!ftruncate(overlay->fd, overlay->base->bytes))
		return true;
	return why_fail(why, "cannot create an overlay of %llu bytes for the disk %s in %s: %m (TMPDIR names another folder)",
			(unsigned long long)overlay->base->bytes,
			overlay->base->path, folder);
}

static bool create_map(struct block_overlay *overlay, struct why *why)
{
	uint64_t clusters = cluster_of(overlay->base->bytes - 1) + 1;

	overlay->map = calloc(clusters / WORD_BITS + 1, sizeof(*overlay->map));
	if (overlay->map)
		return true;
	return why_fail(why, "there is no memory for the map of an overlay of %llu clusters",
			(unsigned long long)clusters);
}

bool block_overlay_open(struct block_overlay *overlay, struct block_file *base,
			struct why *why)
{
	*overlay = (struct block_overlay){ .base = base, .fd = -1 };
	pthread_rwlock_init(&overlay->clusters, NULL);
	if (create_file(overlay, why) && create_map(overlay, why)) {
		/* It has nothing to lose yet. */
		overlay->can_punch = !block_punch(overlay->fd, 0,
						  BLOCK_CLUSTER);
		return true;
	}
	block_overlay_close(overlay);
	return false;
}

void block_overlay_close(struct block_overlay *overlay)
{
	if (overlay->fd >= 0)
		close(overlay->fd);
	free(overlay->map);
	pthread_rwlock_destroy(&overlay->clusters);
}

/* One message: a full file system fails again and again. */
static int complain(struct block_overlay *overlay, int error)
{
	if (error && !__atomic_exchange_n(&overlay->has_complained, true,
					  __ATOMIC_RELAXED))
		log_error("cannot write to the overlay of the disk %s: %s (its guest is told of an I/O error; there is no message for further ones)",
			  overlay->base->path, strerror(-error));
	return error;
}

/* How many of @bytes from @offset on are where the first of them is. */
static uint64_t run_from(const struct block_overlay *overlay, uint64_t offset,
			 uint64_t bytes, bool in)
{
	uint64_t end = offset;

	do {
		end = (cluster_of(end) + 1) * BLOCK_CLUSTER;
	} while (end < offset + bytes && is_in(overlay, cluster_of(end)) == in);
	return end < offset + bytes ? end - offset : bytes;
}

int block_overlay_read(struct block_overlay *overlay,
		       const struct block_memory *memory, uint64_t offset)
{
	uint64_t bytes = block_memory_bytes(memory);
	uint64_t done, run;
	int error = 0;

	for (done = 0; done < bytes && !error; done += run) {
		uint64_t at = offset + done;
		bool in = is_in(overlay, cluster_of(at));
		struct block_memory part;

		run = run_from(overlay, at, bytes - done, in);
		block_memory_slice(memory, done, run, &part);
		error = in ? block_read(overlay->fd, &part, at) :
			     block_file_read(overlay->base, &part, at);
	}
	return error;
}

static int copy_cluster(struct block_overlay *overlay, uint64_t cluster)
{
	uint64_t start = cluster * BLOCK_CLUSTER;
	uint64_t bytes = overlay->base->bytes - start;
	char data[BLOCK_CLUSTER];
	struct block_memory memory = {
		.count = 1,
		.iov[0] = {
			.iov_base = data,
			.iov_len = bytes < sizeof(data) ? bytes : sizeof(data),
		},
	};
	int error = block_file_read(overlay->base, &memory, start);

	if (!error)
		error = complain(overlay,
				 block_write(overlay->fd, &memory, start));
	if (!error)
		set_in(overlay, cluster);
	return error;
}

/*
 * Bring in a cluster of which only a part will be written.  Nobody writes
 * meanwhile: the rest of it that we copy may be theirs.
 */
static int bring_in(struct block_overlay *overlay, uint64_t cluster)
{
	int error = 0;

	if (is_in(overlay, cluster))
		return 0;
	pthread_rwlock_wrlock(&overlay->clusters);
	if (!is_in(overlay, cluster))
		error = copy_cluster(overlay, cluster);
	pthread_rwlock_unlock(&overlay->clusters);
	return error;
}

/* Only the first and the last cluster of a range can be there in part. */
static int bring_in_ends(struct block_overlay *overlay, uint64_t offset,
			 uint64_t bytes)
{
	uint64_t end = offset + bytes;
	int error = 0;

	if (offset % BLOCK_CLUSTER)
		error = bring_in(overlay, cluster_of(offset));
	if (!error && end % BLOCK_CLUSTER && end != overlay->base->bytes)
		error = bring_in(overlay, cluster_of(end));
	return error;
}

int block_overlay_write(struct block_overlay *overlay,
			const struct block_memory *memory, uint64_t offset)
{
	uint64_t bytes = block_memory_bytes(memory);
	int error = bring_in_ends(overlay, offset, bytes);

	if (error)
		return error;
	pthread_rwlock_rdlock(&overlay->clusters);
	error = block_write(overlay->fd, memory, offset);
	if (!error)
		set_range_in(overlay, offset, bytes);
	pthread_rwlock_unlock(&overlay->clusters);
	return complain(overlay, error);
}

/* A hole that is in the overlay reads as zeros. */
static int make_hole(struct block_overlay *overlay, uint64_t offset,
		     uint64_t bytes)
{
	int error;

	pthread_rwlock_rdlock(&overlay->clusters);
	error = block_punch(overlay->fd, offset, bytes);
	if (!error)
		set_range_in(overlay, offset, bytes);
	pthread_rwlock_unlock(&overlay->clusters);
	return complain(overlay, error);
}

int block_overlay_discard(struct block_overlay *overlay, uint64_t offset,
			  uint64_t bytes)
{
	uint64_t start = cluster_of(offset + BLOCK_CLUSTER - 1) * BLOCK_CLUSTER;
	uint64_t end = cluster_of(offset + bytes) * BLOCK_CLUSTER;

	return start < end ? make_hole(overlay, start, end - start) : 0;
}

int block_overlay_zero(struct block_overlay *overlay, uint64_t offset,
		       uint64_t bytes)
{
	int error = bring_in_ends(overlay, offset, bytes);

	return error ? error : make_hole(overlay, offset, bytes);
}
