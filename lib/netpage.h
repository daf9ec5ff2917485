/* SPDX-License-Identifier: GPL-2.0 */
/*
 * netpage.h - who is on a net, read from the net page that lg.ko writes
 * (lguest/net.h).  The page changes under a reader's eyes: each call looks
 * anew, and a slot may be half of before and half of after a change.  Who
 * minds looks whether netpage_changes() has grown.
 * guide: C:030
 */
#ifndef LIB_NETPAGE_H
#define LIB_NETPAGE_H

#include <stdbool.h>

#include <lguest/net.h>

__u32 netpage_changes(const struct lguest_net_page *page);

/* A copy of a slot; false: nobody has it.  The name can be shown to people. */
bool netpage_get(const struct lguest_net_page *page, unsigned int slot,
		 struct lguest_net_slot *copy);

/* The first slot of that name or MAC address, or -1. */
int netpage_find_name(const struct lguest_net_page *page, const char *name);
int netpage_find_mac(const struct lguest_net_page *page, const __u8 *mac);

#endif
