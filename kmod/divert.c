// SPDX-License-Identifier: GPL-2.0
/*
 * divert.c - pairs of slots whose frames a port gets (LGUEST_NET_DIVERT).
 *
 * A net has a table of them from the first diversion on: for each pair of
 * slots, the slot of the port that diverts it.  Senders look at that without
 * a lock.  A net that never had one has no table, and costs them one look.
 *
 * From then on, too, counters of a slot are written by several at a time: by
 * that slot itself, and by ports that send on for it.
 * guide: H:330
 */
#include <linux/slab.h>
#include "lg.h"
#include "net.h"

/* A port that leaves takes its diversions with it. */
static bool diverts(const struct lg_endpoint *ep)
{
	return ep && READ_ONCE(ep->diverts);
}

struct lg_endpoint *lg_find_diverter(const struct lg_net *net,
				     const struct lg_diverted *diverted,
				     u32 source, u32 target)
{
	u32 slot = READ_ONCE(diverted->port[source][target]);
	struct lg_endpoint *ep;

	if (slot >= LGUEST_NET_SLOTS)
		return NULL;
	ep = rcu_dereference(net->slot[slot]);
	/* If not, it is another one, which has taken that slot just now. */
	return diverts(ep) ? ep : NULL;
}

/* The net's table, which is made if need be. */
static struct lg_diverted *get_table(struct lg_net *net)
{
	struct lg_diverted *table = READ_ONCE(net->diverted);

	if (table)
		return table;
	table = kmalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return NULL;
	memset(table, LGUEST_NET_NOBODY, sizeof(*table));
	/* Who sees it sees it filled. */
	if (cmpxchg(&net->diverted, NULL, table))
		kfree(table);
	/* Nobody still counts as if it were alone. */
	synchronize_rcu();
	return net->diverted;
}

static bool is_meant(u32 wanted, u32 slot)
{
	return wanted == LGUEST_NET_NOBODY || wanted == slot;
}

/* Goes through the pairs that are meant.  False: @each did not like one. */
static bool visit_pairs(struct lg_endpoint *ep, struct lg_diverted *table,
			const struct lguest_net_divert *divert,
			bool (*each)(struct lg_endpoint *ep, u8 *port, bool on))
{
	u32 source, target;

	for (source = 0; source < LGUEST_NET_SLOTS; source++) {
		if (!is_meant(divert->source, source) || source == ep->slot)
			continue;
		for (target = 0; target < LGUEST_NET_SLOTS; target++) {
			if (!is_meant(divert->target, target) ||
			    target == source || target == ep->slot)
				continue;
			if (!each(ep, &table->port[source][target], divert->on))
				return false;
		}
	}
	return true;
}

static bool may_set(struct lg_endpoint *ep, u8 *port, bool on)
{
	return !on || *port == LGUEST_NET_NOBODY || *port == ep->slot;
}

static bool set_pair(struct lg_endpoint *ep, u8 *port, bool on)
{
	if (on)
		WRITE_ONCE(*port, ep->slot);
	else if (*port == ep->slot)
		WRITE_ONCE(*port, LGUEST_NET_NOBODY);
	return true;
}

static int check_divert(const struct lg_endpoint *ep,
			const struct lguest_net_divert *divert)
{
	bool all = divert->source == LGUEST_NET_NOBODY;

	if (divert->source > LGUEST_NET_NOBODY ||
	    divert->target > LGUEST_NET_NOBODY || divert->on > 1 ||
	    memchr_inv(divert->reserved, 0, sizeof(divert->reserved)))
		return -EINVAL;
	if (divert->source == ep->slot || divert->target == ep->slot ||
	    (divert->source == divert->target && !all))
		return -EINVAL;
	return 0;
}

/* LGUEST_NET_DIVERT */
int lg_divert(struct lg_endpoint *ep, const struct lguest_net_divert *divert)
{
	struct lg_net *net = ep->net;
	struct lg_diverted *table;
	int err = check_divert(ep, divert);

	if (err)
		return err;
	table = get_table(net);
	if (!table)
		return -ENOMEM;
	spin_lock_irq(&net->lock);
	if (!visit_pairs(ep, table, divert, may_set)) {
		err = -EBUSY;
	} else {
		WRITE_ONCE(ep->diverts, true);
		visit_pairs(ep, table, divert, set_pair);
	}
	spin_unlock_irq(&net->lock);
	return err;
}

/* It leaves; net->lock. */
void lg_divert_end(struct lg_endpoint *ep)
{
	const struct lguest_net_divert none = {
		.source = LGUEST_NET_NOBODY, .target = LGUEST_NET_NOBODY,
	};

	if (!ep->diverts)
		return;
	visit_pairs(ep, ep->net->diverted, &none, set_pair);
	WRITE_ONCE(ep->diverts, false);
}
