// SPDX-License-Identifier: GPL-2.0
/*
 * nets.c - looks for nets among the files.  See nets.h.
 */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "netfile.h"
#include "netlog.h"
#include "nets.h"

/* Folders below the one to look in. */
#define DEPTH		2
/* Larger files in a folder are something else. */
#define BYTES_MAX	4096

static bool is_known(const struct nets *nets, const char *path)
{
	unsigned int i;

	for (i = 0; i < nets->count; i++)
		if (!strcmp(nets->path[i], path))
			return true;
	return false;
}

static void add_file(struct nets *nets, const char *path)
{
	char real[PATH_MAX];

	netfile_identity(path, real, sizeof(real));
	if (nets->count == NETS_MAX || is_known(nets, real) ||
	    access(real, R_OK))
		return;
	nets->path[nets->count] = strdup(real);
	if (nets->path[nets->count])
		nets->count++;
}

static void add_folder(struct nets *nets, const char *folder, int depth);

/* What a folder has there. */
static void add_entry(struct nets *nets, const char *path, int depth)
{
	struct stat st;

	if (stat(path, &st))
		return;
	if (S_ISREG(st.st_mode) && st.st_size <= BYTES_MAX)
		add_file(nets, path);
	else if (S_ISDIR(st.st_mode) && depth)
		add_folder(nets, path, depth - 1);
}

static void add_folder(struct nets *nets, const char *folder, int depth)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[PATH_MAX];

	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (*entry->d_name != '.' &&
		    snprintf(path, sizeof(path), "%s/%s", folder,
			     entry->d_name) < (int)sizeof(path))
			add_entry(nets, path, depth);
	closedir(dir);
}

/* What somebody has named. */
static void add_named(struct nets *nets, const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return;
	if (S_ISREG(st.st_mode))
		add_file(nets, path);
	else if (S_ISDIR(st.st_mode))
		add_folder(nets, path, DEPTH);
}

static void add_list(struct nets *nets, const char *list)
{
	char path[PATH_MAX];
	size_t length;

	for (; *list; list += length + (list[length] == ':')) {
		length = strcspn(list, ":");
		if (length && length < sizeof(path)) {
			memcpy(path, list, length);
			path[length] = '\0';
			add_named(nets, path);
		}
	}
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void nets_find_in(struct nets *nets, const char *folder, const char *list)
{
	nets->count = 0;
	add_folder(nets, folder, DEPTH);
	if (list)
		add_list(nets, list);
	qsort(nets->path, nets->count, sizeof(*nets->path), compare);
}

void nets_find(struct nets *nets)
{
	nets_find_in(nets, NETS_FOLDER, getenv(NETS_VARIABLE));
}

void nets_free(struct nets *nets)
{
	while (nets->count)
		free(nets->path[--nets->count]);
}

const char *nets_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

bool nets_look(const char *path, struct lguest_net_page *page)
{
	const struct netlog_wish page_only = { 0 };
	struct netlog log;
	struct why why;
	int net = netfile_open(path, NETFILE_LISTEN, &why);
	bool opened;

	if (net < 0)
		return false;
	opened = netlog_open(&log, net, &page_only, &why);
	close(net);
	if (!opened)
		return false;
	*page = *log.page;
	netlog_close(&log);
	return true;
}
