// SPDX-License-Identifier: GPL-2.0
/*
 * slots.c - watches the slots of nets.  See slots.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"
#include "loop.h"
#include "netpage.h"
#include "netport.h"
#include "parts.h"
#include "slots.h"
#include "switch.h"
#include "tell.h"

/* --- looking one up --- */

static int read_number(const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);

	if (end == text || *end || number < 0 || number >= LGUEST_NET_SLOTS)
		return -1;
	return number;
}

static bool is_used(const struct port *port, int slot)
{
	return port->slots[slot].flags & LGUEST_SLOT_USED;
}

int slots_find(const struct port *port, const char *slot)
{
	int number = read_number(slot), i;

	if (!port->slots)
		return -1;
	for (i = 0; i < LGUEST_NET_SLOTS; i++)
		if (is_used(port, i) && !strcmp(port->slots[i].name, slot))
			return i;
	return number >= 0 && is_used(port, number) ? number : -1;
}

int slots_find_place(const struct port *port, const char *slot)
{
	int found = slots_find(port, slot);

	return found >= 0 ? found : read_number(slot);
}

bool slots_any(const struct port *port)
{
	const struct netport *netport = port_net_of(port);
	int i;

	for (i = 0; i < LGUEST_NET_SLOTS; i++)
		if (is_used(port, i) &&
		    (!netport || i != (int)netport->slot))
			return true;
	return false;
}

int slots_find_mac(const struct port *port, const uint8_t *mac)
{
	int i;

	for (i = 0; i < LGUEST_NET_SLOTS; i++)
		if (is_used(port, i) &&
		    !memcmp(port->slots[i].mac, mac, MAC_BYTES))
			return i;
	return -1;
}

/* --- links that are to be down --- */

static bool is_meant(const struct endpoint *end, const struct port *port,
		     int slot)
{
	return !strcmp(end->port, port->config.name) &&
	       slots_find(port, end->slot) == slot;
}

static struct endpoint *find_down(const struct lgswitch *sw,
				  const struct endpoint *end)
{
	unsigned int i;

	for (i = 0; i < sw->parts->downs; i++)
		if (config_same_endpoint(&sw->parts->down[i], end))
			return &sw->parts->down[i];
	return NULL;
}

static bool show_link(const struct port *port, int slot, bool down,
		      struct why *why)
{
	struct netport *netport = port_net_of(port);

	return !netport ||
	       netport_set_flags(netport, slot, LGUEST_SLOT_DOWN,
				 down ? LGUEST_SLOT_DOWN : 0, why);
}

static bool remember(struct lgswitch *sw, const struct endpoint *end,
		     struct why *why)
{
	struct switch_parts *parts = sw->parts;
	struct endpoint *grown;

	if (find_down(sw, end))
		return true;
	grown = realloc(parts->down, (parts->downs + 1) * sizeof(*grown));
	if (!grown)
		return why_fail(why, "no memory");
	parts->down = grown;
	parts->down[parts->downs++] = *end;
	return true;
}

static void forget(struct lgswitch *sw, struct endpoint *end)
{
	*end = sw->parts->down[--sw->parts->downs];
}

bool slots_set_down(struct lgswitch *sw, const struct port *port,
		    const struct endpoint *end, bool down, struct why *why)
{
	struct endpoint *known = find_down(sw, end);
	int slot = slots_find(port, end->slot);

	if (!down && !known && slot < 0)
		return why_fail(why, "nobody on net %s is called %s",
				end->port, end->slot);
	if (slot >= 0 && !show_link(port, slot, down, why))
		return false;
	if (down)
		return remember(sw, end, why);
	if (known)
		forget(sw, known);
	return true;
}

void slots_forget(const struct port *port)
{
	struct switch_parts *parts = port->sw->parts;
	unsigned int i = parts->downs;

	while (i-- > 0)
		if (!strcmp(parts->down[i].port, port->config.name))
			forget(port->sw, &parts->down[i]);
}

/* Somebody new: is that one's link to be down? */
static void apply_down(const struct port *port, int slot)
{
	const struct switch_parts *parts = port->sw->parts;
	struct why why;
	unsigned int i;

	for (i = 0; i < parts->downs; i++)
		if (is_meant(&parts->down[i], port, slot))
			show_link(port, slot, true, &why);
}

/* --- who has whose address --- */

static void describe(const struct port *port, int slot, char *text,
		     size_t size)
{
	snprintf(text, size, "%s:%d (%s)", port->config.name, slot,
		 port->slots[slot].name);
}

static bool may_meet(const struct port *one, const struct port *other)
{
	return one->config.vlan.mode == other->config.vlan.mode &&
	       one->config.vlan.vlan == other->config.vlan.vlan;
}

static void compare_mac(struct port *port, int slot, const struct port *other,
			int other_slot)
{
	char one[96], two[96];

	if (!is_used(other, other_slot) ||
	    memcmp(port->slots[slot].mac, other->slots[other_slot].mac,
		   MAC_BYTES))
		return;
	describe(port, slot, one, sizeof(one));
	describe(other, other_slot, two, sizeof(two));
	loop_twins(port->sw, port, port->slots[slot].mac, one, two);
}

static void look_for_twins(struct port *port, int slot)
{
	struct lgswitch *sw = port->sw;
	unsigned int i;
	int j;

	for (i = 0; i < sw->ports; i++) {
		const struct port *other = sw->port[i];

		if (!other || !other->slots || !may_meet(port, other))
			continue;
		for (j = 0; j < LGUEST_NET_SLOTS; j++)
			if (other != port || j != slot)
				compare_mac(port, slot, other, j);
	}
}

/* --- changes --- */

static bool is_same_guest(const struct lguest_net_slot *one,
			  const struct lguest_net_slot *other)
{
	return (one->flags & LGUEST_SLOT_USED) ==
	       (other->flags & LGUEST_SLOT_USED) && one->pid == other->pid &&
	       !memcmp(one->mac, other->mac, MAC_BYTES) &&
	       !strcmp(one->name, other->name);
}

static void has_left(struct port *port, int slot,
		     const struct lguest_net_slot *before)
{
	tell(port->sw, SWITCH_SLOT_CHANGED, port, "%s has left slot %d of %s",
	     before->name, slot, port->config.name);
}

static void has_come(struct port *port, int slot)
{
	char mac[MAC_TEXT];

	apply_down(port, slot);
	tell(port->sw, SWITCH_SLOT_CHANGED, port, "%s (%s) is at slot %d of %s",
	     port->slots[slot].name, mac_format(port->slots[slot].mac, mac),
	     slot, port->config.name);
	look_for_twins(port, slot);
}

static void look_at_slot(struct port *port, const struct netport *netport,
			 int slot)
{
	struct lguest_net_slot before = port->slots[slot];

	if (!netpage_get(netport->page, slot, &port->slots[slot]))
		port->slots[slot] = (struct lguest_net_slot){ 0 };
	if (slot == (int)netport->slot ||
	    is_same_guest(&before, &port->slots[slot]))
		return;
	if (before.flags & LGUEST_SLOT_USED)
		has_left(port, slot, &before);
	if (is_used(port, slot))
		has_come(port, slot);
}

/* False: nothing has changed there. */
static bool look_at_net(struct port *port)
{
	const struct netport *netport = port_net_of(port);
	uint32_t changes;
	int slot;

	if (!netport)
		return false;
	changes = netpage_changes(netport->page);
	if (changes == port->slots_changes)
		return false;
	port->slots_changes = changes;
	for (slot = 0; slot < LGUEST_NET_SLOTS; slot++)
		look_at_slot(port, netport, slot);
	return true;
}

void slots_look(struct lgswitch *sw)
{
	unsigned int i;
	bool any = false;

	for (i = 0; i < sw->ports; i++)
		if (sw->port[i])
			any |= look_at_net(sw->port[i]);
	if (any) {
		mirror_refresh(sw);
		line_refresh(sw);
	}
}

void slots_tick(struct event_tick *tick, uint64_t now_ns)
{
	struct lgswitch *sw = tick->context;

	sw->now_ns = now_ns;
	slots_look(sw);
}
