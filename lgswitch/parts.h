/* SPDX-License-Identifier: GPL-2.0 */
/*
 * parts.h - what the switch has for itself and shows nobody else.
 * guide: C:110
 */
#ifndef LGSWITCH_PARTS_H
#define LGSWITCH_PARTS_H

#include "events.h"
#include "line.h"
#include "loop.h"
#include "port.h"

struct switch_parts {
	/* carry.c: */
	struct port *active[PORTS_MAX];
	unsigned int actives;
	unsigned int carried;		/* frames since others had their turn */
	bool any_dirty, any_lost;
	struct event_tick patience;
	/* forward.c: who gets a frame that goes to several. */
	struct port *target[PORTS_MAX];
	struct loop loop;
	struct lines lines;
	/* plug.c: */
	uint32_t serials;
	struct event_tick retry;
	/* slots.c: */
	struct event_tick slots;
	struct endpoint *down;		/* slots whose link is to be down */
	unsigned int downs;
	/* switch.c: */
	struct event_tick age;
};

/* The tick of parts->patience. */
void carry_lose_patience(struct event_tick *tick, uint64_t now_ns);

#endif
