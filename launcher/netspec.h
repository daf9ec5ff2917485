/* SPDX-License-Identifier: GPL-2.0 */
/*
 * netspec.h - what --sharenet and --tunnet ask for.
 * guide: L:480
 */
#ifndef LAUNCHER_NETSPEC_H
#define LAUNCHER_NETSPEC_H

#include <limits.h>
#include <net/if.h>

#include <lguest/net.h>

#include "link.h"
#include "mac.h"
#include "why.h"

struct netspec {
	bool is_tunnet;
	/* --sharenet: FILE; --tunnet: what it said, as a name for people. */
	char net[PATH_MAX];
	bool has_mac;
	uint8_t mac[MAC_BYTES];
	/* --sharenet: */
	int slot;			/* -1: any */
	char name[LGUEST_NET_NAME];	/* empty: the guest's */
	/* --tunnet: */
	struct link_address address;	/* family 0: none but a bridge */
	char bridge[IFNAMSIZ];
	char tap[IFNAMSIZ];		/* empty: a new one */
};

bool netspec_parse_sharenet(const char *text, struct netspec *spec,
			    struct why *why);
bool netspec_parse_tunnet(const char *text, struct netspec *spec,
			  struct why *why);

#endif
