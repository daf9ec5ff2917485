/* SPDX-License-Identifier: GPL-2.0 */
/*
 * counts.h - what became of all that was said on a net while it was captured.
 * Nothing is left out:
 *	seen = copies + unwanted + filtered + captured + unwritten
 *	what lg.ko told listeners of = seen + lost
 * guide: C:650
 */
#ifndef LGNETDUMP_COUNTS_H
#define LGNETDUMP_COUNTS_H

#include <stddef.h>
#include <stdint.h>

struct counts {
	uint64_t seen;			/* records: copies, and ones not made */
	uint64_t copies;		/* of frames that were taken already */
	uint64_t unwanted;		/* of other slots, or delivered */
	uint64_t filtered;		/* no match for the filter */
	uint64_t captured;		/* written or shown */
	uint64_t segments;		/* further ones that some were split into */
	uint64_t unwritten;		/* no match for the disk */
	uint64_t lost;			/* found no room in the ring */
};

/* A line for people. */
void counts_format(const struct counts *counts, const char *net, char *text,
		   size_t size);

#endif
