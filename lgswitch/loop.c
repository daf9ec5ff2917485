// SPDX-License-Identifier: GPL-2.0
/*
 * loop.c - suspects and proves loops.  See loop.h.
 */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "carry.h"
#include "loop.h"
#include "parts.h"
#include "port.h"
#include "switch.h"
#include "tell.h"

#define SECOND_NS	1000000000ULL
/* How often one thing is told again, if it goes on. */
#define TWINS_AGAIN_NS	(3600 * SECOND_NS)
#define LOOP_AGAIN_NS	(60 * SECOND_NS)
#define PROBE_AGAIN_NS	SECOND_NS

/* IEEE 802 Local Experimental Ethertype 2 */
#define PROBE_TYPE	0x88b6

void loop_init(struct loop *loop, const char *name)
{
	*loop = (struct loop){ 0 };
	if (getrandom(&loop->secret, sizeof(loop->secret), GRND_NONBLOCK) < 0)
		loop->secret = (uintptr_t)loop;
	mac_make(loop->mac, MAC_GUEST, name, "probe", 0);
}

/* --- probes --- */

void loop_make_probe(const struct loop *loop, uint32_t port,
		     struct loop_probe *probe)
{
	/* A group of our own: bridges pass it on, stations ignore it. */
	static const uint8_t group[MAC_BYTES] = { 0x03, 'l', 'g', 's', 'w', 0 };

	*probe = (struct loop_probe){
		.type = { PROBE_TYPE >> 8, PROBE_TYPE & 0xff },
		.secret = loop->secret,
		.port = port,
	};
	memcpy(probe->target, group, MAC_BYTES);
	memcpy(probe->source, loop->mac, MAC_BYTES);
}

uint32_t loop_read_probe(const struct loop *loop, const struct frame *frame)
{
	struct loop_probe probe;
	size_t tag = frame->tag == FRAME_NO_TAG ? 0 : VLAN_TAG_BYTES;
	size_t at = offsetof(struct loop_probe, secret) + tag;

	if (frame->type != PROBE_TYPE ||
	    memcmp(frame_source(frame), loop->mac, MAC_BYTES) ||
	    frame->iov[0].iov_len < sizeof(probe) + tag)
		return 0;
	memcpy(&probe.secret, (uint8_t *)frame->iov[0].iov_base + at,
	       sizeof(probe.secret) + sizeof(probe.port));
	return probe.secret == loop->secret ? probe.port : 0;
}

static void send_probe(struct lgswitch *sw, struct port *port)
{
	uint16_t vlan = port->probe_vlan;
	struct loop *loop = &sw->parts->loop;
	struct loop_probe probe;
	struct iovec iov = { &probe, sizeof(probe) };
	struct frame frame = {
		.iov = &iov, .parts = 1, .bytes = sizeof(probe),
		.source_slot = FRAME_NO_SLOT,
	};
	struct frame_edit edit;
	struct frame edited;

	loop_make_probe(loop, port->serial, &probe);
	frame_read(&frame);
	edited = frame;
	if (vlan != VLAN_NONE && vlan_wants_tag(&port->config.vlan, vlan))
		frame_set_tag(&frame, vlan, &edited, &edit);
	/* If it cannot be sent now the next one will. */
	port->ops->send(port, &edited);
}

void loop_send_probes(struct lgswitch *sw)
{
	unsigned int i;

	if (!sw->parts->loop.probe_due)
		return;
	sw->parts->loop.probe_due = false;
	for (i = 0; i < sw->ports; i++) {
		struct port *port = sw->port[i];

		if (!port || !port->probe_due)
			continue;
		port->probe_due = false;
		if (port->state == PORT_UP && !port->is_lost)
			send_probe(sw, port);
	}
}

/*
 * Not at once: a frame is on its way, maybe in that very port's memory.
 *
 * To suspect is cheap, so to make sure has to be cheap, too: one frame per
 * port and second at the most.  It bears a secret, so that nobody else can
 * send it back.
 * guide: C:225
 */
static void want_probe(struct lgswitch *sw, struct port *port, uint16_t vlan)
{
	struct loop *loop = &sw->parts->loop;

	if (!once_is_new(&loop->probes, port->serial, sw->now_ns,
			 PROBE_AGAIN_NS))
		return;
	port->probe_due = loop->probe_due = true;
	port->probe_vlan = vlan;
}

static struct port *by_serial(const struct lgswitch *sw, uint32_t serial)
{
	unsigned int i;

	for (i = 0; i < sw->ports; i++)
		if (sw->port[i] && sw->port[i]->serial == serial)
			return sw->port[i];
	return NULL;
}

bool loop_is_probe(struct lgswitch *sw, const struct port *port,
		   const struct frame *frame)
{
	struct loop *loop = &sw->parts->loop;
	uint32_t serial = loop_read_probe(loop, frame);
	const struct port *left_by;
	uint64_t key;

	if (!serial)
		return false;
	left_by = by_serial(sw, serial);
	key = (uint64_t)serial << 32 | port->serial;
	if (left_by && once_is_new(&loop->loops, key, sw->now_ns,
				   LOOP_AGAIN_NS))
		tell(sw, SWITCH_LOOP, port,
		     "there is a loop: what leaves by port %s comes back by port %s",
		     left_by->config.name, port->config.name);
	return true;
}

/* --- signs --- */

void loop_twins(struct lgswitch *sw, const struct port *port,
		const uint8_t *mac, const char *one, const char *other)
{
	const char *first = strcmp(one, other) < 0 ? one : other;
	const char *second = first == one ? other : one;
	uint64_t key = once_key(0, mac, MAC_BYTES);
	char text[MAC_TEXT];

	key = once_key(key, first, strlen(first) + 1);
	key = once_key(key, second, strlen(second) + 1);
	if (!once_is_new(&sw->parts->loop.twins, key, sw->now_ns,
			 TWINS_AGAIN_NS))
		return;
	tell(sw, SWITCH_SAME_MAC, port,
	     "%s and %s have the same MAC address %s (two stations with one address, or a loop)",
	     first, second, mac_format(mac, text));
}

void loop_moved(struct lgswitch *sw, const struct fdb_entry *entry,
		uint16_t before)
{
	struct port *now = sw->port[entry->port];
	struct port *then = sw->port[before];

	if (!now || !then)
		return;
	if (entry->moves == LOOP_MOVES_TWINS)
		loop_twins(sw, now, entry->mac, then->config.name,
			   now->config.name);
	if (entry->moves >= LOOP_MOVES_PROBE) {
		want_probe(sw, now, entry->vlan);
		want_probe(sw, then, entry->vlan);
	}
}
