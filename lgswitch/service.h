/* SPDX-License-Identifier: GPL-2.0 */
/*
 * service.h - the switch as a program that runs: with its devices made and its
 * privileges given up, told what to do by signals and the control socket, and
 * known to the service manager.
 * guide: C:080
 */
#ifndef LGSWITCH_SERVICE_H
#define LGSWITCH_SERVICE_H

#include <stdbool.h>

#include "config.h"
#include "why.h"

/*
 * Until it is told to end.  @argv: the words behind the program's name, which
 * made @config and are read again when the configuration file is.
 */
bool service_run(const struct switch_config *config, char **argv,
		 struct why *why);

#endif
