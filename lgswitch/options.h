/* SPDX-License-Identifier: GPL-2.0 */
/*
 * options.h - the command line of the switch itself (not of `lgswitch ctl`).
 * guide: C:035
 */
#ifndef LGSWITCH_OPTIONS_H
#define LGSWITCH_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "config.h"
#include "why.h"

/*
 * @words: those behind the program's name, a NULL at the end.  Adds to what is
 * in @config, which is not checked as a whole (config_check()).
 */
bool options_parse(char **words, struct switch_config *config,
		   struct why *why);

void options_help(FILE *file);

#endif
