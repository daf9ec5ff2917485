// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - lgswitch: a switch between nets of guests and network devices of
 * this host, and `lgswitch ctl`, which asks and tells one that runs.  Start
 * reading here; service.h and ctl.h go on.
 * guide: C:015
 */

/*
 * By now guests talk to each other: lg.ko carries their frames from memory to
 * memory and asks no program.  What is missing is the world around them.
 * lgswitch joins nets to each other, to the host and to other hosts; lgnetdump
 * tells what was said, and to whom, and what was not delivered and why.
 *
 * Both are ordinary programs that use /dev/lguest as anybody may: as a port,
 * which sends and receives, or as a listener, which hears.  So we begin with a
 * port.  Then we follow a switch from its words (config) by its life as a
 * service to the frame that arrives: one thread, one loop, nothing that waits.
 * After that come bad lines, which people want on purpose, the network devices
 * of the host, and the socket by which all this is looked at and changed while
 * it runs.  The last third is lgnetdump.
 * guide: C:010
 */

#include <stdio.h>
#include <string.h>

#include <lguest/version.h>

#include "configfile.h"
#include "ctl.h"
#include "log.h"
#include "options.h"
#include "service.h"
#include "standard.h"

enum { ENDED_WELL, FAILED };

/* Say so if what was asked for could not be printed. */
static int printed(void)
{
	struct why why;

	if (standard_printed(&why))
		return ENDED_WELL;
	log_error("%s", why.text);
	return FAILED;
}

static int act(const struct switch_config *config, char **argv)
{
	struct why why;

	switch (config->action) {
	case CONFIG_HELP:
		options_help(stdout);
		return printed();
	case CONFIG_VERSION:
		printf("lgswitch " LGUEST_VERSION "\n");
		return printed();
	case CONFIG_RUN:
		break;
	}
	log_init("lgswitch", config->verbose);
	if (service_run(config, argv, &why))
		return ENDED_WELL;
	log_error("%s", why.text);
	return FAILED;
}

int main(int argc, char **argv)
{
	/* Even a program's own name may be missing. */
	char **words = argc ? argv + 1 : argv;
	struct switch_config config;
	struct why why;
	int status;

	standard_fill();
	log_init("lgswitch", false);
	if (*words && !strcmp(*words, "ctl"))
		return ctl_main(words);
	config_init(&config);
	if (!configfile_read(words, &config, &why)) {
		log_error("%s", why.text);
		return FAILED;
	}
	status = act(&config, words);
	config_free(&config);
	return status;
}
