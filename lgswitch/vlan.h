/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vlan.h - 802.1Q: to which VLAN of the switch a frame from a port belongs,
 * whether a port may have a frame of a VLAN, and whether with a tag.
 *
 * A port is one of three.  A plain port (no VLAN option) belongs to VLAN_NONE,
 * the network of all plain ports, where tags mean nothing and stay as they are.
 * An access port belongs to one VLAN and never sees tags.  A trunk has several
 * VLANs, tagged, and may have a native one, untagged.
 * guide: C:205
 */
#ifndef LGSWITCH_VLAN_H
#define LGSWITCH_VLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "why.h"

#define VLAN_NONE	0
#define VLAN_MAX	4094
#define VLAN_TAG_BYTES	4

enum vlan_mode { VLAN_PLAIN, VLAN_ACCESS, VLAN_TRUNK };

struct vlan_rule {
	enum vlan_mode mode;
	/* Of an access port; of a trunk the native one, or VLAN_NONE. */
	uint16_t vlan;
	/* Of a trunk: bit V % 64 of word V / 64.  The native one counts, too. */
	uint64_t allowed[(VLAN_MAX + 64) / 64];
};

/* A number from 1 to VLAN_MAX. */
bool vlan_parse(const char *text, uint16_t *vlan, struct why *why);
/* V+V+V into @rule->allowed; V may be a range LOW-HIGH. */
bool vlan_parse_trunk(const char *text, struct vlan_rule *rule,
		      struct why *why);
/* As one would write it: V+V+LOW-HIGH. False: @size is too little. */
bool vlan_format_trunk(const struct vlan_rule *rule, char *text, size_t size);

/*
 * Which VLAN does a frame belong to that came from a port of that rule?  @tag
 * is its 802.1Q tag control information, or -1 if it has none.  -1: none, drop.
 */
int vlan_classify(const struct vlan_rule *rule, int tag);

/* Is a port of that rule in that VLAN? */
bool vlan_has(const struct vlan_rule *rule, uint16_t vlan);

/* Does it want frames of a VLAN that it is in with a tag? */
bool vlan_wants_tag(const struct vlan_rule *rule, uint16_t vlan);

#endif
