/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tunnet.h - the host's end of a guest's --tunnet: a net for the two of them,
 * which no one else can name, and on it a port of ours that a thread connects
 * with a tap device.  It lasts as long as the process, whatever guests come
 * and go.
 * guide: L:520
 */
#ifndef LAUNCHER_TUNNET_H
#define LAUNCHER_TUNNET_H

#include <pthread.h>

#include "netport.h"
#include "netspec.h"
#include "relay.h"
#include "tap.h"

struct tunnet {
	const char *guest_name;		/* for messages */
	const struct netspec *spec;
	int net;			/* file, for the guest to join */
	struct tap tap;
	struct netport port;
	struct relay relay;
	pthread_t thread;
};

/* @mac: of the tap, if it is a new one.  Both have to last. */
bool tunnet_open(struct tunnet *tunnet, const struct netspec *spec,
		 const char *guest_name, const uint8_t *mac, struct why *why);

#endif
