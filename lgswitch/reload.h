/* SPDX-License-Identifier: GPL-2.0 */
/*
 * reload.h - makes a running switch what a configuration says, by changing
 * only what differs: ports that stay the same go on without a gap.  What
 * cannot be done is reported, and the rest is done nevertheless.
 * guide: C:430
 */
#ifndef LGSWITCH_RELOAD_H
#define LGSWITCH_RELOAD_H

#include <stdbool.h>

#include "config.h"
#include "switch.h"
#include "why.h"

struct reload {
	unsigned int done, failed;	/* changes */
	/* Told of each change; @why is NULL if it was done. */
	void (*tell)(struct reload *reload, const char *change,
		     const struct why *why);
	void *context;
};

/*
 * @wanted has been checked (config_check()), and is written to: it stays the
 * same but in other words.  False: there was not enough memory.
 */
bool reload_apply(struct reload *reload, struct lgswitch *sw,
		  struct switch_config *wanted, struct why *why);

#endif
