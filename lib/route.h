/* SPDX-License-Identifier: GPL-2.0 */
/*
 * route.h - how this host reaches another one: by which of its devices, with
 * which MTU, and whether the next station on the way is there.
 * guide: C:355
 */
#ifndef LIB_ROUTE_H
#define LIB_ROUTE_H

#include <net/if.h>

#include "link.h"

struct route {
	int index;			/* of the device */
	char device[IFNAMSIZ];
	unsigned int mtu;		/* of the route, or else the device */
	bool carrier;			/* is the device up and plugged in? */
	bool is_local;			/* it is this host itself */
	bool has_neighbours;		/* there are MAC addresses to ask for */
	struct link_address hop;	/* a router, or the other host */
};

/* The way from one's own address @from to @to.  Fails if there is none. */
bool route_find(struct links *links, const struct link_address *from,
		const struct link_address *to, struct route *route,
		struct why *why);

enum neighbour {
	NEIGHBOUR_UNKNOWN,		/* nobody has asked */
	NEIGHBOUR_ASKED,		/* no answer yet */
	NEIGHBOUR_THERE,
	NEIGHBOUR_FIXED,		/* by somebody: it is not asked for */
	NEIGHBOUR_FAILED,		/* does not answer */
};

/* What the kernel knows of the route's next station. */
bool route_look(struct links *links, const struct route *route,
		enum neighbour *neighbour, struct why *why);

/*
 * Have the kernel ask it (ARP, neighbour discovery), given what it knows now.
 * Needs CAP_NET_ADMIN.
 */
bool route_probe(struct links *links, const struct route *route,
		 enum neighbour now, struct why *why);

#endif
