// SPDX-License-Identifier: GPL-2.0
/*
 * plug.c - ports in and out.  See plug.h.
 */
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "carry.h"
#include "divert.h"
#include "line.h"
#include "log.h"
#include "netfile.h"
#include "parts.h"
#include "plug.h"
#include "slots.h"
#include "switch.h"
#include "tell.h"

#define SECOND_NS	1000000000ULL
/* How often what is gone is looked for. */
#define RETRY_NS	SECOND_NS

static const struct port_ops *const ops_of[PORT_KINDS] = {
	[PORT_NET] = &port_net_ops,
	[PORT_TAP] = &port_tap_ops,
};

static const char *kind_of(const struct port *port)
{
	return port->config.kind == PORT_NET ? "net" : "tap";
}

/* Whatever hangs on which ports there are. */
static void refresh(struct lgswitch *sw)
{
	slots_look(sw);
	mirror_refresh(sw);
	line_refresh(sw);
}

void plug_set_link(struct port *port)
{
	if (port->state == PORT_GONE)
		return;
	port->state = port->is_link_down ? PORT_DOWN : PORT_UP;
	port->ops->link(port, !port->is_link_down);
}

/*
 * Adding a port with a tap stops the switch for some tens of milliseconds: the
 * process that makes the device is asked, and waited for.  Its answer could
 * come by the loop like everything else, if a port could be "being made" in
 * the meantime, and a request be answered later than the next one.
 * guide: M:200
 */

/* --- in --- */

static bool is_same_net(const struct port_config *one,
			const struct port_config *other)
{
	char first[PATH_MAX], second[PATH_MAX];

	if (one->kind != PORT_NET || other->kind != PORT_NET)
		return false;
	netfile_identity(one->file, first, sizeof(first));
	netfile_identity(other->file, second, sizeof(second));
	return !strcmp(first, second);
}

static bool check(const struct lgswitch *sw, const struct port_config *config,
		  struct why *why)
{
	unsigned int i;

	for (i = 0; i < sw->ports; i++) {
		const struct port *port = sw->port[i];

		if (!port)
			continue;
		if (!strcmp(port->config.name, config->name))
			return why_fail(why, "there is a port %s already",
					config->name);
		/* It would get its own frames back, for ever. */
		if (is_same_net(&port->config, config))
			return why_fail(why, "net %s is a port already: %s",
					config->file, port->config.name);
	}
	return true;
}

/* The first that is free; PORTS_MAX: none. */
static unsigned int find_id(const struct lgswitch *sw)
{
	unsigned int id = 0;

	while (id < PORTS_MAX && sw->port[id])
		id++;
	return id;
}

static bool start(struct port *port, struct why *why)
{
	if (!port->ops->open(port, why))
		return false;
	if (!carry_add(port, why)) {
		port->ops->close(port, false);
		return false;
	}
	port->state = PORT_UP;
	port->slots_changes = 0;
	if (port->divert)
		*port->divert = (struct divert){ 0 };
	if (port->is_link_down)
		plug_set_link(port);
	return true;
}

static struct port *make(struct lgswitch *sw, const struct port_config *config,
			 uint16_t id, struct why *why)
{
	struct port *port = calloc(1, sizeof(*port));
	struct port_cell *cell = calloc(PORTS_MAX, sizeof(*cell));
	struct lguest_net_slot *slots = NULL;
	struct divert *divert = NULL;

	if (config->kind == PORT_NET) {
		slots = calloc(LGUEST_NET_SLOTS, sizeof(*slots));
		divert = calloc(1, sizeof(*divert));
	}
	if (!port || !cell ||
	    (config->kind == PORT_NET && (!slots || !divert))) {
		free(port);
		free(cell);
		free(slots);
		free(divert);
		why_fail(why, "no memory for port %s", config->name);
		return NULL;
	}
	*port = (struct port){
		.sw = sw, .ops = ops_of[config->kind], .config = *config,
		.id = id, .serial = ++sw->parts->serials, .cell = cell,
		.cells = PORTS_MAX, .slots = slots, .divert = divert,
	};
	storm_set(&port->storm, config->storm, sw->now_ns);
	return port;
}

static void unmake(struct port *port)
{
	free(port->cell);
	free(port->slots);
	free(port->divert);
	free(port);
}

/* Nobody has sent to the new one what went to the last of its number. */
static void enter(struct lgswitch *sw, struct port *port)
{
	unsigned int i;

	for (i = 0; i < sw->ports; i++)
		if (sw->port[i])
			sw->port[i]->cell[port->id] = (struct port_cell){ 0 };
	sw->port[port->id] = port;
	if (port->id >= sw->ports)
		sw->ports = port->id + 1;
}

bool plug_in(struct lgswitch *sw, const struct port_config *config,
	     struct why *why)
{
	struct port *port;
	unsigned int id = find_id(sw);

	if (!check(sw, config, why))
		return false;
	if (id == PORTS_MAX)
		return why_fail(why, "a switch has up to %d ports", PORTS_MAX);
	port = make(sw, config, id, why);
	if (!port)
		return false;
	if (!start(port, why)) {
		unmake(port);
		return false;
	}
	enter(sw, port);
	refresh(sw);
	tell(sw, SWITCH_PORT_ADDED, port, "%s %s is a port",
	     kind_of(port), port->config.name);
	return true;
}

/* --- out --- */

static void stop(struct port *port, bool for_good)
{
	if (port->state == PORT_GONE)
		return;
	carry_remove(port);
	port->ops->close(port, for_good);
	port->state = PORT_GONE;
}

void plug_out(struct port *port, bool for_good)
{
	struct lgswitch *sw = port->sw;

	stop(port, for_good);
	if (for_good && port->ops->unmake)
		port->ops->unmake(port);
	fdb_forget_port(&sw->fdb, port->id, true);
	slots_forget(port);
	mirror_forget(port);
	line_forget(port);
	sw->port[port->id] = NULL;
	while (sw->ports && !sw->port[sw->ports - 1])
		sw->ports--;
	refresh(sw);
	tell(sw, SWITCH_PORT_REMOVED, port, "%s %s is no port any more",
	     kind_of(port), port->config.name);
	unmake(port);
}

/* --- gone, and back --- */

static void unplug(struct port *port, const char *reason)
{
	struct lgswitch *sw = port->sw;

	why_fail(&port->why_gone, "%s", reason);
	stop(port, false);
	port->is_lost = false;
	fdb_forget_port(&sw->fdb, port->id, false);
	refresh(sw);
	sw->parts->retry.due_ns = events_now() + RETRY_NS;
	tell(sw, SWITCH_PORT_CHANGED, port, "port %s is gone: %s",
	     port->config.name, port->why_gone.text);
}

void plug_lost(struct port *port)
{
	if (port->state != PORT_GONE)
		unplug(port, port->config.kind == PORT_TAP ?
		       "its device has been removed" :
		       "its net does not work");
}

/*
 * A net whose file was removed and made again is another one for all who join
 * from now on; those who are on the old one still have only us.
 */
static void check_net(struct port *port)
{
	if (!port_net_of(port) || !port_net_is_replaced(port)) {
		port->is_replaced = false;
		return;
	}
	if (!slots_any(port)) {
		unplug(port, "its file is another one now: joining that");
		return;
	}
	if (!port->is_replaced)
		tell(port->sw, SWITCH_PORT_CHANGED, port,
		     "the file %s is another one now: who joins it is not on net %s, until all have left that",
		     port->config.file, port->config.name);
	port->is_replaced = true;
}

void plug_check_nets(struct lgswitch *sw)
{
	unsigned int i;

	for (i = 0; i < sw->ports; i++)
		if (sw->port[i])
			check_net(sw->port[i]);
}

/* A tap is not made anew: who has removed it had a reason. */
static bool may_be_back(const struct port *port)
{
	return port->config.kind != PORT_TAP ||
	       if_nametoindex(port->config.name);
}

static void try_again(struct port *port)
{
	if (!may_be_back(port) || !start(port, &port->why_gone))
		return;
	refresh(port->sw);
	tell(port->sw, SWITCH_PORT_CHANGED, port, "port %s is back",
	     port->config.name);
}

void plug_retry(struct event_tick *tick, uint64_t now_ns)
{
	struct lgswitch *sw = tick->context;
	unsigned int i;

	sw->now_ns = now_ns;
	for (i = 0; i < sw->ports; i++) {
		struct port *port = sw->port[i];

		if (!port || port->state != PORT_GONE)
			continue;
		try_again(port);
		if (port->state == PORT_GONE)
			tick->due_ns = now_ns + RETRY_NS;
	}
}
