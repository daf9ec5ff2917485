/* SPDX-License-Identifier: GPL-2.0 */
/*
 * control_parts.h - what the two halves of the control socket's server need of
 * each other: control.c, which knows when whose turn it is, and
 * control_answer.c, which knows what to say.
 * guide: C:385
 */
#ifndef LGSWITCH_CONTROL_PARTS_H
#define LGSWITCH_CONTROL_PARTS_H

#include "control.h"

#define SECOND_NS	1000000000ULL

/* --- control.c --- */

/* CLOCK_MONOTONIC */
uint64_t control_now(void);

/* After what a client waits for may have changed; false: it cannot be watched. */
bool control_watch_file(struct control *control, struct control_client *client);

/* --- control_answer.c --- */

/*
 * Answer some lines, unless the client does not take its replies; false: it is
 * beyond help.
 */
bool control_take_lines(struct control *control, struct control_client *client,
			uint64_t now_ns);

/*
 * The next event of its watch, which is due.  Who has not taken the last one
 * yet misses this one.  False: it is gone.
 */
bool control_send_event(struct control *control, struct control_client *client,
			uint64_t now_ns);

/* Is it there to be told, without a request each time? */
bool control_is_told(const struct control_client *client);

/* It is told no more. */
void control_forget(struct control_client *client);

#endif
