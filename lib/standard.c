// SPDX-License-Identifier: GPL-2.0
/*
 * standard.c - see standard.h.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "standard.h"

void standard_fill(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

bool standard_is_terminal(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb");
}

bool standard_is_colourful(void)
{
	return standard_is_terminal() && !getenv("NO_COLOR");
}

bool standard_printed(struct why *why)
{
	if (!fflush(stdout) && !ferror(stdout))
		return true;
	return why_fail(why, "cannot write to standard output: %m");
}
