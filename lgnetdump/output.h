/* SPDX-License-Identifier: GPL-2.0 */
/*
 * output.h - where a capture's bytes go: a file or a pipe, as they are or
 * compressed.  Bytes gather in one large buffer that holds whole frames only,
 * so whatever is written ends with a frame, and a file whose disk becomes full
 * is cut off behind the last one that fits.
 *
 * A file that is compressed consists of members (RFC 1952), one per buffer:
 * each can be read without what follows.
 * guide: C:645
 */
#ifndef LGNETDUMP_OUTPUT_H
#define LGNETDUMP_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <zlib.h>

#include "why.h"

/* The longest that may be added in one piece: a frame and what is about it. */
#define OUTPUT_PIECE_MAX	(68 << 10)
#define OUTPUT_BUFFER		(1 << 20)
/* Frames per buffer. */
#define OUTPUT_FRAMES		8192

/* A frame in the buffer. */
struct output_frame {
	uint32_t end;			/* offset behind it */
	uint64_t *captured;		/* counts it, and would no longer */
	uint64_t *unwritten;		/* but that does instead */
};

struct output {
	int fd;
	bool is_stdout;
	bool is_file;			/* can be cut off */
	char name[4096];		/* for people */
	uint8_t *buffer;
	size_t used;
	unsigned int frames;
	struct output_frame *frame;
	uint64_t written;		/* bytes in the file */
	bool gone;			/* the pipe's reader has left */
	/* Compressing */
	bool compress;
	z_stream deflate;
	uint8_t *packed;
	size_t packed_size;
};

/* Memory for buffers, which files that follow each other share. */
bool output_init(struct output *output, bool compress, struct why *why);
void output_free(struct output *output);

/* Create or overwrite a file; "-" is standard output. */
bool output_open(struct output *output, const char *name, struct why *why);

/*
 * Room for up to OUTPUT_PIECE_MAX bytes, which output_add() then adds.  NULL
 * if the buffer has to be written first and cannot be, see output_flush().
 */
void *output_room(struct output *output, struct why *why);
void output_add(struct output *output, size_t bytes);

/*
 * What was added up to here is a frame.  It is counted in @captured; if it
 * cannot be written after all, in @unwritten instead.  Either may be NULL; both
 * are for the beginning of a file and the like: a file may end behind it, too.
 */
void output_end_frame(struct output *output, uint64_t *captured,
		      uint64_t *unwritten);

/*
 * Write what there is.  False: it could not be written as a whole; what could
 * ends with a frame.  output->gone tells that there was nobody to read it.
 */
bool output_flush(struct output *output, struct why *why);

/* Bytes in the file and, but for a compressed one, the buffer. */
uint64_t output_size(const struct output *output);

/* Write the rest; false as for output_flush(), but it is closed in any case. */
bool output_close(struct output *output, struct why *why);

/*
 * Is it time to give up on a write() that a signal has interrupted?  The rest
 * of the program sets this, it is NULL at first.
 */
extern bool (*output_gives_up)(void);

#endif
