/* SPDX-License-Identifier: GPL-2.0 */
/*
 * line.h - bad lines: what goes from one endpoint to another, where people have
 * set faults between them (fault.h).  Endpoints are ports, slots of nets, or
 * any; if several faults fit a frame's way the one that names its ends most
 * precisely counts.  Between slots of one net lg.ko diverts just those pairs to
 * the switch (divert.h).
 * guide: C:270
 */
#ifndef LGSWITCH_LINE_H
#define LGSWITCH_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"
#include "divert.h"
#include "fault.h"
#include "frame.h"
#include "held.h"
#include "port.h"

struct lgswitch;

/* One end of a line, as it is now. */
struct line_end {
	bool is_any;
	struct port *port;		/* NULL: any, or not there */
	int slot;			/* -1: the whole port */
	bool is_there;
};

struct line {
	struct fault_config config;	/* one direction */
	struct fault fault;
	struct line_end from, to;
	uint64_t waiting;		/* frames that are held */
	uint64_t overflowed;		/* the pool was full */
	struct line *next;
};

#define LINES_MAX	4096

struct lines {
	struct line *first;
	unsigned int count;
	uint64_t seed;
	bool any_slots;			/* some line ends at a slot */
	struct held_pool pool;
	struct event_tick tick;		/* for the pool's wheel */
	/* Room to work in. */
	struct divert_pair wish[LINES_MAX];
	uint8_t piece[LGUEST_FRAME_MAX];
};

void line_init(struct lgswitch *sw, uint64_t seed);
void line_free(struct lgswitch *sw);

bool line_add(struct lgswitch *sw, const struct fault_config *config,
	      struct why *why);
bool line_remove(struct lgswitch *sw, const struct endpoint *from,
		 const struct endpoint *to, struct why *why);
/* After ports or slots have come or gone. */
void line_refresh(struct lgswitch *sw);
/* The port goes for good, and with it its lines. */
void line_forget(const struct port *port);

/* False: the way is fine, send it yourself.  Else it is seen to. */
bool line_cross(struct lgswitch *sw, struct port *from, struct port *to,
		const struct frame *frame);

/* The same for a diverted frame of a net, which is always seen to. */
void line_cross_net(struct lgswitch *sw, struct port *net,
		    const struct frame *frame, unsigned int target);

#endif
