// SPDX-License-Identifier: GPL-2.0
/*
 * ctl_watch.c - the live view: the switch tells every so often, and what it
 * tells replaces what is on the terminal, or follows in a file or pipe.  Of
 * ports it shows how much passes per second, of all else the usual tables.
 * guide: C:460
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "control.h"
#include "ctl.h"
#include "option.h"
#include "session.h"
#include "table.h"
#include "text.h"
#include "units.h"

#define HOME	"\033[H"
#define ERASE_LINE	"\033[K"
#define ERASE_BELOW	"\033[J"

struct watch {
	double interval;		/* seconds */
	unsigned long count;		/* intervals to show; 0: no end */
	const struct ctl_verb *verb;
	bool rates;			/* of ports */
	/* What was last told, and when. */
	json_t *before;
	double before_time;
};

static bool set_interval(void *config, const char *value, struct why *why)
{
	char *end;
	double seconds = strtod(value, &end);

	if (end == value || *end || !(seconds >= CONTROL_INTERVAL_MIN &&
				      seconds <= CONTROL_INTERVAL_MAX))
		return why_fail(why, "'%s' is not a number of seconds from %.1f to %.0f",
				value, CONTROL_INTERVAL_MIN,
				CONTROL_INTERVAL_MAX);
	((struct watch *)config)->interval = seconds;
	return true;
}

static bool set_count(void *config, const char *value, struct why *why)
{
	char *end;
	unsigned long count = strtoul(value, &end, 10);

	if (*value < '0' || *value > '9' || *end || !count)
		return why_fail(why, "'%s' is not a number from 1 on", value);
	((struct watch *)config)->count = count;
	return true;
}

static const struct option_def options[] = {
	{ "interval", "SECONDS", "", set_interval },
	{ "count", "N", "", set_count },
	{ 0 }
};

/* --- rates of ports */

static json_t *find_port(json_t *result, const char *name)
{
	json_t *port;
	size_t i;

	json_array_foreach(json_object_get(result, "ports"), i, port)
		if (!strcmp(ctl_text(port, "name"), name))
			return port;
	return NULL;
}

/* A second; 0 for a port that is new, or counts from the start again. */
static double rate(const struct watch *watch, json_t *now, json_t *before,
		   const char *name, double time)
{
	json_int_t more = ctl_number(now, name) - ctl_number(before, name);

	if (!before || more < 0 || time <= watch->before_time)
		return 0;
	return more / (time - watch->before_time);
}

static void put_rates(struct table *table, const struct watch *watch,
		      json_t *port, double time)
{
	json_t *before = find_port(watch->before, ctl_text(port, "name"));
	char text[UNITS_TEXT];

	table_cell(table, "%s", ctl_text(port, "name"));
	table_cell(table, "%s", ctl_text(port, "state"));
	table_cell(table, "%s",
		   units_rate(rate(watch, port, before, "received", time),
			      text));
	table_cell(table, "%s",
		   units_bits(8 * rate(watch, port, before, "received-bytes",
				       time), text));
	table_cell(table, "%s",
		   units_rate(rate(watch, port, before, "sent", time), text));
	table_cell(table, "%s",
		   units_bits(8 * rate(watch, port, before, "sent-bytes",
				       time), text));
	table_cell(table, "%s",
		   units_rate(rate(watch, port, before, "dropped", time),
			      text));
}

static void print_rates(const struct ctl *ctl, const struct watch *watch,
			json_t *result, double time)
{
	struct table table;
	json_t *port;
	size_t i;

	table_begin(&table, "PORT< STATE< RECEIVED/s> RATE> SENT/s> RATE> DROPPED/s>");
	json_array_foreach(json_object_get(result, "ports"), i, port)
		put_rates(&table, watch, port, time);
	table_end(&table, ctl->out, ctl->colour);
}

/* --- what is shown */

static void print_event(const struct ctl *ctl, const struct watch *watch,
			json_t *event)
{
	double time = json_number_value(json_object_get(event, "time"));
	json_t *result = json_object_get(event, "result");
	char error[1024];

	if (!result) {
		text_printable(error, sizeof(error), ctl_text(event, "error"),
			       sizeof(error));
		fprintf(ctl->out, "%s\n", error);
		return;
	}
	if (watch->rates)
		print_rates(ctl, watch, result, time);
	else if (watch->verb->print)
		watch->verb->print(ctl, result);
	if (json_object_get(result, "next"))
		fputs("(there are more)\n", ctl->out);
}

/* Bytes of the first @columns characters of a line; escapes do not count. */
static size_t cut(const char *line, size_t length, unsigned int columns)
{
	unsigned int used = 0;
	bool escape = false;
	size_t i;

	for (i = 0; i < length && (used < columns || escape ||
				   line[i] == '\033'); i++) {
		if (line[i] == '\033')
			escape = true;
		else if (escape)
			escape = line[i] != 'm';
		else
			used++;
	}
	return i;
}

/* Over what is there, so that nothing flickers; never beyond the screen. */
static void redraw(const char *text, FILE *out)
{
	struct winsize size = { 0 };
	unsigned int row, rows, columns;
	size_t length;

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	rows = size.ws_row ? size.ws_row : 24;
	columns = size.ws_col ? size.ws_col : 80;
	fputs(HOME, out);
	for (row = 1; *text && row < rows; row++) {
		length = strcspn(text, "\n");
		fprintf(out, "%.*s" ERASE_LINE "\n",
			(int)cut(text, length, columns), text);
		text += length + (text[length] == '\n');
	}
	fputs(ERASE_BELOW, out);
}

static void show_people(const struct ctl *ctl, const struct watch *watch,
			json_t *event)
{
	struct ctl inner = *ctl;
	size_t bytes = 0;
	char *text = NULL;

	if (!ctl->terminal) {
		print_event(ctl, watch, event);
		fputc('\n', ctl->out);
		return;
	}
	inner.out = open_memstream(&text, &bytes);
	if (!inner.out)
		return;
	print_event(&inner, watch, event);
	if (!fclose(inner.out))
		redraw(text, ctl->out);
	free(text);
}

static void show_program(const struct ctl *ctl, json_t *event)
{
	json_object_del(event, "id");
	json_dumpf(event, ctl->out, SESSION_JSON);
	fputc('\n', ctl->out);
}

static bool show(const struct ctl *ctl, struct watch *watch, json_t *event,
		 struct why *why)
{
	json_t *result = json_object_get(event, "result");

	if (ctl->json)
		show_program(ctl, event);
	else
		show_people(ctl, watch, event);
	json_decref(watch->before);
	watch->before = json_incref(result);
	watch->before_time =
		json_number_value(json_object_get(event, "time"));
	if (fflush(ctl->out))
		return why_fail(why, "cannot write to standard output: %m");
	return true;
}

/* --- watching */

static bool show_all(struct ctl *ctl, struct watch *watch, struct why *why)
{
	unsigned int patience_ms = watch->interval * 1000 + ctl->patience_ms;
	unsigned long shown;
	json_t *event;
	bool good = true;

	if (ctl->terminal && !ctl->json)
		fputs(HOME ERASE_BELOW, ctl->out);
	for (shown = 0; good && (!watch->count || shown < watch->count);
	     shown++) {
		event = ctl_link_next(&ctl->link, patience_ms, why);
		if (!event)
			return false;
		good = show(ctl, watch, event, why);
		json_decref(event);
	}
	return good;
}

/* Both ends of the socket are on one host, and so have the same clock. */
static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static bool start(struct ctl *ctl, struct watch *watch, json_t *request,
		  struct why *why)
{
	json_t *result;

	watch->before = ctl_link_call(&ctl->link, json_incref(request), why);
	watch->before_time = now();
	if (!watch->before)
		return false;
	result = ctl_link_call(&ctl->link,
			       json_pack("{s:s,s:f,s:O}", "verb", "watch",
					 "interval", watch->interval,
					 "request", request), why);
	json_decref(result);
	return result;
}

/* The request of a verb and its arguments; without any it is ports. */
static json_t *build(struct watch *watch, char **word, struct why *why)
{
	const char *name = *word ? *word++ : "ports";

	watch->verb = ctl_find_verb(name, why);
	if (!watch->verb)
		return NULL;
	watch->rates = !strcmp(name, "ports");
	return ctl_build(watch->verb, word, why);
}

static bool watch_verb(struct ctl *ctl, struct watch *watch, char **word,
		       struct why *why)
{
	json_t *request = build(watch, word, why);
	bool good;

	if (!request)
		return false;
	good = start(ctl, watch, request, why) && show_all(ctl, watch, why);
	json_decref(watch->before);
	json_decref(request);
	return good;
}

bool ctl_watch(struct ctl *ctl, char **argument, struct why *why)
{
	struct option_words words = { .word = argument };
	struct watch watch = { .interval = 1 };

	if (!option_parse(options, &words, &watch, why))
		return false;
	if (!*words.word || strcmp(*words.word, "events"))
		return watch_verb(ctl, &watch, words.word, why);
	if (words.word[1])
		return why_fail(why, "usage: lgswitch ctl watch [--count=N] events");
	return ctl_events(ctl, watch.count, why);
}
