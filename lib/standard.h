/* SPDX-License-Identifier: GPL-2.0 */
/*
 * standard.h - a program's standard files: they are there, and what was printed
 * has really left.
 * guide: L:030
 */
#ifndef LIB_STANDARD_H
#define LIB_STANDARD_H

#include <stdbool.h>

#include "why.h"

/*
 * Whoever starts us with one of the standard files closed would have our own
 * files take its place, and messages written into them: before anything else.
 */
void standard_fill(void);

/* Does a person read standard output, at a terminal that knows how to draw? */
bool standard_is_terminal(void);
/* And does that person not mind colours? */
bool standard_is_colourful(void);

/* Could all that was asked for be printed? */
bool standard_printed(struct why *why);

#endif
