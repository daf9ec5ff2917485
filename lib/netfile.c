// SPDX-License-Identifier: GPL-2.0
/*
 * netfile.c - opens the file that stands for a net.  See netfile.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "netfile.h"

/* A pipe must not make us wait, nor a terminal become ours. */
#define FLAGS		(O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

/* How often somebody may create or remove it just before we do. */
#define ATTEMPTS	8

static const char *verb(enum netfile_use use)
{
	return use == NETFILE_JOIN ? "join" : "listen to";
}

/*
 * Not O_CREAT alone: in a folder like /tmp that would be refused for files of
 * others, even if these may be written.
 */
static int open_or_create(const char *path)
{
	int attempts = ATTEMPTS;
	int fd;

	do {
		fd = open(path, O_RDWR | FLAGS);
		if (fd >= 0 || errno != ENOENT)
			return fd;
		fd = open(path, O_RDWR | O_CREAT | O_EXCL | FLAGS, 0600);
	} while (fd < 0 && errno == EEXIST && --attempts);
	return fd;
}

static void parent_of(const char *path, char *to, size_t size)
{
	char copy[PATH_MAX];

	snprintf(copy, sizeof(copy), "%s", path);
	snprintf(to, size, "%s", dirname(copy));
}

/* Is it the folder, rather than the file, that is in the way? */
static bool explain_folder(const char *path, int error, struct why *why)
{
	char folder[PATH_MAX];
	struct stat st;

	parent_of(path, folder, sizeof(folder));
	if (stat(folder, &st))
		return why_fail(why, "cannot reach net %s: folder %s: %m%s",
				path, folder, errno == ENOENT ?
				" (create it: mkdir -p)" : "");
	if (!S_ISDIR(st.st_mode))
		return why_fail(why, "cannot reach net %s: %s is not a folder",
				path, folder);
	errno = error;
	if (lstat(path, &st) && errno == ENOENT)
		return why_fail(why, "cannot create net %s: %s (folder %s has to be one that you may write to)",
				path, strerror(error), folder);
	if (error == ENOENT || error == EEXIST)
		return why_fail(why, "cannot reach net %s: it is a link to nothing, and no net is created through one",
				path);
	errno = error;
	return true;
}

static int explain(const char *path, enum netfile_use use, struct why *why)
{
	int error = errno;

	if (error == ENOENT && use == NETFILE_LISTEN) {
		why_fail(why, "there is no net %s: nobody has created that file yet",
			 path);
		return -1;
	}
	if (error == EISDIR) {
		why_fail(why, "cannot %s net %s: it is a folder; a net is a file",
			 verb(use), path);
		return -1;
	}
	if (!explain_folder(path, error, why))
		return -1;
	if (error == EACCES || error == EPERM)
		why_fail(why, "cannot %s net %s: %m (%s; its owner can chmod or chgrp it)",
			 verb(use), path, use == NETFILE_JOIN ?
			 "joining needs read and write permission on it" :
			 "listening needs read permission on it");
	else if (error == EROFS)
		why_fail(why, "cannot join net %s: %m (joining needs write permission)",
			 path);
	else
		why_fail(why, "cannot %s net %s: %m", verb(use), path);
	return -1;
}

/* What was opened, not what has the name by now. */
static int check(int fd, const char *path, enum netfile_use use,
		 struct why *why)
{
	struct stat st;

	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	why_fail(why, "cannot %s net %s: it is %s; a net is a regular file",
		 verb(use), path, S_ISDIR(st.st_mode) ? "a folder" :
		 S_ISFIFO(st.st_mode) ? "a pipe" : "a device or the like");
	return -1;
}

int netfile_open(const char *path, enum netfile_use use, struct why *why)
{
	int fd;

	if (use == NETFILE_JOIN)
		fd = open_or_create(path);
	else
		fd = open(path, O_RDONLY | FLAGS);
	/* A pipe or socket may refuse to be opened like that. */
	if (fd < 0 && errno == ENXIO) {
		why_fail(why, "cannot %s net %s: it is a pipe or socket; a net is a regular file",
			 verb(use), path);
		return -1;
	}
	if (fd < 0)
		return explain(path, use, why);
	return check(fd, path, use, why);
}

int netfile_private(struct why *why)
{
	int fd = memfd_create("lguest-net", MFD_CLOEXEC);

	if (fd < 0)
		why_fail(why, "cannot create a private net: %m");
	return fd;
}

void netfile_identity(const char *path, char *to, size_t size)
{
	char folder[PATH_MAX], real[PATH_MAX], copy[PATH_MAX];

	if (realpath(path, real)) {
		snprintf(to, size, "%s", real);
		return;
	}
	parent_of(path, folder, sizeof(folder));
	snprintf(copy, sizeof(copy), "%s", path);
	if (realpath(folder, real))
		snprintf(to, size, "%s/%s", strcmp(real, "/") ? real : "",
			 basename(copy));
	else
		snprintf(to, size, "%s", path);
}
