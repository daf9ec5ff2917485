/* SPDX-License-Identifier: GPL-2.0 */
/*
 * replay_net.h - --replay from begin to end: takes a slot of a net, sends a
 * capture from there in real time, and tells what became of it.
 * guide: C:695
 */
#ifndef LGNETDUMP_REPLAY_NET_H
#define LGNETDUMP_REPLAY_NET_H

#include <stdbool.h>
#include <stdint.h>

#include "mac.h"
#include "why.h"

struct replay_net {
	const char *file;	/* the capture */
	const char *net;
	int slot;		/* -1: any */
	const char *name;	/* of the slot, for people */
	bool has_mac;
	uint8_t mac[MAC_BYTES];	/* else one made of name and net */
	double speed;		/* as struct replay has it */
	uint64_t loop;
};

/* SIGINT, SIGTERM and SIGHUP end it well, SIGUSR1 shows how far it is. */
bool replay_net_run(const struct replay_net *wish, struct why *why);

#endif
