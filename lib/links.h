/* SPDX-License-Identifier: GPL-2.0 */
/*
 * links.h - a way to the kernel's network devices (rtnetlink by libnl), and
 * its reasons when it refuses: in its own words if it has any.  What is asked
 * of it is in link.h, bridge.h, vxlan.h and route.h.
 * guide: C:335
 */
#ifndef LIB_LINKS_H
#define LIB_LINKS_H

#include <stdbool.h>

#include "why.h"

struct nl_msg;
struct nl_sock;

struct links {
	struct nl_sock *sock;
	int error;			/* what it last refused for, errno */
	char said[200];			/* in its own words; may be empty */
};

bool links_open(struct links *links, struct why *why);
void links_close(struct links *links);

/* For those who ask: before a call of the library, */
void links_begin(struct links *links);

/*
 * and if it failed with @status, why: always false.  "cannot WHAT DEVICE".
 */
bool links_fail(struct links *links, int status, const char *what,
		const char *device, struct why *why);

/* Send a message (NULL: there was no memory for it), and wait for its answer. */
int links_send(struct links *links, struct nl_msg *message);

/* Send a question, and let @take have its answer, a single message. */
int links_ask(struct links *links, struct nl_msg *message,
	      int (*take)(struct nl_msg *answer, void *context), void *context);

#endif
