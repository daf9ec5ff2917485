// SPDX-License-Identifier: GPL-2.0
/*
 * ctl_show.c - verbs of the control client that look at a switch: what they
 * ask, and their results as tables.
 * guide: C:455
 */
#include <stdarg.h>
#include <string.h>

#include "array.h"
#include "ctl.h"
#include "table.h"
#include "text.h"
#include "units.h"

/* --- requests */

static json_t *build_plain(const struct ctl_verb *verb, char **argument,
			   struct why *why)
{
	(void)argument;
	(void)why;
	return json_pack("{s:s}", "verb", verb->name);
}

/* One of a port, or of all. */
static json_t *build_port(const struct ctl_verb *verb, char **argument,
			  struct why *why)
{
	(void)why;
	return json_pack("{s:s,s:s*}", "verb", verb->name, "port",
			 argument[0]);
}

static json_t *build_show(const struct ctl_verb *verb, char **argument,
			  struct why *why)
{
	if (*argument && strcmp(*argument, "--config")) {
		why_fail(why, "usage: lgswitch ctl %s %s", verb->name,
			 verb->arguments);
		return NULL;
	}
	return json_pack("{s:s}", "verb", *argument ? "config" : "show");
}

/* --- the switch */

/* "1 net", "2 nets" */
static void print_count(const struct ctl *ctl, json_t *result,
			const char *name, const char *one, const char *end)
{
	json_int_t count = ctl_number(result, name);

	fprintf(ctl->out, "%lld %s%s%s", (long long)count, one,
		count == 1 ? "" : "s", end);
}

static void print_fdb_summary(const struct ctl *ctl, json_t *fdb)
{
	char ageing[UNITS_TEXT];

	fprintf(ctl->out, "addresses: %lld of %lld (%lld static), ageing %s\n",
		(long long)ctl_number(fdb, "entries"),
		(long long)ctl_number(fdb, "max"),
		(long long)ctl_number(fdb, "static"),
		units_time(json_number_value(json_object_get(fdb, "ageing")),
			   ageing));
	fprintf(ctl->out, "  learned %lld, moved %lld, aged %lld, not learned for want of room %lld\n",
		(long long)ctl_number(fdb, "learned"),
		(long long)ctl_number(fdb, "moved"),
		(long long)ctl_number(fdb, "aged"),
		(long long)ctl_number(fdb, "refused"));
}

static void print_text(const struct ctl *ctl, const char *text)
{
	size_t length;
	char line[8192];

	for (; *text; text += length + (text[length] == '\n')) {
		length = strcspn(text, "\n");
		text_printable(line, sizeof(line), text, length);
		fprintf(ctl->out, "%s\n", line);
	}
}

static void print_show(const struct ctl *ctl, json_t *result)
{
	char time[UNITS_TEXT], name[64];

	/* This was show --config. */
	if (json_object_get(result, "config")) {
		print_text(ctl, ctl_text(result, "config"));
		return;
	}
	text_printable(name, sizeof(name), ctl_text(result, "name"),
		       sizeof(name));
	fprintf(ctl->out, "switch %s, up for %s, process %lld\n", name,
		units_time(json_number_value(json_object_get(result, "uptime")),
			   time), (long long)ctl_number(result, "pid"));
	fputs("ports: ", ctl->out);
	print_count(ctl, result, "nets", "net", ", ");
	print_count(ctl, result, "taps", "tap", ", ");
	fprintf(ctl->out, "%lld up\n", (long long)ctl_number(result, "up"));
	print_fdb_summary(ctl, json_object_get(result, "fdb"));
	fprintf(ctl->out, "control frames (LLDP, STP, LACP, pause): %s\n",
		ctl_flag(result, "control-frames") ? "pass" : "dropped");
}

static void print_version(const struct ctl *ctl, json_t *result)
{
	char version[64], name[64];

	text_printable(version, sizeof(version), ctl_text(result, "version"),
		       sizeof(version));
	text_printable(name, sizeof(name), ctl_text(result, "name"),
		       sizeof(name));
	fprintf(ctl->out, "lgswitch %s (switch %s)\n", version, name);
}

/* --- ports */

static void put_vlan(struct table *table, json_t *port)
{
	json_int_t native = ctl_number(port, "native");
	const char *trunk = ctl_text(port, "trunk");

	if (*trunk && native)
		table_cell(table, "%s native %lld", trunk, (long long)native);
	else if (*trunk)
		table_cell(table, "%s", trunk);
	else if (json_object_get(port, "vlan"))
		table_cell(table, "%lld", (long long)ctl_number(port, "vlan"));
	else
		table_cell(table, "%s", "");
}

static void put_count(struct table *table, json_t *object, const char *name)
{
	table_cell(table, "%lld", (long long)ctl_number(object, name));
}

static void put_bytes(struct table *table, json_t *object, const char *name)
{
	char text[UNITS_TEXT];

	table_cell(table, "%s", units_bytes(ctl_number(object, name), text));
}

/* Words with blanks between them. */
static void add_note(char notes[TABLE_CELL], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add_note(char notes[TABLE_CELL], const char *format, ...)
{
	size_t used = strlen(notes);
	va_list args;

	if (used && used + 2 < TABLE_CELL)
		strcpy(notes + used++, " ");
	va_start(args, format);
	vsnprintf(notes + used, TABLE_CELL - used, format, args);
	va_end(args);
}

static void put_notes(struct table *table, json_t *port)
{
	char notes[TABLE_CELL] = "";

	if (ctl_flag(port, "isolated"))
		add_note(notes, "isolated");
	if (ctl_flag(port, "strict"))
		add_note(notes, "strict");
	if (json_object_get(port, "storm"))
		add_note(notes, "storm=%lld",
			 (long long)ctl_number(port, "storm"));
	if (*ctl_text(port, "why"))
		add_note(notes, "%s", ctl_text(port, "why"));
	table_cell(table, "%s", notes);
}

static void print_ports(const struct ctl *ctl, json_t *result)
{
	struct table table;
	json_t *port;
	size_t i;

	table_begin(&table, "PORT< KIND< STATE< VLAN< RECEIVED> BYTES> SENT> BYTES> DROPPED> NOTES<");
	json_array_foreach(json_object_get(result, "ports"), i, port) {
		table_cell(&table, "%s", ctl_text(port, "name"));
		table_cell(&table, "%s", ctl_text(port, "kind"));
		table_cell(&table, "%s", ctl_text(port, "state"));
		put_vlan(&table, port);
		put_count(&table, port, "received");
		put_bytes(&table, port, "received-bytes");
		put_count(&table, port, "sent");
		put_bytes(&table, port, "sent-bytes");
		put_count(&table, port, "dropped");
		put_notes(&table, port);
	}
	table_end(&table, ctl->out, ctl->colour);
}

static void put_stat(struct table *table, json_t *port, const char *what,
		     json_int_t count)
{
	table_cell(table, "%s", ctl_text(port, "name"));
	table_cell(table, "%s", what);
	table_cell(table, "%lld", (long long)count);
}

/* A row per counter; reasons of drops only if there were any. */
static void print_stats(const struct ctl *ctl, json_t *result)
{
	static const char *const names[] = {
		"received", "received-bytes", "sent", "sent-bytes", "flooded",
		"mirrored", "stalls", "dropped",
	};
	json_t *port, *drop;
	struct table table;
	size_t i, j;

	table_begin(&table, "PORT< WHAT< COUNT>");
	json_array_foreach(json_object_get(result, "ports"), i, port) {
		for (j = 0; j < ARRAY_SIZE(names); j++)
			put_stat(&table, port, names[j],
				 ctl_number(port, names[j]));
		json_array_foreach(json_object_get(port, "drops"), j, drop)
			if (ctl_number(drop, "count"))
				put_stat(&table, port, ctl_text(drop, "text"),
					 ctl_number(drop, "count"));
	}
	table_end(&table, ctl->out, ctl->colour);
}

static void put_slot_notes(struct table *table, json_t *slot)
{
	static const char *const names[] = { "uplink", "promiscuous", "strict" };
	char notes[TABLE_CELL] = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (ctl_flag(slot, names[i]))
			add_note(notes, "%s", names[i]);
	table_cell(table, "%s", notes);
}

static void print_slots(const struct ctl *ctl, json_t *result)
{
	struct table table;
	json_t *slot;
	size_t i;

	table_begin(&table, "SLOT> NAME< MAC< KIND< LINK< PID> NOTES<");
	json_array_foreach(json_object_get(result, "slots"), i, slot) {
		put_count(&table, slot, "slot");
		table_cell(&table, "%s", ctl_text(slot, "name"));
		table_cell(&table, "%s", ctl_text(slot, "mac"));
		table_cell(&table, "%s", ctl_flag(slot, "guest") ? "guest" :
			   "port");
		table_cell(&table, "%s", ctl_flag(slot, "up") ? "up" : "down");
		put_count(&table, slot, "pid");
		put_slot_notes(&table, slot);
	}
	table_end(&table, ctl->out, ctl->colour);
}

/* --- tables */

static void put_age(struct table *table, json_t *entry)
{
	double age = json_number_value(json_object_get(entry, "age"));
	char text[UNITS_TEXT];

	table_cell(table, "%s", ctl_flag(entry, "static") ? "static" :
		   units_time(age, text));
}

static void print_fdb(const struct ctl *ctl, json_t *result)
{
	struct table table;
	json_t *entry;
	size_t i;

	table_begin(&table, "MAC< VLAN> PORT< SEEN>");
	json_array_foreach(json_object_get(result, "entries"), i, entry) {
		table_cell(&table, "%s", ctl_text(entry, "mac"));
		put_vlan(&table, entry);
		table_cell(&table, "%s", ctl_text(entry, "port"));
		put_age(&table, entry);
	}
	table_end(&table, ctl->out, ctl->colour);
}

/* lg0, net0:3, net0:3 (r1) */
static void put_end(struct table *table, json_t *end)
{
	const char *name = ctl_text(end, "name");

	if (!json_object_get(end, "slot"))
		table_cell(table, "%s", ctl_text(end, "port"));
	else
		table_cell(table, "%s:%lld%s%s%s", ctl_text(end, "port"),
			   (long long)ctl_number(end, "slot"),
			   *name ? " (" : "", name, *name ? ")" : "");
}

/*
 * "lgswitch ctl matrix" is a list of pairs, although everybody thinks of a
 * square. With few ports it could be one, and a list from where it would not
 * fit on the terminal.
 * guide: M:240
 */

static void print_matrix(const struct ctl *ctl, json_t *result)
{
	struct table table;
	json_t *pair;
	size_t i;

	table_begin(&table, "FROM< TO< FRAMES> BYTES> DROPPED>");
	json_array_foreach(json_object_get(result, "pairs"), i, pair) {
		put_end(&table, json_object_get(pair, "from"));
		put_end(&table, json_object_get(pair, "to"));
		put_count(&table, pair, "frames");
		put_bytes(&table, pair, "bytes");
		put_count(&table, pair, "dropped");
	}
	table_end(&table, ctl->out, ctl->colour);
}

static void put_sources(struct table *table, json_t *from)
{
	char text[TABLE_CELL] = "";
	json_t *port;
	size_t i, used;

	json_array_foreach(from, i, port) {
		used = strlen(text);
		snprintf(text + used, sizeof(text) - used, "%s%s",
			 i ? "+" : "", json_string_value(port) ?
			 json_string_value(port) : "");
	}
	table_cell(table, "%s", text);
}

static void print_mirrors(const struct ctl *ctl, json_t *result)
{
	struct table table;
	json_t *mirror;
	size_t i;

	table_begin(&table, "TO< FROM< STATE< COPIED> DROPPED>");
	json_array_foreach(json_object_get(result, "mirrors"), i, mirror) {
		table_cell(&table, "%s", ctl_text(mirror, "to"));
		put_sources(&table, json_object_get(mirror, "from"));
		table_cell(&table, "%s", ctl_flag(mirror, "there") ? "up" :
			   "gone");
		put_count(&table, mirror, "copied");
		put_count(&table, mirror, "dropped");
	}
	table_end(&table, ctl->out, ctl->colour);
}

static void print_faults(const struct ctl *ctl, json_t *result)
{
	static const char *const counts[] = {
		"frames", "lost", "down", "full", "overflowed", "duplicated",
		"reordered", "corrupted", "waiting",
	};
	struct table table;
	json_t *fault;
	size_t i, j;

	table_begin(&table, "FROM< TO< FAULT< FRAMES> LOST> DOWN> FULL> NO_MEMORY> DUPLICATED> REORDERED> CORRUPTED> WAITING>");
	json_array_foreach(json_object_get(result, "faults"), i, fault) {
		table_cell(&table, "%s", ctl_text(fault, "from"));
		table_cell(&table, "%s", ctl_text(fault, "to"));
		table_cell(&table, "%s", ctl_text(fault, "spec"));
		for (j = 0; j < ARRAY_SIZE(counts); j++)
			put_count(&table, fault, counts[j]);
	}
	table_end(&table, ctl->out, ctl->colour);
}

const struct ctl_verb ctl_shows[] = {
	{ "show", "[--config]",
	  "the switch as a whole, or a configuration file for one like it",
	  0, 1, build_show, print_show },
	{ "ports", "[PORT]", "ports: their state, VLANs and traffic",
	  0, 1, build_port, print_ports },
	{ "stats", "[PORT]", "every counter of ports, and why frames were dropped",
	  0, 1, build_port, print_stats },
	{ "slots", "PORT", "who is on a net",
	  1, 1, build_port, print_slots },
	{ "fdb", "[PORT]", "MAC addresses: which is behind which port",
	  0, 1, build_port, print_fdb },
	{ "matrix", "[PORT]", "who sent how much to whom",
	  0, 1, build_port, print_matrix },
	{ "mirrors", "", "which ports are copied to where",
	  0, 0, build_plain, print_mirrors },
	{ "faults", "", "faults, and what they did so far",
	  0, 0, build_plain, print_faults },
	{ "version", "", "of the switch that runs",
	  0, 0, build_plain, print_version },
	{ "ping", "", "does it answer?", 0, 0, build_plain, NULL },
	{ 0 }
};
