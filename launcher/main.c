// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - lguest, the launcher: gives a 32-bit guest memory, devices and a
 * console, and runs it by /dev/lguest.  Start reading here; run.c goes on.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <lguest/hypercall.h>

#include "chardev.h"
#include "config.h"
#include "log.h"
#include "run.h"
#include "version.h"

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
static int printed(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	log_error("cannot write to standard output: %m");
	return RUN_FAILED;
}

static int act(const struct config *config)
{
	switch (config->action) {
	case CONFIG_HELP:
		config_help(stdout);
		return printed(0);
	case CONFIG_VERSION:
		printf("lguest " LGUEST_VERSION " (ABI %d)\n", LGUEST_ABI);
		return printed(0);
	case CONFIG_DRY_RUN:
		return printed(run_dry(config));
	case CONFIG_RUN:
		break;
	}
	return run(config, chardev_open);
}

int main(int argc, char **argv)
{
	struct config config;
	struct why why;

	(void)argc;
	fill_standard_files();
	log_init("lguest", false);
	if (!config_parse(argv, &config, &why)) {
		log_error("%s", why.text);
		return RUN_FAILED;
	}
	log_init("lguest", config.verbose);
	return act(&config);
}
