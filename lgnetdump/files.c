// SPDX-License-Identifier: GPL-2.0
/*
 * files.c - makes names of files that follow each other.  See files.h.
 */
#include <stdio.h>
#include <string.h>

#include "files.h"

void files_init(struct files *files, const struct options *options)
{
	*files = (struct files){
		.pattern = options->write,
		.by_time = options->file_seconds,
	};
	if (options->file_bytes)
		files->round = options->file_count;
	else
		files->limit = options->file_count;
}

bool files_at_limit(const struct files *files)
{
	return files->limit && files->made == files->limit;
}

static bool make_stamp(const struct files *files, time_t now, char *to,
		       size_t size, struct why *why)
{
	struct tm local;

	if (!files->by_time) {
		snprintf(to, size, "%s", files->pattern);
		return true;
	}
	if (localtime_r(&now, &local) &&
	    strftime(to, size, files->pattern, &local))
		return true;
	return why_fail(why, "cannot make a file's name of '%s': it becomes too long, or nothing at all",
			files->pattern);
}

/* Digits that the numbers below @round take. */
static int digits_for(uint32_t round)
{
	int digits = 1;

	for (round--; round >= 10; round /= 10)
		digits++;
	return digits;
}

static void count(struct files *files, const char *stamp)
{
	bool same = files->made && !strcmp(stamp, files->stamp);

	files->number = same ? files->number + 1 : 0;
	if (files->round)
		files->number %= files->round;
	files->made++;
	snprintf(files->stamp, sizeof(files->stamp), "%s", stamp);
}

bool files_next(struct files *files, time_t now, char *name, size_t size,
		struct why *why)
{
	char stamp[PATH_MAX];
	int used;

	if (!make_stamp(files, now, stamp, sizeof(stamp), why))
		return false;
	count(files, stamp);
	if (files->round)
		used = snprintf(name, size, "%s%0*u", stamp,
				digits_for(files->round), files->number);
	else if (files->number)
		used = snprintf(name, size, "%s%u", stamp, files->number);
	else
		used = snprintf(name, size, "%s", stamp);
	return (size_t)used < size ||
	       why_fail(why, "the file's name is too long: %.60s...", stamp);
}
