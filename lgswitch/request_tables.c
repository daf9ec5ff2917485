// SPDX-License-Identifier: GPL-2.0
/*
 * request_tables.c - requests that show the switch's tables: addresses, pairs,
 * mirrors and faults.
 * guide: C:415
 */
#include "netpage.h"
#include "netport.h"
#include "request_page.h"

#define SECOND_NS	1000000000.0

/* --- addresses */

struct fdb_page {
	struct request_page page;
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
		request_set_count(object, "vlan", entry->vlan);
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
	    request_page_wants(&list->page, place))
		json_array_append_new(list->page.rows,
				      describe_entry(list, entry));
	return list->page.next < 0;
}

json_t *request_fdb(struct request_target *target, json_t *request,
		    struct why *why)
{
	struct fdb_page list = { .sw = target->sw, .now_ns = events_now() };
	struct port *only;

	if (!request_port(target->sw, request, false, &only, why) ||
	    !request_page_open(&list.page, request, why))
		return NULL;
	list.only = only;
	fdb_walk(&target->sw->fdb, visit_entry, &list);
	return request_page_result(&list.page, "entries");
}

/* --- pairs */

struct pair_page {
	struct request_page page;
	const struct port *only;
};

/* A port, or a slot of a net by its number, and its name if it has one. */
static json_t *describe_end(const struct port *port, int slot)
{
	const struct netport *net = slot < 0 ? NULL : port_net_of(port);
	json_t *object = json_pack("{s:s}", "port", port->config.name);
	struct lguest_net_slot copy;

	if (slot >= 0)
		request_set_count(object, "slot", slot);
	if (net && netpage_get(net->page, slot, &copy))
		request_set_text(object, "name", copy.name);
	return object;
}

static void visit_pair(void *context, const struct matrix_row *row)
{
	struct pair_page *list = context;

	if (list->only && row->from != list->only && row->to != list->only)
		return;
	if (request_page_wants(&list->page, list->page.place++))
		json_array_append_new(list->page.rows,
				      json_pack("{s:o,s:o,s:I,s:I,s:I}",
						"from", describe_end(row->from, row->from_slot),
						"to", describe_end(row->to, row->to_slot),
						"frames", (json_int_t)row->frames,
						"bytes", (json_int_t)row->bytes,
						"dropped", (json_int_t)row->dropped));
}

json_t *request_matrix(struct request_target *target, json_t *request,
		       struct why *why)
{
	struct pair_page list = { 0 };
	struct port *only;

	if (!request_port(target->sw, request, false, &only, why) ||
	    !request_page_open(&list.page, request, why))
		return NULL;
	list.only = only;
	switch_matrix(target->sw, visit_pair, &list);
	return request_page_result(&list.page, "pairs");
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

json_t *request_mirrors(struct request_target *target, json_t *request,
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
	struct request_page *page = context;

	if (request_page_wants(page, page->place++))
		json_array_append_new(page->rows, describe_fault(row));
}

json_t *request_faults(struct request_target *target, json_t *request,
		       struct why *why)
{
	struct request_page page;

	if (!request_page_open(&page, request, why))
		return NULL;
	switch_faults(target->sw, visit_fault, &page);
	return request_page_result(&page, "faults");
}
