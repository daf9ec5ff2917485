// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - lgswitch: a switch between nets of guests and network devices of
 * this host, and `lgswitch ctl`, which asks and tells one that runs.  Start
 * reading here; service.h and ctl.h go on.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "configfile.h"
#include "ctl.h"
#include "log.h"
#include "options.h"
#include "service.h"
#include "version.h"

enum { ENDED_WELL, FAILED };

/*
 * Whoever starts us with one of the standard files closed would have our own
 * files take its place, and messages written into them.
 */
static void fill_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* Say so if what was asked for could not be printed. */
static int printed(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return ENDED_WELL;
	log_error("cannot write to standard output: %m");
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

	fill_standard_files();
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
