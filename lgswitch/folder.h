/* SPDX-License-Identifier: GPL-2.0 */
/*
 * folder.h - where control sockets are, unless people say otherwise: NAME.sock
 * in a folder of the host's, or of the user's own who may not write there.
 * guide: C:370
 */
#ifndef LGSWITCH_FOLDER_H
#define LGSWITCH_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "why.h"

#define FOLDER_HOST	"/run/lgswitch"
#define FOLDER_SUFFIX	".sock"
#define FOLDERS_MAX	2
/* As much as fits into the address of a socket. */
#define FOLDER_PATH	108

/* Those that there may be. */
struct folders {
	char path[FOLDERS_MAX][FOLDER_PATH];
	unsigned int count;
};

/* The host's, and if the environment knows one (XDG_RUNTIME_DIR) the user's. */
void folders_list(struct folders *folders);

/*
 * The path of a socket in the first of them that we can write to; one that is
 * missing is made, for user @owner.
 */
bool folders_place(const struct folders *folders, const char *name,
		   uid_t owner, char path[FOLDER_PATH], struct why *why);

#endif
