// SPDX-License-Identifier: GPL-2.0
/*
 * vxlan.c - makes VXLAN devices.  See vxlan.h.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/neighbour.h>
#include <net/if.h>
#include <string.h>

#include <netlink/addr.h>
#include <netlink/errno.h>
#include <netlink/route/link.h>
#include <netlink/route/link/vxlan.h>
#include <netlink/route/neighbour.h>

#include "mac.h"
#include "vxlan.h"

/* Outer headers: IP, UDP, VXLAN; and the inner Ethernet header. */
#define OVERHEAD_IPV4	(20 + 8 + 8 + 14)
#define OVERHEAD_IPV6	(40 + 8 + 8 + 14)

/* --- what is asked for --- */

static bool check_remote(const struct vxlan *vxlan, unsigned int which,
			 struct why *why)
{
	const struct link_address *remote = &vxlan->remote[which];
	char text[LINK_ADDRESS_TEXT];
	unsigned int i;

	link_format_address(remote, text);
	if (remote->family != vxlan->local.family)
		return why_fail(why, "VXLAN %u: remote %s is of another kind than the local address (both IPv4 or both IPv6)",
				vxlan->vni, text);
	if (link_same_address(remote, &vxlan->local))
		return why_fail(why, "VXLAN %u: remote %s is the local address",
				vxlan->vni, text);
	for (i = 0; i < which; i++)
		if (link_same_address(remote, &vxlan->remote[i]))
			return why_fail(why, "VXLAN %u: remote %s is there twice",
					vxlan->vni, text);
	return true;
}

bool vxlan_check(const struct vxlan *vxlan, struct why *why)
{
	unsigned int i;

	if (!vxlan->vni || vxlan->vni > VXLAN_VNI_MAX)
		return why_fail(why, "%u is no number of a VXLAN (vni=1 to %u)",
				vxlan->vni, VXLAN_VNI_MAX);
	if (!vxlan->port)
		return why_fail(why, "VXLAN %u: 0 is no UDP port (port=1 to 65535)",
				vxlan->vni);
	if (!vxlan->local.family)
		return why_fail(why, "VXLAN %u needs this host's address in local=",
				vxlan->vni);
	if (!vxlan->remotes || vxlan->remotes > VXLAN_REMOTES)
		return why_fail(why, "VXLAN %u needs 1 to %u addresses of other hosts in remote=",
				vxlan->vni, VXLAN_REMOTES);
	for (i = 0; i < vxlan->remotes; i++)
		if (!check_remote(vxlan, i, why))
			return false;
	return true;
}

unsigned int vxlan_overhead(const struct vxlan *vxlan)
{
	return vxlan->local.family == AF_INET ? OVERHEAD_IPV4 : OVERHEAD_IPV6;
}

/* --- the device --- */

static struct nl_addr *build_address(const struct link_address *address)
{
	return nl_addr_build(address->family, address->bytes,
			     link_address_bytes(address));
}

static int describe(struct rtnl_link *link, const char *name,
		    const struct vxlan *vxlan)
{
	struct nl_addr *local = build_address(&vxlan->local);
	int status = -NLE_NOMEM;

	if (!local)
		return status;
	rtnl_link_set_name(link, name);
	status = rtnl_link_vxlan_set_id(link, vxlan->vni);
	if (!status)
		status = rtnl_link_vxlan_set_local(link, local);
	if (!status)
		status = rtnl_link_vxlan_set_port(link, vxlan->port);
	nl_addr_put(local);
	return status;
}

bool vxlan_add(struct links *links, const char *name,
	       const struct vxlan *vxlan, struct why *why)
{
	struct rtnl_link *link = rtnl_link_vxlan_alloc();
	int status = -NLE_NOMEM;

	links_begin(links);
	if (link)
		status = describe(link, name, vxlan);
	if (!status)
		status = rtnl_link_add(links->sock, link,
				       NLM_F_CREATE | NLM_F_EXCL);
	rtnl_link_put(link);
	return !status || links_fail(links, status, "add VXLAN device", name,
				     why);
}

static bool is_address(struct nl_addr *known, const struct link_address *wanted)
{
	return known && nl_addr_get_family(known) == wanted->family &&
	       nl_addr_get_len(known) == link_address_bytes(wanted) &&
	       !memcmp(nl_addr_get_binary_addr(known), wanted->bytes,
		       link_address_bytes(wanted));
}

static bool is_that(struct rtnl_link *link, const struct vxlan *vxlan)
{
	struct nl_addr *local = NULL;
	uint32_t vni = 0, port = 0;
	bool same;

	same = rtnl_link_is_vxlan(link) &&
	       !rtnl_link_vxlan_get_id(link, &vni) && vni == vxlan->vni &&
	       !rtnl_link_vxlan_get_port(link, &port) &&
	       port == vxlan->port &&
	       !rtnl_link_vxlan_get_local(link, &local) &&
	       is_address(local, &vxlan->local);
	nl_addr_put(local);
	return same;
}

bool vxlan_is_same(struct links *links, const char *name,
		   const struct vxlan *vxlan, bool *same, struct why *why)
{
	struct rtnl_link *link;

	if (!link_get(links, name, &link, why))
		return false;
	*same = is_that(link, vxlan);
	rtnl_link_put(link);
	return true;
}

/* --- its remotes: entries of its table for the address of nobody --- */

static struct rtnl_neigh *build_entry(int index,
				      const struct link_address *remote)
{
	static const uint8_t nobody[MAC_BYTES];
	struct nl_addr *mac = nl_addr_build(AF_LLC, nobody, sizeof(nobody));
	struct nl_addr *to = build_address(remote);
	struct rtnl_neigh *entry = rtnl_neigh_alloc();

	if (entry && mac && to) {
		rtnl_neigh_set_ifindex(entry, index);
		/* In this order: the remote's address would set the family. */
		rtnl_neigh_set_dst(entry, to);
		rtnl_neigh_set_family(entry, AF_BRIDGE);
		rtnl_neigh_set_lladdr(entry, mac);
		rtnl_neigh_set_flags(entry, NTF_SELF);
		rtnl_neigh_set_state(entry, NUD_PERMANENT | NUD_NOARP);
	} else {
		rtnl_neigh_put(entry);
		entry = NULL;
	}
	nl_addr_put(mac);
	nl_addr_put(to);
	return entry;
}

static bool add_remote(struct links *links, const char *name, int index,
		       const struct link_address *remote, struct why *why)
{
	struct rtnl_neigh *entry = build_entry(index, remote);
	char text[LINK_ADDRESS_TEXT], what[LINK_ADDRESS_TEXT + 32];
	int status = -NLE_NOMEM;

	links_begin(links);
	if (entry)
		status = rtnl_neigh_add(links->sock, entry,
					NLM_F_CREATE | NLM_F_APPEND);
	rtnl_neigh_put(entry);
	/* It is there already. */
	if (!status || links->error == EEXIST)
		return true;
	snprintf(what, sizeof(what), "add remote %s to VXLAN device",
		 link_format_address(remote, text));
	return links_fail(links, status, what, name, why);
}

static bool is_wanted(struct rtnl_neigh *entry, const struct vxlan *vxlan)
{
	struct nl_addr *to = rtnl_neigh_get_dst(entry);
	unsigned int i;

	for (i = 0; i < vxlan->remotes; i++)
		if (is_address(to, &vxlan->remote[i]))
			return true;
	return false;
}

/* For the address of nobody, or learned: behind a remote, in any case. */
static bool is_stale(struct rtnl_neigh *entry, int index,
		     const struct vxlan *vxlan)
{
	return rtnl_neigh_get_ifindex(entry) == index &&
	       rtnl_neigh_get_dst(entry) && !is_wanted(entry, vxlan);
}

static bool drop_others(struct links *links, const char *name, int index,
			const struct vxlan *vxlan, struct why *why)
{
	struct nl_object *object, *next;
	struct nl_cache *cache;
	int status;

	links_begin(links);
	status = rtnl_neigh_alloc_cache_flags(links->sock, &cache, NL_CACHE_AF_ITER);
	if (status)
		return links_fail(links, status, "read the remotes of", name,
				  why);
	for (object = nl_cache_get_first(cache); object && !status; object = next) {
		struct rtnl_neigh *entry = (struct rtnl_neigh *)object;

		next = nl_cache_get_next(object);
		if (is_stale(entry, index, vxlan))
			status = rtnl_neigh_delete(links->sock, entry, 0);
	}
	nl_cache_free(cache);
	return !status || links_fail(links, status, "take a remote from", name,
				     why);
}

bool vxlan_set_remotes(struct links *links, const char *name,
		       const struct vxlan *vxlan, struct why *why)
{
	int index = if_nametoindex(name);
	unsigned int i;

	if (!index)
		return why_fail(why, "there is no network device %s", name);
	for (i = 0; i < vxlan->remotes; i++)
		if (!add_remote(links, name, index, &vxlan->remote[i], why))
			return false;
	return drop_others(links, name, index, vxlan, why);
}
