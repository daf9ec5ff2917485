/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kernel.h - the kernel file that the user names, unwrapped down to the
 * program in it, whatever it came packed in.
 * guide: L:130
 */
#ifndef LAUNCHER_KERNEL_H
#define LAUNCHER_KERNEL_H

#include "program.h"

struct kernel {
	const char *format;		/* for people */
	uint8_t *elf;			/* the ELF file, ours to free */
	struct program program;
	uint64_t initrd_end_max;	/* where an initrd must end, at most */
};

bool kernel_load(const char *path, struct kernel *kernel, struct why *why);

/* The same for a file that is in memory, which it takes over and frees. */
bool kernel_unwrap(uint8_t *file, size_t bytes, struct kernel *kernel,
		   struct why *why);

void kernel_free(struct kernel *kernel);

#endif
