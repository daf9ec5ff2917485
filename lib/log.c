// SPDX-License-Identifier: GPL-2.0
/*
 * log.c - writes messages to standard error, a whole line at a time.  See
 * log.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "why.h"

static const char *program = "?";
static bool verbose;
static const char *line_end = "\n";

void log_init(const char *new_program, bool new_verbose)
{
	program = new_program;
	verbose = new_verbose;
}

void log_raw_terminal(bool raw)
{
	line_end = raw ? "\r\n" : "\n";
}

static void write_line(const char *format, va_list args)
{
	/* Room for the longest reason there is, with name and line end. */
	char line[sizeof(((struct why *)0)->text) + 128];
	size_t room = sizeof(line) - sizeof("\r\n");
	size_t used;

	used = snprintf(line, room, "%s: ", program);
	if (used < room)
		vsnprintf(line + used, room - used, format, args);
	strcat(line, line_end);
	/* There is nobody left to tell when this fails. */
	if (write(STDERR_FILENO, line, strlen(line)) < 0)
		return;
}

void log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(format, args);
	va_end(args);
}

void log_notice(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(format, args);
	va_end(args);
}

void log_info(const char *format, ...)
{
	va_list args;

	if (!verbose)
		return;
	va_start(args, format);
	write_line(format, args);
	va_end(args);
}
