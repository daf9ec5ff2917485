/* SPDX-License-Identifier: GPL-2.0 */
/*
 * file.h - reading whole files into memory that the caller has.
 * guide: L:570
 */
#ifndef LIB_FILE_H
#define LIB_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "why.h"

/* A regular file open for reading, and its size. */
struct file {
	const char *path;
	int fd;
	uint64_t bytes;
};

bool file_open(struct file *file, const char *path, struct why *why);

/* Read all of it; @to has room for file->bytes. */
bool file_read(const struct file *file, void *to, struct why *why);

void file_close(struct file *file);

#endif
