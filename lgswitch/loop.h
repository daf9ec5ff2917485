/* SPDX-License-Identifier: GPL-2.0 */
/*
 * loop.h - notices that there are two ways from the switch to one place: then
 * frames go round for ever.  The sign is an address that moves to and fro
 * between ports.  Two stations with one address look the same at first, which
 * is told; when it goes on fast, a probe is sent out of both ports, and if it
 * comes back, there is a loop.  As long as nothing is strange the switch sends
 * no frame of its own.
 * guide: C:220
 */
#ifndef LGSWITCH_LOOP_H
#define LGSWITCH_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "fdb.h"
#include "frame.h"
#include "mac.h"
#include "once.h"

struct lgswitch;
struct port;

/* Moves (within ten seconds) after which two stations are suspected; a loop. */
#define LOOP_MOVES_TWINS	3
#define LOOP_MOVES_PROBE	20

struct loop {
	uint8_t mac[MAC_BYTES];		/* where probes come from */
	uint64_t secret;		/* in them: so nobody else's are ours */
	struct once twins, loops, probes;
	bool probe_due;			/* of some port, see there */
};

/* @name of the switch. */
void loop_init(struct loop *loop, const char *name);

/* An address moved: the entry tells where to and how often. */
void loop_moved(struct lgswitch *sw, const struct fdb_entry *entry,
		uint16_t before);

/* Those that are due, between frames. */
void loop_send_probes(struct lgswitch *sw);

/* Is it a probe of ours that came back?  Tells of the loop, then. */
bool loop_is_probe(struct lgswitch *sw, const struct port *port,
		   const struct frame *frame);

/* Two ends (in words) have one address: told once for each two. */
void loop_twins(struct lgswitch *sw, const struct port *port,
		const uint8_t *mac, const char *one, const char *other);

/* --- the frames themselves, for loop.c and tests --- */

struct loop_probe {
	uint8_t virtio[LGUEST_FRAME_HEADER];
	uint8_t target[MAC_BYTES];
	uint8_t source[MAC_BYTES];
	uint8_t type[2];
	uint64_t secret;
	uint32_t port;			/* serial of the one it left by */
	uint8_t padding[34];		/* the least an Ethernet frame has */
} __attribute__((packed));

void loop_make_probe(const struct loop *loop, uint32_t port,
		     struct loop_probe *probe);
/* 0: it is none; else the serial of the port that it left by. */
uint32_t loop_read_probe(const struct loop *loop, const struct frame *frame);

#endif
