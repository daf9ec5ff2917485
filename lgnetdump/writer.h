/* SPDX-License-Identifier: GPL-2.0 */
/*
 * writer.h - puts frames into an output, in one of the formats.  All of these
 * fail only if the output does.
 * guide: C:625
 */
#ifndef LGNETDUMP_WRITER_H
#define LGNETDUMP_WRITER_H

#include <stdbool.h>

#include "frame.h"
#include "output.h"
#include "source.h"
#include "why.h"

struct writer {
	/* A file begins: frames of any of @sources follow. */
	bool (*begin)(struct output *output, const struct options *options,
		      struct source *source, unsigned int sources,
		      struct why *why);
	/* A frame was asked for and is not filtered out; count and put it. */
	bool (*frame)(struct output *output, struct source *source,
		      const struct frame *frame, struct why *why);
	/* One that did not match the filter: only to be counted. */
	void (*filtered)(const struct source *source,
			 const struct frame *frame);
	/* The file ends. */
	bool (*end)(struct output *output, struct source *source,
		    unsigned int sources, struct why *why);
	void (*free)(void);
};

/* What was added to @output is that frame: count it. */
static inline void writer_end_frame(struct output *output,
				    struct source *source,
				    const struct frame *frame)
{
	struct counts *counts = &source->counts;

	output_end_frame(output, frame->is_segment ? &counts->segments :
						     &counts->captured,
			 frame->is_segment ? NULL : &counts->unwritten);
}

/* One of each at a time. */
extern const struct writer writer_pcap, writer_pcapng;

#endif
