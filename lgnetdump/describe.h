/* SPDX-License-Identifier: GPL-2.0 */
/*
 * describe.h - what a frame is about, in words: the protocols that it has,
 * from Ethernet up to ports.  Frames come from whoever; nothing that they say
 * is believed.
 * guide: C:570
 */
#ifndef LGNETDUMP_DESCRIBE_H
#define LGNETDUMP_DESCRIBE_H

#include <stdbool.h>
#include <stdint.h>

#include "cursor.h"
#include "line.h"

struct describe {
	bool link_level;		/* MAC addresses, too */
	bool quick;			/* no more than who and which protocol */
	bool numeric;			/* ports as numbers */
};

/* @bytes were captured of a frame; not NULL even if there are none. */
void describe_frame(struct line *line, const struct describe *how,
		    const uint8_t *data, uint32_t bytes);

/* --- its parts: what is behind the header that told of it --- */

void describe_arp(struct line *line, struct cursor *cursor);
void describe_ipv4(struct line *line, const struct describe *how,
		   struct cursor *cursor);
void describe_ipv6(struct line *line, const struct describe *how,
		   struct cursor *cursor);
/* @protocol of IP; @from and @to as text; @ipv6 tells which ICMP it is. */
void describe_transport(struct line *line, const struct describe *how,
			uint8_t protocol, const char *from, const char *to,
			struct cursor *cursor);
void describe_icmp(struct line *line, const struct describe *how,
		   struct cursor *cursor);
void describe_icmpv6(struct line *line, const struct describe *how,
		     struct cursor *cursor);
/* LLDP and STP */
void describe_lldp(struct line *line, const struct describe *how,
		   struct cursor *cursor);
void describe_llc(struct line *line, const struct describe *how,
		  struct cursor *cursor);

#endif
