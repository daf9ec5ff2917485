/* SPDX-License-Identifier: GPL-2.0 */
/*
 * link.h - this host's network devices: their addresses, bridges, and whether
 * they are up.  What is as wanted already is left alone, so that it can be set
 * up beforehand by somebody who is allowed to.
 * guide: C:340
 */
#ifndef LIB_LINK_H
#define LIB_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "links.h"
#include "why.h"

/* An address of the host in a network. */
struct link_address {
	int family;			/* AF_INET, AF_INET6 */
	uint8_t bytes[16];
	unsigned int prefix;		/* bits of it that are the network's */
};

/* IP or IP/LENGTH (without it: /24, and /64 for IPv6). */
bool link_parse_address(const char *text, struct link_address *address,
			struct why *why);

#define LINK_ADDRESS_TEXT	46

/* Without the length. */
const char *link_format_address(const struct link_address *address,
				char text[LINK_ADDRESS_TEXT]);
unsigned int link_address_bytes(const struct link_address *address);
/* Whatever the length of the network's part. */
bool link_same_address(const struct link_address *a,
		       const struct link_address *b);

/* Fails if another device has the address. */
bool link_add_address(struct links *links, const char *device,
		      const struct link_address *address, struct why *why);

/* Make the device a port of the bridge, which has to exist. */
bool link_set_bridge(struct links *links, const char *device,
		     const char *bridge, struct why *why);

bool link_set_up(struct links *links, const char *device, struct why *why);

/* The device's MAC address. */
bool link_get_mac(struct links *links, const char *device, uint8_t *mac,
		  struct why *why);

/* Bytes that a frame may have behind its Ethernet header. */
bool link_get_mtu(struct links *links, const char *device, unsigned int *mtu,
		  struct why *why);
bool link_set_mtu(struct links *links, const char *device, unsigned int mtu,
		  struct why *why);

/* Of a tap: does its host see something plugged in? */
bool link_set_carrier(struct links *links, const char *device, bool carrier,
		      struct why *why);

/*
 * A text that the device bears for people (its alias), by which one that is
 * found can be known as one's own.
 */
bool link_set_mark(struct links *links, const char *device, const char *mark,
		   struct why *why);
bool link_has_mark(struct links *links, const char *device, const char *mark,
		   bool *has, struct why *why);

/* No address of IPv6's making, so it says nothing by itself. */
bool link_set_silent(struct links *links, const char *device, struct why *why);

bool link_delete(struct links *links, const char *device, struct why *why);

/* For those who ask for more (vxlan.c, route.c): the device as it is. */
struct rtnl_link;
bool link_get(struct links *links, const char *device,
	      struct rtnl_link **link, struct why *why);

#endif
