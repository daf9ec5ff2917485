// SPDX-License-Identifier: GPL-2.0
/*
 * describe_bridge.c - what bridges and switches tell each other: LLDP, and STP
 * behind an LLC header.  See describe.h.
 * guide: C:580
 */
#include "describe.h"
#include "mac.h"

/* LLDP (IEEE 802.1AB): kinds of its entries */
enum {
	LLDP_END = 0,
	LLDP_TTL = 3,
	LLDP_PORT_DESCRIPTION = 4,
	LLDP_SYSTEM_NAME = 5,
};

/* Entries that we care to look at. */
#define LLDP_ENTRIES_MAX	64

/* LLC (IEEE 802.2): service access points, control of what has no number */
#define LLC_STP		0x4242
#define LLC_SNAP	0xaaaa
#define LLC_UNNUMBERED	3

/* STP (IEEE 802.1D): kinds of its units */
enum {
	STP_CONFIGURATION = 0,
	STP_RAPID = 2,
	STP_CHANGE = 0x80,
};

static void describe_entry(struct line *line, uint32_t kind, uint32_t bytes,
			   const uint8_t *value)
{
	switch (kind) {
	case LLDP_TTL:
		if (bytes >= 2)
			line_add(line, " for %u s", value[0] << 8 | value[1]);
		break;
	case LLDP_PORT_DESCRIPTION:
		line_add(line, " port '");
		line_add_foreign(line, value, bytes);
		line_add(line, "'");
		break;
	case LLDP_SYSTEM_NAME:
		line_add(line, " system '");
		line_add_foreign(line, value, bytes);
		line_add(line, "'");
		break;
	}
}

void describe_lldp(struct line *line, const struct describe *how,
		   struct cursor *cursor)
{
	unsigned int i;

	line_add(line, "LLDP");
	for (i = 0; i < LLDP_ENTRIES_MAX && !how->quick; i++) {
		/* Seven bits of kind, nine of length */
		uint16_t head = cursor_16(cursor);
		const uint8_t *value = cursor_take(cursor, head & 0x1ff);

		if (cursor->is_short) {
			line_add(line, ", cut off");
			break;
		}
		if (head >> 9 == LLDP_END)
			break;
		describe_entry(line, head >> 9, head & 0x1ff, value);
	}
}

/* A bridge's priority and address */
static void add_bridge(struct line *line, const char *what,
		       struct cursor *cursor)
{
	uint16_t priority = cursor_16(cursor);
	const uint8_t *mac = cursor_take(cursor, MAC_BYTES);
	char text[MAC_TEXT];

	if (mac)
		line_add(line, " %s %u/%s", what, priority,
			 mac_format(mac, text));
}

static void describe_stp(struct line *line, const struct describe *how,
			 struct cursor *cursor)
{
	uint32_t cost;
	uint8_t kind;

	cursor_16(cursor);			/* protocol */
	cursor_8(cursor);			/* version */
	kind = cursor_8(cursor);
	line_add(line, "%s", kind == STP_RAPID ? "RSTP" : "STP");
	if (cursor->is_short) {
		line_add(line, ", cut off");
		return;
	}
	if (how->quick)
		return;
	if (kind == STP_CHANGE) {
		line_add(line, " topology change");
		return;
	}
	if (kind != STP_CONFIGURATION && kind != STP_RAPID) {
		line_add(line, " type %u", kind);
		return;
	}
	cursor_8(cursor);			/* flags */
	add_bridge(line, "root", cursor);
	cost = cursor_32(cursor);
	if (!cursor->is_short)
		line_add(line, " cost %u", cost);
	add_bridge(line, "bridge", cursor);
}

void describe_llc(struct line *line, const struct describe *how,
		  struct cursor *cursor)
{
	uint16_t points = cursor_16(cursor);
	uint8_t control = cursor_8(cursor);

	if (cursor->is_short) {
		line_add(line, "LLC, cut off");
		return;
	}
	if (points == LLC_STP && control == LLC_UNNUMBERED) {
		describe_stp(line, how, cursor);
	} else if (points == LLC_SNAP && control == LLC_UNNUMBERED) {
		uint32_t organization = cursor_number(cursor, 3);
		uint16_t protocol = cursor_16(cursor);

		line_add(line, "SNAP %06x protocol 0x%04x", organization,
			 protocol);
	} else {
		line_add(line, "LLC 0x%04x", points);
	}
}
