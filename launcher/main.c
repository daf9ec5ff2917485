// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - lguest, the launcher: gives a 32-bit guest memory, devices and a
 * console, and runs it by /dev/lguest.  Start reading here; run.c goes on.
 * guide: L:020
 */

/*
 * Somebody types "lguest 64m vmlinux".  This chapter tells what becomes of
 * that: an ordinary program, with no privilege but that it may open
 * /dev/lguest, reads a kernel, lays out a memory, writes into it what a boot
 * loader would, and then serves its guest's devices until one of them ends.
 *
 * First come a few small things that all programs of this tree have from lib/:
 * messages, reasons, options.  Then the guest on paper (plan to boot), the
 * guest in the flesh (guest.c), and its devices one by one.  Keep in mind who
 * is on the other side: a guest may be hostile, and whatever it writes into
 * shared memory is read once and checked before it counts.
 * guide: L:010
 */

#include <stdio.h>
#include <string.h>

#include <lguest/hypercall.h>
#include <lguest/version.h>

#include "chardev.h"
#include "config.h"
#include "doctor.h"
#include "log.h"
#include "run.h"
#include "standard.h"

/* Say so if what was asked for could not be printed. */
static int printed(int status)
{
	struct why why;

	if (standard_printed(&why))
		return status;
	log_error("%s", why.text);
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

	standard_fill();
	if (argc > 1 && !strcmp(argv[1], "doctor"))
		return doctor_main(argv + 1);
	log_init("lguest", false);
	if (!config_parse(argv, &config, &why)) {
		log_error("%s", why.text);
		return RUN_FAILED;
	}
	log_init("lguest", config.verbose);
	return act(&config);
}
