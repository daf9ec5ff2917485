/* SPDX-License-Identifier: GPL-2.0 */
/*
 * manage.h - what joins a running switch to those who look at it and change
 * it: its control socket (control.h), what requests there mean (request.h), and
 * its configuration, read again (reload.h).
 * guide: C:365
 */

/*
 * A switch that cannot be looked at is a black box.  What follows is the
 * window: a socket, what may be said there, and what is done about it without
 * the frames having to wait; then the same from outside, "lgswitch ctl".
 * guide: C:360
 */

#ifndef LGSWITCH_MANAGE_H
#define LGSWITCH_MANAGE_H

#include <stdbool.h>
#include <sys/types.h>

#include "control.h"
#include "request.h"
#include "switch.h"

struct manage {
	struct control control;
	struct event_file file;		/* of it */
	struct request_target target;
	struct lgswitch *sw;
	char **words;			/* of the command line */
};

/*
 * While we may still give files away: the socket is for user @owner and a
 * group, @group if the configuration names none.  @words are those that made
 * the configuration.  Everything is part of @sw->events, and so needs no call
 * but these.
 */
bool manage_open(struct manage *manage, struct lgswitch *sw, char **words,
		 uid_t owner, gid_t group, struct why *why);
void manage_close(struct manage *manage);

/* What SIGHUP asks for; what came of it is logged. */
void manage_reload(struct manage *manage);

#endif
