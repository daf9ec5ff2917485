/* SPDX-License-Identifier: GPL-2.0 */
/*
 * divert.h - which pairs of slots of a net are diverted through the switch
 * (LGUEST_NET_DIVERT): what is wished is compared with what is, and told to
 * lg.ko.
 * guide: C:275
 */
#ifndef LGSWITCH_DIVERT_H
#define LGSWITCH_DIVERT_H

#include <stdbool.h>
#include <stdint.h>

#include <lguest/net.h>

#include "why.h"

struct netport;

/* Slots, or LGUEST_NET_NOBODY for all of them. */
struct divert_pair {
	uint8_t source, target;
};

/* A row per source, a bit per target. */
struct divert {
	uint64_t is[LGUEST_NET_SLOTS][2];
};

/* False: lg.ko refuses some, which @why tells; the others are as wished. */
bool divert_set(struct divert *divert, struct netport *netport,
		const struct divert_pair *wish, unsigned int wishes,
		struct why *why);

#endif
