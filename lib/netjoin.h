/* SPDX-License-Identifier: GPL-2.0 */
/*
 * netjoin.h - LGUEST_NET_JOIN, by a guest's launcher or by a port, with its
 * errors in words.
 * guide: L:500
 */
#ifndef LIB_NETJOIN_H
#define LIB_NETJOIN_H

#include <lguest/net.h>

#include "why.h"

/*
 * @fd is an open /dev/lguest; @net is what people call the net.  The name in
 * @join is cut off as lg.ko would.  errno tells of a failure, too.
 */
bool netjoin(int fd, struct lguest_net_join *join, const char *net,
	     struct why *why);

/* As much of a name as fits. */
void netjoin_set_name(struct lguest_net_join *join, const char *name);

#endif
