/* SPDX-License-Identifier: GPL-2.0 */
/*
 * boot.h - puts into a guest's memory what it needs to start: the kernel and,
 * by the Linux boot protocol, what the kernel is told about its machine.
 */
#ifndef LAUNCHER_BOOT_H
#define LAUNCHER_BOOT_H

#include <stddef.h>
#include <stdint.h>

#include "kernel.h"
#include "layout.h"

#define BOOT_SEED_BYTES	32

struct boot {
	const struct layout *layout;
	const struct kernel *kernel;
	const char *cmdline;		/* at most LAYOUT_CMDLINE_MAX with NUL */
	uint8_t seed[BOOT_SEED_BYTES];	/* for the guest's random numbers */
};

/* @memory is layout->bytes of zeros; the initrd is not written here. */
void boot_write(const struct boot *boot, uint8_t *memory);

#endif
