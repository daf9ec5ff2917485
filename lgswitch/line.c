// SPDX-License-Identifier: GPL-2.0
/*
 * line.c - finds the faults of a frame's way and does what they decide.  See
 * line.h.
 */
#include <stdlib.h>
#include <string.h>

#include "carry.h"
#include "divert.h"
#include "forward.h"
#include "line.h"
#include "log.h"
#include "netport.h"
#include "parts.h"
#include "segment.h"
#include "slots.h"
#include "switch.h"

/* Where a frame goes.  Within a net from == to, and both slots are known. */
struct way {
	struct port *from, *to;
	int source;			/* slot; -1: not known, or a tap */
	int target;			/* slot that alone gets it; -1: by address */
	int owner;			/* slot that has the address; -1 */
};

/* --- which line is it? --- */

static const struct port *port_at(const struct lgswitch *sw, uint16_t id,
				  uint32_t serial)
{
	const struct port *port = sw->port[id];

	return port && port->serial == serial ? port : NULL;
}

/* How precisely does an end mean that port and slot?  -1: not at all. */
static int fits(const struct line_end *end, const struct port *port, int slot)
{
	if (end->is_any)
		return 0;
	if (!end->is_there || end->port != port)
		return -1;
	if (end->slot < 0)
		return 1;
	return end->slot == slot ? 2 : -1;
}

static struct line *find(const struct lgswitch *sw, const struct way *way)
{
	struct line *line = sw->parts->lines.first, *best = NULL;
	int slot = way->target >= 0 ? way->target : way->owner;
	int most = -1;

	for (; line; line = line->next) {
		int from = fits(&line->from, way->from, way->source);
		int to = fits(&line->to, way->to, slot);

		if (from < 0 || to < 0 || 3 * to + from <= most)
			continue;
		most = 3 * to + from;
		best = line;
	}
	return best;
}

/* --- what it does --- */

static void pass(struct lgswitch *sw, const struct way *way,
		 const struct frame *frame)
{
	enum port_sent sent;

	if (way->to->state != PORT_UP || way->to->is_lost) {
		forward_drop(way->from, way->to, DROP_DOWN);
		return;
	}
	if (way->target < 0)
		sent = forward_send(sw, way->from, way->to, frame);
	else
		sent = forward_send_for(sw, way->from, way->to, frame,
					way->from == way->to ? way->source : -1,
					way->target);
	if (sent != PORT_FULL)
		return;
	carry_wait_for_room(way->to);
	forward_drop(way->from, way->to, DROP_NO_ROOM);
}

static void flip(struct held *held, uint32_t bit)
{
	uint32_t at = LGUEST_FRAME_HEADER + bit / 8;

	if (at < held->bytes)
		held->data[at] ^= 1 << bit % 8;
}

static void hold(struct lgswitch *sw, struct line *line, const struct way *way,
		 const struct frame *frame, const struct fault_plan *plan,
		 uint64_t when_ns)
{
	struct lines *lines = &sw->parts->lines;
	struct held *held = held_add(&lines->pool, frame, when_ns);

	if (!held) {
		line->overflowed++;
		forward_drop(way->from, way->to, DROP_NO_ROOM);
		return;
	}
	held->line = line;
	line->waiting++;
	held->way = (struct held_way){
		.from_id = way->from->id, .from_serial = way->from->serial,
		.to_id = way->to->id, .to_serial = way->to->serial,
		.source = way->source, .target = way->target,
	};
	if (plan->corrupt)
		flip(held, plan->bit);
	if (lines->tick.due_ns > when_ns)
		lines->tick.due_ns = when_ns;
}

static enum drop_reason reason_of(enum fault_drop drop)
{
	switch (drop) {
	case FAULT_FULL:
		return DROP_RATE;
	case FAULT_DOWN:
		return DROP_DOWN;
	default:
		return DROP_LOSS;
	}
}

/* One frame as it would be on a wire, or a super-frame where that is fine. */
static void apply(struct lgswitch *sw, struct line *line,
		  const struct way *way, const struct frame *frame)
{
	uint64_t reordered = line->fault.counts.reordered;
	struct fault_plan plan;
	bool overtakes;
	unsigned int i;

	fault_apply(&line->fault, sw->now_ns,
		    frame->bytes - LGUEST_FRAME_HEADER, &plan);
	if (plan.drop != FAULT_KEPT) {
		forward_drop(way->from, way->to, reason_of(plan.drop));
		return;
	}
	/* One that is to go at once goes behind those that are late. */
	overtakes = line->fault.counts.reordered != reordered;
	for (i = 0; i < plan.copies; i++) {
		uint64_t when_ns = plan.when[i];

		if (when_ns > sw->now_ns || plan.corrupt ||
		    (line->waiting && !overtakes))
			hold(sw, line, way, frame, &plan, when_ns);
		else
			pass(sw, way, frame);
	}
}

/* One of the frames that a super-frame stands for, all in one piece. */
static void apply_piece(struct lgswitch *sw, struct line *line,
			const struct way *way, const struct frame *whole,
			const struct iovec *piece, unsigned int parts)
{
	struct lines *lines = &sw->parts->lines;
	struct iovec iov = { lines->piece, 0 };
	struct frame frame = *whole;
	unsigned int i;

	for (i = 0; i < parts; i++) {
		if (piece[i].iov_len > sizeof(lines->piece) - iov.iov_len)
			return;
		memcpy(lines->piece + iov.iov_len, piece[i].iov_base,
		       piece[i].iov_len);
		iov.iov_len += piece[i].iov_len;
	}
	frame.iov = &iov;
	frame.parts = 1;
	frame.bytes = iov.iov_len;
	frame.lender = NULL;
	if (frame_read(&frame))
		apply(sw, line, way, &frame);
}

static void apply_to_segments(struct lgswitch *sw, struct line *line,
			      const struct way *way, const struct frame *frame)
{
	struct iovec piece[SEGMENT_PARTS];
	struct segment segment;
	unsigned int parts;

	/* What cannot be split fares as it is. */
	if (segment_start(&segment, frame->iov, frame->parts) != SEGMENT_GOOD) {
		apply(sw, line, way, frame);
		return;
	}
	while ((parts = segment_next(&segment, piece)))
		apply_piece(sw, line, way, frame, piece, parts);
}

static void cross(struct lgswitch *sw, struct line *line,
		  const struct way *way, const struct frame *frame)
{
	if (fault_needs_segments(&line->fault.spec))
		apply_to_segments(sw, line, way, frame);
	else
		apply(sw, line, way, frame);
}

/* --- who meets a line --- */

/* Does a line that fits end at one slot of that net? */
static bool has_slot_lines(const struct lgswitch *sw, const struct port *from,
			   int source, const struct port *to)
{
	const struct line *line = sw->parts->lines.first;

	for (; line; line = line->next)
		if (line->to.port == to && line->to.slot >= 0 &&
		    fits(&line->from, from, source) >= 0)
			return true;
	return false;
}

/*
 * A group's frame for a net where some have lines of their own: each slot gets
 * its own copy.
 */
static void cross_to_each(struct lgswitch *sw, struct way *way,
			  const struct frame *frame)
{
	const struct netport *netport = port_net_of(way->to);
	int slot;

	for (slot = 0; slot < LGUEST_NET_SLOTS; slot++) {
		struct line *line;

		if (!(way->to->slots[slot].flags & LGUEST_SLOT_USED) ||
		    slot == (int)netport->slot)
			continue;
		way->target = slot;
		line = find(sw, way);
		if (line)
			cross(sw, line, way, frame);
		else
			pass(sw, way, frame);
	}
}

bool line_cross(struct lgswitch *sw, struct port *from, struct port *to,
		const struct frame *frame)
{
	struct way way = {
		.from = from, .to = to, .source = frame->source_slot,
		.target = -1, .owner = -1,
	};
	struct line *line;

	if (sw->parts->lines.any_slots && to->slots && port_net_of(to)) {
		if (!frame_is_group(frame)) {
			way.owner = slots_find_mac(to, frame_target(frame));
		} else if (has_slot_lines(sw, from, way.source, to)) {
			cross_to_each(sw, &way, frame);
			return true;
		}
	}
	line = find(sw, &way);
	if (line)
		cross(sw, line, &way, frame);
	return line;
}

void line_cross_net(struct lgswitch *sw, struct port *net,
		    const struct frame *frame, unsigned int target)
{
	struct way way = {
		.from = net, .to = net, .source = frame->source_slot,
		.target = target, .owner = target,
	};
	struct line *line = find(sw, &way);

	if (line)
		cross(sw, line, &way, frame);
	else
		pass(sw, &way, frame);
}

/* --- time is over --- */

static void send_held(struct lgswitch *sw, struct held *held)
{
	struct iovec iov = { held->data, held->bytes };
	struct frame frame = {
		.iov = &iov, .parts = 1, .bytes = held->bytes,
		.source_slot = held->way.source, .vlan = held->vlan,
	};
	struct way way = {
		.from = (struct port *)port_at(sw, held->way.from_id,
					       held->way.from_serial),
		.to = (struct port *)port_at(sw, held->way.to_id,
					     held->way.to_serial),
		.source = held->way.source,
		.target = held->way.target,
	};

	if (held->line)
		held->line->waiting--;
	if (!way.from || !way.to)
		return;
	if (frame_read(&frame))
		pass(sw, &way, &frame);
	else
		forward_drop(way.from, way.to, DROP_MALFORMED);
}

static void send_due(struct event_tick *tick, uint64_t now_ns)
{
	struct lgswitch *sw = tick->context;
	struct held_pool *pool = &sw->parts->lines.pool;
	struct held *held;

	sw->now_ns = now_ns;
	while ((held = held_take(pool, now_ns))) {
		send_held(sw, held);
		held_put(pool, held);
	}
	if (!wheel_next(&pool->wheel, &tick->due_ns))
		tick->due_ns = UINT64_MAX;
}

/* --- where lines end now --- */

static void find_end(struct lgswitch *sw, const struct endpoint *config,
		     struct line_end *end)
{
	*end = (struct line_end){ .slot = -1 };
	if (!strcmp(config->port, "*")) {
		end->is_any = end->is_there = true;
		return;
	}
	end->port = switch_find(sw, config->port, NULL);
	end->is_there = end->port;
	if (!end->port || !*config->slot)
		return;
	end->slot = slots_find_place(end->port, config->slot);
	end->is_there = end->slot >= 0;
}

static void mark_end(struct lgswitch *sw, const struct line_end *end)
{
	unsigned int i;

	if (end->port)
		end->port->has_faults = true;
	for (i = 0; end->is_any && i < sw->ports; i++)
		if (sw->port[i])
			sw->port[i]->has_faults = true;
}

static void mark_line(struct lgswitch *sw, const struct line *line)
{
	mark_end(sw, &line->from);
	mark_end(sw, &line->to);
}

static bool touches(const struct line_end *end, const struct port *port)
{
	return end->is_any || end->port == port;
}

/* What the line wants diverted on that net; false: nothing. */
static bool wish_of(const struct line *line, const struct port *net,
		    struct divert_pair *wish)
{
	if (!touches(&line->from, net) || !touches(&line->to, net) ||
	    !line->from.is_there || !line->to.is_there)
		return false;
	wish->source = line->from.slot >= 0 ? line->from.slot :
					      LGUEST_NET_NOBODY;
	wish->target = line->to.slot >= 0 ? line->to.slot : LGUEST_NET_NOBODY;
	return wish->source != wish->target ||
	       wish->source == LGUEST_NET_NOBODY;
}

static void divert_on(struct lgswitch *sw, struct port *net)
{
	struct divert_pair *wish = sw->parts->lines.wish;
	struct line *line = sw->parts->lines.first;
	unsigned int count = 0;
	struct why why;

	for (; line && count < LINES_MAX; line = line->next)
		count += wish_of(line, net, &wish[count]);
	if (!divert_set(net->divert, port_net_of(net), wish, count, &why))
		log_error("faults between slots of %s: %s", net->config.name,
			  why.text);
}

static void find_ends(struct lgswitch *sw, struct line *line)
{
	find_end(sw, &line->config.from, &line->from);
	find_end(sw, &line->config.to, &line->to);
}

/* Whom lines concern, after the lines or where they end have changed. */
static void settle(struct lgswitch *sw)
{
	struct lines *lines = &sw->parts->lines;
	const struct line *line;
	unsigned int i;

	lines->any_slots = false;
	for (i = 0; i < sw->ports; i++)
		if (sw->port[i])
			sw->port[i]->has_faults = false;
	for (line = lines->first; line; line = line->next) {
		mark_line(sw, line);
		lines->any_slots |= line->to.slot >= 0;
	}
	for (i = 0; i < sw->ports; i++)
		if (sw->port[i] && port_net_of(sw->port[i]))
			divert_on(sw, sw->port[i]);
}

void line_refresh(struct lgswitch *sw)
{
	struct line *line = sw->parts->lines.first;

	for (; line; line = line->next)
		find_ends(sw, line);
	settle(sw);
}

/* --- there and gone --- */

void line_init(struct lgswitch *sw, uint64_t seed)
{
	struct lines *lines = &sw->parts->lines;

	lines->seed = seed;
	held_init(&lines->pool, sw->now_ns);
	lines->tick = (struct event_tick){
		.due_ns = UINT64_MAX, .tick = send_due, .context = sw,
	};
	events_add_tick(&sw->events, &lines->tick);
}

void line_free(struct lgswitch *sw)
{
	struct lines *lines = &sw->parts->lines;

	while (lines->first) {
		struct line *next = lines->first->next;

		free(lines->first);
		lines->first = next;
	}
	held_free_all(&lines->pool);
}

static struct line **find_pair(struct lgswitch *sw,
			       const struct endpoint *from,
			       const struct endpoint *to)
{
	struct line **link = &sw->parts->lines.first;

	while (*link && !(config_same_endpoint(&(*link)->config.from, from) &&
			  config_same_endpoint(&(*link)->config.to, to)))
		link = &(*link)->next;
	return link;
}

/* The same seed and the same pair have the same chance. */
static uint64_t seed_of(const struct lines *lines,
			const struct fault_config *config)
{
	char text[2 * (CONFIG_NAME + LGUEST_NET_NAME)] = "";
	size_t used;

	config_format_endpoint(&config->from, text, sizeof(text) / 2);
	used = strlen(text) + 1;
	config_format_endpoint(&config->to, text + used, sizeof(text) / 2);
	return random_derive(lines->seed, once_key(0, text, used),
			     once_key(1, text + used, strlen(text + used)));
}

static bool add_one(struct lgswitch *sw, const struct endpoint *from,
		    const struct endpoint *to, const struct fault_spec *spec,
		    struct why *why)
{
	struct line **link = find_pair(sw, from, to);

	if (*link) {
		fault_change(&(*link)->fault, spec, sw->now_ns);
		return true;
	}
	if (sw->parts->lines.count == LINES_MAX)
		return why_fail(why, "a switch has up to %d faults",
				LINES_MAX);
	*link = calloc(1, sizeof(**link));
	if (!*link)
		return why_fail(why, "no memory");
	(*link)->config.from = *from;
	(*link)->config.to = *to;
	fault_init(&(*link)->fault, spec,
		   seed_of(&sw->parts->lines, &(*link)->config), sw->now_ns);
	find_ends(sw, *link);
	sw->parts->lines.count++;
	return true;
}

bool line_add(struct lgswitch *sw, const struct fault_config *config,
	      struct why *why)
{
	bool good = add_one(sw, &config->from, &config->to, &config->spec,
			    why);

	if (good && config->both)
		good = add_one(sw, &config->to, &config->from, &config->spec,
			       why);
	settle(sw);
	return good;
}

/* Its frames that are held go on as if nothing was. */
static void drop(struct lgswitch *sw, struct line **link)
{
	struct line *line = *link;
	struct held *held;

	for (held = sw->parts->lines.pool.all; held; held = held->next)
		if (held->line == line)
			held->line = NULL;
	*link = line->next;
	sw->parts->lines.count--;
	free(line);
}

/*
 * With a fault between two slots of one net go the frames that it holds back:
 * once the pair is diverted no more, the switch may not send for it any more.
 * One could go on diverting, without a fault, until the last one has been
 * sent, and only then let go.
 * guide: M:220
 */

bool line_remove(struct lgswitch *sw, const struct endpoint *from,
		 const struct endpoint *to, struct why *why)
{
	struct line **link = find_pair(sw, from, to);
	char pair[2][2 * CONFIG_NAME];

	if (*link) {
		drop(sw, link);
		settle(sw);
		return true;
	}
	config_format_endpoint(from, pair[0], sizeof(pair[0]));
	config_format_endpoint(to, pair[1], sizeof(pair[1]));
	return why_fail(why, "there is no fault from %s to %s", pair[0],
			pair[1]);
}

void line_forget(const struct port *port)
{
	struct line **link = &port->sw->parts->lines.first;

	while (*link) {
		const struct fault_config *config = &(*link)->config;

		if (strcmp(config->from.port, port->config.name) &&
		    strcmp(config->to.port, port->config.name))
			link = &(*link)->next;
		else
			drop(port->sw, link);
	}
}
