/* SPDX-License-Identifier: GPL-2.0 */
/*
 * bzimage.h - a kernel as `make bzImage` packs it: code for the PC's real
 * mode and an unpacker, neither of which a guest can run, and behind them the
 * packed ELF file, which is all we want.
 * guide: L:140
 */
#ifndef LAUNCHER_BZIMAGE_H
#define LAUNCHER_BZIMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "why.h"

struct bzimage {
	size_t payload_offset;		/* of the packed ELF file */
	size_t payload_bytes;
	uint32_t initrd_addr_max;	/* last byte an initrd may occupy */
};

bool bzimage_recognize(const uint8_t *file, size_t bytes);

/* Check the setup header, of which nothing is trusted. */
bool bzimage_parse(const uint8_t *file, size_t bytes, struct bzimage *image,
		   struct why *why);

#endif
