/* SPDX-License-Identifier: GPL-2.0 */
/*
 * escape.h - how a user whose terminal belongs to the guest gets out: three ^C
 * in a row within a second.
 * guide: L:330
 */
#ifndef LAUNCHER_ESCAPE_H
#define LAUNCHER_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ESCAPE_COUNT	3
#define ESCAPE_NS	1000000000ULL

struct escape {
	unsigned int count;		/* of ^C in a row, up to ESCAPE_COUNT */
	uint64_t when[ESCAPE_COUNT];	/* the latest ones, oldest first */
};

/* Look at what was typed at @now_ns.  Is the user leaving? */
bool escape_feed(struct escape *escape, const uint8_t *typed, size_t bytes,
		 uint64_t now_ns);

#endif
