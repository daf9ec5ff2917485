// SPDX-License-Identifier: GPL-2.0
/*
 * link.c - sets up network devices of this host through rtnetlink.  See
 * link.h.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/socket.h>

#include "link.h"
#include "mac.h"
#include "text.h"

/* --- what the kernel says --- */

/* Its reason, if it gives one: an attribute behind the error. */
static void note_reason(struct links *links, const struct nlmsghdr *answer,
			const struct nlmsgerr *error)
{
	int skip = sizeof(*error);
	struct nlattr *text;

	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(answer->nlmsg_flags & NLM_F_CAPPED))
		skip += error->msg.nlmsg_len - sizeof(error->msg);
	text = nlmsg_find_attr((struct nlmsghdr *)answer, skip,
			       NLMSGERR_ATTR_MSG);
	if (text)
		text_printable(links->said, sizeof(links->said),
			       nla_data(text), nla_len(text));
}

static int refused(struct sockaddr_nl *who, struct nlmsgerr *error,
		   void *context)
{
	struct links *links = context;
	const struct nlmsghdr *answer = (void *)((char *)error - NLMSG_HDRLEN);

	(void)who;
	links->error = -error->error;
	note_reason(links, answer, error);
	return -nl_syserr2nlerr(error->error);
}

/* Why a call of the library failed: the kernel's reason if it is that. */
static bool fail(struct links *links, int status, const char *what,
		 const char *device, struct why *why)
{
	const char *text = links->error ? strerror(links->error) :
					  nl_geterror(status);
	bool denied = links->error == EPERM || links->error == EACCES;

	return why_fail(why, "cannot %s %s: %s%s%s%s%s", what, device, text,
			*links->said ? " (" : "", links->said,
			*links->said ? ")" : "",
			denied ? " (that needs CAP_NET_ADMIN)" : "");
}

static void begin(struct links *links)
{
	links->error = 0;
	links->said[0] = '\0';
}

bool links_open(struct links *links, struct why *why)
{
	int on = 1;
	int status;

	*links = (struct links){ .sock = nl_socket_alloc() };
	if (!links->sock)
		return why_fail(why, "cannot create a netlink socket: %m");
	nl_socket_modify_err_cb(links->sock, NL_CB_CUSTOM, refused, links);
	status = nl_connect(links->sock, NETLINK_ROUTE);
	if (status) {
		why_fail(why, "cannot create a netlink socket: %s",
			 nl_geterror(status));
		links_close(links);
		return false;
	}
	/* An old kernel has no more to say, then. */
	setsockopt(nl_socket_get_fd(links->sock), SOL_NETLINK, NETLINK_EXT_ACK,
		   &on, sizeof(on));
	return true;
}

void links_close(struct links *links)
{
	nl_socket_free(links->sock);
	links->sock = NULL;
}

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

static const char *show(const struct link_address *address,
			char text[INET6_ADDRSTRLEN])
{
	inet_ntop(address->family, address->bytes, text, INET6_ADDRSTRLEN);
	return text;
}

static unsigned int bytes_of(const struct link_address *address)
{
	return address->family == AF_INET ? 4 : 16;
}

static bool is_same(struct rtnl_addr *known, const struct link_address *address)
{
	struct nl_addr *local = rtnl_addr_get_local(known);

	return local && nl_addr_get_family(local) == address->family &&
	       !memcmp(nl_addr_get_binary_addr(local), address->bytes,
		       bytes_of(address));
}

/* Which device has it already?  0: none. */
static bool find_address(struct links *links,
			 const struct link_address *address, int *index,
			 struct why *why)
{
	struct nl_object *object;
	struct nl_cache *cache;
	int status;

	begin(links);
	status = rtnl_addr_alloc_cache(links->sock, &cache);
	if (status)
		return fail(links, status, "read the addresses of", "this host",
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
					      bytes_of(address));
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
	char text[INET6_ADDRSTRLEN], what[INET6_ADDRSTRLEN + 32];
	char other[IF_NAMESIZE] = "?";
	int index = 0, has = 0;
	int status;

	if (!find_index(device, &index, why) ||
	    !find_address(links, address, &has, why))
		return false;
	if (has == index)
		return true;
	show(address, text);
	if (has) {
		if_indextoname(has, other);
		return why_fail(why, "%s is already an address of this host, of network device %s",
				text, other);
	}
	begin(links);
	status = add_address(links, index, address);
	if (!status)
		return true;
	snprintf(what, sizeof(what), "add address %s/%u to", text,
		 address->prefix);
	return fail(links, status, what, device, why);
}

/* --- devices --- */

static bool get(struct links *links, const char *device,
		struct rtnl_link **link, struct why *why)
{
	int status;

	begin(links);
	status = rtnl_link_get_kernel(links->sock, 0, device, link);
	if (!status)
		return true;
	if (status == -NLE_NODEV || status == -NLE_OBJ_NOTFOUND)
		return why_fail(why, "there is no network device %s", device);
	return fail(links, status, "look at network device", device, why);
}

/* Set what @changes says, and let go of both. */
static bool change(struct links *links, struct rtnl_link *link,
		   struct rtnl_link *changes, const char *what,
		   const char *device, struct why *why)
{
	int status = -NLE_NOMEM;

	begin(links);
	if (changes)
		status = rtnl_link_change(links->sock, link, changes, 0);
	rtnl_link_put(link);
	rtnl_link_put(changes);
	return !status || fail(links, status, what, device, why);
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
	if (!get(links, bridge, &link, why))
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
	struct rtnl_link *link, *changes;
	char what[IF_NAMESIZE + 32];
	int index = 0;

	if (!find_bridge(links, bridge, &index, why) ||
	    !get(links, device, &link, why))
		return false;
	if (rtnl_link_get_master(link) == index) {
		rtnl_link_put(link);
		return true;
	}
	changes = rtnl_link_alloc();
	if (changes)
		rtnl_link_set_master(changes, index);
	snprintf(what, sizeof(what), "add to bridge %s device", bridge);
	return change(links, link, changes, what, device, why);
}

bool link_set_up(struct links *links, const char *device, struct why *why)
{
	struct rtnl_link *link, *changes;

	if (!get(links, device, &link, why))
		return false;
	if (rtnl_link_get_flags(link) & IFF_UP) {
		rtnl_link_put(link);
		return true;
	}
	changes = rtnl_link_alloc();
	if (changes)
		rtnl_link_set_flags(changes, IFF_UP);
	return change(links, link, changes, "bring up network device", device,
		      why);
}

bool link_get_mac(struct links *links, const char *device, uint8_t *mac,
		  struct why *why)
{
	struct rtnl_link *link;
	struct nl_addr *addr;
	bool good;

	if (!get(links, device, &link, why))
		return false;
	addr = rtnl_link_get_addr(link);
	good = addr && nl_addr_get_len(addr) == MAC_BYTES;
	if (good)
		memcpy(mac, nl_addr_get_binary_addr(addr), MAC_BYTES);
	rtnl_link_put(link);
	return good || why_fail(why, "network device %s has no MAC address",
				device);
}
