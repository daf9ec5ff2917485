/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mirror.h - copies of what ports send and receive, for somebody who watches:
 * a tap, a net or one slot of a net.  Of a net that is watched everything is
 * copied, also what its guests say to each other, which never comes to the
 * switch: a listener (lib/netlog.h) hears it.
 */
#ifndef LGSWITCH_MIRROR_H
#define LGSWITCH_MIRROR_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"
#include "frame.h"

struct lgswitch;
struct port;

struct mirror {
	struct mirror_config config;
	struct lgswitch *sw;
	struct port *to;		/* NULL: not there now */
	uint64_t copied, dropped;
	struct mirror_listener *listeners;	/* for nets among its sources */
	struct mirror *next;
};

#endif
