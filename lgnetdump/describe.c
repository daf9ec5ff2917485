// SPDX-License-Identifier: GPL-2.0
/*
 * describe.c - Ethernet and VLANs, and ARP.  See describe.h.
 */
#include <arpa/inet.h>
#include <net/ethernet.h>
#include <string.h>

#include "array.h"
#include "describe.h"
#include "mac.h"

/* Types below are lengths: what follows is LLC. */
#define TYPE_MIN	1536

enum {
	TYPE_VLAN_SERVICE = 0x88a8,
	TYPE_LLDP = 0x88cc,
};

/* Tags in a frame that we care to follow. */
#define TAGS_MAX	4

static const struct {
	uint16_t type;
	const char *name;
} types[] = {
	{ 0x0842, "wake-on-LAN" },
	{ 0x8035, "RARP" },
	{ 0x8808, "flow control" },
	{ 0x8809, "LACP" },
	{ 0x8847, "MPLS" },
	{ 0x8848, "MPLS multicast" },
	{ 0x8863, "PPPoE discovery" },
	{ 0x8864, "PPPoE" },
	{ 0x888e, "EAPOL" },
	{ 0x88e5, "MACsec" },
	{ 0x88f7, "PTP" },
	{ 0x8902, "CFM" },
	{ 0x9000, "loopback" },
};

/* Hardware and protocol of an ARP packet that we can read */
#define ARP_ETHERNET	1
#define ARP_REQUEST	1
#define ARP_REPLY	2

static const char *ipv4_text(const uint8_t *address,
			     char text[INET_ADDRSTRLEN])
{
	return inet_ntop(AF_INET, address, text, INET_ADDRSTRLEN);
}

void describe_arp(struct line *line, struct cursor *cursor)
{
	uint16_t hardware = cursor_16(cursor), protocol = cursor_16(cursor);
	uint16_t lengths = cursor_16(cursor), operation = cursor_16(cursor);
	const uint8_t *sender_mac = cursor_take(cursor, MAC_BYTES);
	const uint8_t *sender = cursor_take(cursor, 4);
	const uint8_t *target;
	char from[INET_ADDRSTRLEN], to[INET_ADDRSTRLEN], mac[MAC_TEXT];

	cursor_take(cursor, MAC_BYTES);
	target = cursor_take(cursor, 4);
	if (cursor->is_short) {
		line_add(line, "ARP, cut off");
		return;
	}
	if (hardware != ARP_ETHERNET || protocol != ETHERTYPE_IP ||
	    lengths != (MAC_BYTES << 8 | 4)) {
		line_add(line, "ARP for protocol 0x%04x", protocol);
		return;
	}
	ipv4_text(sender, from);
	ipv4_text(target, to);
	if (operation == ARP_REQUEST)
		line_add(line, "ARP who has %s? tell %s", to, from);
	else if (operation == ARP_REPLY)
		line_add(line, "ARP %s is at %s", from,
			 mac_format(sender_mac, mac));
	else
		line_add(line, "ARP operation %u", operation);
}

/* Follow tags to the type of what they are about. */
static uint16_t skip_tags(struct line *line, uint16_t type,
			  struct cursor *cursor)
{
	unsigned int tags;

	for (tags = 0; tags < TAGS_MAX && (type == ETHERTYPE_VLAN ||
					   type == TYPE_VLAN_SERVICE); tags++) {
		uint16_t tag = cursor_16(cursor);

		type = cursor_16(cursor);
		if (cursor->is_short)
			break;
		line_add(line, "VLAN %u%s ", tag & 0xfff,
			 tag >> 13 ? " (priority)" : "");
	}
	return type;
}

static void describe_type(struct line *line, uint16_t type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		if (types[i].type != type)
			continue;
		line_add(line, "%s", types[i].name);
		return;
	}
	line_add(line, "type 0x%04x", type);
}

static void describe_payload(struct line *line, const struct describe *how,
			     uint16_t type, struct cursor *cursor)
{
	if (type < TYPE_MIN)
		describe_llc(line, how, cursor);
	else if (type == ETHERTYPE_IP)
		describe_ipv4(line, how, cursor);
	else if (type == ETHERTYPE_IPV6)
		describe_ipv6(line, how, cursor);
	else if (type == ETHERTYPE_ARP)
		describe_arp(line, cursor);
	else if (type == TYPE_LLDP)
		describe_lldp(line, how, cursor);
	else
		describe_type(line, type);
}

void describe_frame(struct line *line, const struct describe *how,
		    const uint8_t *data, uint32_t bytes)
{
	struct cursor cursor = { .at = data, .left = bytes };
	const uint8_t *to = cursor_take(&cursor, MAC_BYTES);
	const uint8_t *from = cursor_take(&cursor, MAC_BYTES);
	uint16_t type = cursor_16(&cursor);
	char mac[MAC_TEXT];

	if (cursor.is_short) {
		line_add(line, "not even an Ethernet header");
		return;
	}
	if (how->link_level) {
		line_add(line, "%s > ", mac_format(from, mac));
		line_add(line, "%s ", mac_format(to, mac));
	}
	type = skip_tags(line, type, &cursor);
	if (cursor.is_short)
		line_add(line, "cut off");
	else
		describe_payload(line, how, type, &cursor);
}
