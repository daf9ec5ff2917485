/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pcapng.h - the blocks of a pcapng file (draft-ietf-opsawg-pcapng), put into
 * memory, in this host's byte order: a section begins the file, interfaces
 * have to be told of before their packets, statistics follow at the end.
 *
 * Each function returns how many bytes it has put at @to, a multiple of 4.
 * guide: C:635
 */
#ifndef LGNETDUMP_PCAPNG_H
#define LGNETDUMP_PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that blocks take at most. */
#define PCAPNG_TEXT_MAX		512	/* of a text; the rest is cut off */
#define PCAPNG_SECTION_MAX	2048
#define PCAPNG_INTERFACE_MAX	4096
#define PCAPNG_STATISTICS_MAX	1024
/* Of a packet, without its bytes. */
#define PCAPNG_PACKET_EXTRA	1024

struct pcapng_interface {
	const char *name, *description;
	const uint8_t *mac;		/* NULL: has none */
	const char *filter;		/* NULL: none */
	uint32_t snaplen;
};

enum pcapng_direction {
	PCAPNG_NO_DIRECTION,
	PCAPNG_INBOUND,
	PCAPNG_OUTBOUND,
};

struct pcapng_packet {
	uint32_t interface;		/* from 0, in the order of their blocks */
	uint64_t time_ns;		/* since 1970 */
	const uint8_t *data;
	uint32_t captured, length;
	enum pcapng_direction direction;
	uint64_t id;			/* the same for copies of it; 0: none */
	uint64_t lost;			/* packets that are missing before it */
	uint8_t verdict;
	const char *comment;		/* NULL: none */
};

struct pcapng_statistics {
	uint32_t interface;
	uint64_t time_ns;		/* now */
	uint64_t begin_ns, end_ns;	/* of what is counted */
	uint64_t received;		/* packets */
	uint64_t accepted;		/* by the filter, so in the file */
	uint64_t lost;			/* for lack of room */
	const char *comment;		/* NULL: none */
};

size_t pcapng_section(void *to, const char *application);
size_t pcapng_interface(void *to, const struct pcapng_interface *interface);
size_t pcapng_packet(void *to, const struct pcapng_packet *packet);
size_t pcapng_statistics(void *to, const struct pcapng_statistics *statistics);

#endif
