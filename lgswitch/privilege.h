/* SPDX-License-Identifier: GPL-2.0 */
/*
 * privilege.h - what the switch may do, and how it gives that up.  Setting up
 * needs root, or CAP_NET_ADMIN; carrying frames needs neither.  So once it is
 * set up the switch becomes an ordinary user without capabilities, and lets
 * the kernel refuse it every system call that it has no use for.
 * guide: C:095
 */
#ifndef LGSWITCH_PRIVILEGE_H
#define LGSWITCH_PRIVILEGE_H

#include <stdbool.h>
#include <sys/types.h>

#include "why.h"

/* Whom to become when root starts us and says nothing, if that user exists. */
#define PRIVILEGE_USER	"lguest"

/* Who we are to be. */
struct identity {
	bool is_other;			/* than who we are now */
	uid_t user;
	gid_t group;
};

/*
 * @user: of --user, or empty for the default: PRIVILEGE_USER if root starts
 * us, else we stay who we are.
 */
bool privilege_find(const char *user, struct identity *identity,
		    struct why *why);

enum privilege_kept {
	PRIVILEGE_NONE,
	PRIVILEGE_NET_ADMIN,		/* CAP_NET_ADMIN, if we have it */
};

/*
 * Become that user, with that user's groups, and keep no capability but
 * @kept; none comes back by executing a file either.
 */
bool privilege_drop(const struct identity *identity, enum privilege_kept kept,
		    struct why *why);

/* Use CAP_NET_ADMIN, or for a while do not, though we have kept it. */
bool privilege_use_net_admin(bool use, struct why *why);

enum privilege_role {
	PRIVILEGE_SWITCH,		/* carries frames, serves requests */
	PRIVILEGE_NETADMIN,		/* sets up network devices */
};

/*
 * From here on only system calls that the role needs: those that no sane
 * switch makes end the process, others fail with EPERM.
 */
bool privilege_filter(enum privilege_role role, struct why *why);

#endif
