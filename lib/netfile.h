/* SPDX-License-Identifier: GPL-2.0 */
/*
 * netfile.h - the file that stands for a net (lguest/net.h), opened with care:
 * whatever else has that name is neither waited for nor changed, and who may
 * not open it hears why.
 * guide: L:490
 */
#ifndef LIB_NETFILE_H
#define LIB_NETFILE_H

#include <stddef.h>

#include "why.h"

enum netfile_use {
	NETFILE_JOIN,		/* reading and writing; created if missing */
	NETFILE_LISTEN,		/* reading */
};

/* -1 if that fails.  Close it whenever the ioctl() is done. */
int netfile_open(const char *path, enum netfile_use use, struct why *why);

/* A net without a name, for those who get the file handed. */
int netfile_private(struct why *why);

/*
 * The one name of the file by whatever name it is given, there or not: its
 * path without links.
 */
void netfile_identity(const char *path, char *to, size_t size);

#endif
