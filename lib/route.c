// SPDX-License-Identifier: GPL-2.0
/*
 * route.c - asks the kernel's routing and neighbour tables.  See route.h.
 */
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/route/link.h>

#include "route.h"

/* --- the route --- */

static struct nl_msg *ask_route(const struct link_address *from,
				const struct link_address *to)
{
	struct rtmsg head = {
		.rtm_family = to->family,
		.rtm_dst_len = link_address_bytes(to) * 8,
		.rtm_src_len = link_address_bytes(from) * 8,
	};
	struct nl_msg *message = nlmsg_alloc_simple(RTM_GETROUTE, 0);

	if (!message ||
	    nlmsg_append(message, &head, sizeof(head), NLMSG_ALIGNTO) ||
	    nla_put(message, RTA_DST, link_address_bytes(to), to->bytes) ||
	    nla_put(message, RTA_SRC, link_address_bytes(from), from->bytes)) {
		nlmsg_free(message);
		return NULL;
	}
	return message;
}

static void take_hop(struct route *route, const struct nlattr *gateway)
{
	if (gateway && nla_len(gateway) == (int)link_address_bytes(&route->hop))
		memcpy(route->hop.bytes, nla_data(gateway),
		       link_address_bytes(&route->hop));
}

/* A gateway of the other family. */
static void take_via(struct route *route, const struct nlattr *attr)
{
	const struct rtvia *via = attr ? nla_data(attr) : NULL;
	struct link_address hop = { 0 };
	int bytes;

	if (!via || nla_len(attr) < (int)sizeof(*via))
		return;
	hop.family = via->rtvia_family;
	bytes = link_address_bytes(&hop);
	if (nla_len(attr) < (int)sizeof(*via) + bytes)
		return;
	memcpy(hop.bytes, via->rtvia_addr, bytes);
	route->hop = hop;
}

static void take_metrics(struct route *route, struct nlattr *metrics)
{
	struct nlattr *mtu = metrics ? nla_find(nla_data(metrics),
						nla_len(metrics), RTAX_MTU) :
				       NULL;

	if (mtu)
		route->mtu = nla_get_u32(mtu);
}

static int take_route(struct nl_msg *answer, void *context)
{
	struct nlattr *attr[RTA_MAX + 1];
	struct route *route = context;
	const struct rtmsg *head = nlmsg_data(nlmsg_hdr(answer));

	if (nlmsg_parse(nlmsg_hdr(answer), sizeof(*head), attr, RTA_MAX, NULL))
		return NL_SKIP;
	route->is_local = head->rtm_type == RTN_LOCAL;
	if (attr[RTA_OIF])
		route->index = nla_get_u32(attr[RTA_OIF]);
	take_hop(route, attr[RTA_GATEWAY]);
	take_via(route, attr[RTA_VIA]);
	take_metrics(route, attr[RTA_METRICS]);
	return NL_OK;
}

static bool look_at_device(struct links *links, struct route *route,
			   struct why *why)
{
	struct rtnl_link *link;
	unsigned int flags;

	if (!if_indextoname(route->index, route->device))
		return why_fail(why, "the route's network device is gone");
	if (!link_get(links, route->device, &link, why))
		return false;
	flags = rtnl_link_get_flags(link);
	if (!route->mtu)
		route->mtu = rtnl_link_get_mtu(link);
	route->carrier = (flags & IFF_UP) && (flags & IFF_RUNNING);
	route->has_neighbours = !(flags & (IFF_NOARP | IFF_LOOPBACK));
	rtnl_link_put(link);
	return true;
}

bool route_find(struct links *links, const struct link_address *from,
		const struct link_address *to, struct route *route,
		struct why *why)
{
	char text[LINK_ADDRESS_TEXT];
	int status;

	*route = (struct route){ .hop = *to };
	status = links_ask(links, ask_route(from, to), take_route, route);
	if (status < 0)
		return links_fail(links, status, "find a route to",
				  link_format_address(to, text), why);
	if (!route->index)
		return why_fail(why, "there is no route to %s",
				link_format_address(to, text));
	return look_at_device(links, route, why);
}

/* --- the next station --- */

static struct nl_msg *about_hop(int type, int flags, const struct route *route,
				int state, int neighbour_flags)
{
	struct ndmsg head = {
		.ndm_family = route->hop.family,
		.ndm_ifindex = route->index,
		.ndm_state = state,
		.ndm_flags = neighbour_flags,
	};
	struct nl_msg *message = nlmsg_alloc_simple(type, flags);

	if (!message ||
	    nlmsg_append(message, &head, sizeof(head), NLMSG_ALIGNTO) ||
	    nla_put(message, NDA_DST, link_address_bytes(&route->hop),
		    route->hop.bytes)) {
		nlmsg_free(message);
		return NULL;
	}
	return message;
}

static int take_neighbour(struct nl_msg *answer, void *context)
{
	const struct ndmsg *head = nlmsg_data(nlmsg_hdr(answer));

	*(int *)context = head->ndm_state;
	return NL_OK;
}

static enum neighbour understand(int state)
{
	if (state & (NUD_PERMANENT | NUD_NOARP))
		return NEIGHBOUR_FIXED;
	if (state & NUD_FAILED)
		return NEIGHBOUR_FAILED;
	if (state & NUD_INCOMPLETE)
		return NEIGHBOUR_ASKED;
	return state ? NEIGHBOUR_THERE : NEIGHBOUR_UNKNOWN;
}

bool route_look(struct links *links, const struct route *route,
		enum neighbour *neighbour, struct why *why)
{
	char text[LINK_ADDRESS_TEXT];
	int status, state = 0;

	status = links_ask(links, about_hop(RTM_GETNEIGH, 0, route, 0, 0),
			   take_neighbour, &state);
	*neighbour = understand(state);
	/* The kernel forgets those whom nobody talks to. */
	if (status >= 0 || links->error == ENOENT)
		return true;
	return links_fail(links, status, "look for neighbour",
			  link_format_address(&route->hop, text), why);
}

/*
 * One with a MAC address is asked for it at that address and stays usable
 * until it fails.  One without is looked for by broadcast.
 */
bool route_probe(struct links *links, const struct route *route,
		 enum neighbour now, struct why *why)
{
	char text[LINK_ADDRESS_TEXT];
	struct nl_msg *message;
	int status;

	if (now == NEIGHBOUR_FIXED)
		return true;
	if (now == NEIGHBOUR_THERE)
		message = about_hop(RTM_NEWNEIGH, NLM_F_REPLACE, route,
				    NUD_PROBE, 0);
	else
		message = about_hop(RTM_NEWNEIGH, NLM_F_CREATE, route, 0,
				    NTF_USE);
	status = links_send(links, message);
	return !status || links_fail(links, status, "ask for neighbour",
				     link_format_address(&route->hop, text),
				     why);
}
