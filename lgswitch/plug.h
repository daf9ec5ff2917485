/* SPDX-License-Identifier: GPL-2.0 */
/*
 * plug.h - ports coming and going: by people's wish, or because what they stand
 * for fails; then they stay in the switch, gone, and are tried again.
 * guide: C:300
 */
#ifndef LGSWITCH_PLUG_H
#define LGSWITCH_PLUG_H

#include "port.h"

struct lgswitch;

bool plug_in(struct lgswitch *sw, const struct port_config *config,
	     struct why *why);
/* @for_good: what was made for it (a tap) goes, too. */
void plug_out(struct port *port, bool for_good);

/* What it stands for has failed. */
void plug_lost(struct port *port);
/* Look whether those that are gone are there again. */
void plug_retry(struct event_tick *tick, uint64_t now_ns);

/* Look whether nets are still those that their files' names stand for. */
void plug_check_nets(struct lgswitch *sw);

/* Show its link as it should be. */
void plug_set_link(struct port *port);

#endif
