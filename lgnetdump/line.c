// SPDX-License-Identifier: GPL-2.0
/*
 * line.c - puts a line of text together.  See line.h.
 */
#include <stdarg.h>
#include <stdio.h>

#include "line.h"
#include "text.h"

void line_add(struct line *line, const char *format, ...)
{
	size_t room = sizeof(line->text) - line->used;
	va_list args;
	int bytes;

	va_start(args, format);
	bytes = vsnprintf(line->text + line->used, room, format, args);
	va_end(args);
	if (bytes > 0)
		line->used += (size_t)bytes < room ? (size_t)bytes : room - 1;
}

void line_add_foreign(struct line *line, const void *text, size_t bytes)
{
	char copy[256];

	text_printable(copy, sizeof(copy), text, bytes);
	line_add(line, "%s", copy);
}
