/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mirror.h - copies of what ports send and receive, for somebody who watches:
 * a tap, a net or one slot of a net.  Of a net that is watched everything is
 * copied, also what its guests say to each other, which never comes to the
 * switch: a listener (lib/netlog.h) hears it.
 * guide: C:240
 */
#ifndef LGSWITCH_MIRROR_H
#define LGSWITCH_MIRROR_H

#include <stdbool.h>
#include <stdint.h>

#include <lguest/net.h>

#include "config.h"
#include "events.h"
#include "frame.h"
#include "netlog.h"

struct lgswitch;
struct port;

/* An ear on a net among a mirror's sources. */
struct mirror_listener {
	struct mirror *mirror;
	char port[CONFIG_NAME];
	uint32_t serial;		/* of that port */
	struct netlog log;
	struct event_file file;
	/* A frame has a record for each copy: one is enough. */
	uint64_t last_id[LGUEST_NET_SLOTS + 1];
	uint64_t lost;			/* counted already */
	struct mirror_listener *next;
};

struct mirror {
	struct mirror_config config;
	struct lgswitch *sw;
	struct port *to;		/* NULL: not there now */
	int slot;			/* of a net; -1: all of it, or nobody */
	uint64_t copied, dropped;
	struct mirror_listener *listeners;
	struct mirror *next;
};

/* A mirror is known by where it goes; adding one again changes it. */
bool mirror_add(struct lgswitch *sw, const struct mirror_config *config,
		struct why *why);
bool mirror_remove(struct lgswitch *sw, const struct endpoint *to,
		   struct why *why);
void mirror_free(struct lgswitch *sw);

/* After ports or slots have come or gone. */
void mirror_refresh(struct lgswitch *sw);
/* The port goes for good: it is no source any more, nor a mirror's end. */
void mirror_forget(const struct port *port);

/* A tap's frame, in or out, for the mirrors that have the tap as a source. */
void mirror_frame(struct lgswitch *sw, const struct port *port,
		  const struct frame *frame);

#endif
