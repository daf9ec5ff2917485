// SPDX-License-Identifier: GPL-2.0
/*
 * vlan.c - membership in VLANs, and how people write it.  See vlan.h.
 */
#include <stdio.h>
#include <string.h>

#include "text.h"
#include "vlan.h"

/* The number in a tag; the rest of it is priority. */
#define TAG_VLAN(tag)	((tag) & 0xfff)

static bool is_allowed(const struct vlan_rule *rule, unsigned int vlan)
{
	return vlan <= VLAN_MAX && rule->allowed[vlan / 64] >> vlan % 64 & 1;
}

/* --- words --- */

bool vlan_parse(const char *text, uint16_t *vlan, struct why *why)
{
	uint64_t number;

	if (!text_parse_number(text, "a VLAN", 1, VLAN_MAX, &number, why))
		return false;
	*vlan = number;
	return true;
}

/* V or LOW-HIGH */
static bool allow(struct vlan_rule *rule, char *text, struct why *why)
{
	char *dash = strchr(text, '-');
	uint16_t low, high;

	if (dash)
		*dash++ = '\0';
	if (!vlan_parse(text, &low, why) ||
	    !vlan_parse(dash ? dash : text, &high, why))
		return false;
	if (low > high)
		return why_fail(why, "%u-%u is no range of VLANs: the first is greater",
				low, high);
	for (; low <= high; low++)
		rule->allowed[low / 64] |= 1ULL << low % 64;
	return true;
}

bool vlan_parse_trunk(const char *text, struct vlan_rule *rule,
		      struct why *why)
{
	char word[32];
	size_t length;

	for (;; text += length + 1) {
		length = strcspn(text, "+");
		if (length >= sizeof(word))
			return why_fail(why, "'%.32s...' is not a VLAN",
					text);
		memcpy(word, text, length);
		word[length] = '\0';
		if (!allow(rule, word, why))
			return false;
		if (!text[length])
			return true;
	}
}

bool vlan_format_trunk(const struct vlan_rule *rule, char *text, size_t size)
{
	unsigned int low, high;
	size_t used = 0;

	*text = '\0';
	for (low = 1; low <= VLAN_MAX; low = high + 1) {
		high = low;
		if (!is_allowed(rule, low))
			continue;
		while (is_allowed(rule, high + 1))
			high++;
		used += snprintf(text + used, size - used,
				 high > low ? "%s%u-%u" : "%s%u",
				 used ? "+" : "", low, high);
		if (used >= size)
			return false;
	}
	return true;
}

/* --- frames --- */

int vlan_classify(const struct vlan_rule *rule, int tag)
{
	/* VLAN 0 in a tag means: only a priority. */
	bool is_tagged = tag >= 0 && TAG_VLAN(tag);

	switch (rule->mode) {
	case VLAN_PLAIN:
		return VLAN_NONE;
	case VLAN_ACCESS:
		return is_tagged ? -1 : rule->vlan;
	case VLAN_TRUNK:
		if (is_tagged)
			return vlan_has(rule, TAG_VLAN(tag)) ? TAG_VLAN(tag) :
							       -1;
		return rule->vlan ? rule->vlan : -1;
	}
	return -1;
}

bool vlan_has(const struct vlan_rule *rule, uint16_t vlan)
{
	switch (rule->mode) {
	case VLAN_PLAIN:
		return vlan == VLAN_NONE;
	case VLAN_ACCESS:
		return vlan == rule->vlan;
	case VLAN_TRUNK:
		return vlan && (vlan == rule->vlan || is_allowed(rule, vlan));
	}
	return false;
}

bool vlan_wants_tag(const struct vlan_rule *rule, uint16_t vlan)
{
	return rule->mode == VLAN_TRUNK && vlan != rule->vlan;
}
