// SPDX-License-Identifier: GPL-2.0
/*
 * file.c - reads whole files.  See file.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"

/* fstat() what was opened, so that nobody can change it in between. */
static bool measure(struct file *file, struct why *why)
{
	struct stat st;

	if (fstat(file->fd, &st))
		return why_fail(why, "cannot look at %s: %m", file->path);
	/* A pipe or device has no size to plan memory by. */
	if (!S_ISREG(st.st_mode))
		return why_fail(why, "cannot use %s: it is not a regular file",
				file->path);
	file->bytes = st.st_size;
	return true;
}

bool file_open(struct file *file, const char *path, struct why *why)
{
	file->path = path;
	/* O_NONBLOCK: opening a pipe must not wait for its other end. */
	file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (file->fd < 0)
		return why_fail(why, "cannot open %s: %m", path);
	if (!measure(file, why)) {
		file_close(file);
		return false;
	}
	return true;
}

bool file_read(const struct file *file, void *to, struct why *why)
{
	uint64_t done = 0;

	while (done < file->bytes) {
		ssize_t got = pread(file->fd, (char *)to + done,
				    file->bytes - done, done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return why_fail(why, "cannot read %s: %m", file->path);
		if (!got)
			return why_fail(why, "cannot read %s: it became shorter meanwhile",
					file->path);
		done += got;
	}
	return true;
}

void file_close(struct file *file)
{
	close(file->fd);
	file->fd = -1;
}
