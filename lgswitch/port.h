/* SPDX-License-Identifier: GPL-2.0 */
/*
 * port.h - a port of the switch: a net (port_net.c) or a tap (port_tap.c), with
 * what the switch knows of it and one table of functions for what differs.
 * guide: C:125
 */

/*
 * A switch that works knows ports, frames and little else.  We first see the
 * two kinds of ports, and what has to be done to a frame that leaves the world
 * of nets, where checksums and the cutting of long frames are left to others.
 * Then the loop that asks each port for its frames, and what happens to them.
 * guide: C:120
 */

#ifndef LGSWITCH_PORT_H
#define LGSWITCH_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"
#include "events.h"
#include "frame.h"
#include "storm.h"

struct divert;
struct lgswitch;
struct port;

/* Why a frame ended here. */
enum drop_reason {
	DROP_MALFORMED,			/* no Ethernet frame with such a header */
	DROP_VLAN,			/* tag or VLAN that the port does not have */
	DROP_DOWN,			/* link is down, or the port is gone */
	DROP_STORM,			/* above the storm limit */
	DROP_CONTROL,			/* --no-control-frames */
	DROP_STATIC,			/* its source is fixed to another port */
	DROP_ISOLATED,			/* both ports are isolated */
	DROP_MIRROR,			/* the port is for a mirror's copies only */
	DROP_NO_ROOM,			/* the receiver had no room for it */
	DROP_REFUSED,			/* by the host's kernel */
	DROP_LOSS,			/* fault: lost */
	DROP_RATE,			/* fault: queue of its rate is full */
	DROP_REASONS
};

/* In one word, for JSON ("no-room"), and for people. */
const char *drop_word(enum drop_reason reason);
const char *drop_text(enum drop_reason reason);

/* Received: came in from the net or the host.  A super-frame counts once. */
struct port_counters {
	uint64_t received, received_bytes;
	uint64_t sent, sent_bytes;
	uint64_t dropped[DROP_REASONS];	/* those that came in or should go out */
	uint64_t flooded;		/* received for an unknown address */
	uint64_t mirrored;		/* sent as copies of a mirror */
	uint64_t stalls;		/* times that it had to wait for another */
};

/* What went from one port to another. */
struct port_cell {
	uint64_t frames, bytes, dropped;
};

enum port_state {
	PORT_UP,
	PORT_DOWN,			/* on purpose: --down */
	PORT_GONE,			/* its tap or net failed; retried */
};

/* What came of sending. */
enum port_sent {
	PORT_SENT,
	PORT_FULL,			/* no room now: try again when writable */
	PORT_REFUSED,			/* this frame cannot be sent there */
	PORT_LOST,			/* the port itself is gone */
};

struct port_ops {
	/* Sets port->file.fd. */
	bool (*open)(struct port *port, struct why *why);
	/* @for_good: what was made for it goes, too. */
	void (*close)(struct port *port, bool for_good);
	/* May be NULL: then also what is there while it is closed or gone. */
	void (*unmake)(const struct port *port);
	/*
	 * Give up to PORT_BATCH frames to the switch; how many were done.
	 * Stops at one that has to wait (port->stalled_on).
	 */
	unsigned int (*receive)(struct port *port);
	enum port_sent (*send)(struct port *port, const struct frame *frame);
	/* Let go of what send() gathered.  False: the port is gone. */
	bool (*flush)(struct port *port);
	/* Going to sleep (false: no, something is there), and waking up. */
	bool (*sleep)(struct port *port);
	void (*wake)(struct port *port);
	/* Show its link as up or down; a change of port->config. */
	void (*link)(struct port *port, bool up);
	void (*changed)(struct port *port);
};

#define PORT_BATCH	64
#define PORTS_MAX	CONFIG_PORTS_MAX

struct port {
	struct lgswitch *sw;
	const struct port_ops *ops;
	struct port_config config;	/* as it is now */
	uint16_t id;			/* index in sw->port */
	uint32_t serial;		/* never used again, as ids are */
	enum port_state state;
	bool is_link_down;		/* by people; outlives being gone */
	struct why why_gone;
	bool is_replaced;		/* a net: told that its file is new */
	struct event_file file;		/* of its net port or tap */
	struct storm storm;
	struct port_counters count;
	struct port_cell *cell;		/* [id]: what it sent to that port */
	unsigned int cells;
	/* The loop's (carry.h): */
	bool is_active;			/* looked at without waiting */
	bool is_dirty;			/* flush() has something to do */
	bool is_lost;			/* has failed in this round */
	bool is_full;			/* tells when there is room again */
	uint64_t full_since_ns;
	struct port *stalled_on;	/* its first frame waits for that one */
	/* The rules': */
	unsigned int mirrors;		/* that have it as a source */
	unsigned int mirrored_to;	/* all of it is for so many mirrors */
	bool has_faults;		/* as either end */
	bool probe_due;			/* loop.c wants one sent, in: */
	uint16_t probe_vlan;
	struct divert *divert;		/* line.c: pairs of this net */
	struct lguest_net_slot *slots;	/* slots.c: as they were last */
	uint32_t slots_changes;
	void *own;			/* of port_net.c or port_tap.c */
};

extern const struct port_ops port_net_ops, port_tap_ops;

/* --- of taps only --- */

/* Its last frame went to that net: read ahead for it. */
void port_tap_went_to(struct port *port, const struct port *to);

/* --- of nets only --- */

struct netport;

/* NULL: it is none, or gone. */
struct netport *port_net_of(const struct port *port);

/* Does the name stand for another file by now, and so for another net? */
bool port_net_is_replaced(const struct port *port);

/*
 * Memory for a frame that is likely to go to that net, which then needs no
 * copy; NULL: there is none now.
 */
void *port_net_lend(struct port *port);

/*
 * To slot @target only: for slot @source, a pair that is diverted, or (-1) from
 * us.  See netport_copy_for().
 */
enum port_sent port_net_send_for(struct port *port, const struct frame *frame,
				 int source, unsigned int target);

#endif
