// SPDX-License-Identifier: GPL-2.0
/*
 * chardev.c - opens /dev/lguest and explains why it cannot be.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include <lguest/chardev.h>

#include "chardev.h"

int chardev_open(struct why *why)
{
	int fd = open(LGUEST_CHARDEV, O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT || errno == ENXIO || errno == ENODEV)
		why_fail(why, "cannot open " LGUEST_CHARDEV ": %m (is the module loaded? as root: modprobe lg)");
	else if (errno == EACCES || errno == EPERM)
		why_fail(why, "cannot open " LGUEST_CHARDEV ": %m (only root and group lguest may; as root: usermod -aG lguest USER, then log in anew)");
	else
		why_fail(why, "cannot open " LGUEST_CHARDEV ": %m");
	return -1;
}

bool chardev_map(int fd, off_t offset, size_t bytes, bool write, void **at,
		 struct why *why)
{
	int protection = PROT_READ | (write ? PROT_WRITE : 0);
	/* What is our own is all there, and used without a fault from here on. */
	int flags = MAP_SHARED | (write ? MAP_POPULATE : 0);
	void *mapping = mmap(NULL, bytes, protection, flags, fd, offset);

	if (mapping == MAP_FAILED)
		return why_fail(why, "cannot map what lg.ko shares of a net: %m");
	*at = mapping;
	return true;
}

void chardev_unmap(const void *at, size_t bytes)
{
	if (at)
		munmap((void *)at, bytes);
}
