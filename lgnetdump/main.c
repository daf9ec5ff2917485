// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - lgnetdump: captures what is said on a net of guests, as tcpdump
 * does on a network device.  Start reading here; dump.c goes on.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "dump.h"
#include "list.h"
#include "log.h"
#include "options.h"
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
static bool printed(struct why *why)
{
	if (!fflush(stdout) && !ferror(stdout))
		return true;
	return why_fail(why, "cannot write to standard output: %m");
}

static bool act(const struct options *options, struct why *why)
{
	switch (options->action) {
	case OPTIONS_HELP:
		options_help(stdout);
		return printed(why);
	case OPTIONS_VERSION:
		printf("lgnetdump " LGUEST_VERSION "\n");
		return printed(why);
	case OPTIONS_LIST:
		return list_run(options, why) && printed(why);
	case OPTIONS_DUMP:
		break;
	}
	return dump_run(options, why);
}

int main(int argc, char **argv)
{
	/* Its room for a filter is not for the stack. */
	static struct options options;
	struct why why;

	(void)argc;
	fill_standard_files();
	log_init("lgnetdump", false);
	if (options_parse(argv, &options, &why) && act(&options, &why))
		return 0;
	log_error("%s", why.text);
	return 1;
}
