// SPDX-License-Identifier: GPL-2.0
/*
 * switch.c - the switch as a whole: begins, runs and ends, and does what people
 * ask of it while it runs.  See switch.h; carry.h and forward.h are where
 * frames go.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "carry.h"
#include "line.h"
#include "parts.h"
#include "plug.h"
#include "slots.h"
#include "switch.h"
#include "tell.h"

#define SECOND_NS	1000000000ULL
/* A sixteenth of the table is looked through each time, and nets' files. */
#define AGE_NS		SECOND_NS

/*
 * Faults, mirrors and links that name a guest find it by looking at the nets'
 * pages, which happens five times a second.  So the first fifth of a second of
 * a new guest may pass unspoiled, and unseen by a mirror.  The page has a
 * counter of changes; what it lacks is a way to sleep until that changes, a
 * poll() of lg.ko's.
 * guide: M:210
 */

/* How late a new guest on a net may be noticed. */
#define SLOTS_NS	(SECOND_NS / 5)

/* --- begin, run, end --- */

static void age(struct event_tick *tick, uint64_t now_ns)
{
	struct lgswitch *sw = tick->context;

	sw->now_ns = now_ns;
	fdb_age(&sw->fdb, now_ns);
	plug_check_nets(sw);
}

static void start_ticks(struct lgswitch *sw)
{
	struct switch_parts *parts = sw->parts;

	parts->patience = (struct event_tick){
		.due_ns = UINT64_MAX, .tick = carry_lose_patience,
		.context = sw,
	};
	parts->retry = (struct event_tick){
		.due_ns = UINT64_MAX, .tick = plug_retry, .context = sw,
	};
	parts->age = (struct event_tick){
		.every_ns = AGE_NS, .tick = age, .context = sw,
	};
	parts->slots = (struct event_tick){
		.every_ns = SLOTS_NS, .tick = slots_tick, .context = sw,
	};
	events_add_tick(&sw->events, &parts->patience);
	events_add_tick(&sw->events, &parts->retry);
	events_add_tick(&sw->events, &parts->age);
	events_add_tick(&sw->events, &parts->slots);
}

static uint64_t any_seed(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed))
		seed = events_now();
	return seed;
}

/* The settings without the lists, which are kept where they work. */
static void set_settings(struct lgswitch *sw,
			 const struct switch_config *config)
{
	sw->settings = *config;
	sw->settings.port = NULL;
	sw->settings.fixed = NULL;
	sw->settings.mirror = NULL;
	sw->settings.fault = NULL;
	sw->settings.down = NULL;
	sw->settings.ports = sw->settings.fixeds = sw->settings.mirrors =
		sw->settings.faults = sw->settings.downs = 0;
	config_get_name(config, sw->name);
}

static bool begin(struct lgswitch *sw, const struct switch_config *config,
		  struct why *why)
{
	sw->parts = calloc(1, sizeof(*sw->parts));
	if (!sw->parts)
		return why_fail(why, "no memory");
	if (!events_init(&sw->events, why)) {
		free(sw->parts);
		return false;
	}
	if (!fdb_init(&sw->fdb, config->fdb_max,
		      config->ageing_s * SECOND_NS)) {
		events_free(&sw->events);
		free(sw->parts);
		return why_fail(why, "no memory");
	}
	sw->now_ns = sw->started_ns = events_now();
	start_ticks(sw);
	loop_init(&sw->parts->loop, sw->name);
	line_init(sw, config->has_seed ? config->seed : any_seed());
	return true;
}

static bool add_all(struct lgswitch *sw, const struct switch_config *config,
		    struct why *why)
{
	unsigned int i;

	for (i = 0; i < config->ports; i++)
		if (!switch_add_port(sw, &config->port[i], why))
			return false;
	for (i = 0; i < config->fixeds; i++)
		if (!switch_add_static(sw, &config->fixed[i], why))
			return false;
	for (i = 0; i < config->mirrors; i++)
		if (!switch_add_mirror(sw, &config->mirror[i], why))
			return false;
	for (i = 0; i < config->faults; i++)
		if (!switch_add_fault(sw, &config->fault[i], why))
			return false;
	for (i = 0; i < config->downs; i++)
		if (!switch_set_down(sw, &config->down[i], true, why))
			return false;
	return true;
}

bool switch_open(struct lgswitch *sw, const struct switch_config *config,
		 struct why *why)
{
	*sw = (struct lgswitch){ .parts = NULL };
	set_settings(sw, config);
	if (!config_check(config, why) || !begin(sw, config, why))
		return false;
	if (add_all(sw, config, why))
		return true;
	switch_close(sw);
	return false;
}

bool switch_run(struct lgswitch *sw, struct why *why)
{
	sw->is_running = true;
	while (!sw->is_over)
		if (!carry_round(sw))
			return why_fail(why, "cannot wait for frames: %m");
	return true;
}

void switch_stop(struct lgswitch *sw)
{
	sw->is_over = true;
}

void switch_close(struct lgswitch *sw)
{
	unsigned int i = sw->ports;

	sw->notify = NULL;
	sw->is_running = false;
	mirror_free(sw);
	while (i-- > 0)
		if (sw->port[i])
			plug_out(sw->port[i], !sw->settings.persist);
	line_free(sw);
	fdb_free(&sw->fdb);
	events_free(&sw->events);
	free(sw->parts->down);
	free(sw->parts);
	sw->parts = NULL;
}

/* --- ports --- */

struct port *switch_find(const struct lgswitch *sw, const char *name,
			 struct why *why)
{
	unsigned int i;

	for (i = 0; i < sw->ports; i++)
		if (sw->port[i] && !strcmp(sw->port[i]->config.name, name))
			return sw->port[i];
	if (why)
		why_fail(why, "there is no port %s", name);
	return NULL;
}

bool switch_add_port(struct lgswitch *sw, const struct port_config *config,
		     struct why *why)
{
	return plug_in(sw, config, why);
}

bool switch_remove_port(struct lgswitch *sw, const char *name,
			struct why *why)
{
	struct port *port = switch_find(sw, name, why);

	if (!port)
		return false;
	plug_out(port, true);
	return true;
}

/* Learned there, or fixed to a VLAN that the port is not in any more. */
static bool is_outdated(const void *context, const struct fdb_entry *entry)
{
	const struct port *port = context;

	return entry->port == port->id &&
	       (!entry->is_static ||
		!vlan_has(&port->config.vlan, entry->vlan));
}

bool switch_change_port(struct lgswitch *sw, const struct port_change *change,
			struct why *why)
{
	struct port *port = switch_find(sw, change->name, why);

	if (!port)
		return false;
	if (change->set_strict && port->config.kind != PORT_NET)
		return why_fail(why, "%s is a tap: strict is for nets",
				change->name);
	if (change->set_vlan) {
		port->config.vlan = change->to.vlan;
		fdb_remove_if(&sw->fdb, is_outdated, port);
	}
	if (change->set_isolated)
		port->config.isolated = change->to.isolated;
	if (change->set_storm) {
		port->config.storm = change->to.storm;
		storm_set(&port->storm, change->to.storm, sw->now_ns);
	}
	if (change->set_strict)
		port->config.strict = change->to.strict;
	if (port->state != PORT_GONE)
		port->ops->changed(port);
	tell(sw, SWITCH_PORT_CHANGED, port, "port %s has been changed",
	     change->name);
	return true;
}

/* --- addresses --- */

bool switch_add_static(struct lgswitch *sw, const struct static_config *fixed,
		       struct why *why)
{
	const struct port *port = switch_find(sw, fixed->port, why);

	if (!port || !config_check_static(fixed, &port->config, why))
		return false;
	if (fdb_add_static(&sw->fdb, fixed->mac, fixed->vlan, port->id,
			   sw->now_ns))
		return true;
	return why_fail(why, "the table is full: %u addresses (--fdb-max)",
			sw->fdb.used);
}

bool switch_remove_static(struct lgswitch *sw,
			  const struct static_config *fixed, struct why *why)
{
	const struct fdb_entry *entry = fdb_get(&sw->fdb, fixed->mac,
						fixed->vlan);
	char mac[MAC_TEXT];

	if (entry && entry->is_static)
		return fdb_remove(&sw->fdb, fixed->mac, fixed->vlan);
	return why_fail(why, "%s is not static", mac_format(fixed->mac, mac));
}

void switch_flush(struct lgswitch *sw, const struct port *port)
{
	if (port)
		fdb_forget_port(&sw->fdb, port->id, false);
	else
		fdb_flush(&sw->fdb);
}

/* --- mirrors, faults, links --- */

/* Is it a port, or a slot that such a port may have? */
static bool check_end(const struct lgswitch *sw, const struct endpoint *end,
		      struct why *why)
{
	const struct port *port;

	if (!strcmp(end->port, "*"))
		return true;
	port = switch_find(sw, end->port, why);
	if (!port)
		return false;
	return !*end->slot || port->config.kind == PORT_NET ||
	       why_fail(why, "%s is a tap and has no slots", end->port);
}

bool switch_add_mirror(struct lgswitch *sw, const struct mirror_config *config,
		       struct why *why)
{
	const struct mirror *other;
	unsigned int i;

	if (!check_end(sw, &config->to, why))
		return false;
	for (i = 0; i < config->sources; i++)
		if (!switch_find(sw, config->from[i], why))
			return false;
	for (other = sw->mirrors; other; other = other->next)
		if (!config_same_endpoint(&other->config.to, &config->to) &&
		    !config_check_mirrors(&other->config, config, why))
			return false;
	return mirror_add(sw, config, why);
}

bool switch_remove_mirror(struct lgswitch *sw, const struct endpoint *to,
			  struct why *why)
{
	return mirror_remove(sw, to, why);
}

bool switch_add_fault(struct lgswitch *sw, const struct fault_config *fault,
		      struct why *why)
{
	return check_end(sw, &fault->from, why) &&
	       check_end(sw, &fault->to, why) && line_add(sw, fault, why);
}

bool switch_remove_fault(struct lgswitch *sw, const struct endpoint *from,
			 const struct endpoint *to, struct why *why)
{
	return line_remove(sw, from, to, why);
}

bool switch_set_down(struct lgswitch *sw, const struct endpoint *end,
		     bool down, struct why *why)
{
	struct port *port = switch_find(sw, end->port, why);

	if (!port || !check_end(sw, end, why))
		return false;
	if (*end->slot)
		return slots_set_down(sw, port, end, down, why);
	port->is_link_down = down;
	/* As with a cable that is pulled: it may be put in elsewhere. */
	if (down)
		fdb_forget_port(&sw->fdb, port->id, false);
	plug_set_link(port);
	tell(sw, SWITCH_PORT_CHANGED, port, "the link of port %s is %s",
	     end->port, down ? "down" : "up");
	return true;
}

/* --- the rest --- */

void switch_set_ageing(struct lgswitch *sw, unsigned int seconds)
{
	sw->settings.ageing_s = seconds;
	sw->fdb.ageing_ns = seconds * SECOND_NS;
}

void switch_set_fdb_max(struct lgswitch *sw, uint32_t max)
{
	sw->settings.fdb_max = max;
	fdb_set_max(&sw->fdb, max);
}

void switch_set_control_frames(struct lgswitch *sw, bool pass)
{
	sw->settings.no_control_frames = !pass;
}
