// SPDX-License-Identifier: GPL-2.0
/*
 * wordset.c - a sorted array of texts.  See wordset.h.
 */
#include <stdlib.h>
#include <string.h>

#include "wordset.h"

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool make_room(struct wordset *set)
{
	unsigned int room = set->room ? 2 * set->room : 64;
	char **word;

	if (set->words < set->room)
		return true;
	word = reallocarray(set->word, room, sizeof(*word));
	if (!word)
		return false;
	set->word = word;
	set->room = room;
	return true;
}

bool wordset_add(struct wordset *set, const char *word)
{
	char *copy;

	if (!make_room(set))
		return false;
	copy = strdup(word);
	if (!copy)
		return false;
	set->word[set->words++] = copy;
	return true;
}

void wordset_sort(struct wordset *set)
{
	if (set->words)
		qsort(set->word, set->words, sizeof(*set->word), compare);
}

bool wordset_has(const struct wordset *set, const char *word)
{
	return set->words &&
	       bsearch(&word, set->word, set->words, sizeof(*set->word),
		       compare);
}

void wordset_free(struct wordset *set)
{
	unsigned int i;

	for (i = 0; i < set->words; i++)
		free(set->word[i]);
	free(set->word);
	*set = (struct wordset){ 0 };
}
