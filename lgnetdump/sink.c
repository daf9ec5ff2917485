// SPDX-License-Identifier: GPL-2.0
/*
 * sink.c - filters frames, splits them if need be, and hands them on to be
 * shown and saved.  See sink.h.
 */
#include "sink.h"

#define NS_PER_S	1000000000ULL

/* What waits in memory goes to the file after that long. */
#define FLUSH_AFTER_NS	NS_PER_S

/* Large, and used by one frame after the other. */
static struct frame_segments segments;

bool sink_init(struct sink *sink, const struct options *options,
	       struct why *why)
{
	*sink = (struct sink){
		.options = options,
		.prints = !options->write || options->print,
		.left = options->count,
	};
	if (sink->prints)
		print_init(options);
	return filter_compile(&sink->filter, options->filter, why);
}

uint32_t sink_needs(const struct sink *sink)
{
	uint32_t reach = filter_reach(&sink->filter);

	if (sink->options->segment)
		return OPTIONS_SNAPLEN_MAX;
	return reach > sink->options->snaplen ? reach : sink->options->snaplen;
}

bool sink_open(struct sink *sink, struct source *source, unsigned int sources,
	       struct why *why)
{
	if (!sink->options->write)
		return true;
	if (!save_open(&sink->save, sink->options, source, sources, why))
		return false;
	sink->saves = true;
	sink->flushes = sink->options->flush || !sink->save.output.is_file;
	return true;
}

static void follow_save(struct sink *sink, enum save_state state)
{
	if (state == SAVE_FAILED)
		sink->state = SINK_FAILED;
	else if (state == SAVE_ENDED && sink->state == SINK_GOOD)
		sink->state = SINK_ENDED;
}

static void follow_print(struct sink *sink, enum print_state state)
{
	if (state == PRINT_FAILED)
		sink->state = SINK_FAILED;
	else if (state == PRINT_NOBODY && sink->state == SINK_GOOD)
		sink->state = SINK_ENDED;
}

/* --- frames --- */

/* A frame, or a segment of one, goes to where it shall. */
static void put(struct sink *sink, struct source *source, struct frame *frame,
		struct why *why)
{
	if (frame->captured > sink->options->snaplen)
		frame->captured = sink->options->snaplen;
	if (sink->prints)
		follow_print(sink, print_frame(source, frame, why));
	if (sink->saves)
		follow_save(sink, save_frame(&sink->save, source, frame, why));
	else if (frame->is_segment)
		source->counts.segments++;
	else
		source->counts.captured++;
}

static void put_segments(struct sink *sink, struct source *source,
			 struct why *why)
{
	struct frame frame;

	while (sink->state == SINK_GOOD &&
	       frame_next_segment(&segments, &frame))
		put(sink, source, &frame, why);
}

/* Before a frame is split its checksum has to be left to be done. */
static void put_record(struct sink *sink, struct source *source,
		       const struct netlog_record *record, struct frame *frame,
		       struct why *why)
{
	if (sink->options->segment && frame_split(&segments, frame, record)) {
		put_segments(sink, source, why);
		return;
	}
	if (sink->options->segment)
		frame_from_record(frame, record, false);
	put(sink, source, frame, why);
}

void sink_take(struct sink *sink, struct source *source,
	       const struct netlog_record *record, struct why *why)
{
	const struct options *options = sink->options;
	struct frame frame;

	frame_from_record(&frame, record,
			  options->raw_checksum || options->segment);
	if (!filter_match(&sink->filter, &frame)) {
		source->counts.filtered++;
		if (sink->saves)
			save_filtered(&sink->save, source, &frame);
		return;
	}
	put_record(sink, source, record, &frame, why);
	sink->has_news = true;
	if (sink->left && !--sink->left && sink->state == SINK_GOOD)
		sink->state = SINK_ENDED;
}

/* --- time --- */

void sink_flush(struct sink *sink, uint64_t now_ns, struct why *why)
{
	if (sink->prints)
		follow_print(sink, print_flush(why));
	if (sink->saves)
		follow_save(sink, save_flush(&sink->save, why));
	sink->flushed_ns = now_ns;
	sink->has_news = false;
}

void sink_pause(struct sink *sink, uint64_t now_ns, struct why *why)
{
	if (sink->flushes || sink->prints)
		sink_flush(sink, now_ns, why);
}

void sink_tick(struct sink *sink, uint64_t now_ns, struct why *why)
{
	if (sink->saves)
		follow_save(sink, save_tick(&sink->save, now_ns, why));
	if (sink->has_news && now_ns - sink->flushed_ns >= FLUSH_AFTER_NS)
		sink_flush(sink, now_ns, why);
}

int64_t sink_due(const struct sink *sink, uint64_t now_ns)
{
	int64_t flush = sink->flushed_ns + FLUSH_AFTER_NS - now_ns;
	int64_t next = sink->saves ? save_due(&sink->save, now_ns) : -1;

	if (!sink->has_news)
		return next;
	if (flush < 0)
		flush = 0;
	return next < 0 || flush < next ? flush : next;
}

bool sink_rotate(struct sink *sink, struct why *why)
{
	if (!sink->saves || sink->save.output.is_stdout)
		return false;
	follow_save(sink, save_rotate(&sink->save, why));
	return true;
}

/* --- the end --- */

int sink_reader(const struct sink *sink)
{
	return sink->saves && !sink->save.output.is_file ?
	       sink->save.output.fd : -1;
}

void sink_reader_left(struct sink *sink)
{
	if (sink->state == SINK_GOOD)
		sink->state = SINK_ENDED;
}

bool sink_close(struct sink *sink, struct why *why)
{
	struct why other;
	bool good;

	if (sink->prints && sink->state != SINK_FAILED)
		follow_print(sink, print_flush(why));
	good = sink->state != SINK_FAILED;
	/* Of two failures the first says more. */
	if (sink->saves && !save_close(&sink->save, good ? why : &other))
		good = false;
	return good;
}

void sink_free(struct sink *sink)
{
	filter_free(&sink->filter);
}
