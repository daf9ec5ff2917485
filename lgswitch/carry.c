// SPDX-License-Identifier: GPL-2.0
/*
 * carry.c - rounds: who has something to do has its turn.  See carry.h.
 *
 * A port is in one of these states: asleep (epoll tells when something comes),
 * active (looked at in each round), or stalled (not looked at, and epoll does
 * not watch for input either, until another port has room).
 * guide: C:170
 */
#include "carry.h"
#include "parts.h"
#include "plug.h"
#include "switch.h"

/* Frames after which those who sleep are looked after, too. */
#define LOOK_AFTER	16

/* --- what epoll watches --- */

static void watch(struct port *port)
{
	uint32_t events = (port->stalled_on ? 0 : EPOLLIN) |
			  (port->is_full ? EPOLLOUT : 0);

	if (port->file.events == events)
		return;
	port->file.events = events;
	events_change(&port->sw->events, &port->file);
}

static void activate(struct port *port)
{
	struct switch_parts *parts = port->sw->parts;

	if (port->is_active || port->stalled_on)
		return;
	port->is_active = true;
	parts->active[parts->actives++] = port;
	port->ops->wake(port);
}

/* Those who stood still for it go on. */
static void release_stalled(struct port *to)
{
	struct lgswitch *sw = to->sw;
	unsigned int i;

	for (i = 0; i < sw->ports; i++) {
		struct port *port = sw->port[i];

		if (!port || port->stalled_on != to)
			continue;
		port->stalled_on = NULL;
		watch(port);
		activate(port);
	}
}

static void has_room(struct port *port)
{
	port->is_full = false;
	if (!port->ops->flush(port)) {
		carry_lost(port);
		return;
	}
	watch(port);
	release_stalled(port);
}

static void ready(struct event_file *file, uint32_t events)
{
	struct port *port = file->context;

	if (events & (EPOLLERR | EPOLLHUP)) {
		carry_lost(port);
		return;
	}
	if (events & EPOLLOUT)
		has_room(port);
	if (events & EPOLLIN)
		activate(port);
}

bool carry_add(struct port *port, struct why *why)
{
	port->file.events = EPOLLIN;
	port->file.ready = ready;
	port->file.context = port;
	port->stalled_on = NULL;
	port->is_active = port->is_dirty = port->is_full = port->is_lost =
		false;
	if (!events_add(&port->sw->events, &port->file, why))
		return false;
	/* What is there already must not be waited for. */
	activate(port);
	return true;
}

static void deactivate(struct port *port)
{
	struct switch_parts *parts = port->sw->parts;
	unsigned int i;

	for (i = 0; i < parts->actives; i++)
		if (parts->active[i] == port)
			parts->active[i] = parts->active[--parts->actives];
	port->is_active = false;
}

void carry_remove(struct port *port)
{
	events_remove(&port->sw->events, &port->file);
	deactivate(port);
	port->is_dirty = false;
	port->stalled_on = NULL;
	release_stalled(port);
}

/* --- while a round is on --- */

void carry_mark_dirty(struct port *port)
{
	port->is_dirty = port->sw->parts->any_dirty = true;
}

void carry_wait_for_room(struct port *port)
{
	if (port->is_full)
		return;
	port->is_full = true;
	port->full_since_ns = port->sw->now_ns;
	watch(port);
}

static bool is_patient(const struct port *to)
{
	return to->sw->now_ns - to->full_since_ns < CARRY_PATIENCE_NS;
}

bool carry_stall(struct port *port, struct port *to)
{
	struct event_tick *tick = &port->sw->parts->patience;

	carry_wait_for_room(to);
	if (!is_patient(to))
		return false;
	port->stalled_on = to;
	port->count.stalls++;
	watch(port);
	if (tick->due_ns > to->full_since_ns + CARRY_PATIENCE_NS)
		tick->due_ns = to->full_since_ns + CARRY_PATIENCE_NS;
	return true;
}

/* Patience with some is over: the frames that waited are dropped. */
void carry_lose_patience(struct event_tick *tick, uint64_t now_ns)
{
	struct lgswitch *sw = tick->context;
	unsigned int i;

	sw->now_ns = now_ns;
	for (i = 0; i < sw->ports; i++) {
		struct port *to = sw->port[i] ? sw->port[i]->stalled_on : NULL;

		if (!to)
			continue;
		if (!is_patient(to))
			release_stalled(to);
		else if (tick->due_ns > to->full_since_ns + CARRY_PATIENCE_NS)
			tick->due_ns = to->full_since_ns + CARRY_PATIENCE_NS;
	}
}

void carry_look_at_clock(struct port *port)
{
	if (port->has_faults)
		port->sw->now_ns = events_now();
}

void carry_lost(struct port *port)
{
	port->is_lost = port->sw->parts->any_lost = true;
}

/* --- a round --- */

static void flush_all(struct lgswitch *sw)
{
	unsigned int i;

	if (!sw->parts->any_dirty)
		return;
	sw->parts->any_dirty = false;
	for (i = 0; i < sw->ports; i++) {
		struct port *port = sw->port[i];

		if (!port || !port->is_dirty)
			continue;
		port->is_dirty = false;
		/* One that waits for room is flushed when it has some. */
		if (port->state != PORT_GONE && !port->is_full &&
		    !port->ops->flush(port))
			carry_lost(port);
	}
}

static void unplug_lost(struct lgswitch *sw)
{
	unsigned int i;

	if (!sw->parts->any_lost)
		return;
	sw->parts->any_lost = false;
	for (i = 0; i < sw->ports; i++)
		if (sw->port[i] && sw->port[i]->is_lost)
			plug_lost(sw->port[i]);
}

/* A port's turn; how many frames that were. */
static unsigned int carry_from(struct port *port)
{
	unsigned int count = 0;

	if (!port->is_lost)
		count = port->ops->receive(port);
	if (port->stalled_on || port->is_lost ||
	    (count < PORT_BATCH && port->ops->sleep(port)))
		deactivate(port);
	return count;
}

/*
 * One round.  A busy switch does not ask the kernel for each frame who is
 * next: it goes from active port to active port and looks at epoll only now
 * and then, or when there is nothing left to do.
 * guide: C:175 code
 */
bool carry_round(struct lgswitch *sw)
{
	struct switch_parts *parts = sw->parts;
	unsigned int i = parts->actives;

	/* From the end, because who has nothing more is taken out. */
	while (i-- > 0)
		if (i < parts->actives)
			parts->carried += carry_from(parts->active[i]);
	loop_send_probes(sw);
	flush_all(sw);
	unplug_lost(sw);
	if (parts->actives && parts->carried < LOOK_AFTER)
		return true;
	parts->carried = 0;
	if (!events_run(&sw->events, !parts->actives))
		return false;
	sw->now_ns = sw->events.now_ns;
	/* What they have sent (delayed frames, say) goes now. */
	flush_all(sw);
	unplug_lost(sw);
	return true;
}
