/* SPDX-License-Identifier: GPL-2.0 */
/*
 * files.h - the names of files that follow each other, as tcpdump's are:
 *
 *	FILE, FILE1, FILE2...		by size (or because of SIGHUP)
 *	FILE00, FILE01... FILE00...	by size, with a count: round and round
 *	strftime() of FILE		by time
 *
 * By time and size, or if a time has the same name as the one before it, the
 * name of the time gets numbers.
 * guide: C:615
 */
#ifndef LGNETDUMP_FILES_H
#define LGNETDUMP_FILES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "options.h"
#include "why.h"

struct files {
	const char *pattern;
	bool by_time;			/* the pattern is one for strftime() */
	uint32_t round;			/* numbers go round after that many; 0: never */
	uint32_t limit;			/* files at most; 0: no limit */
	uint32_t made;			/* names so far */
	uint32_t number;		/* of the last one, among those of its time */
	char stamp[PATH_MAX];		/* the name without a number */
};

void files_init(struct files *files, const struct options *options);

/* No more files may be made: the capture has come to its end. */
bool files_at_limit(const struct files *files);

/* The next name, for a file that begins at @now. */
bool files_next(struct files *files, time_t now, char *name, size_t size,
		struct why *why);

#endif
