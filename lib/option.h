/* SPDX-License-Identifier: GPL-2.0 */
/*
 * option.h - command line options from a table.  One table per program says
 * what its options are; parsing and --help both come from it.  An option is
 * --name, --name=value or --name value, never abbreviated.  A program whose
 * users expect it may give some of them a letter, too: -n value, -nvalue, and
 * letters without a value together.
 * guide: L:060
 */
#ifndef LIB_OPTION_H
#define LIB_OPTION_H

#include <stdbool.h>
#include <stdio.h>

#include "why.h"

struct option_def {
	const char *name;	/* without the dashes; NULL ends a table */
	const char *value;	/* what --help calls its value; NULL: has none */
	const char *help;	/* may have several lines */
	/* Takes the value (NULL if it has none) into the program's config. */
	bool (*set)(void *config, const char *value, struct why *why);
};

/* A letter for an option of a table. */
struct option_letter {
	char letter;		/* 0 ends a list */
	const char *name;
};

/* A walk along the words of a command line. */
struct option_words {
	char **word;		/* ends with a NULL, as argv does */
	const struct option_letter *letters;	/* NULL: there are none */
	bool ended;		/* a "--" has been seen: no options from here */
};

/*
 * Take options off the front of @words, up to the first word that is none.
 * That is one which does not begin with "--" (or, with letters, "-" and more),
 * or the one behind a "--".
 */
bool option_parse(const struct option_def *table, struct option_words *words,
		  void *config, struct why *why);

/*
 * What an option's value itself may hold: "FIRST[,name[=value]]...", with the
 * names in a table of their own.  FIRST goes to @first (of @size bytes, and
 * cannot have a comma); values that @table's functions get do not last.
 */
bool option_parse_list(const struct option_def *table, const char *text,
		       char *first, size_t size, void *config,
		       struct why *why);

/* @letters may be NULL. */
void option_help_letters(const struct option_def *table,
			 const struct option_letter *letters, FILE *file);
void option_help(const struct option_def *table, FILE *file);

#endif
