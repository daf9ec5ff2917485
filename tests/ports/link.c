// SPDX-License-Identifier: GPL-2.0
/*
 * link.c - pulls the plug of somebody on a net, or puts it in again: by the
 * slot's number or the name there.
 *
 *	link FILE SLOT|NAME up|down
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "netfile.h"
#include "netpage.h"
#include "netport.h"

static struct netport port;

/* As one who neither hears nor says anything. */
static void join(const char *file)
{
	struct netport_wish wish = {
		.slot = -1, .name = "link", .flags = LGUEST_SLOT_DOWN,
	};
	struct why why;
	int net = netfile_open(file, NETFILE_JOIN, &why);

	mac_make(wish.mac, MAC_GUEST, "link", file, 0);
	if (net < 0 || !netport_open(&port, net, file, &wish, &why)) {
		log_error("%s", why.text);
		exit(1);
	}
	close(net);
}

static int find(const char *who)
{
	char *end;
	long slot = strtol(who, &end, 10);

	return *who && !*end ? slot : netpage_find_name(port.page, who);
}

int main(int argc, char **argv)
{
	struct why why;

	log_init("link", false);
	if (argc != 4 || (strcmp(argv[3], "up") && strcmp(argv[3], "down"))) {
		log_error("usage: link FILE SLOT|NAME up|down");
		return 1;
	}
	join(argv[1]);
	if (!netport_set_flags(&port, find(argv[2]), LGUEST_SLOT_DOWN,
			       strcmp(argv[3], "up") ? LGUEST_SLOT_DOWN : 0,
			       &why)) {
		log_error("cannot set the link of %s %s: %s", argv[2], argv[3],
			  why.text);
		return 1;
	}
	netport_close(&port);
	return 0;
}
