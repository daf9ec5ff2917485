/* SPDX-License-Identifier: GPL-2.0 */
/*
 * relay.h - carries frames between a net, of which this process is a port, and
 * a tap of the host, untouched: both have the same header in front.
 *
 * Each direction holds back what the other side has no room for, so nothing is
 * lost here but frames that the host itself refuses, which are counted.  A
 * relay sleeps when there is nothing to do.
 * guide: L:550
 */
#ifndef LIB_RELAY_H
#define LIB_RELAY_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "netport.h"
#include "tap.h"

/* Frames that one direction may carry before the other has its turn. */
#define RELAY_BATCH	64

struct relay {
	struct netport *port;
	struct tap *tap;
	/* What it has to wait for: */
	bool tap_full;
	bool port_full;
	/* Frames. */
	uint64_t to_host, to_net;
	uint64_t refused;		/* by the host, for what they are */
	struct netport_frame frame[RELAY_BATCH];
};

enum relay_state {
	RELAY_BUSY,			/* there is more to do at once */
	RELAY_IDLE,			/* poll() first */
	RELAY_TAP_GONE,			/* the tap does not exist any more */
	RELAY_PORT_GONE,		/* the port does not work, see errno */
};

void relay_init(struct relay *relay, struct netport *port, struct tap *tap);

/* Carry what there is, up to a batch in each direction.  Never waits. */
enum relay_state relay_carry(struct relay *relay);

/* What to wait for when idle; they may be among others in one poll(). */
enum { RELAY_POLL_PORT, RELAY_POLL_TAP, RELAY_POLLS };
void relay_poll(const struct relay *relay, struct pollfd poll[RELAY_POLLS]);

/* Carry until one side is gone: a thread's whole life. */
enum relay_state relay_run(struct relay *relay);

#endif
