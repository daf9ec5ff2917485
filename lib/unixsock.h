/* SPDX-License-Identifier: GPL-2.0 */
/*
 * unixsock.h - Unix stream sockets at a path: listening there, though a
 * process that died may have left its socket behind, and connecting.
 * guide: L:370
 */
#ifndef LIB_UNIXSOCK_H
#define LIB_UNIXSOCK_H

#include <stdbool.h>
#include <sys/types.h>

#include "why.h"

/* For unixsock_listen(): leave group and permissions to the umask. */
#define UNIXSOCK_ANY_GROUP	((gid_t)-1)

/*
 * A listening socket, which never waits; -1 if that fails.  With a @group the
 * socket is for its owner and that group (0660), and is so before anybody can
 * connect.  A socket that nobody listens on any more is replaced, whatever
 * else is there stays and is an error.
 */
int unixsock_listen(const char *path, int backlog, gid_t group,
		    struct why *why);

/*
 * Connect; -1 if that fails.  That, and each send() and recv() on the socket,
 * waits up to @patience_ms and then fails with EAGAIN.
 */
int unixsock_connect(const char *path, unsigned int patience_ms,
		     struct why *why);

#endif
