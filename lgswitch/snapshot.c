// SPDX-License-Identifier: GPL-2.0
/*
 * snapshot.c - what a running switch looks like: its settings as the words that
 * would make another one like it, and who has sent how much to whom.  See
 * switch.h.
 * guide: C:425
 */
#include <string.h>

#include "line.h"
#include "netport.h"
#include "parts.h"
#include "switch.h"

/* --- settings --- */

static bool add_ports(const struct lgswitch *sw, struct switch_config *config,
		      struct why *why)
{
	unsigned int i;

	for (i = 0; i < sw->ports; i++) {
		const struct port *port = sw->port[i];
		struct endpoint end = { .slot = "" };

		if (!port)
			continue;
		if (!config_add_port(config, &port->config, why))
			return false;
		strcpy(end.port, port->config.name);
		if (port->is_link_down && !config_add_down(config, &end, why))
			return false;
	}
	for (i = 0; i < sw->parts->downs; i++)
		if (!config_add_down(config, &sw->parts->down[i], why))
			return false;
	return true;
}

struct statics {
	const struct lgswitch *sw;
	struct switch_config *config;
	struct why *why;
	bool good;
};

static bool add_static(void *context, const struct fdb_entry *entry)
{
	struct statics *statics = context;
	struct static_config fixed = { .vlan = entry->vlan };

	if (!entry->is_static)
		return true;
	memcpy(fixed.mac, entry->mac, MAC_BYTES);
	strcpy(fixed.port, statics->sw->port[entry->port]->config.name);
	statics->good = config_add_static(statics->config, &fixed,
					  statics->why);
	return statics->good;
}

static bool add_statics(const struct lgswitch *sw,
			struct switch_config *config, struct why *why)
{
	struct statics statics = { sw, config, why, true };

	fdb_walk(&sw->fdb, add_static, &statics);
	return statics.good;
}

static bool add_rules(const struct lgswitch *sw, struct switch_config *config,
		      struct why *why)
{
	const struct mirror *mirror;
	const struct line *line;

	for (mirror = sw->mirrors; mirror; mirror = mirror->next)
		if (!config_add_mirror(config, &mirror->config, why))
			return false;
	for (line = sw->parts->lines.first; line; line = line->next) {
		struct fault_config fault = line->config;

		fault.spec = line->fault.spec;
		if (!config_add_fault(config, &fault, why))
			return false;
	}
	return true;
}

bool switch_get_config(const struct lgswitch *sw, struct switch_config *config,
		       struct why *why)
{
	*config = sw->settings;
	strcpy(config->name, sw->name);
	if (add_ports(sw, config, why) && add_statics(sw, config, why) &&
	    add_rules(sw, config, why))
		return true;
	config_free(config);
	return false;
}

/* --- who to whom --- */

static uint64_t sum_dropped(const struct lguest_net_pair *pair)
{
	uint64_t sum = 0;
	int verdict;

	for (verdict = LGUEST_DELIVERED + 1; verdict < LGUEST_VERDICTS;
	     verdict++)
		sum += pair->count[verdict];
	return sum;
}

/* Between slots of one net: what lg.ko counted. */
static void walk_net(const struct port *port,
		     void (*visit)(void *context, const struct matrix_row *row),
		     void *context)
{
	const struct netport *netport = port_net_of(port);
	struct matrix_row row = { .from = port, .to = port };

	if (!netport)
		return;
	for (row.from_slot = 0; row.from_slot < LGUEST_NET_SLOTS;
	     row.from_slot++) {
		const struct lguest_net_pair *pair =
			netport->pairs->pair[row.from_slot];

		for (row.to_slot = 0; row.to_slot <= LGUEST_NET_NOBODY;
		     row.to_slot++, pair++) {
			row.frames = pair->count[LGUEST_DELIVERED];
			row.bytes = pair->bytes;
			row.dropped = sum_dropped(pair);
			if (row.frames || row.dropped)
				visit(context, &row);
		}
	}
}

/* Between ports: what we counted. */
static void walk_port(const struct lgswitch *sw, const struct port *from,
		      void (*visit)(void *context,
				    const struct matrix_row *row),
		      void *context)
{
	unsigned int i;

	for (i = 0; i < sw->ports; i++) {
		const struct port_cell *cell = &from->cell[i];
		struct matrix_row row = {
			.from = from, .to = sw->port[i], .from_slot = -1,
			.to_slot = -1, .frames = cell->frames,
			.bytes = cell->bytes, .dropped = cell->dropped,
		};

		if (row.to && (row.frames || row.dropped))
			visit(context, &row);
	}
}

void switch_matrix(const struct lgswitch *sw,
		   void (*visit)(void *context, const struct matrix_row *row),
		   void *context)
{
	unsigned int i;

	for (i = 0; i < sw->ports; i++) {
		if (!sw->port[i])
			continue;
		walk_port(sw, sw->port[i], visit, context);
		walk_net(sw->port[i], visit, context);
	}
}

/* --- faults --- */

void switch_faults(const struct lgswitch *sw,
		   void (*visit)(void *context, const struct fault_row *row),
		   void *context)
{
	const struct line *line;

	for (line = sw->parts->lines.first; line; line = line->next) {
		struct fault_row row = {
			.config = line->config,
			.counts = line->fault.counts,
			.waiting = line->waiting,
			.overflowed = line->overflowed,
		};

		row.config.spec = line->fault.spec;
		visit(context, &row);
	}
}
