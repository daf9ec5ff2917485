// SPDX-License-Identifier: GPL-2.0
/*
 * source.c - opens nets, follows who is there, and takes the records that are
 * asked for.  See source.h.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mac.h"
#include "netfile.h"
#include "netpage.h"
#include "nets.h"
#include "source.h"

/*
 * Senders on several CPUs stamp their records after they have reserved them,
 * so that one may be older than the one before it, by as much as a CPU may be
 * away.  A step back that is longer was made by somebody who set the clock.
 */
#define CLOCK_STEP_NS	1000000000ULL

/* What lg.ko shall keep: every byte that it copies costs those who talk. */
static uint32_t ring_snaplen(uint32_t needs)
{
	return needs < NETLOG_SNAPLEN_MAX - LGUEST_FRAME_HEADER ?
	       needs + LGUEST_FRAME_HEADER : NETLOG_SNAPLEN_MAX;
}

void source_init(struct source *source, const struct options *options,
		 unsigned int index, uint32_t needs)
{
	unsigned int i;

	*source = (struct source){
		.path = options->net[index],
		.name = nets_name(options->net[index]),
		.index = index,
		.options = options,
		.snaplen = ring_snaplen(needs),
		.log = { .fd = -1 },
	};
	for (i = 0; i < options->slots; i++)
		source->asked[options->slot[i].end] = true;
}

static bool is_missing(const char *path)
{
	struct stat st;

	return stat(path, &st) && errno == ENOENT;
}

/* When a file is all that comes of it, nobody minds if that takes longer. */
static uint32_t delay_us(const struct options *options)
{
	bool is_file = options->write && strcmp(options->write, "-");

	return is_file && !options->flush && !options->print ?
	       4 * NETLOG_DELAY_US : NETLOG_DELAY_US;
}

enum source_opened source_open(struct source *source, struct why *why)
{
	const struct options *options = source->options;
	const struct netlog_wish wish = {
		.snaplen = source->snaplen,
		.log_bytes = options->ring_bytes,
		.delay_us = delay_us(options),
	};
	int net = netfile_open(source->path, NETFILE_LISTEN, why);
	struct stat st;
	bool good;

	if (net < 0)
		return is_missing(source->path) ? SOURCE_NOT_YET :
						  SOURCE_FAILED;
	fstat(net, &st);
	good = netlog_open(&source->log, net, &wish, why);
	close(net);
	if (!good)
		return SOURCE_FAILED;
	source->is_open = true;
	source->device = st.st_dev;
	source->inode = st.st_ino;
	source->changes = netpage_changes(source->log.page) - 1;
	source_look(source);
	return SOURCE_OPENED;
}

/* Who had slots is not who has those of the next net of that name. */
void source_close(struct source *source)
{
	unsigned int i;

	if (!source->is_open)
		return;
	source->lost_before += netlog_lost(&source->log);
	for (i = 0; i < LGUEST_NET_SLOTS; i++) {
		source->slot[i].known = source->slot[i].present = false;
		source->slot[i].last_id = 0;
	}
	netlog_close(&source->log);
	source->is_open = false;
}

static bool is_anybody_there(const struct source *source)
{
	struct lguest_net_slot owner;
	unsigned int i;

	for (i = 0; i < LGUEST_NET_SLOTS; i++)
		if (netpage_get(source->log.page, i, &owner))
			return true;
	return false;
}

bool source_is_over(const struct source *source)
{
	struct stat st;

	return !stat(source->path, &st) &&
	       (st.st_dev != source->device || st.st_ino != source->inode) &&
	       !is_anybody_there(source);
}

/* --- who is there --- */

/* The number that a word is, or -1. */
static int word_number(const char *word)
{
	char *end;
	long number;

	if (!isdigit((unsigned char)*word))
		return -1;
	number = strtol(word, &end, 10);
	return *end || number >= LGUEST_NET_SLOTS ? -1 : (int)number;
}

/* A name wins over a MAC address only where it is one. */
static bool is_slot(const char *word, unsigned int number,
		    const struct source_slot *slot)
{
	char mac[MAC_TEXT];

	if (word_number(word) == (int)number)
		return true;
	return slot->known && (!strcmp(word, slot->owner.name) ||
		!strcasecmp(word, mac_format(slot->owner.mac, mac)));
}

/* Do words of options for that end, if there are any, say this slot? */
static bool is_asked_for(const struct source *source, enum options_end end,
			 unsigned int number)
{
	const struct options *options = source->options;
	unsigned int i;

	for (i = 0; i < options->slots && number < LGUEST_NET_SLOTS; i++)
		if (options->slot[i].end == end &&
		    is_slot(options->slot[i].word, number,
			    &source->slot[number]))
			return true;
	return !source->asked[end];
}

static void resolve(struct source *source)
{
	enum options_end end;
	unsigned int i;

	for (end = 0; end < OPTIONS_ENDS; end++)
		for (i = 0; i <= LGUEST_NET_NOBODY; i++)
			source->wanted[end][i] = is_asked_for(source, end, i);
}

static bool is_same(const struct lguest_net_slot *a,
		    const struct lguest_net_slot *b)
{
	return a->pid == b->pid && !memcmp(a->mac, b->mac, sizeof(a->mac)) &&
	       !strcmp(a->name, b->name);
}

void source_look(struct source *source)
{
	uint32_t changes = netpage_changes(source->log.page);
	struct lguest_net_slot owner;
	unsigned int i;

	if (changes == source->changes)
		return;
	source->changes = changes;
	for (i = 0; i < LGUEST_NET_SLOTS; i++) {
		struct source_slot *slot = &source->slot[i];

		/* Who has left may have frames that we have not read yet. */
		slot->present = netpage_get(source->log.page, i, &owner);
		if (!slot->present)
			continue;
		if (!slot->known || !is_same(&owner, &slot->owner))
			slot->generation++;
		slot->known = true;
		slot->owner = owner;
	}
	resolve(source);
}

const char *source_slot_name(const struct source *source, unsigned int slot,
			     char text[SOURCE_SLOT_TEXT])
{
	const char *name = "";

	if (slot < LGUEST_NET_SLOTS && source->slot[slot].known)
		name = source->slot[slot].owner.name;
	if (slot >= LGUEST_NET_SLOTS)
		snprintf(text, SOURCE_SLOT_TEXT, "nobody");
	else if (*name)
		snprintf(text, SOURCE_SLOT_TEXT, "%s", name);
	else
		snprintf(text, SOURCE_SLOT_TEXT, "slot %u", slot);
	return text;
}

bool source_wants_slot(const struct source *source, unsigned int slot)
{
	return source->wanted[OPTIONS_EITHER_END][slot] &&
	       (source->wanted[OPTIONS_SOURCE][slot] ||
		source->wanted[OPTIONS_TARGET][slot]);
}

bool source_at_target(const struct source *source, unsigned int from,
		      unsigned int target)
{
	if (target == LGUEST_NET_NOBODY)
		return false;
	if (source->options->copies)
		return true;
	if (source->asked[OPTIONS_EITHER_END])
		return !source->wanted[OPTIONS_EITHER_END][from];
	return source->asked[OPTIONS_TARGET] && !source->asked[OPTIONS_SOURCE];
}

/* --- records --- */

static bool is_of_slots(const struct source *source,
			const struct lguest_net_record *head)
{
	const bool *either = source->wanted[OPTIONS_EITHER_END];

	return (either[head->source] || either[head->target]) &&
	       source->wanted[OPTIONS_SOURCE][head->source] &&
	       source->wanted[OPTIONS_TARGET][head->target];
}

/*
 * One copy tells what was delivered, while each that was not is news.  The
 * copies of a frame follow each other, those of its sender at least.  One that
 * was diverted was seen when it was sent, so that when it is sent on it counts
 * for its target only.
 */
static bool is_further_copy(struct source *source,
			    const struct lguest_net_record *head)
{
	uint64_t *last = &source->slot[head->source].last_id;

	if (source->options->copies || head->verdict != LGUEST_DELIVERED ||
	    !head->id)
		return false;
	if (head->flags & LGUEST_RECORD_SENT_ON &&
	    !source_at_target(source, head->source, head->target))
		return true;
	if (*last == head->id)
		return true;
	*last = head->id;
	return false;
}

bool source_wants(struct source *source, const struct lguest_net_record *head)
{
	source->counts.seen++;
	/* lg.ko never says so, and our tables end there. */
	if (head->source >= LGUEST_NET_SLOTS ||
	    head->target > LGUEST_NET_NOBODY) {
		source->counts.unwanted++;
		return false;
	}
	if (!is_of_slots(source, head) ||
	    (source->options->dropped && head->verdict == LGUEST_DELIVERED)) {
		source->counts.unwanted++;
		return false;
	}
	if (is_further_copy(source, head)) {
		source->counts.copies++;
		return false;
	}
	return true;
}

static bool is_unknown(const struct source *source, unsigned int slot)
{
	return slot < LGUEST_NET_SLOTS && !source->slot[slot].known;
}

/* Somebody who came after we last looked? */
static void meet(struct source *source, const struct lguest_net_record *head)
{
	if (is_unknown(source, head->source) ||
	    is_unknown(source, head->target))
		source_look(source);
}

static void keep_order(struct source *source, struct lguest_net_record *head)
{
	if (head->time_ns < source->last_time_ns &&
	    source->last_time_ns - head->time_ns < CLOCK_STEP_NS)
		head->time_ns = source->last_time_ns;
	source->last_time_ns = head->time_ns;
}

bool source_next(struct source *source, struct netlog_record *record)
{
	while (netlog_next(&source->log, record)) {
		meet(source, &record->head);
		keep_order(source, &record->head);
		if (source_wants(source, &record->head))
			return true;
	}
	return false;
}

void source_done(struct source *source)
{
	netlog_done(&source->log);
	source->counts.lost = source->lost_before + netlog_lost(&source->log);
}
