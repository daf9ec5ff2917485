// SPDX-License-Identifier: GPL-2.0
/*
 * standard.c - see standard.h.
 */
#include <fcntl.h>
#include <stdio.h>
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

bool standard_printed(struct why *why)
{
	if (!fflush(stdout) && !ferror(stdout))
		return true;
	return why_fail(why, "cannot write to standard output: %m");
}
