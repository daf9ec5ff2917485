/* SPDX-License-Identifier: GPL-2.0 */
/*
 * config.h - what the command line asks for, checked.
 */
#ifndef LAUNCHER_CONFIG_H
#define LAUNCHER_CONFIG_H

#include <stdint.h>
#include <stdio.h>

#include "layout.h"
#include "port.h"
#include "text.h"

enum config_action {
	CONFIG_RUN,
	CONFIG_DRY_RUN,
	CONFIG_HELP,
	CONFIG_VERSION,
};

struct config {
	enum config_action action;
	uint64_t ram;			/* bytes, whole pages */
	const char *kernel;
	const char *initrd;		/* NULL: none */
	const char *pidfile;		/* NULL: none */
	struct port_spec console;
	char name[TEXT_NAME_MAX + 1];
	bool verbose;
	bool restart;
	char cmdline[LAYOUT_CMDLINE_MAX];
};

/* @argv as main() has it; the config points into it. */
bool config_parse(char **argv, struct config *config, struct why *why);

void config_help(FILE *file);

#endif
