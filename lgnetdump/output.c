// SPDX-License-Identifier: GPL-2.0
/*
 * output.c - buffers and writes a capture's bytes.  See output.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"

/* zlib: window of 32 KiB, with gzip's head and tail. */
#define GZIP_WINDOW	(15 + 16)
/* Captures are written at speed: most of what there is to gain, for a third. */
#define GZIP_LEVEL	3
#define GZIP_MEMORY	8

bool (*output_gives_up)(void);

static bool init_compress(struct output *output, struct why *why)
{
	int error = deflateInit2(&output->deflate, GZIP_LEVEL, Z_DEFLATED,
				 GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY);

	if (error != Z_OK)
		return why_fail(why, "cannot compress: %s", zError(error));
	output->compress = true;
	output->packed_size = deflateBound(&output->deflate, OUTPUT_BUFFER);
	output->packed = malloc(output->packed_size);
	return output->packed ||
	       why_fail(why, "no memory to compress with");
}

bool output_init(struct output *output, bool compress, struct why *why)
{
	*output = (struct output){ .fd = -1 };
	output->buffer = malloc(OUTPUT_BUFFER);
	output->frame = calloc(OUTPUT_FRAMES, sizeof(*output->frame));
	if (!output->buffer || !output->frame)
		why_fail(why, "no memory for what is to be written");
	else if (!compress || init_compress(output, why))
		return true;
	output_free(output);
	return false;
}

void output_free(struct output *output)
{
	if (output->compress)
		deflateEnd(&output->deflate);
	free(output->packed);
	free(output->frame);
	free(output->buffer);
	*output = (struct output){ .fd = -1 };
}

static bool open_fd(struct output *output, const char *name, struct why *why)
{
	output->is_stdout = !strcmp(name, "-");
	if (output->is_stdout) {
		snprintf(output->name, sizeof(output->name), "standard output");
		output->fd = STDOUT_FILENO;
		return true;
	}
	snprintf(output->name, sizeof(output->name), "%s", name);
	output->fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
			  O_NOCTTY, 0666);
	return output->fd >= 0 ||
	       why_fail(why, "cannot create %s: %m", name);
}

bool output_open(struct output *output, const char *name, struct why *why)
{
	struct stat st;

	output->used = output->frames = output->written = 0;
	output->gone = false;
	if (!open_fd(output, name, why))
		return false;
	/* Standard output may be at any place of a file: leave that alone. */
	output->is_file = !output->is_stdout && !fstat(output->fd, &st) &&
			  S_ISREG(st.st_mode);
	return true;
}

/* --- writing --- */

/* As much as can be written; less than @bytes: errno tells why. */
static size_t write_all(struct output *output, const uint8_t *at, size_t bytes)
{
	size_t done = 0;
	ssize_t wrote;

	while (done < bytes) {
		wrote = write(output->fd, at + done, bytes - done);
		if (wrote > 0)
			done += wrote;
		else if (wrote < 0 && errno != EINTR)
			break;
		/* A signal shows in either way. */
		if (done < bytes && output_gives_up && output_gives_up()) {
			errno = EINTR;
			break;
		}
	}
	return done;
}

/* The whole buffer as one member of a gzip file; its length. */
static size_t pack(struct output *output)
{
	z_stream *stream = &output->deflate;

	deflateReset(stream);
	stream->next_in = output->buffer;
	stream->avail_in = output->used;
	stream->next_out = output->packed;
	stream->avail_out = output->packed_size;
	/* There is room for the worst case, so it ends with one call. */
	deflate(stream, Z_FINISH);
	return output->packed_size - stream->avail_out;
}

/*
 * Only the first @bytes of the buffer are in the file: those of whole frames
 * stay there.  Other frames are counted as not written.
 */
static void cut_off(struct output *output, size_t bytes)
{
	uint64_t keep = 0;
	unsigned int i;

	for (i = 0; i < output->frames; i++) {
		struct output_frame *frame = &output->frame[i];

		if (frame->end <= bytes) {
			keep = frame->end;
			continue;
		}
		if (frame->captured)
			--*frame->captured;
		if (frame->unwritten)
			++*frame->unwritten;
	}
	output->written += keep;
	/* It may be unreadable if not even that works, but nothing else can. */
	if (output->is_file && ftruncate(output->fd, output->written))
		return;
}

static bool fail(struct output *output, int error, struct why *why)
{
	output->gone = error == EPIPE || error == ECONNRESET;
	output->used = output->frames = 0;
	errno = error;
	if (error == EINTR)
		return why_fail(why, "gave up on writing to %s: whoever reads it does not",
				output->name);
	return why_fail(why, "cannot write to %s: %m%s", output->name,
			output->is_file ?
			" (the file can be read, up to the last frame that fits)" : "");
}

bool output_flush(struct output *output, struct why *why)
{
	size_t bytes = output->used, done;
	int error;

	if (!bytes)
		return true;
	if (output->compress) {
		bytes = pack(output);
		done = write_all(output, output->packed, bytes);
	} else {
		done = write_all(output, output->buffer, bytes);
	}
	error = errno;
	if (done < bytes) {
		cut_off(output, output->compress ? 0 : done);
		return fail(output, error, why);
	}
	output->written += bytes;
	output->used = output->frames = 0;
	return true;
}

void *output_room(struct output *output, struct why *why)
{
	if ((OUTPUT_BUFFER - output->used < OUTPUT_PIECE_MAX ||
	     output->frames == OUTPUT_FRAMES) && !output_flush(output, why))
		return NULL;
	return output->buffer + output->used;
}

void output_add(struct output *output, size_t bytes)
{
	output->used += bytes;
}

void output_end_frame(struct output *output, uint64_t *captured,
		      uint64_t *unwritten)
{
	output->frame[output->frames++] = (struct output_frame){
		.end = output->used,
		.captured = captured,
		.unwritten = unwritten,
	};
	if (captured)
		++*captured;
}

uint64_t output_size(const struct output *output)
{
	return output->written + (output->compress ? 0 : output->used);
}

bool output_close(struct output *output, struct why *why)
{
	bool good;

	if (output->fd < 0)
		return true;
	good = output_flush(output, why);
	/* Some file systems say only now that there was no room. */
	if (!output->is_stdout && close(output->fd) && good)
		good = why_fail(why, "cannot write to %s: %m", output->name);
	output->fd = -1;
	return good;
}
