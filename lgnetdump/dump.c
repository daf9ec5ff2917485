// SPDX-License-Identifier: GPL-2.0
/*
 * dump.c - the life of a capture: a loop that empties the rings of its nets,
 * batch by batch, and sleeps when there is nothing in them.  See dump.h.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "dump.h"
#include "filter.h"
#include "log.h"
#include "nets.h"
#include "print.h"
#include "save.h"
#include "signals.h"
#include "source.h"

#define NS_PER_S	1000000000ULL
#define NS_PER_MS	1000000ULL

/* Records that are taken from a ring before it has their room again. */
#define BATCH		256
/* How often we look for a net's file that is not there yet. */
#define LOOK_AGAIN_NS	(20 * NS_PER_MS)
/* What waits in memory goes to the file after that long. */
#define FLUSH_AFTER_NS	NS_PER_S

struct dump {
	const struct options *options;
	struct filter filter;
	struct source source[OPTIONS_NETS_MAX];
	unsigned int sources;
	struct save save;
	bool saves, prints;
	bool flushes;			/* before each sleep */
	uint64_t left;			/* frames until --count is reached */
	uint64_t end_ns;		/* CLOCK_MONOTONIC; 0: none */
	uint64_t flushed_ns;
	bool has_news;			/* since then */
	bool ended;
	bool stopped;			/* in the middle: told to, or in time */
	bool failed;			/* and @why tells */
};

/* Large, and there is one. */
static struct dump dump;
static struct frame_segments segments;

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void fail(void)
{
	dump.ended = dump.failed = true;
}

static void stop(void)
{
	dump.ended = dump.stopped = true;
}

static void follow(enum save_state state)
{
	if (state == SAVE_FAILED)
		fail();
	else if (state == SAVE_ENDED)
		dump.ended = true;
}

static void follow_print(enum print_state state)
{
	if (state == PRINT_FAILED)
		fail();
	else if (state == PRINT_NOBODY)
		dump.ended = true;
}

/* --- beginning --- */

static bool open_missing(struct why *why)
{
	unsigned int i;

	for (i = 0; i < dump.sources; i++) {
		struct source *source = &dump.source[i];

		if (source->is_open)
			continue;
		switch (source_open(source, why)) {
		case SOURCE_OPENED:
			log_notice("listening on %s", source->path);
			break;
		case SOURCE_NOT_YET:
			if (dump.options->wait)
				break;
			return false;
		case SOURCE_FAILED:
			return false;
		}
	}
	return true;
}

static bool is_waiting(void)
{
	unsigned int i;

	for (i = 0; i < dump.sources; i++)
		if (!dump.source[i].is_open)
			return true;
	return false;
}

static void announce_waiting(void)
{
	unsigned int i;

	for (i = 0; i < dump.sources; i++)
		if (!dump.source[i].is_open)
			log_notice("waiting for %s", dump.source[i].path);
}

static bool begin(const struct options *options, struct why *why)
{
	unsigned int i;

	dump = (struct dump){
		.options = options,
		.sources = options->nets,
		.saves = options->write,
		.prints = !options->write || options->print,
		.left = options->count,
	};
	for (i = 0; i < dump.sources; i++)
		source_init(&dump.source[i], options, i);
	if (!filter_compile(&dump.filter, options->filter, why))
		return false;
	if (!open_missing(why))
		return false;
	/* Only now: a file of that name may be dear to somebody. */
	if (dump.saves && !save_open(&dump.save, options, dump.source,
				     dump.sources, why)) {
		dump.saves = false;
		return false;
	}
	dump.flushes = options->flush ||
		       (dump.saves && !dump.save.output.is_file);
	if (dump.prints)
		print_init(options);
	if (options->duration)
		dump.end_ns = monotonic_ns() + options->duration * NS_PER_S;
	announce_waiting();
	return true;
}

/* --- frames --- */

/* A frame, or a segment of one, goes to where it shall. */
static void put(struct source *source, struct frame *frame, struct why *why)
{
	if (frame->captured > dump.options->snaplen)
		frame->captured = dump.options->snaplen;
	if (dump.prints)
		follow_print(print_frame(source, frame, why));
	if (dump.saves)
		follow(save_frame(&dump.save, source, frame, why));
	else if (frame->is_segment)
		source->counts.segments++;
	else
		source->counts.captured++;
}

static void put_segments(struct source *source, struct why *why)
{
	struct frame frame;

	while (!dump.failed && frame_next_segment(&segments, &frame))
		put(source, &frame, why);
}

static void take(struct source *source, const struct netlog_record *record,
		 struct why *why)
{
	const struct options *options = dump.options;
	struct frame frame;

	/* Before it is split its checksum has to be left to be done. */
	frame_from_record(&frame, record,
			  options->raw_checksum || options->segment);
	if (!filter_match(&dump.filter, &frame)) {
		source->counts.filtered++;
		if (dump.saves)
			save_filtered(&dump.save, source, &frame);
		return;
	}
	if (options->segment && frame_split(&segments, &frame, record)) {
		put_segments(source, why);
	} else {
		if (options->segment)
			frame_from_record(&frame, record, false);
		put(source, &frame, why);
	}
	dump.has_news = true;
	if (dump.left && !--dump.left)
		dump.ended = true;
}

/* Up to a batch from one net; false: there was nothing. */
static bool empty_ring(struct source *source, struct why *why)
{
	struct netlog_record record;
	unsigned int i;

	source_look(source);
	for (i = 0; i < BATCH && !dump.ended; i++) {
		if (!source_next(source, &record))
			break;
		take(source, &record, why);
	}
	source_done(source);
	if (source->log.broken && !dump.ended) {
		why_fail(why, "net %s: what lg.ko tells makes no sense any more",
			 source->path);
		fail();
	}
	return i;
}

static bool empty_rings(struct why *why)
{
	bool any = false;
	unsigned int i;

	for (i = 0; i < dump.sources && !dump.ended; i++)
		if (dump.source[i].is_open)
			any |= empty_ring(&dump.source[i], why);
	return any;
}

/* --- the loop --- */

static void flush(uint64_t now_ns, struct why *why)
{
	if (dump.prints)
		follow_print(print_flush(why));
	if (dump.saves)
		follow(save_flush(&dump.save, why));
	dump.flushed_ns = now_ns;
	dump.has_news = false;
}

static void tell_counts(void)
{
	char text[512];
	unsigned int i;

	for (i = 0; i < dump.sources; i++) {
		struct source *source = &dump.source[i];

		if (source->is_open)
			source->counts.lost = netlog_lost(&source->log);
		counts_format(&source->counts, source->name, text,
			      sizeof(text));
		log_notice("%s", text);
	}
}

static void heed_signals(struct why *why)
{
	if (signals_take(SIGUSR1))
		tell_counts();
	if (signals_take(SIGHUP)) {
		/* Without a file it is the terminal that has gone. */
		if (dump.saves && !dump.save.output.is_stdout)
			follow(save_rotate(&dump.save, why));
		else
			stop();
	}
	if (signals_ended())
		stop();
}

static void heed_clock(uint64_t now_ns, struct why *why)
{
	if (dump.saves)
		follow(save_tick(&dump.save, now_ns, why));
	if (dump.end_ns && now_ns >= dump.end_ns)
		stop();
	if (dump.has_news && now_ns - dump.flushed_ns >= FLUSH_AFTER_NS)
		flush(now_ns, why);
	if (is_waiting() && !dump.ended && !open_missing(why))
		fail();
}

static void sooner(int64_t *ns, int64_t other)
{
	if (other >= 0 && (*ns < 0 || other < *ns))
		*ns = other;
}

/* How long we may sleep, in nanoseconds; -1: for ever. */
static int64_t sleep_time(uint64_t now_ns)
{
	int64_t ns = -1;

	if (dump.saves)
		sooner(&ns, save_due(&dump.save, now_ns));
	if (dump.end_ns)
		sooner(&ns, dump.end_ns - now_ns);
	if (dump.has_news)
		sooner(&ns, dump.flushed_ns + FLUSH_AFTER_NS - now_ns);
	if (is_waiting())
		sooner(&ns, LOOK_AGAIN_NS);
	return ns;
}

/* Fills in what to wait for; false: do not, there is something already. */
static bool may_sleep(struct pollfd *polls, unsigned int *count)
{
	unsigned int i;

	*count = 0;
	for (i = 0; i < dump.sources; i++) {
		struct source *source = &dump.source[i];

		if (!source->is_open)
			continue;
		if (!netlog_may_sleep(&source->log))
			return false;
		polls[(*count)++] = (struct pollfd){
			.fd = source->log.fd,
			.events = POLLIN,
		};
	}
	/* A reader that goes away shall not have to wait for a frame. */
	if (dump.saves && !dump.save.output.is_file)
		polls[(*count)++] = (struct pollfd){
			.fd = dump.save.output.fd,
		};
	return true;
}

static bool reader_left(const struct pollfd *polls, unsigned int count)
{
	return dump.saves && !dump.save.output.is_file && count &&
	       polls[count - 1].revents & POLLERR;
}

static void wait_for_more(struct why *why)
{
	struct pollfd polls[OPTIONS_NETS_MAX + 1];
	uint64_t now_ns = monotonic_ns();
	unsigned int count;

	if (dump.flushes || dump.prints)
		flush(now_ns, why);
	if (dump.ended || !may_sleep(polls, &count))
		return;
	if (signals_poll(polls, count, sleep_time(now_ns)) > 0 &&
	    reader_left(polls, count))
		dump.ended = true;
}

static void loop(struct why *why)
{
	while (!dump.ended) {
		bool any = empty_rings(why);

		heed_signals(why);
		if (dump.ended)
			break;
		heed_clock(monotonic_ns(), why);
		if (!any && !dump.ended)
			wait_for_more(why);
	}
}

/* --- the end --- */

/*
 * Told to end, we still take what was said before that.  What is said from
 * then on is not ours, or we might never come to an end.
 */
static void empty_for_good(struct why *why)
{
	unsigned int i;

	for (i = 0; i < dump.sources && !dump.ended; i++) {
		struct source *source = &dump.source[i];
		uint64_t logged;

		if (!source->is_open)
			continue;
		logged = netlog_logged(&source->log);
		while (!dump.ended && source->counts.seen < logged &&
		       empty_ring(source, why))
			;
	}
}

static bool finish(struct why *why)
{
	bool good;
	struct why other;

	if (dump.stopped && !dump.failed) {
		dump.ended = false;
		empty_for_good(why);
	}
	if (dump.prints && !dump.failed)
		follow_print(print_flush(why));
	good = !dump.failed;
	if (dump.saves && !save_close(&dump.save, good ? why : &other))
		good = false;
	tell_counts();
	return good;
}

static void release(void)
{
	unsigned int i;

	filter_free(&dump.filter);
	for (i = 0; i < dump.sources; i++)
		source_close(&dump.source[i]);
}

bool dump_run(const struct options *options, struct why *why)
{
	bool good;

	signals_init();
	output_gives_up = signals_give_up;
	good = begin(options, why);
	if (good) {
		loop(why);
		good = finish(why);
	}
	release();
	return good;
}
