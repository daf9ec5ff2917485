// SPDX-License-Identifier: GPL-2.0
/*
 * print.c - shows frames as lines.  See print.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "describe.h"
#include "print.h"
#include "standard.h"

#define NS_PER_S	1000000000ULL
#define BUFFER_BYTES	(256 << 10)
#define HEX_PER_LINE	16

/* On terminals: who is bold, what was not delivered is red. */
struct colours {
	const char *name, *dropped, *normal;
};

static const struct colours with_colours = { "\033[1m", "\033[31m", "\033[0m" };
static const struct colours without = { "", "", "" };

static struct {
	const struct options *options;
	struct describe how;
	const struct colours *colours;
} print;

void print_init(const struct options *options)
{
	print.options = options;
	print.how = (struct describe){
		.link_level = options->link_level,
		.quick = options->quick,
		.numeric = options->numeric,
	};
	print.colours = standard_is_colourful() ? &with_colours : &without;
	setvbuf(stdout, NULL, _IOFBF, BUFFER_BYTES);
}

/* Local time; that of a second is worked out once. */
static void add_time(struct line *line, uint64_t time_ns)
{
	static char text[sizeof("00:00:00")];
	static time_t second = -1;
	time_t now = time_ns / NS_PER_S;
	struct tm local;

	if (now != second && localtime_r(&now, &local)) {
		strftime(text, sizeof(text), "%H:%M:%S", &local);
		second = now;
	}
	line_add(line, "%s.%09llu ", text,
		 (unsigned long long)(time_ns % NS_PER_S));
}

static const char *slot_name(const struct source *source, unsigned int slot,
			     char text[SOURCE_SLOT_TEXT])
{
	if (slot == LGUEST_NET_NOBODY || !print.options->numeric)
		return source_slot_name(source, slot, text);
	snprintf(text, SOURCE_SLOT_TEXT, "slot %u", slot);
	return text;
}

/* Whom it is for: one copy of several stands for all of them. */
static const char *target_name(const struct source *source,
			       const struct frame *frame,
			       char text[SOURCE_SLOT_TEXT])
{
	if (frame->flags & LGUEST_RECORD_GROUP && !source->options->copies &&
	    frame->verdict == LGUEST_DELIVERED)
		return "all";
	return slot_name(source, frame->target, text);
}

static void add_names(struct line *line, const struct source *source,
		      const struct frame *frame)
{
	char from[SOURCE_SLOT_TEXT], to[SOURCE_SLOT_TEXT];

	if (print.options->nets > 1)
		line_add(line, "%s: ", source->name);
	line_add(line, "%s%s > %s%s: ", print.colours->name,
		 slot_name(source, frame->source, from),
		 target_name(source, frame, to), print.colours->normal);
	if (frame->flags & LGUEST_RECORD_DIVERTED)
		line_add(line, "(diverted) ");
}

static void add_verdict(struct line *line, const struct frame *frame)
{
	line_add(line, ", %u bytes, ", frame->length);
	if (frame->verdict == LGUEST_DELIVERED)
		line_add(line, "delivered\n");
	else
		line_add(line, "%snot delivered: %s%s\n",
			 print.colours->dropped,
			 netlog_verdict(frame->verdict),
			 print.colours->normal);
}

/* "	0x0010:  0011 2233 ...  text" */
static void add_hex_line(struct line *line, const uint8_t *at, uint32_t bytes,
			 uint32_t offset)
{
	uint32_t i;

	line_add(line, "\t0x%04x: ", offset);
	for (i = 0; i < HEX_PER_LINE; i++) {
		const char *blank = i % 2 ? "" : " ";

		if (i < bytes)
			line_add(line, "%s%02x", blank, at[i]);
		else
			line_add(line, "%s  ", blank);
	}
	line_add(line, "  ");
	for (i = 0; i < bytes; i++)
		line_add(line, "%c", at[i] >= 0x20 && at[i] < 0x7f ? at[i] : '.');
	line_add(line, "\n");
}

static void put_hex(const struct frame *frame)
{
	struct line line;
	uint32_t offset, here;

	for (offset = 0; offset < frame->captured; offset += here) {
		here = frame->captured - offset;
		if (here > HEX_PER_LINE)
			here = HEX_PER_LINE;
		line.used = 0;
		add_hex_line(&line, frame->data + offset, here, offset);
		fwrite(line.text, 1, line.used, stdout);
	}
}

static enum print_state state_of(bool good, struct why *why)
{
	if (good)
		return PRINT_GOOD;
	if (errno == EPIPE)
		return PRINT_NOBODY;
	why_fail(why, "cannot write to standard output: %m");
	return PRINT_FAILED;
}

enum print_state print_frame(const struct source *source,
			     const struct frame *frame, struct why *why)
{
	struct line line;

	line.used = 0;
	add_time(&line, frame->time_ns);
	add_names(&line, source, frame);
	describe_frame(&line, &print.how, frame->data, frame->captured);
	add_verdict(&line, frame);
	fwrite(line.text, 1, line.used, stdout);
	if (print.options->hex)
		put_hex(frame);
	return state_of(!ferror(stdout), why);
}

enum print_state print_flush(struct why *why)
{
	return state_of(!fflush(stdout), why);
}
