/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tell.h - what happens to a switch, told to people: a line of the log, and an
 * event for those who watch.
 * guide: C:440
 */
#ifndef LGSWITCH_TELL_H
#define LGSWITCH_TELL_H

#include "switch.h"

/* @port may be NULL. */
void tell(struct lgswitch *sw, enum switch_event event,
	  const struct port *port, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
