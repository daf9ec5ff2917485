// SPDX-License-Identifier: GPL-2.0
/*
 * block_file.c - opens what a disk is made of and moves data to and from it.
 * It is never mapped: a mapping of a file that others shorten would end us.
 *
 * A disk that its guest writes to goes past the host's page cache (O_DIRECT)
 * where that works, since the guest has a cache itself.  One that is only read
 * may serve many guests, and is cached once for all of them.
 * guide: L:430
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "block_file.h"
#include "log.h"

/* Of memory that O_DIRECT takes, if it takes single sectors. */
#define DIRECT_ALIGN	LGUEST_BLOCK_SECTOR

/* Of memory that O_DIRECT always takes. */
#define SAFE_ALIGN	4096

static bool cannot_open(const char *path, bool writable, struct why *why)
{
	bool denied = errno == EACCES || errno == EPERM || errno == EROFS;

	return why_fail(why, "cannot open the disk %s: %m%s", path,
			denied && writable ?
			" (its guest writes to it; with ,ro or ,overlay behind its name reading is enough)" :
			"");
}

static bool lock(struct block_file *file, bool writable, struct why *why)
{
	if (!flock(file->fd, (writable ? LOCK_EX : LOCK_SH) | LOCK_NB))
		return true;
	if (errno != EWOULDBLOCK) {
		log_notice("cannot lock the disk %s: %m (nothing keeps two guests from writing to it)",
			   file->path);
		return true;
	}
	if (writable)
		return why_fail(why, "cannot use the disk %s: it is in use already (only one guest may write to it; with ,overlay behind its name each writes to a copy of its own)",
				file->path);
	return why_fail(why, "cannot use the disk %s: a guest writes to it (stop that one, or give both a ,ro or ,overlay behind its name)",
			file->path);
}

static bool find_kind(struct block_file *file, struct stat *st,
		      struct why *why)
{
	if (fstat(file->fd, st))
		return why_fail(why, "cannot look at the disk %s: %m",
				file->path);
	if (S_ISDIR(st->st_mode))
		return why_fail(why, "cannot use the disk %s: it is a directory",
				file->path);
	if (!S_ISREG(st->st_mode) && !S_ISBLK(st->st_mode))
		return why_fail(why, "cannot use the disk %s: it is neither a regular file nor a block device",
				file->path);
	file->is_regular = S_ISREG(st->st_mode);
	return true;
}

static bool find_size(struct block_file *file, struct why *why)
{
	off_t end = lseek(file->fd, 0, SEEK_END);

	if (end < 0)
		return why_fail(why, "cannot find the size of the disk %s: %m",
				file->path);
	if (end < LGUEST_BLOCK_SECTOR)
		return why_fail(why, "cannot use the disk %s: it has %lld bytes, and a sector has %d (truncate -s 1G %s would give it a size)",
				file->path, (long long)end,
				LGUEST_BLOCK_SECTOR, file->path);
	file->bytes = end - end % LGUEST_BLOCK_SECTOR;
	if (file->bytes != (uint64_t)end)
		log_notice("the disk %s does not end with a whole sector: its guest does not see the last %d bytes",
			   file->path, (int)(end % LGUEST_BLOCK_SECTOR));
	return true;
}

/* A power of two that both sides can live with. */
static uint32_t choose_block(const struct stat *st)
{
	uint32_t block = 4096;

	while (block < st->st_blksize && block < 65536)
		block *= 2;
	return block;
}

/* Behind its end a file has nothing to lose.  A block device tells later. */
static bool probe_punch(const struct block_file *file)
{
	uint64_t behind = (file->bytes | (SAFE_ALIGN - 1)) + 1;

	return !file->is_regular ||
	       !block_punch(file->fd, behind, SAFE_ALIGN);
}

static bool set_direct(struct block_file *file, bool direct)
{
	int flags = fcntl(file->fd, F_GETFL);

	return !fcntl(file->fd, F_SETFL, direct ? flags | O_DIRECT :
						  flags & ~O_DIRECT);
}

/* Does O_DIRECT take a single sector, and memory aligned like that? */
static bool probe_direct(struct block_file *file)
{
	uint64_t at = file->bytes - LGUEST_BLOCK_SECTOR;
	char *memory;
	bool good;

	/* An odd sector, if there is one. */
	if (at >= 2 * LGUEST_BLOCK_SECTOR)
		at = LGUEST_BLOCK_SECTOR;
	if (!set_direct(file, true))
		return false;
	memory = aligned_alloc(SAFE_ALIGN, SAFE_ALIGN);
	good = memory && pread(file->fd, memory + DIRECT_ALIGN,
			       LGUEST_BLOCK_SECTOR, at) == LGUEST_BLOCK_SECTOR;
	free(memory);
	if (!good)
		set_direct(file, false);
	return good;
}

static bool examine(struct block_file *file, bool writable, struct why *why)
{
	struct stat st;

	if (!find_kind(file, &st, why) || !lock(file, writable, why) ||
	    !find_size(file, why))
		return false;
	file->block_bytes = choose_block(&st);
	if (writable) {
		file->can_punch = probe_punch(file);
		file->direct = probe_direct(file);
	}
	return true;
}

bool block_file_open(struct block_file *file, const char *path, bool writable,
		     struct why *why)
{
	/* O_NONBLOCK: opening a pipe must not wait for its other end. */
	int flags = (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK |
		    O_NOCTTY;

	*file = (struct block_file){ .path = path };
	file->fd = open(path, flags);
	if (file->fd < 0)
		return cannot_open(path, writable, why);
	if (examine(file, writable, why))
		return true;
	block_file_close(file);
	return false;
}

void block_file_close(struct block_file *file)
{
	close(file->fd);
	file->fd = -1;
}

/* One message per disk: a guest can cause any number of them. */
static int complain(struct block_file *file, const char *what,
		    uint64_t offset, int error)
{
	if (error && error != -EOPNOTSUPP &&
	    !__atomic_exchange_n(&file->has_complained, true,
				 __ATOMIC_RELAXED))
		log_error("cannot %s the disk %s at byte %llu: %s (its guest is told of an I/O error; there is no message for further ones)",
			  what, file->path, (unsigned long long)offset,
			  error == -BLOCK_ENDED ? "it has become shorter" :
			  strerror(-error));
	return error;
}

/* Is all of it there still? */
static int check_end(const struct block_file *file, uint64_t end)
{
	struct stat st;

	if (!file->is_regular)
		return 0;
	if (fstat(file->fd, &st))
		return -errno;
	return (uint64_t)st.st_size < end ? -BLOCK_ENDED : 0;
}

static bool is_aligned(const struct block_memory *memory)
{
	unsigned int i;

	for (i = 0; i < memory->count; i++)
		if (((uintptr_t)memory->iov[i].iov_base |
		     memory->iov[i].iov_len) % DIRECT_ALIGN)
			return false;
	return true;
}

/* Memory of our own, aligned, with room for what is in @memory. */
static bool borrow(struct block_memory *own, const struct block_memory *memory)
{
	uint64_t bytes = block_memory_bytes(memory);

	own->count = 1;
	own->iov[0].iov_len = bytes;
	own->iov[0].iov_base = aligned_alloc(SAFE_ALIGN,
					     (bytes | (SAFE_ALIGN - 1)) + 1);
	return own->iov[0].iov_base;
}

static int read_unaligned(int fd, const struct block_memory *memory,
			  uint64_t offset)
{
	struct block_memory own;
	unsigned int i;
	char *from;
	int error;

	if (!borrow(&own, memory))
		return -ENOMEM;
	error = block_read(fd, &own, offset);
	from = own.iov[0].iov_base;
	for (i = 0; !error && i < memory->count; i++) {
		memcpy(memory->iov[i].iov_base, from, memory->iov[i].iov_len);
		from += memory->iov[i].iov_len;
	}
	free(own.iov[0].iov_base);
	return error;
}

static int write_unaligned(int fd, const struct block_memory *memory,
			   uint64_t offset)
{
	struct block_memory own;
	unsigned int i;
	char *to;
	int error;

	if (!borrow(&own, memory))
		return -ENOMEM;
	to = own.iov[0].iov_base;
	for (i = 0; i < memory->count; i++) {
		memcpy(to, memory->iov[i].iov_base, memory->iov[i].iov_len);
		to += memory->iov[i].iov_len;
	}
	error = block_write(fd, &own, offset);
	free(own.iov[0].iov_base);
	return error;
}

static bool is_direct(const struct block_file *file)
{
	return __atomic_load_n(&file->direct, __ATOMIC_RELAXED);
}

/* The probe was too hopeful. */
static void give_up_direct(struct block_file *file)
{
	__atomic_store_n(&file->direct, false, __ATOMIC_RELAXED);
	set_direct(file, false);
}

int block_file_read(struct block_file *file, const struct block_memory *memory,
		    uint64_t offset)
{
	bool direct = is_direct(file);
	int error = direct && !is_aligned(memory) ?
		    read_unaligned(file->fd, memory, offset) :
		    block_read(file->fd, memory, offset);

	if (error == -EINVAL && direct) {
		give_up_direct(file);
		error = block_read(file->fd, memory, offset);
	}
	return complain(file, "read", offset, error);
}

static int write_all(struct block_file *file,
		     const struct block_memory *memory, uint64_t offset)
{
	bool direct = is_direct(file);
	int error = direct && !is_aligned(memory) ?
		    write_unaligned(file->fd, memory, offset) :
		    block_write(file->fd, memory, offset);

	if (error == -EINVAL && direct) {
		give_up_direct(file);
		error = block_write(file->fd, memory, offset);
	}
	return error;
}

int block_file_write(struct block_file *file,
		     const struct block_memory *memory, uint64_t offset)
{
	int error = check_end(file, offset + block_memory_bytes(memory));

	if (!error)
		error = write_all(file, memory, offset);
	return complain(file, "write to", offset, error);
}

int block_file_punch(struct block_file *file, uint64_t offset, uint64_t bytes)
{
	int error = check_end(file, offset + bytes);

	if (!error)
		error = block_punch(file->fd, offset, bytes);
	return complain(file, "discard blocks of", offset, error);
}

/* Space stays allocated, so that writing there cannot fail for want of it. */
static int zero_range(int fd, uint64_t offset, uint64_t bytes)
{
	int mode = FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE;

	while (fallocate(fd, mode, offset, bytes))
		if (errno != EINTR)
			return -errno;
	return 0;
}

int block_file_zero(struct block_file *file, uint64_t offset, uint64_t bytes)
{
	int error = check_end(file, offset + bytes);

	if (!error)
		error = zero_range(file->fd, offset, bytes);
	if (error == -EOPNOTSUPP)
		error = block_punch(file->fd, offset, bytes);
	return complain(file, "write zeros to", offset, error);
}

int block_file_flush(struct block_file *file)
{
	int error = fdatasync(file->fd) ? -errno : 0;

	return complain(file, "flush", 0, error);
}
