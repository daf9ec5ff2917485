/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ctl.h - `lgswitch ctl`, the control client: one verb per call, as a request
 * to a running switch (request.h), and its result as a table for people, or
 * with --json as it came.
 * guide: C:445
 */
#ifndef LGSWITCH_CTL_H
#define LGSWITCH_CTL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "ctl_link.h"
#include "why.h"

/* @argv from "ctl" on.  The program's exit status: 0, or 1 if it failed. */
int ctl_main(char **argv);

void ctl_help(FILE *file);

/* --- for ctl_*.c --- */

struct ctl {
	bool help, json;
	bool terminal;			/* what is there can be drawn over */
	bool colour;			/* and may be bold */
	const char *socket;		/* NULL: find it */
	const char *name;
	struct folders folders;		/* where to find it */
	unsigned int patience_ms;
	FILE *out;
	struct ctl_link link;
};

struct ctl_verb {
	const char *name;
	const char *arguments;		/* as --help shows them */
	const char *help;
	unsigned int min, max;		/* arguments */
	/*
	 * The request for its arguments, which end with a NULL; NULL: they make
	 * no sense.
	 */
	json_t *(*build)(const struct ctl_verb *verb, char **argument,
			 struct why *why);
	/* Show a result to people; NULL: there is nothing to show. */
	void (*print)(const struct ctl *ctl, json_t *result);
};

/* Both end with one that has no name. */
extern const struct ctl_verb ctl_shows[], ctl_changes[];

/* NULL: there is none, which @why tells. */
const struct ctl_verb *ctl_find_verb(const char *name, struct why *why);

/* The member that holds the rows of a table, of which a reply is a page. */
const char *ctl_rows(json_t *request);

/* The request of a verb, if it takes such arguments. */
json_t *ctl_build(const struct ctl_verb *verb, char **argument,
		  struct why *why);

/* A live view, see ctl_watch.c: of a verb, or of what happens. */
bool ctl_watch(struct ctl *ctl, char **argument, struct why *why);

/* What happens, @count times (0: without end). */
bool ctl_events(struct ctl *ctl, unsigned long count, struct why *why);

/* Members of results; 0, "" and false if they are not there. */
json_int_t ctl_number(json_t *object, const char *name);
const char *ctl_text(json_t *object, const char *name);
bool ctl_flag(json_t *object, const char *name);

#endif
