// SPDX-License-Identifier: GPL-2.0
/*
 * netjoin.c - joins a net.  See netjoin.h.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include "netjoin.h"

static const char *hint(const struct lguest_net_join *join)
{
	switch (errno) {
	case EBUSY:
		return join->slot >= 0 ? " (that slot is taken; without one any free slot will do)" :
					 "";
	case ENOSPC:
		return " (all slots of the net are taken)";
	case EACCES:
		return " (joining needs read and write permission)";
	case ENOTTY:
		return " (is lg.ko older than this program?)";
	default:
		return "";
	}
}

bool netjoin(int fd, struct lguest_net_join *join, const char *net,
	     struct why *why)
{
	char slot[sizeof(" at slot -2147483648")] = "";
	int error;

	if (!ioctl(fd, LGUEST_NET_JOIN, join))
		return true;
	error = errno;
	if (join->slot >= 0)
		snprintf(slot, sizeof(slot), " at slot %d", join->slot);
	why_fail(why, "cannot join net %s%s: %m%s", net, slot, hint(join));
	errno = error;
	return false;
}

void netjoin_set_name(struct lguest_net_join *join, const char *name)
{
	snprintf(join->name, sizeof(join->name), "%.*s",
		 (int)sizeof(join->name) - 1, name);
}
