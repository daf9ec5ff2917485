// SPDX-License-Identifier: GPL-2.0
/*
 * kernel.c - gets from a kernel file to the program in it.  The file is an ELF
 * file (vmlinux), one packed with gzip, or a bzImage around a packed one.
 */
#include <stdlib.h>

#include "bzimage.h"
#include "file.h"
#include "kernel.h"
#include "layout.h"
#include "packed.h"

static void replace(uint8_t **file, size_t *bytes, uint8_t *new_file,
		    size_t new_bytes)
{
	free(*file);
	*file = new_file;
	*bytes = new_bytes;
}

static bool unpack_bzimage(uint8_t **file, size_t *bytes,
			   struct kernel *kernel, struct why *why)
{
	struct bzimage image;
	uint8_t *unpacked;
	size_t unpacked_bytes;

	if (!bzimage_parse(*file, *bytes, &image, why) ||
	    !packed_inflate(*file + image.payload_offset, image.payload_bytes,
			    &unpacked, &unpacked_bytes, why))
		return false;
	kernel->format = "bzImage";
	if (image.initrd_addr_max)
		kernel->initrd_end_max = (uint64_t)image.initrd_addr_max + 1;
	replace(file, bytes, unpacked, unpacked_bytes);
	return true;
}

static bool unpack_whole(uint8_t **file, size_t *bytes, struct kernel *kernel,
			 struct why *why)
{
	uint8_t *unpacked;
	size_t unpacked_bytes;

	if (!packed_inflate(*file, *bytes, &unpacked, &unpacked_bytes, why))
		return false;
	kernel->format = "packed ELF";
	replace(file, bytes, unpacked, unpacked_bytes);
	return true;
}

static bool unwrap(uint8_t **file, size_t *bytes, struct kernel *kernel,
		   struct why *why)
{
	if (bzimage_recognize(*file, *bytes))
		return unpack_bzimage(file, bytes, kernel, why);
	if (packed_format(*file, *bytes))
		return unpack_whole(file, bytes, kernel, why);
	if (!program_recognize(*file, *bytes))
		return why_fail(why, "it is neither an ELF file (vmlinux) nor a bzImage");
	kernel->format = "ELF";
	return true;
}

bool kernel_unwrap(uint8_t *file, size_t bytes, struct kernel *kernel,
		   struct why *why)
{
	*kernel = (struct kernel){ .initrd_end_max = LAYOUT_RAM_MAX };
	if (unwrap(&file, &bytes, kernel, why) &&
	    program_parse(file, bytes, &kernel->program, why)) {
		kernel->elf = file;
		return true;
	}
	free(file);
	return false;
}

static bool read_open(const struct file *file, uint8_t **bytes,
		      struct why *why)
{
	if (file->bytes > PACKED_LIMIT)
		return why_fail(why, "cannot load kernel %s: it has %llu MiB; the limit is %u MiB (strip --strip-debug makes it smaller)",
				file->path,
				(unsigned long long)file->bytes >> 20,
				PACKED_LIMIT >> 20);
	/* An empty file gets a byte, too: malloc(0) may be NULL. */
	*bytes = malloc(file->bytes + 1);
	if (!*bytes)
		return why_fail(why, "cannot load kernel %s: there is not enough memory for it",
				file->path);
	if (file_read(file, *bytes, why))
		return true;
	free(*bytes);
	return false;
}

static bool read_file(const char *path, uint8_t **bytes, size_t *size,
		      struct why *why)
{
	struct file file;
	bool good;

	if (!file_open(&file, path, why))
		return false;
	*size = file.bytes;
	good = read_open(&file, bytes, why);
	file_close(&file);
	return good;
}

bool kernel_load(const char *path, struct kernel *kernel, struct why *why)
{
	struct why inner;
	uint8_t *file;
	size_t bytes;

	if (!read_file(path, &file, &bytes, why))
		return false;
	if (!kernel_unwrap(file, bytes, kernel, &inner))
		return why_fail(why, "cannot load kernel %s: %s", path,
				inner.text);
	return true;
}

void kernel_free(struct kernel *kernel)
{
	free(kernel->elf);
	kernel->elf = NULL;
}
