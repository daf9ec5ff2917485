/* SPDX-License-Identifier: GPL-2.0 */
/*
 * line.h - a line of text that grows; what does not fit is left out.
 * guide: C:605
 */
#ifndef LGNETDUMP_LINE_H
#define LGNETDUMP_LINE_H

#include <stddef.h>
#include <stdint.h>

struct line {
	size_t used;			/* without the NUL behind it */
	char text[2048];
};

void line_add(struct line *line, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Foreign text, see text_printable() in lib/text.h. */
void line_add_foreign(struct line *line, const void *text, size_t bytes);

#endif
