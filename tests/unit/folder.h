/* SPDX-License-Identifier: GPL-2.0 */
/*
 * folder.h - a folder of its own for a test: make_folder() and remove_folder()
 * are a group's setup and teardown.
 */
#ifndef TESTS_UNIT_FOLDER_H
#define TESTS_UNIT_FOLDER_H

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

#define FOLDER_TEMPLATE	"/tmp/lguest-test.XXXXXX"

static char folder[sizeof(FOLDER_TEMPLATE)];

static inline int make_folder(void **state)
{
	(void)state;
	strcpy(folder, FOLDER_TEMPLATE);
	return !mkdtemp(folder);
}

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int remove_folder(void **state)
{
	(void)state;
	return nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* The path of @name there; lasts until the next call but three. */
static inline const char *in_folder(const char *name)
{
	static char path[4][PATH_MAX];
	static unsigned int next;
	char *to = path[next++ % 4];

	snprintf(to, PATH_MAX, "%s/%s", folder, name);
	return to;
}

static inline void make_file(const char *name, off_t bytes)
{
	int fd = open(in_folder(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, bytes), 0);
	close(fd);
}

static inline void make_subfolder(const char *name)
{
	assert_int_equal(mkdir(in_folder(name), 0700), 0);
}

#endif
