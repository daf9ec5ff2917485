/* SPDX-License-Identifier: GPL-2.0 */
/*
 * config.h - what the command line asks for, checked.
 */
#ifndef LAUNCHER_CONFIG_H
#define LAUNCHER_CONFIG_H

#include <stdint.h>
#include <stdio.h>

#include "block_disk.h"
#include "layout.h"
#include "netspec.h"
#include "port.h"
#include "text.h"

enum config_action {
	CONFIG_RUN,
	CONFIG_DRY_RUN,
	CONFIG_HELP,
	CONFIG_VERSION,
};

/* Besides the console, which is device 0. */
#define CONFIG_DEVICES_MAX	(LGUEST_DEVICE_MAX - 1)

/* A device that an option asks for. */
struct config_device {
	uint32_t type;			/* LGUEST_DEVICE_* */
	struct netspec net;		/* of a network device */
	struct block_spec block;	/* of a disk */
};

struct config {
	enum config_action action;
	uint64_t ram;			/* bytes, whole pages */
	const char *kernel;
	const char *initrd;		/* NULL: none */
	const char *pidfile;		/* NULL: none */
	struct port_spec console;
	struct config_device device[CONFIG_DEVICES_MAX];
	unsigned int devices;		/* in the order of their options */
	bool is_named;			/* by --name */
	char name[TEXT_NAME_MAX + 1];
	bool verbose;
	bool restart;
	char cmdline[LAYOUT_CMDLINE_MAX];
};

/* @argv as main() has it; the config points into it. */
bool config_parse(char **argv, struct config *config, struct why *why);

void config_help(FILE *file);

#endif
