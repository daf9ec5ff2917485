// SPDX-License-Identifier: GPL-2.0
/*
 * liveness.c - watches the ways to other hosts.  See liveness.h.
 */
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "array.h"
#include "link.h"
#include "liveness.h"
#include "log.h"
#include "overlay.h"
#include "route.h"

bool liveness_init(struct liveness *liveness, struct links *links,
		   struct why *why)
{
	struct nl_sock *sock = nl_socket_alloc();
	int status = -NLE_NOMEM;

	liveness->links = links;
	liveness->changes = sock;
	if (sock)
		status = nl_connect(sock, NETLINK_ROUTE);
	if (!status)
		status = nl_socket_set_nonblocking(sock);
	if (!status)
		status = nl_socket_add_memberships(sock, RTNLGRP_LINK,
						   RTNLGRP_NEIGH,
						   RTNLGRP_IPV4_ROUTE,
						   RTNLGRP_IPV6_ROUTE, 0);
	return !status ||
	       why_fail(why, "cannot listen to the kernel's network changes: %s",
			nl_geterror(status));
}

void liveness_free(struct liveness *liveness)
{
	nl_socket_free(liveness->changes);
	liveness->changes = NULL;
}

int liveness_fd(const struct liveness *liveness)
{
	return nl_socket_get_fd(liveness->changes);
}

/* --- segments --- */

static struct liveness_segment *find(struct liveness *liveness,
				     const char *tap)
{
	unsigned int i;

	for (i = 0; i < LIVENESS_MAX; i++)
		if (!strcmp(liveness->segment[i].tap, tap))
			return &liveness->segment[i];
	return NULL;
}

/* A tap that was just opened is plugged in; who is there is seen next. */
bool liveness_add(struct liveness *liveness, const struct port_config *port,
		  struct why *why)
{
	struct liveness_segment *segment = find(liveness, port->name);

	if (!segment)
		segment = find(liveness, "");
	if (!segment)
		return why_fail(why, "a switch has at most %d VXLANs",
				LIVENESS_MAX);
	*segment = (struct liveness_segment){
		.vxlan = port->vxlan,
		.carrier = true,
	};
	snprintf(segment->tap, sizeof(segment->tap), "%.*s", IFNAMSIZ - 1,
		 port->name);
	return true;
}

void liveness_remove(struct liveness *liveness, const char *tap)
{
	struct liveness_segment *segment = find(liveness, tap);

	if (segment && *tap)
		*segment = (struct liveness_segment){ 0 };
}

bool liveness_is_needed(const struct liveness *liveness)
{
	unsigned int i;

	for (i = 0; i < LIVENESS_MAX; i++)
		if (*liveness->segment[i].tap)
			return true;
	return false;
}

/* --- one host --- */

/*
 * @was: before.  While the kernel waits for an answer, it is as it was.  What
 * cannot be found out does not count against the host.
 */
static bool is_dead(struct links *links, const struct link_address *from,
		    const struct link_address *to, bool ask, bool was,
		    struct why *reason)
{
	enum neighbour neighbour;
	char text[LINK_ADDRESS_TEXT];
	struct route route;
	struct why ignored;

	if (!route_find(links, from, to, &route, reason))
		return true;
	if (!route.carrier) {
		why_fail(reason, "%s, by which it is reached, is down or unplugged",
			 route.device);
		return true;
	}
	if (!route.has_neighbours ||
	    !route_look(links, &route, &neighbour, reason))
		return false;
	if (ask)
		route_probe(links, &route, neighbour, &ignored);
	if (neighbour == NEIGHBOUR_ASKED || neighbour == NEIGHBOUR_UNKNOWN)
		return was;
	why_fail(reason, "%s does not answer on %s",
		 link_format_address(&route.hop, text), route.device);
	return neighbour == NEIGHBOUR_FAILED;
}

static void tell_host(const struct liveness_segment *segment,
		      const struct link_address *remote, bool dead,
		      const struct why *reason)
{
	char text[LINK_ADDRESS_TEXT];

	link_format_address(remote, text);
	if (dead)
		log_notice("%s: VXLAN %u cannot reach %s: %s", segment->tap,
			   segment->vxlan.vni, text, reason->text);
	else
		log_notice("%s: VXLAN %u reaches %s again", segment->tap,
			   segment->vxlan.vni, text);
}

/* --- one segment --- */

/* How many of its hosts can be reached? */
static unsigned int count_alive(struct links *links,
				struct liveness_segment *segment, bool ask,
				struct why *reason)
{
	unsigned int i, alive = 0;

	for (i = 0; i < segment->vxlan.remotes; i++) {
		const struct link_address *remote = &segment->vxlan.remote[i];
		bool dead = is_dead(links, &segment->vxlan.local, remote, ask,
				    segment->dead[i], reason);

		if (dead != segment->dead[i])
			tell_host(segment, remote, dead, reason);
		segment->dead[i] = dead;
		alive += !dead;
	}
	return alive;
}

/* Somebody may have removed what joins it to other hosts. */
static bool is_whole(const struct liveness_segment *segment,
		     struct why *reason)
{
	char vxlan[IFNAMSIZ], bridge[IFNAMSIZ];

	overlay_names(segment->vxlan.vni, vxlan, bridge);
	return (if_nametoindex(vxlan) && if_nametoindex(bridge)) ||
	       why_fail(reason, "%s or %s has been removed (remove and add the port)",
			vxlan, bridge);
}

static void look_at(struct liveness *liveness,
		    struct liveness_segment *segment, bool ask)
{
	struct why reason = { "" }, why;
	bool carrier = count_alive(liveness->links, segment, ask, &reason) > 0 &&
		       is_whole(segment, &reason);

	if (carrier == segment->carrier)
		return;
	/* (If the tap is gone, the switch sees that by itself.) */
	if (!link_set_carrier(liveness->links, segment->tap, carrier, &why))
		log_notice("%s", why.text);
	segment->carrier = carrier;
	liveness->changed(liveness->context, segment->tap, carrier,
			  carrier ? "another host can be reached" :
				    reason.text);
}

/* What it is about does not matter: all is looked at. */
static void take_changes(const struct liveness *liveness)
{
	char buffer[8192];

	while (recv(liveness_fd(liveness), buffer, sizeof(buffer),
		    MSG_DONTWAIT) > 0)
		;
}

void liveness_look(struct liveness *liveness, bool ask)
{
	unsigned int i;

	take_changes(liveness);
	for (i = 0; i < LIVENESS_MAX; i++)
		if (*liveness->segment[i].tap)
			look_at(liveness, &liveness->segment[i], ask);
}
