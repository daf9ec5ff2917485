/* SPDX-License-Identifier: GPL-2.0 */
/*
 * save.h - the file, or the files one after the other, that a capture is
 * written to.
 * guide: C:610
 */
#ifndef LGNETDUMP_SAVE_H
#define LGNETDUMP_SAVE_H

#include <stdbool.h>
#include <stdint.h>

#include "files.h"
#include "frame.h"
#include "output.h"
#include "source.h"
#include "why.h"
#include "writer.h"

enum save_state {
	SAVE_GOOD,
	SAVE_ENDED,			/* there shall be no more files, or no */
					/* reader is left */
	SAVE_FAILED,
};

struct save {
	const struct options *options;
	struct source *source;
	unsigned int sources;
	const struct writer *writer;
	struct files files;
	struct output output;
	uint64_t begun_ns;		/* CLOCK_MONOTONIC: this file's time */
	enum save_state state;
};

bool save_open(struct save *save, const struct options *options,
	       struct source *source, unsigned int sources, struct why *why);

/* A frame was captured, or filtered out.  What is no longer GOOD stays so. */
enum save_state save_frame(struct save *save, struct source *source,
			   const struct frame *frame, struct why *why);
void save_filtered(struct save *save, const struct source *source,
		   const struct frame *frame);

/* Write what there is. */
enum save_state save_flush(struct save *save, struct why *why);

/* Nanoseconds from @now_ns until the next file is due; -1: never. */
int64_t save_due(const struct save *save, uint64_t now_ns);
/* Is it due at that time?  Then begin it. */
enum save_state save_tick(struct save *save, uint64_t now_ns, struct why *why);
/* Begin another file now: somebody asks for it. */
enum save_state save_rotate(struct save *save, struct why *why);

/* False if something could not be written, unless it was told before. */
bool save_close(struct save *save, struct why *why);

#endif
