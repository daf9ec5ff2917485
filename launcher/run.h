/* SPDX-License-Identifier: GPL-2.0 */
/*
 * run.h - runs the guest that the command line asks for, from its creation to
 * the exit status.
 */
#ifndef LAUNCHER_RUN_H
#define LAUNCHER_RUN_H

#include "config.h"

/* Exit statuses. */
#define RUN_POWEROFF	0
#define RUN_FAILED	1	/* it could not be started */
#define RUN_ESCAPED	2	/* three ^C */
#define RUN_DIED	3	/* panicked, or killed by the host */
#define RUN_RESTART	4	/* it wants to be started anew, and we not */
#define RUN_SIGNAL	128	/* plus the signal's number */

/*
 * Returns an exit status; the caller has to exit then, for the guest may be
 * running still.  @open_host is chardev_open(), or a stand-in of a test.
 */
int run(const struct config *config, int (*open_host)(struct why *why));

/* Only show what run() would load where. */
int run_dry(const struct config *config);

#endif
