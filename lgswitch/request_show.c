// SPDX-License-Identifier: GPL-2.0
/*
 * request_show.c - requests that only look at the switch: what it is, its
 * ports, and its tables.  A table may be long, and the switch shall not stand
 * still while it is shown: each request gives a page of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "netpage.h"
#include "netport.h"
#include "request.h"
#include "text.h"
#include "version.h"

#define SECOND_NS	1000000000.0

/* A page of a table: entries from a place on, as many as there may be. */
struct page {
	json_t *rows;
	json_int_t from, limit;
	json_int_t place;		/* of the entry that is looked at */
	json_int_t next;		/* where the next page begins; -1 */
};

static bool page_open(struct page *page, json_t *request, struct why *why)
{
	bool there;

	*page = (struct page){ .limit = REQUEST_PAGE_MAX, .next = -1 };
	if (!request_number(request, "from", INT64_MAX, &page->from, &there,
			    why) ||
	    !request_number(request, "limit", REQUEST_PAGE_MAX, &page->limit,
			    &there, why))
		return false;
	if (!page->limit)
		return why_fail(why, "'limit' must not be 0");
	page->rows = json_array();
	return page->rows;
}

/* Shall the entry at @place be on this page? */
static bool page_wants(struct page *page, json_int_t place)
{
	if (place < page->from || page->next >= 0)
		return false;
	if ((json_int_t)json_array_size(page->rows) < page->limit)
		return true;
	page->next = place;
	return false;
}

static json_t *page_result(struct page *page, const char *name)
{
	json_t *result = json_pack("{s:o}", name, page->rows);

	if (result && page->next >= 0)
		json_object_set_new(result, "next", json_integer(page->next));
	return result;
}

static void set_text(json_t *object, const char *name, const char *text)
{
	char clean[PATH_MAX];

	text_printable(clean, sizeof(clean), text, sizeof(clean));
	json_object_set_new(object, name, json_string(clean));
}

static void set_count(json_t *object, const char *name, uint64_t count)
{
	json_object_set_new(object, name, json_integer(count));
}

/* --- the switch */

static json_t *answer_ping(struct request_target *target, json_t *request,
			   struct why *why)
{
	(void)target;
	(void)request;
	(void)why;
	return json_object();
}

static json_t *answer_version(struct request_target *target, json_t *request,
			      struct why *why)
{
	(void)request;
	(void)why;
	return json_pack("{s:s,s:s}", "version", LGUEST_VERSION, "name",
			 target->sw->name);
}

static json_t *describe_fdb(const struct fdb *fdb)
{
	return json_pack("{s:I,s:I,s:I,s:f,s:I,s:I,s:I,s:I}",
			 "entries", (json_int_t)fdb->used,
			 "static", (json_int_t)fdb->statics,
			 "max", (json_int_t)fdb->max,
			 "ageing", fdb->ageing_ns / SECOND_NS,
			 "learned", (json_int_t)fdb->learned,
			 "moved", (json_int_t)fdb->moved,
			 "aged", (json_int_t)fdb->aged,
			 "refused", (json_int_t)fdb->refused);
}

static unsigned int count_ports(const struct lgswitch *sw,
				bool (*counts)(const struct port *port))
{
	unsigned int i, count = 0;

	for (i = 0; i < sw->ports; i++)
		count += sw->port[i] && counts(sw->port[i]);
	return count;
}

static bool is_net(const struct port *port)
{
	return port->config.kind == PORT_NET;
}

static bool is_tap(const struct port *port)
{
	return port->config.kind == PORT_TAP;
}

static bool is_up(const struct port *port)
{
	return port->state == PORT_UP;
}

static json_t *answer_show(struct request_target *target, json_t *request,
			   struct why *why)
{
	const struct lgswitch *sw = target->sw;
	double uptime = (events_now() - sw->started_ns) / SECOND_NS;

	(void)request;
	(void)why;
	return json_pack("{s:s,s:s,s:i,s:f,s:i,s:i,s:i,s:b,s:b,s:o}",
			 "name", sw->name, "version", LGUEST_VERSION,
			 "pid", (int)getpid(), "uptime", uptime,
			 "nets", count_ports(sw, is_net),
			 "taps", count_ports(sw, is_tap),
			 "up", count_ports(sw, is_up),
			 "control-frames", !sw->settings.no_control_frames,
			 "persist", sw->settings.persist,
			 "fdb", describe_fdb(&sw->fdb));
}

static json_t *answer_config(struct request_target *target, json_t *request,
			     struct why *why)
{
	struct switch_config config;
	json_t *result = NULL;
	char *text = NULL;
	size_t bytes = 0;
	FILE *file;

	(void)request;
	if (!switch_get_config(target->sw, &config, why))
		return NULL;
	file = open_memstream(&text, &bytes);
	if (file) {
		config_print(&config, file);
		if (!fclose(file))
			result = json_pack("{s:s%}", "config", text, bytes);
		free(text);
	}
	config_free(&config);
	return result;
}

/* --- ports */

static const char *state_word(enum port_state state)
{
	switch (state) {
	case PORT_UP:
		return "up";
	case PORT_DOWN:
		return "down";
	case PORT_GONE:
		break;
	}
	return "gone";
}

static void describe_vlan(json_t *object, const struct vlan_rule *rule)
{
	char trunk[CONFIG_WORD_MAX];

	if (rule->mode == VLAN_ACCESS)
		set_count(object, "vlan", rule->vlan);
	if (rule->mode != VLAN_TRUNK)
		return;
	if (vlan_format_trunk(rule, trunk, sizeof(trunk)))
		set_text(object, "trunk", trunk);
	if (rule->vlan != VLAN_NONE)
		set_count(object, "native", rule->vlan);
}

static void describe_net(json_t *object, const struct port *port)
{
	const struct netport *net = port_net_of(port);

	set_text(object, "file", port->config.file);
	if (net)
		set_count(object, "slot", net->slot);
	json_object_set_new(object, "strict",
			    json_boolean(port->config.strict));
}

static uint64_t all_dropped(const struct port_counters *count)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < DROP_REASONS; i++)
		sum += count->dropped[i];
	return sum;
}

static void describe_counters(json_t *object, const struct port_counters *count)
{
	set_count(object, "received", count->received);
	set_count(object, "received-bytes", count->received_bytes);
	set_count(object, "sent", count->sent);
	set_count(object, "sent-bytes", count->sent_bytes);
	set_count(object, "dropped", all_dropped(count));
}

static json_t *describe_port(const struct port *port)
{
	json_t *object = json_pack("{s:s,s:s,s:s,s:b}", "name",
				   port->config.name, "kind",
				   is_net(port) ? "net" : "tap", "state",
				   state_word(port->state), "isolated",
				   port->config.isolated);

	if (port->state == PORT_GONE)
		set_text(object, "why", port->why_gone.text);
	if (is_net(port))
		describe_net(object, port);
	describe_vlan(object, &port->config.vlan);
	if (port->config.storm)
		set_count(object, "storm", port->config.storm);
	describe_counters(object, &port->count);
	return object;
}

static json_t *describe_drops(const struct port_counters *count)
{
	json_t *drops = json_array();
	unsigned int i;

	for (i = 0; i < DROP_REASONS; i++)
		json_array_append_new(drops,
				      json_pack("{s:s,s:s,s:I}",
						"reason", drop_word(i),
						"text", drop_text(i),
						"count",
						(json_int_t)count->dropped[i]));
	return drops;
}

static json_t *describe_stats(const struct port *port)
{
	json_t *object = json_pack("{s:s}", "name", port->config.name);

	describe_counters(object, &port->count);
	set_count(object, "flooded", port->count.flooded);
	set_count(object, "mirrored", port->count.mirrored);
	set_count(object, "stalls", port->count.stalls);
	json_object_set_new(object, "drops", describe_drops(&port->count));
	return object;
}

/* One port, or a page of all. */
static json_t *list_ports(struct lgswitch *sw, json_t *request,
			  json_t *(*describe)(const struct port *port),
			  struct why *why)
{
	struct port *only;
	struct page page;
	unsigned int i;

	if (!request_port(sw, request, false, &only, why) ||
	    !page_open(&page, request, why))
		return NULL;
	for (i = 0; i < sw->ports; i++)
		if (sw->port[i] && (!only || sw->port[i] == only) &&
		    page_wants(&page, i))
			json_array_append_new(page.rows,
					      describe(sw->port[i]));
	return page_result(&page, "ports");
}

static json_t *answer_ports(struct request_target *target, json_t *request,
			    struct why *why)
{
	return list_ports(target->sw, request, describe_port, why);
}

static json_t *answer_stats(struct request_target *target, json_t *request,
			    struct why *why)
{
	return list_ports(target->sw, request, describe_stats, why);
}

/* --- who is on a net */

static json_t *describe_slot(unsigned int number,
			     const struct lguest_net_slot *slot)
{
	char mac[MAC_TEXT], name[LGUEST_NET_NAME + 1];
	unsigned int flags = slot->flags;

	text_printable(name, sizeof(name), slot->name, sizeof(slot->name));
	return json_pack("{s:i,s:s,s:s,s:I,s:b,s:b,s:b,s:b,s:b}",
			 "slot", number, "name", name,
			 "mac", mac_format(slot->mac, mac),
			 "pid", (json_int_t)slot->pid,
			 "guest", !(flags & LGUEST_SLOT_PORT),
			 "uplink", flags & LGUEST_SLOT_UPLINK,
			 "promiscuous", flags & LGUEST_SLOT_PROMISC,
			 "up", !(flags & LGUEST_SLOT_DOWN),
			 "strict", flags & LGUEST_SLOT_STRICT);
}

static json_t *answer_slots(struct request_target *target, json_t *request,
			    struct why *why)
{
	struct lguest_net_slot slot;
	const struct netport *net;
	struct port *port;
	unsigned int i;
	json_t *slots;

	if (!request_port(target->sw, request, true, &port, why))
		return NULL;
	net = port_net_of(port);
	if (!net) {
		why_fail(why, "%s is %s: it has no slots", port->config.name,
			 is_net(port) ? "a net that is gone" : "a tap");
		return NULL;
	}
	slots = json_array();
	for (i = 0; i < LGUEST_NET_SLOTS; i++)
		if (netpage_get(net->page, i, &slot))
			json_array_append_new(slots, describe_slot(i, &slot));
	return json_pack("{s:o}", "slots", slots);
}

/* --- addresses */

struct fdb_page {
	struct page page;
	const struct lgswitch *sw;
	const struct port *only;
	uint64_t now_ns;
};

static json_t *describe_entry(const struct fdb_page *list,
			      const struct fdb_entry *entry)
{
	const struct port *port = entry->port < list->sw->ports ?
				  list->sw->port[entry->port] : NULL;
	char mac[MAC_TEXT];
	double age = 0;
	json_t *object;

	if (list->now_ns > entry->seen_ns)
		age = (list->now_ns - entry->seen_ns) / SECOND_NS;
	object = json_pack("{s:s,s:s,s:b}", "mac", mac_format(entry->mac, mac),
			   "port", port ? port->config.name : "?",
			   "static", entry->is_static);
	if (entry->vlan != VLAN_NONE)
		set_count(object, "vlan", entry->vlan);
	if (!entry->is_static)
		json_object_set_new(object, "age", json_real(age));
	return object;
}

/* Places are those in the table's memory: they stay as others come and go. */
static bool visit_entry(void *context, const struct fdb_entry *entry)
{
	struct fdb_page *list = context;
	json_int_t place = entry - list->sw->fdb.entry;

	if ((!list->only || entry->port == list->only->id) &&
	    page_wants(&list->page, place))
		json_array_append_new(list->page.rows,
				      describe_entry(list, entry));
	return list->page.next < 0;
}

static json_t *answer_fdb(struct request_target *target, json_t *request,
			  struct why *why)
{
	struct fdb_page list = { .sw = target->sw, .now_ns = events_now() };
	struct port *only;

	if (!request_port(target->sw, request, false, &only, why) ||
	    !page_open(&list.page, request, why))
		return NULL;
	list.only = only;
	fdb_walk(&target->sw->fdb, visit_entry, &list);
	return page_result(&list.page, "entries");
}

/* --- pairs */

struct pair_page {
	struct page page;
	const struct port *only;
};

/* A port, or a slot of a net by its number, and its name if it has one. */
static json_t *describe_end(const struct port *port, int slot)
{
	const struct netport *net = slot < 0 ? NULL : port_net_of(port);
	json_t *object = json_pack("{s:s}", "port", port->config.name);
	struct lguest_net_slot copy;

	if (slot >= 0)
		set_count(object, "slot", slot);
	if (net && netpage_get(net->page, slot, &copy))
		set_text(object, "name", copy.name);
	return object;
}

static void visit_pair(void *context, const struct matrix_row *row)
{
	struct pair_page *list = context;

	if (list->only && row->from != list->only && row->to != list->only)
		return;
	if (page_wants(&list->page, list->page.place++))
		json_array_append_new(list->page.rows,
				      json_pack("{s:o,s:o,s:I,s:I,s:I}",
						"from", describe_end(row->from, row->from_slot),
						"to", describe_end(row->to, row->to_slot),
						"frames", (json_int_t)row->frames,
						"bytes", (json_int_t)row->bytes,
						"dropped", (json_int_t)row->dropped));
}

static json_t *answer_matrix(struct request_target *target, json_t *request,
			     struct why *why)
{
	struct pair_page list = { 0 };
	struct port *only;

	if (!request_port(target->sw, request, false, &only, why) ||
	    !page_open(&list.page, request, why))
		return NULL;
	list.only = only;
	switch_matrix(target->sw, visit_pair, &list);
	return page_result(&list.page, "pairs");
}

/* --- mirrors and faults */

static json_t *describe_mirror(const struct mirror *mirror)
{
	char to[CONFIG_NAME + LGUEST_NET_NAME + 2];
	json_t *from = json_array();
	unsigned int i;

	config_format_endpoint(&mirror->config.to, to, sizeof(to));
	for (i = 0; i < mirror->config.sources; i++)
		json_array_append_new(from,
				      json_string(mirror->config.from[i]));
	return json_pack("{s:s,s:o,s:b,s:I,s:I}", "to", to, "from", from,
			 "there", mirror->to != NULL,
			 "copied", (json_int_t)mirror->copied,
			 "dropped", (json_int_t)mirror->dropped);
}

static json_t *answer_mirrors(struct request_target *target, json_t *request,
			      struct why *why)
{
	const struct mirror *mirror;
	json_t *mirrors = json_array();

	(void)request;
	(void)why;
	for (mirror = target->sw->mirrors; mirror; mirror = mirror->next)
		json_array_append_new(mirrors, describe_mirror(mirror));
	return json_pack("{s:o}", "mirrors", mirrors);
}

static json_t *describe_fault(const struct fault_row *row)
{
	char from[CONFIG_NAME + LGUEST_NET_NAME + 2];
	char to[CONFIG_NAME + LGUEST_NET_NAME + 2];
	const struct fault_counts *counts = &row->counts;
	char spec[FAULT_TEXT];

	config_format_endpoint(&row->config.from, from, sizeof(from));
	config_format_endpoint(&row->config.to, to, sizeof(to));
	fault_format(&row->config.spec, spec);
	return json_pack("{s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}",
			 "from", from, "to", to, "spec", spec,
			 "frames", (json_int_t)counts->frames,
			 "copies", (json_int_t)counts->copies,
			 "lost", (json_int_t)counts->lost,
			 "down", (json_int_t)counts->down,
			 "full", (json_int_t)counts->full,
			 "duplicated", (json_int_t)counts->duplicated,
			 "corrupted", (json_int_t)counts->corrupted,
			 "reordered", (json_int_t)counts->reordered,
			 "waiting", (json_int_t)row->waiting,
			 "overflowed", (json_int_t)row->overflowed);
}

static void visit_fault(void *context, const struct fault_row *row)
{
	struct page *page = context;

	if (page_wants(page, page->place++))
		json_array_append_new(page->rows, describe_fault(row));
}

static json_t *answer_faults(struct request_target *target, json_t *request,
			     struct why *why)
{
	struct page page;

	if (!page_open(&page, request, why))
		return NULL;
	switch_faults(target->sw, visit_fault, &page);
	return page_result(&page, "faults");
}

const struct request_verb request_shows[] = {
	{ "ping", "", false, answer_ping },
	{ "version", "", false, answer_version },
	{ "show", "", false, answer_show },
	{ "config", "", false, answer_config },
	{ "ports", " port from limit ", false, answer_ports },
	{ "stats", " port from limit ", false, answer_stats },
	{ "slots", " port ", false, answer_slots },
	{ "fdb", " port from limit ", false, answer_fdb },
	{ "matrix", " port from limit ", false, answer_matrix },
	{ "mirrors", "", false, answer_mirrors },
	{ "faults", " from limit ", false, answer_faults },
	{ 0 }
};
