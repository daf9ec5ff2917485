/* SPDX-License-Identifier: GPL-2.0 */
/*
 * netdev.h - a guest's network device, as --sharenet or --tunnet describes it.
 * The launcher tells the guest's driver its address and joins the device to
 * its net; frames then go from and to the guest without us.
 * guide: L:470
 */
#ifndef LAUNCHER_NETDEV_H
#define LAUNCHER_NETDEV_H

#include <stdio.h>

#include "device.h"
#include "netspec.h"
#include "tunnet.h"

/* Whose addresses stay the same: a guest of that name. */
struct netdev_owner {
	const char *guest_name;
	/* What addresses are made of; of a guest without --name, random. */
	char secret[64];
};

struct netdev {
	struct device device;
	const struct netspec *spec;
	const struct netdev_owner *owner;
	uint8_t mac[MAC_BYTES];
	unsigned int index;		/* of the guest's devices on that net */
	int net;			/* file; -1: not open */
	int slot;			/* where the last guest was, or -1 */
	bool has_warned;
	struct tunnet *tunnet;		/* its other end, once open; or NULL */
};

void netdev_own(struct netdev_owner *owner, const char *guest_name,
		bool is_named);

/*
 * Enter it in the list of devices; nothing is opened.  @owner and @spec have to
 * last.
 */
void netdev_init(struct netdev *netdev, const struct netdev_owner *owner,
		 const struct netspec *spec, struct device_list *list);

/* Open the net; that of --tunnet with the host at its other end. */
bool netdev_open(struct netdev *netdev, struct why *why);

#endif
