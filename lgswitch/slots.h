/* SPDX-License-Identifier: GPL-2.0 */
/*
 * slots.h - who is on the nets: watches their pages, tells who comes and goes
 * and who has somebody else's address, and keeps down the links of those slots
 * that people want to be down.
 * guide: C:235
 */
#ifndef LGSWITCH_SLOTS_H
#define LGSWITCH_SLOTS_H

#include <stdbool.h>

#include "port.h"

struct lgswitch;

/* Look at all nets that have changed; the tick of parts->slots does, too. */
void slots_look(struct lgswitch *sw);
void slots_tick(struct event_tick *tick, uint64_t now_ns);

/* A slot of a net by its name or number; -1: nobody has it. */
int slots_find(const struct port *port, const char *slot);
/* The same, but a number is that slot, whether anybody has it yet or not. */
int slots_find_place(const struct port *port, const char *slot);
/* Is anybody there but us? */
bool slots_any(const struct port *port);
/* By the address of who has it. */
int slots_find_mac(const struct port *port, const uint8_t *mac);

/* The link of a slot that is there, or will be. */
bool slots_set_down(struct lgswitch *sw, const struct port *port,
		    const struct endpoint *end, bool down, struct why *why);
/* The port goes, and what was wished for its slots. */
void slots_forget(const struct port *port);

#endif
