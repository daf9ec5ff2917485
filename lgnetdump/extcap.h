/* SPDX-License-Identifier: GPL-2.0 */
/*
 * extcap.h - how Wireshark and tshark capture with lgnetdump.  They run each
 * program in their folder of external captures (install.h puts us there) with
 * options that begin with --extcap-, and read its standard output: to ask for
 * interfaces, link types and settings, and then to have it capture into a pipe.
 * Such a call is either answered here, or becomes a command line as a person
 * would have typed it.
 * guide: C:655
 */
#ifndef LGNETDUMP_EXTCAP_H
#define LGNETDUMP_EXTCAP_H

#include <stdbool.h>
#include <stdio.h>

#include "iface.h"
#include "nets.h"
#include "why.h"

/* Words of a command line: ours are few, and Wireshark's settings too. */
#define EXTCAP_WORDS	64

enum extcap_result {
	EXTCAP_FAILED,
	EXTCAP_ANSWERED,	/* that was all */
	EXTCAP_CHECK,		/* tell whether extcap.filter is good */
	EXTCAP_CAPTURE,		/* go on with extcap.word */
};

struct extcap {
	char *word[EXTCAP_WORDS + 1];	/* as argv, ends with a NULL */
	unsigned int words;
	const char *interface, *fifo, *filter, *net;
	bool interfaces, dlts, config, capture;
	struct iface iface;
};

/* Where nets are, and how to look who is there: nets_look(). */
struct extcap_nets {
	const char *folder;	/* NETS_FOLDER */
	const char *list;	/* the value of NETS_VARIABLE, or NULL */
	bool (*look)(const char *path, struct lguest_net_page *page);
};

/* Is this Wireshark, rather than a person? */
bool extcap_is_call(char *const *argv);

/* The call in @argv, whose words have to last; answers go to @to. */
enum extcap_result extcap_answer(struct extcap *extcap, char **argv,
				 const struct extcap_nets *nets, FILE *to,
				 struct why *why);

#endif
