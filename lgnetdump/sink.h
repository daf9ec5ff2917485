/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sink.h - where a capture's frames end up: what matches the filter is shown,
 * written, or both, whole or split, and whatever happens to it is counted.
 * guide: C:545
 */

/*
 * Two ways lead on from here.  One is for eyes: print.h, which asks describe.h
 * what a frame is about.  The other is for files: save.h, which has one of two
 * writers put frames into an output.
 * guide: C:550
 */

#ifndef LGNETDUMP_SINK_H
#define LGNETDUMP_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "filter.h"
#include "options.h"
#include "print.h"
#include "save.h"
#include "source.h"
#include "why.h"

enum sink_state {
	SINK_GOOD,
	SINK_ENDED,			/* enough, or nobody takes more */
	SINK_FAILED,
};

struct sink {
	const struct options *options;
	struct filter filter;
	struct save save;
	bool saves, prints;
	bool flushes;			/* whoever reads it waits for it */
	uint64_t left;			/* frames until --count is reached */
	uint64_t flushed_ns;		/* CLOCK_MONOTONIC */
	bool has_news;			/* since then */
	enum sink_state state;		/* what is no longer GOOD stays so */
};

/* Is the filter good?  Nothing is written yet. */
bool sink_init(struct sink *sink, const struct options *options,
	       struct why *why);
/*
 * Bytes of a frame, from its Ethernet header on, that make a difference to
 * what comes of it; whoever has only these need not have its checksum made.
 */
uint32_t sink_needs(const struct sink *sink);
/* Begin the file, if one is to be written. */
bool sink_open(struct sink *sink, struct source *source, unsigned int sources,
	       struct why *why);

/* A record that is asked for. */
void sink_take(struct sink *sink, struct source *source,
	       const struct netlog_record *record, struct why *why);

/*
 * Show and write what has been kept back.  A sink that has nothing to do for a
 * while is to be told before that, and otherwise once in a while.
 */
void sink_flush(struct sink *sink, uint64_t now_ns, struct why *why);
void sink_pause(struct sink *sink, uint64_t now_ns, struct why *why);
void sink_tick(struct sink *sink, uint64_t now_ns, struct why *why);
/* Nanoseconds until sink_tick() has something to do; -1: never. */
int64_t sink_due(const struct sink *sink, uint64_t now_ns);

/* Begin another file.  False: there is none that could be followed by one. */
bool sink_rotate(struct sink *sink, struct why *why);

/* What poll() shall watch, for its reader to leave; -1: nothing. */
int sink_reader(const struct sink *sink);
void sink_reader_left(struct sink *sink);

/* The last is written; false: something could not be. */
bool sink_close(struct sink *sink, struct why *why);
void sink_free(struct sink *sink);

#endif
