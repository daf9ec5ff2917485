/* SPDX-License-Identifier: GPL-2.0 */
/*
 * iface.h - what Wireshark calls a net or a slot of one: a name that it keeps,
 * puts into names of files and settings and gives back to us.  It is made of
 * the net's path and who has the slot, so it means the same tomorrow, and has
 * no byte that any of this could stumble over: "lguest-net0" is NETS_FOLDER's
 * net0, "lguest-net0:r1" is r1 there, "lguest-%2Frun%2Fnet0" is /run/net0.
 * guide: C:665
 */
#ifndef LGNETDUMP_IFACE_H
#define LGNETDUMP_IFACE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include <lguest/net.h>

#include "why.h"

/* Three for each byte of path and slot, at most. */
#define IFACE_NAME	(3 * (PATH_MAX + LGUEST_NET_NAME) + 16)

/* Any net, by an option of its own. */
#define IFACE_ANY	"lguest"

struct iface {
	char net[PATH_MAX];	/* its path; empty: IFACE_ANY */
	char slot[LGUEST_NET_NAME];	/* name or number; empty: all of them */
};

void iface_name(const struct iface *iface, char name[IFACE_NAME]);
bool iface_parse(const char *name, struct iface *iface, struct why *why);

/* For people: "lguest net0: r1". */
void iface_title(const struct iface *iface, char title[IFACE_NAME]);

/*
 * The slot's name, if that finds it, or else its number.  False: nobody has
 * that slot.
 */
bool iface_set_slot(struct iface *iface, const struct lguest_net_page *page,
		    unsigned int slot);

#endif
