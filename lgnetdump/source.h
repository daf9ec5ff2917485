/* SPDX-License-Identifier: GPL-2.0 */
/*
 * source.h - a net that is captured from: opened as soon as it is there, its
 * records (lib/netlog.h), who has which of its slots, and which of its frames
 * are asked for.
 * guide: C:535
 */
#ifndef LGNETDUMP_SOURCE_H
#define LGNETDUMP_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "counts.h"
#include "netlog.h"
#include "options.h"
#include "why.h"

/* Who has, or last had, a slot. */
struct source_slot {
	bool known;			/* somebody has been seen there */
	bool present;			/* and is there */
	struct lguest_net_slot owner;
	uint32_t generation;		/* grows when another owner comes */
	uint64_t last_id;		/* last frame taken from there */
};

struct source {
	const char *path;
	const char *name;		/* for people */
	unsigned int index;		/* among all sources */
	const struct options *options;
	uint32_t snaplen;		/* for lg.ko: with the header */
	bool is_open;
	struct netlog log;
	uint32_t changes;		/* of the net page, when we last looked */
	struct source_slot slot[LGUEST_NET_SLOTS];
	/* Is anything said of that end, and is it about this slot? */
	bool asked[OPTIONS_ENDS];
	bool wanted[OPTIONS_ENDS][LGUEST_NET_NOBODY + 1];
	uint64_t last_time_ns;
	struct counts counts;
	/* The file that is listened to, whatever has its name by now */
	dev_t device;
	ino_t inode;
	/* Of files before it that had the name: records, as lg.ko counts. */
	uint64_t lost_before;
};

/* Why source_open() did not open it. */
enum source_opened {
	SOURCE_OPENED,
	SOURCE_NOT_YET,			/* there is no such file yet */
	SOURCE_FAILED,
};

/* @needs: bytes of each frame, as sink_needs() tells. */
void source_init(struct source *source, const struct options *options,
		 unsigned int index, uint32_t needs);
/* NOT_YET fills @why as FAILED does. */
enum source_opened source_open(struct source *source, struct why *why);
void source_close(struct source *source);

/*
 * Has the net come to its end, because nobody is there any more and another
 * file has its name?  Then it has to be closed and opened once more.
 */
bool source_is_over(const struct source *source);

/* Look who is there now, if that has changed. */
void source_look(struct source *source);

/*
 * The next record that is asked for (but for the filter); false: there is
 * none now.  All others are counted.  It lasts until source_done().
 */
bool source_next(struct source *source, struct netlog_record *record);
void source_done(struct source *source);

/* Its name, or "slot N", or "nobody", in @text. */
#define SOURCE_SLOT_TEXT	32
const char *source_slot_name(const struct source *source, unsigned int slot,
			     char text[SOURCE_SLOT_TEXT]);

/* May frames of this slot be asked for? */
bool source_wants_slot(const struct source *source, unsigned int slot);

/*
 * Is this one taken for what its target receives, rather than for what its
 * source sends?
 */
bool source_at_target(const struct source *source, unsigned int from,
		      unsigned int target);

/* --- for tests: what is behind the calls above --- */

/* Is it one that options ask for?  Counts it if not. */
bool source_wants(struct source *source, const struct lguest_net_record *head);

#endif
