/* SPDX-License-Identifier: GPL-2.0 */
/*
 * liveness.h - are the hosts there that a VXLAN reaches?  VXLAN itself carries
 * no link state, and we put nothing of our own on the wire.  But the kernel
 * knows the way to each host: whether there is a route, whether the route's
 * device is plugged in, and whether the next station on it answers (ARP,
 * neighbour discovery), for which it is asked regularly.  When no host of a
 * segment can be reached, its tap is unplugged, as the other switches see it;
 * when one can be reached again, it is plugged in.
 *
 * What this cannot see: beyond a router it knows of the router only, not of
 * the host behind; and a host that answers though nothing there joins the
 * segment any more looks well.
 * guide: C:330
 */

/*
 * Behind a router a VXLAN's host may be dead and nobody here notices.  The
 * switches at both ends could ask each other, in frames of their own on that
 * very VXLAN (BFD, RFC 5880, does it so); but then they would have to agree on
 * something, which so far they need not.
 * guide: M:230
 */

#ifndef LGSWITCH_LIVENESS_H
#define LGSWITCH_LIVENESS_H

#include "config.h"
#include "links.h"

#define LIVENESS_MAX		64	/* segments */
/* Between two questions; who answers none of the kernel's three is dead. */
#define LIVENESS_PERIOD_MS	2000

/* A segment that reaches other hosts. */
struct liveness_segment {
	char tap[IFNAMSIZ];		/* empty: this one is free */
	struct vxlan_config vxlan;
	bool dead[CONFIG_REMOTES_MAX];
	bool carrier;
};

struct liveness {
	struct links *links;
	struct nl_sock *changes;	/* what the kernel tells of itself */
	struct liveness_segment segment[LIVENESS_MAX];
	void *context;
	/* A tap's carrier has changed; @text says why. */
	void (*changed)(void *context, const char *tap, bool carrier,
			const char *text);
};

bool liveness_init(struct liveness *liveness, struct links *links,
		   struct why *why);
void liveness_free(struct liveness *liveness);

bool liveness_add(struct liveness *liveness, const struct port_config *port,
		  struct why *why);
void liveness_remove(struct liveness *liveness, const char *tap);

/* To poll for POLLIN; then liveness_look(), which also takes what is there. */
int liveness_fd(const struct liveness *liveness);

/* Look at all segments; with @ask, have the kernel ask their hosts. */
void liveness_look(struct liveness *liveness, bool ask);

/* Is there something to look at? */
bool liveness_is_needed(const struct liveness *liveness);

#endif
