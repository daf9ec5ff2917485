// SPDX-License-Identifier: GPL-2.0
/*
 * tell.c - tells what happens.  See tell.h.
 */
#include <stdarg.h>
#include <stdio.h>

#include "log.h"
#include "tell.h"

void tell(struct lgswitch *sw, enum switch_event event,
	  const struct port *port, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* Guests come and go all the time. */
	if (event == SWITCH_SLOT_CHANGED)
		log_info("%s", text);
	else
		log_notice("%s", text);
	if (sw->notify)
		sw->notify(sw, event, port, text);
}
