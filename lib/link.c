// SPDX-License-Identifier: GPL-2.0
/*
 * link.c - sets up network devices of this host through rtnetlink.  See
 * link.h.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/inet6.h>

#include "link.h"
#include "mac.h"

/* --- addresses --- */

static bool parse_prefix(const char *text, unsigned int max,
			 unsigned int *prefix)
{
	char *end;

	if (*text < '0' || *text > '9' || strlen(text) > 3)
		return false;
	*prefix = strtoul(text, &end, 10);
	return !*end && *prefix >= 1 && *prefix <= max;
}

/* Are all bits from @first on like @bit? */
static bool is_rest(const struct link_address *address, unsigned int first,
		    unsigned int count, bool bit)
{
	for (; first < count; first++)
		if (bit != (address->bytes[first / 8] >> (7 - first % 8) & 1))
			return false;
	return true;
}

/* Can a host have it? */
static bool is_usable(const struct link_address *address)
{
	const uint8_t *byte = address->bytes;

	if (address->family == AF_INET6)
		return byte[0] != 0xff &&
		       !IN6_IS_ADDR_LOOPBACK((const struct in6_addr *)byte) &&
		       !IN6_IS_ADDR_UNSPECIFIED((const struct in6_addr *)byte);
	if (byte[0] == 0 || byte[0] == 127 || byte[0] >= 224)
		return false;
	/* The network's own address and its broadcast one. */
	return address->prefix > 30 ||
	       (!is_rest(address, address->prefix, 32, false) &&
		!is_rest(address, address->prefix, 32, true));
}

bool link_parse_address(const char *text, struct link_address *address,
			struct why *why)
{
	size_t length = strcspn(text, "/");
	char ip[INET6_ADDRSTRLEN] = "";
	unsigned int bits;

	*address = (struct link_address){ 0 };
	if (length < sizeof(ip))
		memcpy(ip, text, length);
	if (inet_pton(AF_INET, ip, address->bytes) == 1)
		address->family = AF_INET;
	else if (inet_pton(AF_INET6, ip, address->bytes) == 1)
		address->family = AF_INET6;
	else
		return why_fail(why, "'%.*s' is not an IP address (as in 192.168.19.1/24 or fd00::1/64)",
				(int)length, text);
	bits = address->family == AF_INET ? 32 : 128;
	address->prefix = address->family == AF_INET ? 24 : 64;
	if (text[length] &&
	    !parse_prefix(text + length + 1, bits, &address->prefix))
		return why_fail(why, "'%s' is not a length of an address's network part (1 to %u)",
				text + length + 1, bits);
	if (!is_usable(address))
		return why_fail(why, "%s/%u is not an address that a host can have (as in 192.168.19.1/24)",
				ip, address->prefix);
	return true;
}

const char *link_format_address(const struct link_address *address,
				char text[LINK_ADDRESS_TEXT])
{
	return inet_ntop(address->family, address->bytes, text,
			 LINK_ADDRESS_TEXT);
}

unsigned int link_address_bytes(const struct link_address *address)
{
	return address->family == AF_INET ? 4 : 16;
}

bool link_same_address(const struct link_address *a,
		       const struct link_address *b)
{
	return a->family == b->family &&
	       !memcmp(a->bytes, b->bytes, link_address_bytes(a));
}

static bool is_same(struct rtnl_addr *known, const struct link_address *address)
{
	struct nl_addr *local = rtnl_addr_get_local(known);

	return local && nl_addr_get_family(local) == address->family &&
	       !memcmp(nl_addr_get_binary_addr(local), address->bytes,
		       link_address_bytes(address));
}

/* Which device has it already?  0: none. */
static bool find_address(struct links *links,
			 const struct link_address *address, int *index,
			 struct why *why)
{
	struct nl_object *object;
	struct nl_cache *cache;
	int status;

	links_begin(links);
	status = rtnl_addr_alloc_cache(links->sock, &cache);
	if (status)
		return links_fail(links, status, "read the addresses of", "this host",
			    why);
	*index = 0;
	for (object = nl_cache_get_first(cache); object && !*index;
	     object = nl_cache_get_next(object))
		if (is_same((struct rtnl_addr *)object, address))
			*index = rtnl_addr_get_ifindex((void *)object);
	nl_cache_free(cache);
	return true;
}

static int add_address(struct links *links, int index,
		       const struct link_address *address)
{
	struct rtnl_addr *addr = rtnl_addr_alloc();
	struct nl_addr *local = nl_addr_build(address->family, address->bytes,
					      link_address_bytes(address));
	int status = -NLE_NOMEM;

	if (addr && local) {
		nl_addr_set_prefixlen(local, address->prefix);
		rtnl_addr_set_ifindex(addr, index);
		rtnl_addr_set_local(addr, local);
		/* Nobody is there yet who could have it, too. */
		if (address->family == AF_INET6)
			rtnl_addr_set_flags(addr, IFA_F_NODAD);
		status = rtnl_addr_add(links->sock, addr, NLM_F_EXCL);
	}
	nl_addr_put(local);
	rtnl_addr_put(addr);
	return status;
}

static bool find_index(const char *device, int *index, struct why *why)
{
	*index = if_nametoindex(device);
	return *index || why_fail(why, "there is no network device %s",
				  device);
}

bool link_add_address(struct links *links, const char *device,
		      const struct link_address *address, struct why *why)
{
	char text[LINK_ADDRESS_TEXT], what[LINK_ADDRESS_TEXT + 32];
	char other[IF_NAMESIZE] = "?";
	int index = 0, has = 0;
	int status;

	if (!find_index(device, &index, why) ||
	    !find_address(links, address, &has, why))
		return false;
	if (has == index)
		return true;
	link_format_address(address, text);
	if (has) {
		if_indextoname(has, other);
		return why_fail(why, "%s is already an address of this host, of network device %s",
				text, other);
	}
	links_begin(links);
	status = add_address(links, index, address);
	if (!status)
		return true;
	snprintf(what, sizeof(what), "add address %s/%u to", text,
		 address->prefix);
	return links_fail(links, status, what, device, why);
}

/* --- devices --- */

bool link_get(struct links *links, const char *device,
	      struct rtnl_link **link, struct why *why)
{
	int status;

	links_begin(links);
	status = rtnl_link_get_kernel(links->sock, 0, device, link);
	if (!status)
		return true;
	if (status == -NLE_NODEV || status == -NLE_OBJ_NOTFOUND)
		return why_fail(why, "there is no network device %s", device);
	return links_fail(links, status, "look at network device", device, why);
}

/* A device as it is, and what is to become of it. */
struct change {
	struct rtnl_link *now, *wanted;
};

static void drop_change(struct change *change)
{
	rtnl_link_put(change->now);
	rtnl_link_put(change->wanted);
}

static bool begin_change(struct links *links, const char *device,
			 struct change *change, struct why *why)
{
	if (!link_get(links, device, &change->now, why))
		return false;
	change->wanted = rtnl_link_alloc();
	if (change->wanted)
		return true;
	drop_change(change);
	return why_fail(why, "no memory to change network device %s", device);
}

/* @what is done, or could not be. */
static bool make_change(struct links *links, struct change *change,
			const char *what, const char *device, struct why *why)
{
	int status;

	links_begin(links);
	status = rtnl_link_change(links->sock, change->now, change->wanted, 0);
	drop_change(change);
	return !status || links_fail(links, status, what, device, why);
}

static bool find_bridge(struct links *links, const char *bridge, int *index,
			struct why *why)
{
	struct rtnl_link *link;
	const char *type;
	bool good;

	if (!if_nametoindex(bridge))
		return why_fail(why, "there is no bridge %s (as root: ip link add %s type bridge)",
				bridge, bridge);
	if (!link_get(links, bridge, &link, why))
		return false;
	type = rtnl_link_get_type(link);
	good = type && !strcmp(type, "bridge");
	*index = rtnl_link_get_ifindex(link);
	rtnl_link_put(link);
	return good || why_fail(why, "network device %s is not a bridge",
				bridge);
}

bool link_set_bridge(struct links *links, const char *device,
		     const char *bridge, struct why *why)
{
	char what[IF_NAMESIZE + 32];
	struct change change;
	int index = 0;

	if (!find_bridge(links, bridge, &index, why) ||
	    !begin_change(links, device, &change, why))
		return false;
	if (rtnl_link_get_master(change.now) == index) {
		drop_change(&change);
		return true;
	}
	rtnl_link_set_master(change.wanted, index);
	snprintf(what, sizeof(what), "add to bridge %s device", bridge);
	return make_change(links, &change, what, device, why);
}

bool link_set_up(struct links *links, const char *device, struct why *why)
{
	struct change change;

	if (!begin_change(links, device, &change, why))
		return false;
	if (rtnl_link_get_flags(change.now) & IFF_UP) {
		drop_change(&change);
		return true;
	}
	rtnl_link_set_flags(change.wanted, IFF_UP);
	return make_change(links, &change, "bring up network device", device,
			   why);
}

bool link_get_mac(struct links *links, const char *device, uint8_t *mac,
		  struct why *why)
{
	struct rtnl_link *link;
	struct nl_addr *addr;
	bool good;

	if (!link_get(links, device, &link, why))
		return false;
	addr = rtnl_link_get_addr(link);
	good = addr && nl_addr_get_len(addr) == MAC_BYTES;
	if (good)
		memcpy(mac, nl_addr_get_binary_addr(addr), MAC_BYTES);
	rtnl_link_put(link);
	return good || why_fail(why, "network device %s has no MAC address",
				device);
}

bool link_get_mtu(struct links *links, const char *device, unsigned int *mtu,
		  struct why *why)
{
	struct rtnl_link *link;

	if (!link_get(links, device, &link, why))
		return false;
	*mtu = rtnl_link_get_mtu(link);
	rtnl_link_put(link);
	return true;
}

bool link_set_mtu(struct links *links, const char *device, unsigned int mtu,
		  struct why *why)
{
	struct change change;
	char what[64];

	if (!begin_change(links, device, &change, why))
		return false;
	if (rtnl_link_get_mtu(change.now) == mtu) {
		drop_change(&change);
		return true;
	}
	rtnl_link_set_mtu(change.wanted, mtu);
	snprintf(what, sizeof(what), "set the MTU to %u of network device",
		 mtu);
	return make_change(links, &change, what, device, why);
}

bool link_set_carrier(struct links *links, const char *device, bool carrier,
		      struct why *why)
{
	struct change change;

	if (!begin_change(links, device, &change, why))
		return false;
	rtnl_link_set_carrier(change.wanted, carrier);
	return make_change(links, &change,
			   carrier ? "plug in network device" :
				     "unplug network device",
			   device, why);
}

bool link_set_mark(struct links *links, const char *device, const char *mark,
		   struct why *why)
{
	struct change change;

	if (!begin_change(links, device, &change, why))
		return false;
	rtnl_link_set_ifalias(change.wanted, mark);
	return make_change(links, &change, "mark network device", device, why);
}

bool link_has_mark(struct links *links, const char *device, const char *mark,
		   bool *has, struct why *why)
{
	struct rtnl_link *link;
	const char *found;

	if (!link_get(links, device, &link, why))
		return false;
	found = rtnl_link_get_ifalias(link);
	*has = found && !strcmp(found, mark);
	rtnl_link_put(link);
	return true;
}

/* Its own addresses, and what comes with them, would be frames on the wire. */
bool link_set_silent(struct links *links, const char *device, struct why *why)
{
	struct change change;

	/* A host without IPv6 has nothing to say in it. */
	if (access("/proc/net/if_inet6", F_OK))
		return true;
	if (!begin_change(links, device, &change, why))
		return false;
	rtnl_link_inet6_set_addr_gen_mode(change.wanted,
					  IN6_ADDR_GEN_MODE_NONE);
	return make_change(links, &change, "silence network device", device,
			   why);
}

bool link_delete(struct links *links, const char *device, struct why *why)
{
	struct rtnl_link *link;
	int status;

	if (!link_get(links, device, &link, why))
		return false;
	links_begin(links);
	status = rtnl_link_delete(links->sock, link);
	rtnl_link_put(link);
	return !status || links_fail(links, status, "delete network device",
				     device, why);
}
