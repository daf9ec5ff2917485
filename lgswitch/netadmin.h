/* SPDX-License-Identifier: GPL-2.0 */
/*
 * netadmin.h - the process that sets up network devices for the switch, and
 * keeps CAP_NET_ADMIN for that when the switch itself has given up everything.
 * It does nothing but the requests here, which it trusts as little as if they
 * came from a stranger: whoever has taken over the switch can make and remove
 * the switch's own devices by it, and no others.
 *
 * Request and answer are one packet each, of a Unix socket; an answer may come
 * with a tap's file.  It ends when its socket does, and leaves the devices as
 * they are.
 * guide: C:315
 */
#ifndef LGSWITCH_NETADMIN_H
#define LGSWITCH_NETADMIN_H

#include "config.h"
#include "privilege.h"
#include "uplink.h"

enum netadmin_verb {
	NETADMIN_MAKE,
	NETADMIN_UNMAKE,
	NETADMIN_SETTLE,		/* give up what root can do */
};

struct netadmin_request {
	enum netadmin_verb verb;
	struct port_config port;
};

struct netadmin_answer {
	bool good;
	struct why why;			/* if it is not */
	unsigned int mtu;		/* of the tap */
	struct tap tap;			/* its file comes with the packet */
};

/*
 * Do the requests that come by @requests, and tell by @events (struct
 * uplink_event, a packet each) what becomes of taps; until the switch is
 * gone.  The status to exit with.
 */
int netadmin_serve(int requests, int events, const char *name,
		   const struct identity *identity);

/* A request that came from outside: can it be one? */
bool netadmin_check(const struct netadmin_request *request, size_t bytes,
		    struct why *why);

#endif
