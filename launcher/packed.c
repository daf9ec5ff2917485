// SPDX-License-Identifier: GPL-2.0
/*
 * packed.c - recognizes compressed kernels and inflates gzip.  The result goes
 * into one buffer of the size that the data itself announces, so data that
 * unpacks to more than it said, or says too much, is refused before it can
 * hurt.
 * guide: L:150
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "array.h"
#include "packed.h"

/* inflateInit2(): the largest window, and gzip's header instead of zlib's. */
#define GZIP_WINDOW_BITS	(15 + 16)

/* A gzip file ends with its unpacked size, in 4 bytes, least first. */
#define GZIP_SIZE_BYTES		4
#define GZIP_SHORTEST		18

struct magic {
	const char *format;
	size_t bytes;
	const char *start;
};

/* Every compression that a Linux kernel can be built with. */
static const struct magic magics[] = {
	{ "gzip", 3, "\x1f\x8b\x08" },
	{ "bzip2", 3, "BZh" },
	{ "lzma", 3, "\x5d\x00\x00" },
	{ "xz", 6, "\3757zXZ\0" },
	{ "lzo", 4, "\x89LZO" },
	{ "lz4", 4, "\x02\x21\x4c\x18" },
	{ "zstd", 4, "\x28\xb5\x2f\xfd" },
};

const char *packed_format(const uint8_t *data, size_t bytes)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(magics); i++)
		if (bytes >= magics[i].bytes &&
		    !memcmp(data, magics[i].start, magics[i].bytes))
			return magics[i].format;
	return NULL;
}

static bool announced_size(const uint8_t *data, size_t bytes, size_t *size,
			   struct why *why)
{
	const uint8_t *end;

	if (bytes < GZIP_SHORTEST)
		return why_fail(why, "its gzip data is cut off");
	end = data + bytes - GZIP_SIZE_BYTES;
	*size = end[0] | end[1] << 8 | end[2] << 16 | (size_t)end[3] << 24;
	if (!*size)
		return why_fail(why, "its gzip data is empty or cut off");
	if (*size > PACKED_LIMIT)
		return why_fail(why, "its gzip data says it unpacks to %zu MiB; the limit is %u MiB (is it damaged, or full of debug information?)",
				*size >> 20, PACKED_LIMIT >> 20);
	return true;
}

/* *@to_bytes is the room on entry, and what came out on return. */
static int inflate_all(const uint8_t *data, size_t bytes, uint8_t *to,
		       size_t *to_bytes)
{
	z_stream stream = {
		/* zlib does not write there, but says so only if asked to */
		.next_in = (uint8_t *)data,
		.avail_in = bytes,
		.next_out = to,
		.avail_out = *to_bytes,
	};
	int status = inflateInit2(&stream, GZIP_WINDOW_BITS);

	if (status != Z_OK)
		return status;
	status = inflate(&stream, Z_FINISH);
	*to_bytes = stream.total_out;
	inflateEnd(&stream);
	return status;
}

static bool inflate_gzip(const uint8_t *data, size_t bytes, uint8_t *to,
			 size_t size, struct why *why)
{
	size_t unpacked = size;

	switch (inflate_all(data, bytes, to, &unpacked)) {
	case Z_STREAM_END:
		if (unpacked == size)
			return true;
		return why_fail(why, "its gzip data is damaged: it has %zu bytes but says %zu",
				unpacked, size);
	case Z_MEM_ERROR:
		return why_fail(why, "there is not enough memory to unpack it");
	default:
		return why_fail(why, "its gzip data is damaged or cut off");
	}
}

bool packed_inflate(const uint8_t *data, size_t bytes, uint8_t **to,
		    size_t *to_bytes, struct why *why)
{
	const char *format = packed_format(data, bytes);
	size_t size = 0;

	if (!format)
		return why_fail(why, "its data is packed in no known way (is it damaged?)");
	if (strcmp(format, "gzip"))
		return why_fail(why, "it is packed with %s, but only gzip is supported (rebuild with CONFIG_KERNEL_GZIP)",
				format);
	if (bytes > PACKED_LIMIT)
		return why_fail(why, "its gzip data has more than %u MiB",
				PACKED_LIMIT >> 20);
	if (!announced_size(data, bytes, &size, why))
		return false;
	*to = malloc(size);
	if (!*to)
		return why_fail(why, "there is not enough memory to unpack its %zu bytes",
				size);
	if (!inflate_gzip(data, bytes, *to, size, why)) {
		free(*to);
		*to = NULL;
		return false;
	}
	*to_bytes = size;
	return true;
}
