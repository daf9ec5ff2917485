// SPDX-License-Identifier: GPL-2.0
/*
 * divert.c - compares wished with existing diversions.  See divert.h.
 */
#include <string.h>

#include "divert.h"
#include "netport.h"

static bool get(const struct divert *divert, unsigned int source,
		unsigned int target)
{
	return divert->is[source][target / 64] >> target % 64 & 1;
}

/* The slots that are meant: one, or all. */
static unsigned int first_of(unsigned int wanted)
{
	return wanted == LGUEST_NET_NOBODY ? 0 : wanted;
}

static unsigned int end_of(unsigned int wanted)
{
	return wanted == LGUEST_NET_NOBODY ? LGUEST_NET_SLOTS : wanted + 1;
}

/* The pairs that a wish stands for, without our own slot. */
static void add(struct divert *divert, const struct divert_pair *wish,
		unsigned int own)
{
	unsigned int source = first_of(wish->source), target;

	for (; source < end_of(wish->source); source++)
		for (target = first_of(wish->target);
		     target < end_of(wish->target); target++)
			if (source != target && source != own && target != own)
				divert->is[source][target / 64] |=
					1ULL << target % 64;
}

/* Is all of it diverted already? */
static bool has_all(const struct divert *divert,
		    const struct divert_pair *wish, unsigned int own)
{
	struct divert meant = { 0 };
	unsigned int i;

	add(&meant, wish, own);
	for (i = 0; i < LGUEST_NET_SLOTS; i++)
		if (meant.is[i][0] & ~divert->is[i][0] ||
		    meant.is[i][1] & ~divert->is[i][1])
			return false;
	return true;
}

static bool is_empty(const struct divert *divert)
{
	static const struct divert none;

	return !memcmp(divert, &none, sizeof(none));
}

/* Those that nobody wishes any more. */
static void end_others(const struct divert *divert, const struct divert *wanted,
		       struct netport *netport)
{
	unsigned int source, target;
	struct why why;

	if (is_empty(wanted)) {
		netport_divert(netport, LGUEST_NET_NOBODY, LGUEST_NET_NOBODY,
			       false, &why);
		return;
	}
	for (source = 0; source < LGUEST_NET_SLOTS; source++)
		for (target = 0; target < LGUEST_NET_SLOTS; target++)
			if (get(divert, source, target) &&
			    !get(wanted, source, target))
				netport_divert(netport, source, target, false,
					       &why);
}

bool divert_set(struct divert *divert, struct netport *netport,
		const struct divert_pair *wish, unsigned int wishes,
		struct why *why)
{
	struct divert wanted = { 0 };
	bool good = true;
	unsigned int i;

	for (i = 0; i < wishes; i++)
		add(&wanted, &wish[i], netport->slot);
	if (!memcmp(&wanted, divert, sizeof(wanted)))
		return true;
	end_others(divert, &wanted, netport);
	for (i = 0; i < wishes; i++)
		if (!has_all(divert, &wish[i], netport->slot))
			good &= netport_divert(netport, wish[i].source,
					       wish[i].target, true, why);
	*divert = wanted;
	return good;
}
