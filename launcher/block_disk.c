// SPDX-License-Identifier: GPL-2.0
/*
 * block_disk.c - puts a file, and maybe an overlay, together to a disk.
 */
#include <errno.h>
#include <string.h>

#include "block_disk.h"
#include "log.h"
#include "option.h"
#include "text.h"

static bool set_readonly(void *spec, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct block_spec *)spec)->readonly = true;
	return true;
}

static bool set_overlay(void *spec, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct block_spec *)spec)->overlay = true;
	return true;
}

static const struct option_def settings[] = {
	{ "ro", NULL, NULL, set_readonly },
	{ "overlay", NULL, NULL, set_overlay },
	{ 0 }
};

bool block_parse(const char *text, struct block_spec *spec, struct why *why)
{
	*spec = (struct block_spec){ .readonly = false };
	if (!option_parse_list(settings, text, spec->path, sizeof(spec->path),
			       spec, why))
		return false;
	if (!*spec->path)
		return why_fail(why, "the file's name is empty");
	if (spec->readonly && spec->overlay)
		return why_fail(why, "ro and overlay exclude each other: an overlay is there to be written to");
	return true;
}

/* An overlay ends with us, so nothing in it has to outlast anything. */
static uint32_t choose_flags(const struct block_disk *disk)
{
	bool can_punch = disk->spec->overlay ? disk->overlay.can_punch :
					       disk->file.can_punch;
	uint32_t flags = 0;

	if (disk->spec->readonly)
		return LGUEST_BLOCK_READONLY;
	if (!disk->spec->overlay)
		flags |= LGUEST_BLOCK_CACHED;
	if (can_punch)
		flags |= LGUEST_BLOCK_CAN_DISCARD | LGUEST_BLOCK_CAN_ZERO;
	return flags;
}

bool block_disk_open(struct block_disk *disk, const struct block_spec *spec,
		     struct why *why)
{
	bool writable = !spec->readonly && !spec->overlay;

	disk->spec = spec;
	if (!block_file_open(&disk->file, spec->path, writable, why))
		return false;
	if (spec->overlay &&
	    !block_overlay_open(&disk->overlay, &disk->file, why)) {
		block_file_close(&disk->file);
		return false;
	}
	disk->flags = choose_flags(disk);
	log_info("disk %s: %llu MiB%s%s", spec->path,
		 (unsigned long long)(disk->file.bytes / MIB),
		 spec->readonly ? ", read-only" :
		 spec->overlay ? ", overlay" : "",
		 disk->file.direct ? ", direct I/O" : "");
	return true;
}

void block_disk_close(struct block_disk *disk)
{
	if (disk->spec->overlay)
		block_overlay_close(&disk->overlay);
	block_file_close(&disk->file);
}

void block_disk_describe(const struct block_disk *disk,
			 struct lguest_block *page)
{
	const char *slash = strrchr(disk->spec->path, '/');

	page->sectors = disk->file.bytes / LGUEST_BLOCK_SECTOR;
	page->flags = disk->flags;
	page->block_bytes = disk->spec->overlay ? BLOCK_CLUSTER :
						  disk->file.block_bytes;
	text_printable(page->serial, sizeof(page->serial),
		       slash ? slash + 1 : disk->spec->path,
		       sizeof(page->serial));
}

static int do_write(struct block_disk *disk,
		    const struct block_request *request)
{
	if (disk->spec->overlay)
		return block_overlay_write(&disk->overlay, &request->memory,
					   request->offset);
	return block_file_write(&disk->file, &request->memory,
				request->offset);
}

static int do_read(struct block_disk *disk,
		   const struct block_request *request)
{
	if (disk->spec->overlay)
		return block_overlay_read(&disk->overlay, &request->memory,
					  request->offset);
	return block_file_read(&disk->file, &request->memory,
			       request->offset);
}

static int do_discard(struct block_disk *disk,
		      const struct block_request *request)
{
	if (!(disk->flags & LGUEST_BLOCK_CAN_DISCARD))
		return -EOPNOTSUPP;
	if (disk->spec->overlay)
		return block_overlay_discard(&disk->overlay, request->offset,
					     request->bytes);
	return block_file_punch(&disk->file, request->offset, request->bytes);
}

static int do_zero(struct block_disk *disk,
		   const struct block_request *request)
{
	if (!(disk->flags & LGUEST_BLOCK_CAN_ZERO))
		return -EOPNOTSUPP;
	if (disk->spec->overlay)
		return block_overlay_zero(&disk->overlay, request->offset,
					  request->bytes);
	return block_file_zero(&disk->file, request->offset, request->bytes);
}

static int do_flush(struct block_disk *disk)
{
	return disk->flags & LGUEST_BLOCK_CACHED ?
	       block_file_flush(&disk->file) : 0;
}

static int do_change(struct block_disk *disk,
		     const struct block_request *request)
{
	/* Whatever the guest's driver made of the flag. */
	if (disk->flags & LGUEST_BLOCK_READONLY)
		return -EROFS;
	switch (request->op) {
	case LGUEST_BLOCK_WRITE:
		return do_write(disk, request);
	case LGUEST_BLOCK_DISCARD:
		return do_discard(disk, request);
	case LGUEST_BLOCK_ZERO:
		return do_zero(disk, request);
	default:
		return -EOPNOTSUPP;
	}
}

static int do_request(struct block_disk *disk,
		      const struct block_request *request)
{
	switch (request->op) {
	case LGUEST_BLOCK_READ:
		return do_read(disk, request);
	case LGUEST_BLOCK_FLUSH:
		return do_flush(disk);
	default:
		return do_change(disk, request);
	}
}

uint32_t block_disk_do(struct block_disk *disk,
		       const struct block_request *request)
{
	switch (do_request(disk, request)) {
	case 0:
		return LGUEST_BLOCK_OK;
	case -EOPNOTSUPP:
		return LGUEST_BLOCK_UNSUPPORTED;
	default:
		return LGUEST_BLOCK_IOERR;
	}
}
