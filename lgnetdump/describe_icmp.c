// SPDX-License-Identifier: GPL-2.0
/*
 * describe_icmp.c - ICMP and ICMPv6.  See describe.h.
 * guide: C:590
 */
#include <arpa/inet.h>

#include "array.h"
#include "describe.h"

struct icmp_type {
	uint8_t type;
	const char *name;
	bool echo;			/* has an identifier and a sequence number */
	bool target;			/* is about an IPv6 address */
};

static const struct icmp_type icmp_types[] = {
	{ 0, "echo reply", true, false },
	{ 3, "unreachable", false, false },
	{ 4, "source quench", false, false },
	{ 5, "redirect", false, false },
	{ 8, "echo request", true, false },
	{ 9, "router advertisement", false, false },
	{ 10, "router solicitation", false, false },
	{ 11, "time exceeded", false, false },
	{ 12, "parameter problem", false, false },
	{ 13, "timestamp request", true, false },
	{ 14, "timestamp reply", true, false },
};

static const struct icmp_type icmpv6_types[] = {
	{ 1, "unreachable", false, false },
	{ 2, "packet too big", false, false },
	{ 3, "time exceeded", false, false },
	{ 4, "parameter problem", false, false },
	{ 128, "echo request", true, false },
	{ 129, "echo reply", true, false },
	{ 130, "multicast listener query", false, false },
	{ 131, "multicast listener report", false, false },
	{ 132, "multicast listener done", false, false },
	{ 133, "router solicitation", false, false },
	{ 134, "router advertisement", false, false },
	{ 135, "neighbor solicitation", false, true },
	{ 136, "neighbor advertisement", false, true },
	{ 137, "redirect", false, true },
	{ 143, "multicast listener report", false, false },
};

/* Names of "unreachable", which is what people look for. */
static const char *const unreachable[] = {
	"network", "host", "protocol", "port", "fragmentation needed",
};

static const struct icmp_type *find(const struct icmp_type *table,
				    size_t count, uint8_t type)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (table[i].type == type)
			return &table[i];
	return NULL;
}

static void add_target(struct line *line, struct cursor *cursor)
{
	char text[INET6_ADDRSTRLEN];
	const uint8_t *address;

	cursor_32(cursor);			/* flags */
	address = cursor_take(cursor, 16);
	if (address)
		line_add(line, " %s", inet_ntop(AF_INET6, address, text,
						sizeof(text)));
}

static void describe_type(struct line *line, const struct icmp_type *type,
			  uint8_t code, struct cursor *cursor)
{
	line_add(line, " %s", type->name);
	if (type->echo) {
		uint16_t id = cursor_16(cursor), sequence = cursor_16(cursor);

		if (!cursor->is_short)
			line_add(line, " id %u seq %u", id, sequence);
	} else if (type->target) {
		add_target(line, cursor);
	} else if (code) {
		line_add(line, " code %u", code);
	}
}

static void describe_any(struct line *line, const struct describe *how,
			 const struct icmp_type *table, size_t count,
			 struct cursor *cursor)
{
	uint8_t number = cursor_8(cursor), code = cursor_8(cursor);
	const struct icmp_type *type = find(table, count, number);

	cursor_16(cursor);			/* checksum */
	if (cursor->is_short) {
		line_add(line, ", cut off");
		return;
	}
	if (how->quick)
		return;
	if (table == icmp_types && number == 3 && code < ARRAY_SIZE(unreachable))
		line_add(line, " unreachable: %s", unreachable[code]);
	else if (type)
		describe_type(line, type, code, cursor);
	else
		line_add(line, " type %u code %u", number, code);
}

void describe_icmp(struct line *line, const struct describe *how,
		   struct cursor *cursor)
{
	line_add(line, "ICMP");
	describe_any(line, how, icmp_types, ARRAY_SIZE(icmp_types), cursor);
}

void describe_icmpv6(struct line *line, const struct describe *how,
		     struct cursor *cursor)
{
	line_add(line, "ICMPv6");
	describe_any(line, how, icmpv6_types, ARRAY_SIZE(icmpv6_types), cursor);
}
