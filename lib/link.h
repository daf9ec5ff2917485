/* SPDX-License-Identifier: GPL-2.0 */
/*
 * link.h - this host's network devices: their addresses, bridges, and whether
 * they are up.  What is as wanted already is left alone, so that it can be set
 * up beforehand by somebody who is allowed to.
 */
#ifndef LIB_LINK_H
#define LIB_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "why.h"

struct nl_sock;

/* A way to ask the kernel. */
struct links {
	struct nl_sock *sock;
	int error;			/* what it last refused for, errno */
	char said[200];			/* in its own words; may be empty */
};

/* An address of the host in a network. */
struct link_address {
	int family;			/* AF_INET, AF_INET6 */
	uint8_t bytes[16];
	unsigned int prefix;		/* bits of it that are the network's */
};

bool links_open(struct links *links, struct why *why);
void links_close(struct links *links);

/* IP or IP/LENGTH (without it: /24, and /64 for IPv6). */
bool link_parse_address(const char *text, struct link_address *address,
			struct why *why);

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

#endif
