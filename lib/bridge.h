/* SPDX-License-Identifier: GPL-2.0 */
/*
 * bridge.h - bridges of this host's kernel that we make ourselves: plain wires
 * between two devices that only a bridge can join, like a tap and a VXLAN.
 * Such a bridge learns nothing and remembers nothing, so whatever comes in on
 * one side goes out on the other.
 * guide: C:345
 */
#ifndef LIB_BRIDGE_H
#define LIB_BRIDGE_H

#include "links.h"

/* Make it; there must be no device of that name. */
bool bridge_add(struct links *links, const char *name, struct why *why);

/*
 * Make the device a port of it that passes everything: also what other bridges
 * keep to themselves, STP, LACP, LLDP; but pause frames, which the kernel
 * never passes.
 */
bool bridge_add_wire(struct links *links, const char *device,
		     const char *bridge, struct why *why);

#endif
