// SPDX-License-Identifier: GPL-2.0
/*
 * fill.c - takes COUNT slots of a net, as ports that neither send nor receive,
 * and keeps them until its standard input ends.
 *
 *	fill FILE COUNT
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "chardev.h"
#include "log.h"
#include "mac.h"
#include "netfile.h"
#include "netjoin.h"

static bool take_slot(int net, const char *file, unsigned int number,
		      struct why *why)
{
	struct lguest_net_join join = {
		.fd = net, .device = LGUEST_JOIN_PORT, .slot = -1,
		.flags = LGUEST_SLOT_DOWN,
	};
	int fd = chardev_open(why);

	mac_make(join.mac, MAC_GUEST, "fill", file, number);
	netjoin_set_name(&join, "fill");
	return fd >= 0 && netjoin(fd, &join, file, why);
}

int main(int argc, char **argv)
{
	unsigned int i, count = argc == 3 ? atoi(argv[2]) : 0;
	struct why why;
	char byte;
	int net;

	log_init("fill", false);
	if (!count) {
		log_error("usage: fill FILE COUNT");
		return 1;
	}
	net = netfile_open(argv[1], NETFILE_JOIN, &why);
	if (net < 0) {
		log_error("%s", why.text);
		return 1;
	}
	for (i = 0; i < count; i++)
		if (!take_slot(net, argv[1], i, &why)) {
			log_error("%s", why.text);
			return 1;
		}
	printf("%u slots taken\n", count);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
