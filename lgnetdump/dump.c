// SPDX-License-Identifier: GPL-2.0
/*
 * dump.c - the life of a capture: a loop that empties the rings of its nets,
 * batch by batch, and sleeps when there is nothing in them.  See dump.h.
 * guide: C:525
 */
#include <poll.h>
#include <signal.h>
#include <time.h>

#include "dump.h"
#include "log.h"
#include "signals.h"
#include "sink.h"
#include "source.h"

#define NS_PER_S	1000000000ULL
#define NS_PER_MS	1000000ULL

/* Records that are taken from a ring before it has their room again. */
#define BATCH		256
/* How often we look for a net's file that is not there yet, or another one. */
#define LOOK_AGAIN_NS	(20 * NS_PER_MS)
#define LOOK_ANEW_NS	(200 * NS_PER_MS)

struct dump {
	const struct options *options;
	struct source source[OPTIONS_NETS_MAX];
	unsigned int sources;
	struct sink sink;
	uint64_t end_ns;		/* CLOCK_MONOTONIC; 0: none */
	uint64_t looked_ns;		/* for nets that were made anew */
	bool stopped;			/* told to, or in time */
	bool failed;			/* and @why tells */
};

/* Large, and there is one. */
static struct dump dump;

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* Nothing more can be taken, or need be. */
static bool is_over(void)
{
	return dump.failed || dump.sink.state != SINK_GOOD;
}

/* --- nets --- */

static bool open_missing(struct why *why)
{
	unsigned int i;

	for (i = 0; i < dump.sources; i++) {
		if (dump.source[i].is_open)
			continue;
		switch (source_open(&dump.source[i], why)) {
		case SOURCE_OPENED:
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

/* Say what was found; those who start us wait for that. */
static void announce(const struct source *source)
{
	log_notice("%s %s", source->is_open ? "listening on" : "waiting for",
		   source->path);
}

static bool is_waiting(void)
{
	unsigned int i;

	for (i = 0; i < dump.sources; i++)
		if (!dump.source[i].is_open)
			return true;
	return false;
}

static void open_later(struct why *why)
{
	bool before[OPTIONS_NETS_MAX];
	unsigned int i;

	for (i = 0; i < dump.sources; i++)
		before[i] = dump.source[i].is_open;
	dump.failed = !open_missing(why);
	for (i = 0; i < dump.sources; i++)
		if (dump.source[i].is_open && !before[i])
			announce(&dump.source[i]);
}

static bool begin(const struct options *options, struct why *why)
{
	unsigned int i;

	dump = (struct dump){
		.options = options,
		.sources = options->nets,
	};
	if (!sink_init(&dump.sink, options, why))
		return false;
	for (i = 0; i < dump.sources; i++)
		source_init(&dump.source[i], options, i, sink_needs(&dump.sink));
	/* The file last: one of that name may be dear to somebody. */
	if (!open_missing(why) ||
	    !sink_open(&dump.sink, dump.source, dump.sources, why))
		return false;
	if (options->duration)
		dump.end_ns = monotonic_ns() + options->duration * NS_PER_S;
	for (i = 0; i < dump.sources; i++)
		announce(&dump.source[i]);
	return true;
}

/* --- rings --- */

/* Up to a batch from one net; false: there was nothing. */
static bool empty_ring(struct source *source, struct why *why)
{
	struct netlog_record record;
	unsigned int i;

	source_look(source);
	for (i = 0; i < BATCH && !is_over(); i++) {
		if (!source_next(source, &record))
			break;
		sink_take(&dump.sink, source, &record, why);
	}
	source_done(source);
	if (source->log.broken && !is_over())
		dump.failed = !why_fail(why, "net %s: what lg.ko tells makes no sense any more",
					source->path);
	return i;
}

static bool empty_rings(struct why *why)
{
	bool any = false;
	unsigned int i;

	for (i = 0; i < dump.sources && !is_over(); i++)
		if (dump.source[i].is_open)
			any |= empty_ring(&dump.source[i], why);
	return any;
}

/* --- signals and time --- */

static void tell_counts(void)
{
	char text[512];
	unsigned int i;

	for (i = 0; i < dump.sources; i++) {
		struct source *source = &dump.source[i];

		if (source->is_open)
			source_done(source);
		counts_format(&source->counts, source->name, text,
			      sizeof(text));
		log_notice("%s", text);
	}
}

static void heed_signals(struct why *why)
{
	if (signals_take(SIGUSR1))
		tell_counts();
	/* Without a file it is the terminal that has gone. */
	if (signals_take(SIGHUP) && !sink_rotate(&dump.sink, why))
		dump.stopped = true;
	if (signals_ended())
		dump.stopped = true;
}

/* With --wait, whoever makes a lab anew need not start its captures anew. */
static void follow_nets(uint64_t now_ns, struct why *why)
{
	unsigned int i;

	if (now_ns - dump.looked_ns < LOOK_ANEW_NS)
		return;
	dump.looked_ns = now_ns;
	for (i = 0; i < dump.sources && !is_over(); i++) {
		struct source *source = &dump.source[i];

		if (!source->is_open || !source_is_over(source))
			continue;
		/* Nobody is left who could add to it. */
		while (empty_ring(source, why))
			;
		source_close(source);
		log_notice("net %s was made anew", source->path);
	}
}

static void heed_clock(uint64_t now_ns, struct why *why)
{
	sink_tick(&dump.sink, now_ns, why);
	if (dump.end_ns && now_ns >= dump.end_ns)
		dump.stopped = true;
	if (!dump.options->wait || dump.stopped || is_over())
		return;
	follow_nets(now_ns, why);
	if (is_waiting() && !is_over())
		open_later(why);
}

/* --- sleeping --- */

static void sooner(int64_t *ns, int64_t other)
{
	if (other >= 0 && (*ns < 0 || other < *ns))
		*ns = other;
}

/* How long we may sleep, in nanoseconds; -1: for ever. */
static int64_t sleep_time(uint64_t now_ns)
{
	int64_t ns = sink_due(&dump.sink, now_ns);

	if (dump.end_ns)
		sooner(&ns, dump.end_ns > now_ns ? dump.end_ns - now_ns : 0);
	if (dump.options->wait)
		sooner(&ns, is_waiting() ? LOOK_AGAIN_NS : LOOK_ANEW_NS);
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
	polls[(*count)++] = (struct pollfd){ .fd = sink_reader(&dump.sink) };
	return true;
}

static void wait_for_more(struct why *why)
{
	struct pollfd polls[OPTIONS_NETS_MAX + 1];
	uint64_t now_ns = monotonic_ns();
	unsigned int count;

	sink_pause(&dump.sink, now_ns, why);
	if (is_over() || !may_sleep(polls, &count))
		return;
	if (signals_poll(polls, count, sleep_time(now_ns)) > 0 &&
	    polls[count - 1].revents & POLLERR)
		sink_reader_left(&dump.sink);
}

static void loop(struct why *why)
{
	while (!dump.stopped && !is_over()) {
		bool any = empty_rings(why);

		if (!is_over())
			heed_signals(why);
		if (!is_over() && !dump.stopped)
			heed_clock(monotonic_ns(), why);
		if (!any && !dump.stopped && !is_over())
			wait_for_more(why);
	}
}

/* --- the end --- */

/* The clock of records. */
static uint64_t realtime_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

/*
 * Told to end, we still take what was said before that.  What is said from
 * then on is not ours, or we might never come to an end.
 */
static void empty_for_good(struct why *why)
{
	uint64_t end = realtime_ns();
	unsigned int i;

	for (i = 0; i < dump.sources && !is_over(); i++) {
		struct source *source = &dump.source[i];

		if (!source->is_open)
			continue;
		source_done(source);
		while (!is_over() && source->last_time_ns <= end &&
		       empty_ring(source, why))
			;
	}
}

static bool finish(struct why *why)
{
	struct why other;
	bool good;

	empty_for_good(why);
	good = !dump.failed;
	if (!sink_close(&dump.sink, good ? why : &other))
		good = false;
	tell_counts();
	return good;
}

static void release(void)
{
	unsigned int i;

	sink_free(&dump.sink);
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
