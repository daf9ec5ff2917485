/* SPDX-License-Identifier: GPL-2.0 */
/*
 * carry.h - the rounds in which the switch carries frames: ports that have
 * something are active and have their turn, a batch each; one whose next frame
 * goes to a port without room stands still until there is room (stalls); and
 * when nothing is active, all sleep in epoll.
 * guide: C:165
 */

/*
 * A switch is one thread, on one CPU, however many ports it has.  It could be
 * one thread per port with a table that all may read, as nets have it in
 * lg.ko; what stands in the way is order (faults hold frames back), and that a
 * frame lies in the memory of the port that it came from until all have had
 * it.
 * guide: M:190
 */

#ifndef LGSWITCH_CARRY_H
#define LGSWITCH_CARRY_H

#include <stdbool.h>

#include "port.h"

struct lgswitch;

/*
 * How long others may stand still for a port.  After that what is for it is
 * dropped until it has room again: who reads nothing shall not hold up those
 * who do.
 */
#define CARRY_PATIENCE_NS	500000000ULL

/* Begin and end to watch an open port. */
bool carry_add(struct port *port, struct why *why);
void carry_remove(struct port *port);

/* The port's flush() has something to do at the end of the round. */
void carry_mark_dirty(struct port *port);
/* Tell when frames that wait in the port may go on. */
void carry_wait_for_room(struct port *port);
/* @port's next frame needs room in @to; false: dropped, patience is over. */
bool carry_stall(struct port *port, struct port *to);
/* The port has failed: it is closed when the round is over. */
void carry_lost(struct port *port);

/*
 * A frame has come in: what time is it?  A round may take a while; where faults
 * count every delay from its beginning that is too long ago.
 */
void carry_look_at_clock(struct port *port);

/* One round. False: waiting failed, see errno. */
bool carry_round(struct lgswitch *sw);

#endif
