/* SPDX-License-Identifier: GPL-2.0 */
/*
 * program.h - a 32-bit x86 program as an ELF file describes it: which bytes go
 * where in guest-physical memory and where it starts.
 */
#ifndef LAUNCHER_PROGRAM_H
#define LAUNCHER_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "why.h"

/* Linux has at most five. */
#define PROGRAM_SEGMENTS_MAX	16

struct program_segment {
	uint32_t paddr;		/* where it goes */
	uint32_t memory_bytes;	/* what it occupies there, never 0 */
	uint32_t file_bytes;	/* of that come from the file; zeros follow */
	size_t file_offset;
};

struct program {
	uint32_t entry;		/* guest-physical, within a segment */
	uint32_t end;		/* guest-physical, behind the last segment */
	unsigned int count;
	struct program_segment segment[PROGRAM_SEGMENTS_MAX];
};

/*
 * Does @bytes at @file begin like an ELF file?  Whether it is a good one only
 * program_parse() knows.
 */
bool program_recognize(const uint8_t *file, size_t bytes);

/*
 * Check a whole file, of which nothing is trusted, and describe it.  Segments
 * lie within the file and below 4 GiB; whether they suit the guest's memory
 * and each other is the layout's business.
 */
bool program_parse(const uint8_t *file, size_t bytes, struct program *program,
	       struct why *why);

#endif
