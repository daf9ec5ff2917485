// SPDX-License-Identifier: GPL-2.0
/*
 * folder.c - finds a place for a control socket.  See folder.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"

void folders_list(struct folders *folders)
{
	const char *user = getenv("XDG_RUNTIME_DIR");

	*folders = (struct folders){ .path = { FOLDER_HOST }, .count = 1 };
	/* A path without a beginning would depend on where we are. */
	if (user && *user == '/' &&
	    snprintf(folders->path[1], FOLDER_PATH, "%s/lgswitch", user) <
	    FOLDER_PATH)
		folders->count++;
}

/* Is it there, or can it be, and is it ours to write to? */
static bool is_usable(const char *path, uid_t owner)
{
	if (!mkdir(path, 0755))
		return !chown(path, owner, -1);
	return errno == EEXIST && !access(path, W_OK | X_OK);
}

bool folders_place(const struct folders *folders, const char *name,
		   uid_t owner, char path[FOLDER_PATH], struct why *why)
{
	unsigned int i;

	for (i = 0; i < folders->count; i++)
		if (is_usable(folders->path[i], owner))
			break;
	if (i == folders->count)
		return why_fail(why, "cannot write to %s: %m (--control=SOCKET is for another place)",
				folders->path[0]);
	return snprintf(path, FOLDER_PATH, "%s/%s" FOLDER_SUFFIX,
			folders->path[i], name) < FOLDER_PATH ||
	       why_fail(why, "the path of a socket in %s is too long",
			folders->path[i]);
}
