// SPDX-License-Identifier: GPL-2.0
/*
 * tell.c - tells what happens.  See tell.h.
 */
#include <stdarg.h>
#include <stdio.h>

#include "log.h"
#include "tell.h"

/* Guests come and go all the time, and ports as the switch begins and ends. */
static bool is_usual(const struct lgswitch *sw, enum switch_event event)
{
	return event == SWITCH_SLOT_CHANGED ||
	       (!sw->is_running && (event == SWITCH_PORT_ADDED ||
				    event == SWITCH_PORT_REMOVED));
}

void tell(struct lgswitch *sw, enum switch_event event,
	  const struct port *port, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (is_usual(sw, event))
		log_info("%s", text);
	else
		log_notice("%s", text);
	if (sw->notify)
		sw->notify(sw, event, port, text);
}
