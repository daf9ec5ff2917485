// SPDX-License-Identifier: GPL-2.0
/*
 * request_show.c - requests that only look at the switch: what it is, and its
 * ports; its tables are in request_tables.c.
 * guide: C:410
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <lguest/version.h>

#include "netpage.h"
#include "netport.h"
#include "request_page.h"
#include "text.h"

#define SECOND_NS	1000000000.0

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
		request_set_count(object, "vlan", rule->vlan);
	if (rule->mode != VLAN_TRUNK)
		return;
	if (vlan_format_trunk(rule, trunk, sizeof(trunk)))
		request_set_text(object, "trunk", trunk);
	if (rule->vlan != VLAN_NONE)
		request_set_count(object, "native", rule->vlan);
}

static void describe_net(json_t *object, const struct port *port)
{
	const struct netport *net = port_net_of(port);

	request_set_text(object, "file", port->config.file);
	if (net)
		request_set_count(object, "slot", net->slot);
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
	request_set_count(object, "received", count->received);
	request_set_count(object, "received-bytes", count->received_bytes);
	request_set_count(object, "sent", count->sent);
	request_set_count(object, "sent-bytes", count->sent_bytes);
	request_set_count(object, "dropped", all_dropped(count));
}

static json_t *describe_port(const struct port *port)
{
	json_t *object = json_pack("{s:s,s:s,s:s,s:b}", "name",
				   port->config.name, "kind",
				   is_net(port) ? "net" : "tap", "state",
				   state_word(port->state), "isolated",
				   port->config.isolated);

	if (port->state == PORT_GONE)
		request_set_text(object, "why", port->why_gone.text);
	if (is_net(port))
		describe_net(object, port);
	describe_vlan(object, &port->config.vlan);
	if (port->config.storm)
		request_set_count(object, "storm", port->config.storm);
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
	request_set_count(object, "flooded", port->count.flooded);
	request_set_count(object, "mirrored", port->count.mirrored);
	request_set_count(object, "stalls", port->count.stalls);
	json_object_set_new(object, "drops", describe_drops(&port->count));
	return object;
}

/* One port, or a page of all. */
static json_t *list_ports(struct lgswitch *sw, json_t *request,
			  json_t *(*describe)(const struct port *port),
			  struct why *why)
{
	struct port *only;
	struct request_page page;
	unsigned int i;

	if (!request_port(sw, request, false, &only, why) ||
	    !request_page_open(&page, request, why))
		return NULL;
	for (i = 0; i < sw->ports; i++)
		if (sw->port[i] && (!only || sw->port[i] == only) &&
		    request_page_wants(&page, i))
			json_array_append_new(page.rows,
					      describe(sw->port[i]));
	return request_page_result(&page, "ports");
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

const struct request_verb request_shows[] = {
	{ "ping", "", false, answer_ping },
	{ "version", "", false, answer_version },
	{ "show", "", false, answer_show },
	{ "config", "", false, answer_config },
	{ "ports", " port from limit ", false, answer_ports },
	{ "stats", " port from limit ", false, answer_stats },
	{ "slots", " port ", false, answer_slots },
	{ "fdb", " port from limit ", false, request_fdb },
	{ "matrix", " port from limit ", false, request_matrix },
	{ "mirrors", "", false, request_mirrors },
	{ "faults", " from limit ", false, request_faults },
	{ 0 }
};
