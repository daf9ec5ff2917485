// SPDX-License-Identifier: GPL-2.0
/*
 * port_net.c - a port of the switch that is a net: the switch is an uplink
 * there, so it gets broadcasts and what is for stations that are not on the
 * net.
 *
 * The net's own rings are the queues: what the switch does not take makes the
 * senders there wait, and what a receiver there has no room for stays in the
 * send area, in order, until that is full.
 * guide: C:130
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "carry.h"
#include "forward.h"
#include "netfile.h"
#include "netpage.h"
#include "netport.h"
#include "port.h"
#include "switch.h"

struct net_port {
	struct netport netport;
	dev_t device;			/* of the file that is the net */
	ino_t inode;
	bool is_stopped;		/* frames are left: POLLOUT tells */
	bool is_strict;			/* has been told to lg.ko */
	struct netport_frame batch[PORT_BATCH];
};

static struct net_port *own(const struct port *port)
{
	return port->own;
}

struct netport *port_net_of(const struct port *port)
{
	if (port->config.kind != PORT_NET || port->state == PORT_GONE)
		return NULL;
	return &own(port)->netport;
}

/* --- there and gone --- */

static void tell_strict(struct port *port, bool strict)
{
	struct netport *netport = &own(port)->netport;
	struct lguest_net_slot copy;
	unsigned int slot;
	struct why why;

	own(port)->is_strict = strict;
	/* First those to come, so that nobody slips in between. */
	netport_set_flags(netport, LGUEST_NET_NOBODY, LGUEST_SLOT_STRICT,
			  strict ? LGUEST_SLOT_STRICT : 0, &why);
	for (slot = 0; slot < LGUEST_NET_SLOTS; slot++)
		if (netpage_get(netport->page, slot, &copy) &&
		    !(copy.flags & LGUEST_SLOT_UPLINK))
			netport_set_flags(netport, slot, LGUEST_SLOT_STRICT,
					  strict ? LGUEST_SLOT_STRICT : 0,
					  &why);
}

static bool join(struct port *port, struct net_port *new, struct why *why)
{
	struct netport_wish wish = {
		.flags = LGUEST_SLOT_UPLINK,
		.slot = port->config.slot,
		.name = "lgswitch",
	};
	int net = netfile_open(port->config.file, NETFILE_JOIN, why);
	struct stat st;
	bool good;

	if (net < 0)
		return false;
	if (!fstat(net, &st)) {
		new->device = st.st_dev;
		new->inode = st.st_ino;
	}
	mac_make(wish.mac, MAC_GUEST, port->sw->name, port->config.file, 0);
	good = netport_open(&new->netport, net, port->config.file, &wish, why);
	close(net);
	return good;
}

static bool net_open(struct port *port, struct why *why)
{
	struct net_port *net = calloc(1, sizeof(*net));

	if (!net)
		return why_fail(why, "no memory");
	if (!join(port, net, why)) {
		free(net);
		return false;
	}
	port->own = net;
	port->file.fd = net->netport.fd;
	netport_quiet(&net->netport, true);
	if (port->config.strict)
		tell_strict(port, true);
	return true;
}

bool port_net_is_replaced(const struct port *port)
{
	struct stat st;

	/* One that is only removed goes on to exist for who is there. */
	return !stat(port->config.file, &st) &&
	       (st.st_dev != own(port)->device ||
		st.st_ino != own(port)->inode);
}

static void net_close(struct port *port, bool for_good)
{
	if (for_good && own(port)->is_strict)
		tell_strict(port, false);
	netport_close(&own(port)->netport);
	free(port->own);
	port->own = NULL;
}

static void net_changed(struct port *port)
{
	if (own(port)->is_strict != port->config.strict)
		tell_strict(port, port->config.strict);
}

static void net_link(struct port *port, bool up)
{
	struct netport *netport = &own(port)->netport;
	struct why why;

	netport_set_flags(netport, netport->slot, LGUEST_SLOT_DOWN,
			  up ? 0 : LGUEST_SLOT_DOWN, &why);
}

/* --- from the net --- */

static enum forwarded take(struct port *port, const struct netport_frame *from)
{
	struct frame frame = {
		.iov = from->iov,
		.parts = from->parts,
		.bytes = from->bytes,
		.source_slot = from->source,
	};

	carry_look_at_clock(port);
	if (from->diverted)
		return forward_diverted(port->sw, port, &frame, from->target);
	return forward_frame(port->sw, port, &frame);
}

static unsigned int net_receive(struct port *port)
{
	struct net_port *net = own(port);
	unsigned int count = netport_receive(&net->netport, net->batch,
					     PORT_BATCH);
	unsigned int done;

	for (done = 0; done < count; done++)
		if (take(port, &net->batch[done]) == FORWARD_WAIT)
			break;
	netport_release(&net->netport, net->batch, done);
	return done;
}

static bool net_sleep(struct port *port)
{
	struct net_port *net = own(port);

	netport_quiet(&net->netport, false);
	if (!netport_receive(&net->netport, net->batch, 1))
		return true;
	netport_quiet(&net->netport, true);
	return false;
}

static void net_wake(struct port *port)
{
	netport_quiet(&own(port)->netport, true);
}

/* --- to the net --- */

static bool net_flush(struct port *port)
{
	struct net_port *net = own(port);

	switch (netport_flush(&net->netport)) {
	case NETPORT_SENT:
		net->is_stopped = false;
		return true;
	case NETPORT_STOPPED:
		net->is_stopped = true;
		carry_wait_for_room(port);
		return true;
	default:
		return false;
	}
}

/* Room in the send area, if need be by letting go of what is there. */
static void *find_room(struct port *port)
{
	struct net_port *net = own(port);
	void *room = netport_room(&net->netport);

	if (room || net->is_stopped || !net_flush(port))
		return room;
	return netport_room(&net->netport);
}

void *port_net_lend(struct port *port)
{
	return find_room(port);
}

static enum port_sent net_send(struct port *port, const struct frame *frame)
{
	struct netport *netport = &own(port)->netport;
	void *room;

	if (frame->bytes > LGUEST_FRAME_MAX)
		return PORT_REFUSED;
	room = find_room(port);
	if (!room)
		return PORT_FULL;
	/* It was read into our memory already: lent by us. */
	if (frame->parts == 1 && frame->iov->iov_base == room)
		netport_add(netport, frame->bytes);
	else
		netport_copy(netport, frame->iov, frame->parts);
	carry_mark_dirty(port);
	return PORT_SENT;
}

enum port_sent port_net_send_for(struct port *port, const struct frame *frame,
				 int source, unsigned int target)
{
	struct netport *netport = &own(port)->netport;

	if (frame->bytes > LGUEST_FRAME_MAX)
		return PORT_REFUSED;
	if (!find_room(port))
		return PORT_FULL;
	netport_copy_for(netport, frame->iov, frame->parts,
			 source < 0 ? netport->slot : (unsigned int)source,
			 target);
	carry_mark_dirty(port);
	return PORT_SENT;
}

const struct port_ops port_net_ops = {
	.open = net_open,
	.close = net_close,
	.receive = net_receive,
	.send = net_send,
	.flush = net_flush,
	.sleep = net_sleep,
	.wake = net_wake,
	.link = net_link,
	.changed = net_changed,
};
