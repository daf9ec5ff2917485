/* SPDX-License-Identifier: GPL-2.0 */
/*
 * print.h - frames as lines for people, on standard output:
 *
 *	12:00:01.123456789 r1 > r2: IP 10.0.0.1 > 10.0.0.2: ICMP echo request...
 * guide: C:565
 */
#ifndef LGNETDUMP_PRINT_H
#define LGNETDUMP_PRINT_H

#include <stdbool.h>

#include "frame.h"
#include "options.h"
#include "source.h"

void print_init(const struct options *options);

enum print_state {
	PRINT_GOOD,
	PRINT_NOBODY,			/* reads it any more */
	PRINT_FAILED,
};

enum print_state print_frame(const struct source *source,
			     const struct frame *frame, struct why *why);
enum print_state print_flush(struct why *why);

#endif
