// SPDX-License-Identifier: GPL-2.0
/*
 * forward.c - what becomes of a frame: is it welcome, where did its source
 * show up, and who gets it.  See forward.h.
 *
 * A frame for one port waits if that has no room; a copy for one of several is
 * dropped then.  Until it is known that a frame need not wait nothing is
 * counted, for it comes again.
 * guide: C:185
 */
#include <string.h>

#include "carry.h"
#include "forward.h"
#include "line.h"
#include "loop.h"
#include "mirror.h"
#include "parts.h"
#include "switch.h"

void forward_drop(struct port *from, struct port *to, enum drop_reason reason)
{
	struct port *where = to ? to : from;

	where->count.dropped[reason]++;
	if (to && to->id < from->cells)
		from->cell[to->id].dropped++;
}

/* --- out of a port --- */

/* What a frame's tag is to be there, FRAME_NO_TAG: none. */
static int tag_for(const struct port *to, const struct frame *frame)
{
	int priority = frame->tag == FRAME_NO_TAG ? 0 : frame->tag & 0xf000;

	if (frame->vlan == VLAN_NONE)
		return frame->tag;
	if (vlan_wants_tag(&to->config.vlan, frame->vlan))
		return priority | frame->vlan;
	return FRAME_NO_TAG;
}

static uint32_t wire_bytes(const struct frame *frame)
{
	return frame->bytes - LGUEST_FRAME_HEADER;
}

static void count_sent(const struct port *from, struct port *to,
		       const struct frame *frame)
{
	to->count.sent++;
	to->count.sent_bytes += wire_bytes(frame);
	from->cell[to->id].frames++;
	from->cell[to->id].bytes += wire_bytes(frame);
}

/* What came of sending a frame, counted. */
static enum port_sent note_sent(struct lgswitch *sw, struct port *from,
				struct port *to, const struct frame *frame,
				enum port_sent sent)
{
	switch (sent) {
	case PORT_SENT:
		count_sent(from, to, frame);
		/* A net's mirrors have listeners there, which hear it. */
		if (to->mirrors && to->config.kind != PORT_NET)
			mirror_frame(sw, to, frame);
		break;
	case PORT_FULL:
		break;
	case PORT_LOST:
		carry_lost(to);
		forward_drop(from, to, DROP_DOWN);
		break;
	case PORT_REFUSED:
		forward_drop(from, to, DROP_REFUSED);
		break;
	}
	return sent;
}

enum port_sent forward_send(struct lgswitch *sw, struct port *from,
			    struct port *to, const struct frame *frame)
{
	int tag = tag_for(to, frame);
	struct frame_edit edit;
	struct frame edited;

	if (tag == frame->tag)
		return note_sent(sw, from, to, frame,
				 to->ops->send(to, frame));
	frame_set_tag(frame, tag, &edited, &edit);
	return note_sent(sw, from, to, &edited, to->ops->send(to, &edited));
}

enum port_sent forward_send_for(struct lgswitch *sw, struct port *from,
				struct port *to, const struct frame *frame,
				int source, unsigned int target)
{
	/* Within a net tags are the guests' own business. */
	int tag = from == to ? frame->tag : tag_for(to, frame);
	struct frame_edit edit;
	struct frame edited = *frame;

	if (tag != frame->tag)
		frame_set_tag(frame, tag, &edited, &edit);
	return note_sent(sw, from, to, &edited,
			 port_net_send_for(to, &edited, source, target));
}

/* --- to one, to several --- */

/* May a frame go from one to the other?  DROP_REASONS: yes. */
static enum drop_reason way(const struct port *from, const struct port *to,
			    const struct frame *frame)
{
	if (to->state != PORT_UP || to->is_lost)
		return DROP_DOWN;
	if (from->config.isolated && to->config.isolated)
		return DROP_ISOLATED;
	if (!vlan_has(&to->config.vlan, frame->vlan))
		return DROP_VLAN;
	if (to->mirrored_to)
		return DROP_MIRROR;
	return DROP_REASONS;
}

/* PORT_FULL: not sent, and not counted either. */
static enum port_sent cross(struct lgswitch *sw, struct port *from,
			    struct port *to, const struct frame *frame)
{
	if (from->has_faults && to->has_faults &&
	    line_cross(sw, from, to, frame))
		return PORT_SENT;
	return forward_send(sw, from, to, frame);
}

/* To one port, however it was found. */
static enum forwarded give(struct lgswitch *sw, struct port *from,
			   struct port *to, const struct frame *frame)
{
	if (cross(sw, from, to, frame) != PORT_FULL) {
		if (from->config.kind == PORT_TAP &&
		    to->config.kind == PORT_NET)
			port_tap_went_to(from, to);
		return FORWARD_DONE;
	}
	if (carry_stall(from, to))
		return FORWARD_WAIT;
	forward_drop(from, to, DROP_NO_ROOM);
	return FORWARD_DONE;
}

static void give_copy(struct lgswitch *sw, struct port *from, struct port *to,
		      const struct frame *frame)
{
	if (cross(sw, from, to, frame) == PORT_FULL) {
		carry_wait_for_room(to);
		forward_drop(from, to, DROP_NO_ROOM);
	}
}

/* All that are in the frame's VLAN, into parts->target. */
static unsigned int find_targets(struct lgswitch *sw, const struct port *from,
				 const struct frame *frame)
{
	unsigned int count = 0, i;

	for (i = 0; i < sw->ports; i++) {
		struct port *to = sw->port[i];

		if (to && to != from && way(from, to, frame) == DROP_REASONS)
			sw->parts->target[count++] = to;
	}
	return count;
}

static enum forwarded flood(struct lgswitch *sw, struct port *from,
			    const struct frame *frame)
{
	unsigned int count = find_targets(sw, from, frame), i;
	struct port **target = sw->parts->target;

	if (count == 1)
		return give(sw, from, target[0], frame);
	for (i = 0; i < count; i++)
		if (target[i] != frame->lender)
			give_copy(sw, from, target[i], frame);
	/* Whose memory it is in may let it go, so that one is last. */
	for (i = 0; i < count; i++)
		if (target[i] == frame->lender)
			give_copy(sw, from, target[i], frame);
	return FORWARD_DONE;
}

/* --- is it welcome? --- */

static bool is_zero(const uint8_t *mac)
{
	static const uint8_t zero[MAC_BYTES];

	return !memcmp(mac, zero, MAC_BYTES);
}

/* A frame that nobody should get; DROP_REASONS: it is fine. */
static enum drop_reason inspect(const struct lgswitch *sw,
				const struct port *from, struct frame *frame)
{
	int vlan;

	if (!frame_read(frame) || frame_source(frame)[0] & 1 ||
	    is_zero(frame_source(frame)))
		return DROP_MALFORMED;
	if (from->state != PORT_UP)
		return DROP_DOWN;
	if (from->mirrored_to)
		return DROP_MIRROR;
	if (sw->settings.no_control_frames && frame_is_control(frame))
		return DROP_CONTROL;
	vlan = vlan_classify(&from->config.vlan, frame->tag);
	if (vlan < 0)
		return DROP_VLAN;
	frame->vlan = vlan;
	return DROP_REASONS;
}

/* False: its source cannot be there. */
static bool learn(struct lgswitch *sw, struct port *from,
		  const struct frame *frame)
{
	uint16_t before = FDB_NO_PORT;

	switch (fdb_learn(&sw->fdb, frame_source(frame), frame->vlan, from->id,
			  sw->now_ns, &before)) {
	case FDB_MOVED:
		loop_moved(sw, fdb_get(&sw->fdb, frame_source(frame),
				       frame->vlan), before);
		return true;
	case FDB_STATIC:
		return false;
	default:
		return true;
	}
}

/* --- all of it --- */

/* The port that it is for, or NULL: not known. */
static struct port *find_one(const struct lgswitch *sw,
			     const struct frame *frame)
{
	uint16_t id;

	if (frame_is_group(frame))
		return NULL;
	id = fdb_find(&sw->fdb, frame_target(frame), frame->vlan, sw->now_ns);
	return id == FDB_NO_PORT ? NULL : sw->port[id];
}

static enum forwarded send_to_one(struct lgswitch *sw, struct port *from,
				  struct port *to, const struct frame *frame)
{
	enum drop_reason reason;

	/* Who has sent it could have reached that station without us. */
	if (to == from)
		return FORWARD_DONE;
	reason = way(from, to, frame);
	if (reason == DROP_REASONS)
		return give(sw, from, to, frame);
	forward_drop(from, to, reason);
	return FORWARD_DONE;
}

static enum forwarded send_to_all(struct lgswitch *sw, struct port *from,
				  const struct frame *frame)
{
	enum forwarded forwarded;

	if (!storm_take(&from->storm, sw->now_ns)) {
		forward_drop(from, NULL, DROP_STORM);
		return FORWARD_DONE;
	}
	forwarded = flood(sw, from, frame);
	if (forwarded == FORWARD_WAIT)
		storm_give_back(&from->storm);
	else if (!frame_is_group(frame))
		from->count.flooded++;
	return forwarded;
}

static void count_received(struct lgswitch *sw, struct port *from,
			   const struct frame *frame)
{
	from->count.received++;
	from->count.received_bytes += wire_bytes(frame);
	/* A net's mirrors have listeners there, which hear all of it. */
	if (from->mirrors && from->config.kind != PORT_NET)
		mirror_frame(sw, from, frame);
}

static enum forwarded drop_received(struct port *from, struct frame *frame,
				    enum drop_reason reason)
{
	from->count.received++;
	if (frame->bytes > LGUEST_FRAME_HEADER)
		from->count.received_bytes += wire_bytes(frame);
	forward_drop(from, NULL, reason);
	return FORWARD_DONE;
}

/*
 * A frame's whole stay in the switch.  Note what comes last: it is counted
 * when its fate is sealed, because FORWARD_WAIT means that we shall see it
 * again.
 * guide: C:190 code
 */
enum forwarded forward_frame(struct lgswitch *sw, struct port *from,
			     struct frame *frame)
{
	enum drop_reason reason = inspect(sw, from, frame);
	enum forwarded forwarded;
	struct port *to;

	if (reason != DROP_REASONS)
		return drop_received(from, frame, reason);
	if (loop_is_probe(sw, from, frame))
		return FORWARD_DONE;
	if (!learn(sw, from, frame))
		return drop_received(from, frame, DROP_STATIC);
	to = find_one(sw, frame);
	if (to)
		forwarded = send_to_one(sw, from, to, frame);
	else
		forwarded = send_to_all(sw, from, frame);
	if (forwarded == FORWARD_DONE)
		count_received(sw, from, frame);
	return forwarded;
}

enum forwarded forward_diverted(struct lgswitch *sw, struct port *from,
				struct frame *frame, unsigned int target)
{
	/* What it is does not matter, but for its head to be there. */
	if (frame_read(frame))
		line_cross_net(sw, from, frame, target);
	else
		forward_drop(from, from, DROP_MALFORMED);
	return FORWARD_DONE;
}
