/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wordset.h - a set of texts, filled first and searched then, to find what two
 * long configurations have in common.
 * guide: C:075
 */
#ifndef LGSWITCH_WORDSET_H
#define LGSWITCH_WORDSET_H

#include <stdbool.h>

/* All zeros: empty. */
struct wordset {
	char **word;
	unsigned int words, room;
};

/* False: no memory. */
bool wordset_add(struct wordset *set, const char *word);
/* After the last wordset_add(). */
void wordset_sort(struct wordset *set);
bool wordset_has(const struct wordset *set, const char *word);
void wordset_free(struct wordset *set);

#endif
