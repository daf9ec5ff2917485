// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - lgnetdump: captures what is said on a net of guests, as tcpdump
 * does on a network device.  Start reading here; dump.c goes on.
 * guide: C:490
 */

/*
 * We change sides: from now on we only listen.  lgnetdump has tcpdump's
 * habits, but where tcpdump asks a device, it asks a net; so it also knows who
 * sent a frame, who got it, and which frames nobody got.  We go from the log
 * that lg.ko writes to the file that Wireshark reads, and in the end back
 * again, when a capture is played into a net.
 * guide: C:485
 */

#include <stdio.h>
#include <stdlib.h>

#include <lguest/version.h>

#include "dump.h"
#include "extcap.h"
#include "filter.h"
#include "install.h"
#include "list.h"
#include "log.h"
#include "options.h"
#include "replay_net.h"
#include "standard.h"

static bool act(const struct options *options, struct why *why)
{
	switch (options->action) {
	case OPTIONS_HELP:
		options_help(stdout);
		return standard_printed(why);
	case OPTIONS_VERSION:
		printf("lgnetdump " LGUEST_VERSION "\n");
		return standard_printed(why);
	case OPTIONS_LIST:
		return list_run(options, why) && standard_printed(why);
	case OPTIONS_REPLAY:
		return replay_net_run(&options->replay, why);
	case OPTIONS_INSTALL:
		return install_extcap(stdout, why) && standard_printed(why);
	case OPTIONS_UNINSTALL:
		return uninstall_extcap(stdout, why) && standard_printed(why);
	case OPTIONS_DUMP:
		break;
	}
	return dump_run(options, why);
}

static bool act_on(char **argv, struct why *why)
{
	/* Its room for a filter is not for the stack. */
	static struct options options;

	return options_parse(argv, &options, why) && act(&options, why);
}

/* What Wireshark shows is what we print; nothing is good. */
static bool check_filter(const char *expression, struct why *why)
{
	struct filter filter;

	if (filter_compile(&filter, expression, why))
		filter_free(&filter);
	else
		puts(why->text);
	return standard_printed(why);
}

static bool answer_wireshark(char **argv, struct why *why)
{
	const struct extcap_nets nets = {
		.folder = NETS_FOLDER,
		.list = getenv(NETS_VARIABLE),
		.look = nets_look,
	};
	static struct extcap extcap;

	switch (extcap_answer(&extcap, argv, &nets, stdout, why)) {
	case EXTCAP_ANSWERED:
		return standard_printed(why);
	case EXTCAP_CHECK:
		return check_filter(extcap.filter, why);
	case EXTCAP_CAPTURE:
		return act_on(extcap.word, why);
	case EXTCAP_FAILED:
		break;
	}
	return false;
}

int main(int argc, char **argv)
{
	struct why why;
	bool good;

	(void)argc;
	standard_fill();
	log_init("lgnetdump", false);
	good = extcap_is_call(argv) ? answer_wireshark(argv, &why) :
				      act_on(argv, &why);
	if (good)
		return 0;
	log_error("%s", why.text);
	return 1;
}
