/* SPDX-License-Identifier: GPL-2.0 */
/*
 * uplink.h - the switch's network devices on its host: taps and, for segments
 * that reach other hosts, a VXLAN device with a bridge that joins it to its
 * tap.  They are made from the words of a port by a small process of its own
 * (netadmin.h), so that the switch needs no privilege to add ports later.
 *
 * What is made outlives the switch, unless it ends in good order: one that was
 * killed finds its devices again when it is started anew, and who uses them
 * notices no more than a gap.  They bear the switch's name (as the device's
 * alias), by which they are known; devices without it are never removed.
 *
 *	uplink_start()		first of all, before anything else is open
 *	uplink_open()...	for each tap
 *	uplink_settle()		then privilege_drop() and privilege_filter()
 *	uplink_open(), uplink_remove(), uplink_next() while it works
 *	uplink_stop()
 *
 * In a process that has not started it, as in tests, uplink_open() and
 * uplink_remove() do their work at once.
 * guide: C:310
 */

/*
 * Two wishes collide here: ports with new devices are to be added while the
 * switch runs, and a switch that runs is to have no privileges at all.  Hence
 * there are two processes, and all that one of them can ask of the other is on
 * a page or two.
 * guide: C:305
 */

#ifndef LGSWITCH_UPLINK_H
#define LGSWITCH_UPLINK_H

#include "config.h"
#include "privilege.h"
#include "tap.h"

/* @name: of the switch. Taps are for @identity to open again. */
bool uplink_start(const char *name, const struct identity *identity,
		  struct why *why);

/*
 * A port's tap, and all that belongs to it; nothing that was made for it stays
 * if that fails.  @mtu is what the tap has in the end.  tap->is_new: this
 * switch has made it, now or when it ran before; it lasts nevertheless.
 */
bool uplink_open(const struct port_config *port, struct tap *tap,
		 unsigned int *mtu, struct why *why);

/* Remove what was made for the port; others' devices stay as they are. */
bool uplink_remove(const struct port_config *port, struct why *why);

/* From now on without root's powers. */
bool uplink_settle(struct why *why);

/* A tap's link has changed: what is behind it is there, or not. */
struct uplink_event {
	char tap[IFNAMSIZ];
	bool carrier;
	char text[256];			/* why, a sentence without an end */
};

/* Readable (for poll) when uplink_next() has something; -1: never. */
int uplink_events(void);
bool uplink_next(struct uplink_event *event);

/* Devices stay unless they have been removed. */
void uplink_stop(void);

#endif
