// SPDX-License-Identifier: GPL-2.0
/*
 * netpage.c - looks things up on a net page.  See netpage.h.
 */
#include <string.h>

#include "netpage.h"
#include "text.h"

__u32 netpage_changes(const struct lguest_net_page *page)
{
	return __atomic_load_n(&page->changes, __ATOMIC_ACQUIRE);
}

static void read_bytes(void *to, const void *from, size_t bytes)
{
	const volatile char *byte = from;
	char *copy = to;

	while (bytes--)
		*copy++ = *byte++;
}

bool netpage_get(const struct lguest_net_page *page, unsigned int slot,
		 struct lguest_net_slot *copy)
{
	char name[LGUEST_NET_NAME];

	if (slot >= LGUEST_NET_SLOTS)
		return false;
	/* Each byte once: what is checked is what is used. */
	read_bytes(copy, &page->slot[slot], sizeof(*copy));
	memcpy(name, copy->name, sizeof(name));
	text_printable(copy->name, sizeof(copy->name), name, sizeof(name));
	return copy->flags & LGUEST_SLOT_USED;
}

int netpage_find_name(const struct lguest_net_page *page, const char *name)
{
	struct lguest_net_slot copy;
	int slot;

	for (slot = 0; slot < LGUEST_NET_SLOTS; slot++)
		if (netpage_get(page, slot, &copy) && !strcmp(copy.name, name))
			return slot;
	return -1;
}

int netpage_find_mac(const struct lguest_net_page *page, const __u8 *mac)
{
	struct lguest_net_slot copy;
	int slot;

	for (slot = 0; slot < LGUEST_NET_SLOTS; slot++)
		if (netpage_get(page, slot, &copy) &&
		    !memcmp(copy.mac, mac, sizeof(copy.mac)))
			return slot;
	return -1;
}
