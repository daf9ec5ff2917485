// SPDX-License-Identifier: GPL-2.0
/*
 * pidfile.c - writes, locks and removes a pidfile.
 */
#define _GNU_SOURCE 1
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "pidfile.h"

/* Is there one whose process lives? */
static bool in_use(const char *path)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool locked;

	if (fd < 0)
		return false;
	locked = !fcntl(fd, F_OFD_GETLK, &lock) && lock.l_type != F_UNLCK;
	close(fd);
	return locked;
}

static bool fill(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return dprintf(fd, "%d\n", (int)getpid()) > 0 &&
	       !fcntl(fd, F_OFD_SETLK, &lock);
}

/* Written under another name first, so that no reader finds half of it. */
static bool create(struct pidfile *pidfile, const char *path, struct why *why)
{
	char draft[PATH_MAX];

	if (snprintf(draft, sizeof(draft), "%s.%d", path, (int)getpid()) >=
	    (int)sizeof(draft))
		return why_fail(why, "cannot write the pidfile: its path is too long");
	pidfile->fd = open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (pidfile->fd < 0)
		return why_fail(why, "cannot write pidfile %s: %m", path);
	if (!fill(pidfile->fd) || rename(draft, path)) {
		why_fail(why, "cannot write pidfile %s: %m", path);
		unlink(draft);
		close(pidfile->fd);
		return false;
	}
	pidfile->path = path;
	return true;
}

bool pidfile_create(struct pidfile *pidfile, const char *path, struct why *why)
{
	pidfile->path = NULL;
	if (!path)
		return true;
	if (in_use(path))
		return why_fail(why, "cannot write pidfile %s: it is that of another guest which still runs",
				path);
	return create(pidfile, path, why);
}

void pidfile_remove(struct pidfile *pidfile)
{
	if (!pidfile->path)
		return;
	unlink(pidfile->path);
	close(pidfile->fd);
	pidfile->path = NULL;
}
