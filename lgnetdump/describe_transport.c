// SPDX-License-Identifier: GPL-2.0
/*
 * describe_transport.c - TCP, UDP and their likes.  See describe.h.
 * guide: C:595
 */
#include <netinet/in.h>
#include <string.h>

#include "array.h"
#include "describe.h"
#include "services.h"

#define TCP_HEADER	20

static const struct {
	uint8_t protocol;
	const char *name;
} protocols[] = {
	{ IPPROTO_IGMP, "IGMP" },
	{ IPPROTO_IPIP, "IP in IP" },
	{ IPPROTO_IPV6, "IPv6 in IP" },
	{ IPPROTO_GRE, "GRE" },
	{ IPPROTO_ESP, "ESP" },
	{ IPPROTO_AH, "AH" },
	{ IPPROTO_NONE, "nothing" },
	{ 88, "EIGRP" },
	{ 89, "OSPF" },
	{ IPPROTO_PIM, "PIM" },
	{ 112, "VRRP" },
	{ IPPROTO_SCTP, "SCTP" },
};

/* Bits 0 to 7 of TCP's flags, as tcpdump shows them. */
static const char tcp_flags[] = "FSRP.UEW";

static void add_port(struct line *line, const struct describe *how,
		     const char *address, uint16_t port, bool tcp)
{
	const char *name = how->numeric ? NULL : services_name(port, tcp);
	/* IPv6 addresses have colons of their own. */
	bool brackets = strchr(address, ':');

	line_add(line, "%s%s%s:", brackets ? "[" : "", address,
		 brackets ? "]" : "");
	if (name)
		line_add(line, "%s", name);
	else
		line_add(line, "%u", port);
}

static void add_ports(struct line *line, const struct describe *how,
		      const char *from, const char *to, bool tcp,
		      struct cursor *cursor)
{
	uint16_t source = cursor_16(cursor), target = cursor_16(cursor);

	if (cursor->is_short) {
		line_add(line, "%s > %s ", from, to);
		return;
	}
	add_port(line, how, from, source, tcp);
	line_add(line, " > ");
	add_port(line, how, to, target, tcp);
	line_add(line, " ");
}

static void describe_tcp(struct line *line, const struct describe *how,
			 struct cursor *cursor)
{
	uint32_t sequence = cursor_32(cursor), acknowledged = cursor_32(cursor);
	uint16_t flags = cursor_16(cursor), window = cursor_16(cursor);
	uint32_t header = (flags >> 12) * 4, i;

	cursor_32(cursor);			/* checksum, urgent pointer */
	line_add(line, "TCP");
	if (cursor->is_short) {
		line_add(line, ", cut off");
		return;
	}
	if (how->quick)
		return;
	line_add(line, " [");
	for (i = 0; i + 1 < sizeof(tcp_flags); i++)
		if (flags & 1 << i)
			line_add(line, "%c", tcp_flags[i]);
	line_add(line, "] seq %u", sequence);
	if (flags & 0x10)
		line_add(line, " ack %u", acknowledged);
	line_add(line, " win %u", window);
	if (header >= TCP_HEADER)
		cursor_take(cursor, header - TCP_HEADER);
	line_add(line, " data %u", cursor->left);
}

static void describe_udp(struct line *line, const struct describe *how,
			 struct cursor *cursor)
{
	uint16_t bytes = cursor_16(cursor);

	cursor_16(cursor);			/* checksum */
	line_add(line, "UDP");
	if (cursor->is_short)
		line_add(line, ", cut off");
	else if (!how->quick)
		line_add(line, " data %u", bytes > 8 ? bytes - 8 : 0);
}

static void describe_other(struct line *line, uint8_t protocol)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(protocols); i++) {
		if (protocols[i].protocol != protocol)
			continue;
		line_add(line, "%s", protocols[i].name);
		return;
	}
	line_add(line, "protocol %u", protocol);
}

void describe_transport(struct line *line, const struct describe *how,
			uint8_t protocol, const char *from, const char *to,
			struct cursor *cursor)
{
	if (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP) {
		add_ports(line, how, from, to, protocol == IPPROTO_TCP,
			  cursor);
	} else {
		line_add(line, "%s > %s ", from, to);
	}
	switch (protocol) {
	case IPPROTO_TCP:
		describe_tcp(line, how, cursor);
		break;
	case IPPROTO_UDP:
		describe_udp(line, how, cursor);
		break;
	case IPPROTO_ICMP:
		describe_icmp(line, how, cursor);
		break;
	case IPPROTO_ICMPV6:
		describe_icmpv6(line, how, cursor);
		break;
	default:
		describe_other(line, protocol);
		break;
	}
}
