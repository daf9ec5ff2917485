// SPDX-License-Identifier: GPL-2.0
/*
 * bridge.c - makes bridges.  See bridge.h.  libnl-route knows nothing of what
 * is set here, so the messages are put together by hand.
 */
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdint.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "bridge.h"
#include "link.h"

/* Group addresses 01:80:c2:00:00:0X to pass: all but X = 1, pause frames. */
#define PASS_CONTROL	0xfffd

/* A nest that was opened closes only if all of its content was good. */
static bool end_nest(struct nl_msg *message, struct nlattr *nest, int status)
{
	if (!nest || status)
		return false;
	nla_nest_end(message, nest);
	return true;
}

static struct nl_msg *new_message(int type, int flags, int family, int index)
{
	struct ifinfomsg info = { .ifi_family = family, .ifi_index = index };
	struct nl_msg *message = nlmsg_alloc_simple(type, flags);

	if (message && nlmsg_append(message, &info, sizeof(info), NLMSG_ALIGNTO)) {
		nlmsg_free(message);
		message = NULL;
	}
	return message;
}

/*
 * Without snooping, multicasts go everywhere.  VLANs are not the bridge's
 * business: that is so unless it is told otherwise.
 */
static bool put_bridge(struct nl_msg *message, const char *name)
{
	struct nlattr *info, *data;
	int status = nla_put_string(message, IFLA_IFNAME, name);

	info = nla_nest_start(message, IFLA_LINKINFO);
	status |= nla_put_string(message, IFLA_INFO_KIND, "bridge");
	data = nla_nest_start(message, IFLA_INFO_DATA);
	status |= nla_put_u8(message, IFLA_BR_MCAST_SNOOPING, 0);
	status |= nla_put_u32(message, IFLA_BR_STP_STATE, 0);
	return end_nest(message, data, status) &&
	       end_nest(message, info, status);
}

bool bridge_add(struct links *links, const char *name, struct why *why)
{
	struct nl_msg *message = new_message(RTM_NEWLINK,
					     NLM_F_CREATE | NLM_F_EXCL, 0, 0);
	int status;

	if (message && !put_bridge(message, name)) {
		nlmsg_free(message);
		message = NULL;
	}
	status = links_send(links, message);
	return !status || links_fail(links, status, "add bridge", name, why);
}

static bool put_port(struct nl_msg *message)
{
	struct nlattr *port = nla_nest_start(message,
					     IFLA_PROTINFO | NLA_F_NESTED);
	int status = nla_put_u8(message, IFLA_BRPORT_LEARNING, 0);

	status |= nla_put_u8(message, IFLA_BRPORT_UNICAST_FLOOD, 1);
	status |= nla_put_u8(message, IFLA_BRPORT_MCAST_FLOOD, 1);
	status |= nla_put_u8(message, IFLA_BRPORT_BCAST_FLOOD, 1);
	status |= nla_put_u16(message, IFLA_BRPORT_GROUP_FWD_MASK,
			      PASS_CONTROL);
	return end_nest(message, port, status);
}

bool bridge_add_wire(struct links *links, const char *device,
		     const char *bridge, struct why *why)
{
	struct nl_msg *message;
	int status;

	if (!link_set_bridge(links, device, bridge, why))
		return false;
	message = new_message(RTM_SETLINK, 0, AF_BRIDGE,
			      if_nametoindex(device));
	if (message && !put_port(message)) {
		nlmsg_free(message);
		message = NULL;
	}
	status = links_send(links, message);
	return !status || links_fail(links, status,
				     "make a plain wire of bridge port",
				     device, why);
}
