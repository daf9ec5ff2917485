/* SPDX-License-Identifier: GPL-2.0 */
/*
 * chardev.h - opening /dev/lguest, which is how a process gets at lg.ko.
 * guide: L:220
 */
#ifndef LIB_CHARDEV_H
#define LIB_CHARDEV_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "why.h"

/* -1 if that fails, and @why tells what to do about it. */
int chardev_open(struct why *why);

/* What lg.ko shares of a net, at LGUEST_MAP_*, for reading or also writing. */
bool chardev_map(int fd, off_t offset, size_t bytes, bool write, void **at,
		 struct why *why);

/* NULL is nothing to do. */
void chardev_unmap(const void *at, size_t bytes);

#endif
