/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pidfile.h - a file that tells others which process runs a guest.  It appears
 * complete, is locked while we live, and goes when we do; one left behind by a
 * process that was killed is replaced.
 * guide: L:560
 */
#ifndef LAUNCHER_PIDFILE_H
#define LAUNCHER_PIDFILE_H

#include "why.h"

struct pidfile {
	const char *path;		/* NULL: there is none */
	int fd;				/* holds the lock */
};

/* Does nothing without a path. */
bool pidfile_create(struct pidfile *pidfile, const char *path,
		    struct why *why);
void pidfile_remove(struct pidfile *pidfile);

#endif
