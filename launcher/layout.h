/* SPDX-License-Identifier: GPL-2.0 */
/*
 * layout.h - what goes where in a guest's memory, decided before any of it
 * exists.  From the bottom:
 *
 *	0x90000		struct boot_params, command line, random seed
 *	0x9f000		a PC's BIOS would begin; not offered as RAM
 *	0x100000	the kernel, usually
 *	end of RAM	the initrd is right below
 *	above RAM	the device page, then the pages of each device
 * guide: L:170
 */
#ifndef LAUNCHER_LAYOUT_H
#define LAUNCHER_LAYOUT_H

#include <stdint.h>
#include <stdio.h>

#include <lguest/device.h>

#include "program.h"

/*
 * The least that a kernel and its first page tables find room in, and the most
 * that a 32-bit kernel without high memory can map beside its own addresses.
 */
#define LAYOUT_RAM_MIN		(4ULL << 20)
#define LAYOUT_RAM_MAX		(896ULL << 20)

/*
 * A guest has 896 MiB at most, since its kernel maps all of its memory at
 * fixed addresses above 3 GiB.  Linux has an answer to that (CONFIG_HIGHMEM),
 * for which lguest_pgtable.h would have to tell of kmap()'s entries.  Or
 * another split of user and kernel: lguest_data.kernel_address knows of those
 * already, and what is left are an option in the guest kernel's configuration
 * and the line above.
 * guide: M:080
 */

#define LAYOUT_BOOT_PARAMS	0x90000
#define LAYOUT_CMDLINE		0x91000
#define LAYOUT_SETUP_DATA	0x92000
#define LAYOUT_BIOS		0x9f000
#define LAYOUT_HIGH		0x100000

/* Bytes of a command line with its NUL, as Linux has it on x86. */
#define LAYOUT_CMDLINE_MAX	2048

#define LAYOUT_REGIONS_MAX	(PROGRAM_SEGMENTS_MAX + 8)

struct layout_region {
	uint64_t start;
	uint64_t bytes;
	const char *what;
};

/* What is to find its place. */
struct layout_wish {
	uint64_t ram;			/* bytes, whole pages */
	const struct program *program;
	uint64_t initrd_bytes;		/* 0: there is none */
	uint64_t initrd_end_max;
	unsigned int device_pages;	/* with the device page itself */
};

struct layout {
	uint64_t ram;
	uint64_t bytes;			/* RAM and devices' pages */
	uint64_t initrd;
	uint64_t initrd_bytes;
	uint64_t devices;		/* where the device page is */
	/* All of it, in order of address. */
	unsigned int count;
	struct layout_region region[LAYOUT_REGIONS_MAX];
};

/* Fails if something has no room or would lie on something else. */
bool layout_plan(const struct layout_wish *wish, struct layout *layout,
		 struct why *why);

/* Show it to people. */
void layout_print(const struct layout *layout, FILE *file);

#endif
