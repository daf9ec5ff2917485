// SPDX-License-Identifier: GPL-2.0
/*
 * describe_ip.c - IPv4 and IPv6, with fragments and extension headers.  See
 * describe.h.
 * guide: C:585
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

#include "describe.h"

#define IPV4_HEADER	20
#define IPV4_OFFSET	0x1fff
#define IPV4_MORE	0x2000
/* Extension headers that we care to follow. */
#define EXTENSIONS_MAX	8

static void describe_fragment(struct line *line, uint32_t offset)
{
	line_add(line, "fragment at %u", offset * 8);
}

/* Padding to Ethernet's least length is no part of it. */
static void trim(struct cursor *cursor, uint32_t bytes)
{
	if (cursor->left > bytes)
		cursor->left = bytes;
}

void describe_ipv4(struct line *line, const struct describe *how,
		   struct cursor *cursor)
{
	char from[INET_ADDRSTRLEN], to[INET_ADDRSTRLEN];
	uint32_t header = (cursor_8(cursor) & 0xf) * 4, bytes, fragment;
	const uint8_t *addresses;
	uint8_t protocol;

	cursor_8(cursor);			/* type of service */
	bytes = cursor_16(cursor);
	cursor_16(cursor);			/* identification */
	fragment = cursor_16(cursor);
	cursor_8(cursor);			/* time to live */
	protocol = cursor_8(cursor);
	cursor_16(cursor);			/* checksum */
	addresses = cursor_take(cursor, 8);
	line_add(line, "IP ");
	if (header < IPV4_HEADER && !cursor->is_short) {
		line_add(line, "with a header of %u bytes", header);
		return;
	}
	if (!cursor->is_short)
		cursor_take(cursor, header - IPV4_HEADER);
	if (cursor->is_short) {
		line_add(line, "cut off");
		return;
	}
	/* A super-frame may say 0, as it is too long to say. */
	if (bytes)
		trim(cursor, bytes > header ? bytes - header : 0);
	inet_ntop(AF_INET, addresses, from, sizeof(from));
	inet_ntop(AF_INET, addresses + 4, to, sizeof(to));
	if (fragment & IPV4_OFFSET) {
		line_add(line, "%s > %s ", from, to);
		describe_fragment(line, fragment & IPV4_OFFSET);
		return;
	}
	describe_transport(line, how, protocol, from, to, cursor);
	if (fragment & IPV4_MORE)
		line_add(line, ", first fragment");
}

/*
 * Skip extension headers.  False: what follows is no beginning of anything,
 * and @fragment is where in the packet it stands.
 */
static bool skip_extensions(uint8_t *protocol, uint32_t *fragment,
			    struct cursor *cursor)
{
	unsigned int i;

	for (i = 0; i < EXTENSIONS_MAX; i++) {
		uint8_t next;
		uint32_t length;

		if (*protocol != IPPROTO_HOPOPTS &&
		    *protocol != IPPROTO_ROUTING &&
		    *protocol != IPPROTO_DSTOPTS &&
		    *protocol != IPPROTO_FRAGMENT)
			return true;
		next = cursor_8(cursor);
		length = cursor_8(cursor);
		if (*protocol == IPPROTO_FRAGMENT) {
			*fragment = cursor_16(cursor) >> 3;
			cursor_32(cursor);	/* identification */
		} else {
			cursor_take(cursor, length * 8 + 6);
		}
		*protocol = next;
		if (*fragment || cursor->is_short)
			return !*fragment;
	}
	return true;
}

void describe_ipv6(struct line *line, const struct describe *how,
		   struct cursor *cursor)
{
	char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN];
	uint32_t bytes, fragment = 0;
	const uint8_t *addresses;
	uint8_t protocol;

	cursor_32(cursor);			/* version, class, flow */
	bytes = cursor_16(cursor);
	protocol = cursor_8(cursor);
	cursor_8(cursor);			/* hop limit */
	addresses = cursor_take(cursor, 32);
	line_add(line, "IPv6 ");
	if (cursor->is_short) {
		line_add(line, "cut off");
		return;
	}
	if (bytes)
		trim(cursor, bytes);
	inet_ntop(AF_INET6, addresses, from, sizeof(from));
	inet_ntop(AF_INET6, addresses + 16, to, sizeof(to));
	if (!skip_extensions(&protocol, &fragment, cursor)) {
		line_add(line, "%s > %s ", from, to);
		describe_fragment(line, fragment);
		return;
	}
	describe_transport(line, how, protocol, from, to, cursor);
}
