/* SPDX-License-Identifier: GPL-2.0 */
/*
 * port.h - a port of the switch: a net (port_net.c) or a tap (port_tap.c), with
 * what the switch knows of it and one table of functions for what differs.
 */
#ifndef LGSWITCH_PORT_H
#define LGSWITCH_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"
#include "events.h"
#include "frame.h"
#include "storm.h"

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
	DROP_LOOP,			/* the port is quiet because of a loop */
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
	bool (*open)(struct port *port, struct why *why);
	void (*close)(struct port *port);
	/*
	 * Give up to PORT_BATCH frames to forward_frame(); how many.  Stops
	 * at one that has to wait (port->stalled_on).
	 */
	unsigned int (*receive)(struct port *port);
	enum port_sent (*send)(struct port *port, const struct frame *frame);
	/* Let go of what send() gathered; also when it is writable again. */
	void (*flush)(struct port *port);
	/* Going to sleep (false: no, there is something), and waking up. */
	bool (*sleep)(struct port *port);
	void (*wake)(struct port *port);
	void (*link)(struct port *port, bool up);
};

#define PORT_BATCH	64
#define PORTS_MAX	CONFIG_PORTS_MAX

struct port {
	struct lgswitch *sw;
	const struct port_ops *ops;
	struct port_config config;	/* as it is now */
	uint16_t id;			/* index in sw->port */
	enum port_state state;
	bool is_link_down;		/* by people; outlives being gone */
	struct why why_gone;
	struct event_file file;		/* of its net port or tap */
	struct storm storm;
	struct port_counters count;
	struct port_cell *cell;		/* what it sent to port [id] */
	uint64_t opened_ns;
	/* The loop's: */
	bool is_active;			/* looked at without waiting */
	bool is_dirty;			/* flush() has something to do */
	bool is_full;			/* waits for EPOLLOUT */
	uint64_t full_since_ns;
	struct port *stalled_on;	/* its first frame waits for that one */
	uint16_t mirrors;		/* that have it as a source */
	bool has_faults;		/* as either end */
	void *own;			/* struct net_port or tap_port */
};

extern const struct port_ops port_net_ops, port_tap_ops;

/* The slots of a net; NULL if it is a tap or gone. */
const struct lguest_net_page *port_net_page(const struct port *port);
const struct lguest_net_pairs *port_net_pairs(const struct port *port);
/* Ours there; -1: none. */
int port_net_slot(const struct port *port);
/* By name or number; -1: nobody. */
int port_net_find(const struct port *port, const char *slot);

#endif
