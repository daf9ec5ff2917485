// SPDX-License-Identifier: GPL-2.0
/*
 * why.c - records the reason of a failure.  See why.h.
 */
#include <stdarg.h>
#include <stdio.h>

#include "why.h"

bool why_fail(struct why *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return false;
}
