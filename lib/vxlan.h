/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vxlan.h - VXLAN devices (RFC 7348): an Ethernet segment that several hosts
 * share, in UDP packets between them.  Which hosts is known beforehand: what
 * has no known place goes to each of them, and each host learns from what
 * comes who is behind whom.
 * guide: C:350
 */
#ifndef LIB_VXLAN_H
#define LIB_VXLAN_H

#include <stdint.h>

#include "link.h"

#define VXLAN_VNI_MAX	16777215	/* 24 bits; least is 1 */
#define VXLAN_PORT	4789		/* IANA's; the kernel's is older */
#define VXLAN_REMOTES	64

struct vxlan {
	uint32_t vni;			/* the segment's number */
	uint16_t port;			/* UDP, the same on all hosts */
	unsigned int remotes;		/* 1 to VXLAN_REMOTES */
	struct link_address local;	/* of this host */
	struct link_address remote[VXLAN_REMOTES];	/* of the others */
};

/* Does it make sense?  All addresses of one family, none twice. */
bool vxlan_check(const struct vxlan *vxlan, struct why *why);

/* Bytes by which a packet between hosts is longer than a frame's payload. */
unsigned int vxlan_overhead(const struct vxlan *vxlan);

/* Make the device; there must be none of that name. */
bool vxlan_add(struct links *links, const char *name,
	       const struct vxlan *vxlan, struct why *why);

/* Is the device that one, but perhaps for its remotes? */
bool vxlan_is_same(struct links *links, const char *name,
		   const struct vxlan *vxlan, bool *same, struct why *why);

/* What has no known place goes to the remotes, and to nobody else. */
bool vxlan_set_remotes(struct links *links, const char *name,
		       const struct vxlan *vxlan, struct why *why);

#endif
