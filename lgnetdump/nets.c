// SPDX-License-Identifier: GPL-2.0
/*
 * nets.c - collects files that may be nets.  See nets.h.
 */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "netfile.h"
#include "nets.h"

const char *nets_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static bool has(const struct nets *nets, const char *path)
{
	unsigned int i;

	for (i = 0; i < nets->count; i++)
		if (!strcmp(nets->path[i], path))
			return true;
	return false;
}

static void add(struct nets *nets, const char *path)
{
	char identity[PATH_MAX];
	struct stat st;

	/* A pipe or folder is no net, and neither is what is gone. */
	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return;
	netfile_identity(path, identity, sizeof(identity));
	if (nets->count == NETS_MAX || has(nets, identity))
		return;
	nets->path[nets->count] = strdup(identity);
	if (nets->path[nets->count])
		nets->count++;
}

static void add_folder(struct nets *nets, const char *folder)
{
	DIR *dir = opendir(folder);
	char path[PATH_MAX];
	struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", folder,
			     entry->d_name) < (int)sizeof(path))
			add(nets, path);
	}
	closedir(dir);
}

static void add_words(struct nets *nets, const char *words)
{
	char path[PATH_MAX];

	for (;;) {
		size_t length = strcspn(words, ":");

		if (length && length < sizeof(path)) {
			memcpy(path, words, length);
			path[length] = '\0';
			add(nets, path);
		}
		words += length;
		if (!*words++)
			return;
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void nets_find(struct nets *nets)
{
	const char *words = getenv(NETS_VARIABLE);

	nets->count = 0;
	add_folder(nets, NETS_FOLDER);
	if (words)
		add_words(nets, words);
	qsort(nets->path, nets->count, sizeof(*nets->path), by_name);
}

void nets_free(struct nets *nets)
{
	while (nets->count)
		free(nets->path[--nets->count]);
}
