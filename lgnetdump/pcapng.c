// SPDX-License-Identifier: GPL-2.0
/*
 * pcapng.c - encodes pcapng blocks.  See pcapng.h.
 *
 * A block is its type, its length, a body, options, and its length again.
 * Everything is padded with zeros to 32 bits.
 */

/*
 * Of a frame 65535 bytes are captured at most, with the header that nets put
 * before it, and the longest TCP super-frames have a few more.  The length is
 * 16 bits wide in lg.ko's record (include/lguest/net.h); there is a byte to
 * spare beside it.
 * guide: M:250
 */

#include <string.h>

#include "pcapng.h"

enum {
	BLOCK_INTERFACE = 1,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
	BLOCK_SECTION = 0x0a0d0d0a,
};

#define BYTE_ORDER_MAGIC	0x1a2b3c4d
#define LINKTYPE_ETHERNET	1

/* Options of any block, and of each kind */
enum {
	OPTION_END = 0,
	OPTION_COMMENT = 1,

	SECTION_APPLICATION = 4,

	INTERFACE_NAME = 2,
	INTERFACE_DESCRIPTION = 3,
	INTERFACE_MAC = 6,
	INTERFACE_TIME_RESOLUTION = 9,
	INTERFACE_FILTER = 11,

	PACKET_FLAGS = 2,
	PACKET_DROPCOUNT = 4,
	PACKET_ID = 5,
	PACKET_VERDICT = 7,

	STATISTICS_BEGIN = 2,
	STATISTICS_END = 3,
	STATISTICS_RECEIVED = 4,
	STATISTICS_ACCEPTED = 6,
	STATISTICS_LOST = 7,
};

/* Of INTERFACE_FILTER: what follows is a text for libpcap. */
#define FILTER_TEXT	0
/* Of INTERFACE_TIME_RESOLUTION: 10 to the minus nine seconds. */
#define NANOSECONDS	9
/* Of PACKET_VERDICT: what follows has a meaning that only its maker knows. */
#define VERDICT_HARDWARE	0

/* --- writing --- */

/* A block that is being written. */
struct block {
	uint8_t *start, *at;
};

static void put_bytes(struct block *block, const void *from, size_t bytes)
{
	memcpy(block->at, from, bytes);
	block->at += bytes;
}

static void put16(struct block *block, uint16_t value)
{
	put_bytes(block, &value, sizeof(value));
}

static void put32(struct block *block, uint32_t value)
{
	put_bytes(block, &value, sizeof(value));
}

static void put64(struct block *block, uint64_t value)
{
	put_bytes(block, &value, sizeof(value));
}

/* Times and the like are two words, the upper one first, in any byte order. */
static void put_time(struct block *block, uint64_t value)
{
	put32(block, value >> 32);
	put32(block, value);
}

static void pad(struct block *block)
{
	while ((block->at - block->start) % 4)
		*block->at++ = 0;
}

static struct block begin(void *to, uint32_t type)
{
	struct block block = { .start = to, .at = to };

	put32(&block, type);
	put32(&block, 0);
	return block;
}

static size_t end(struct block *block)
{
	uint32_t bytes = block->at - block->start + sizeof(bytes);

	memcpy(block->start + sizeof(uint32_t), &bytes, sizeof(bytes));
	put32(block, bytes);
	return bytes;
}

/* --- options --- */

static void option(struct block *block, uint16_t code, uint16_t bytes)
{
	put16(block, code);
	put16(block, bytes);
}

static void option_text(struct block *block, uint16_t code, const char *text)
{
	size_t bytes;

	if (!text)
		return;
	bytes = strnlen(text, PCAPNG_TEXT_MAX);
	option(block, code, bytes);
	put_bytes(block, text, bytes);
	pad(block);
}

static void option_byte(struct block *block, uint16_t code, uint8_t value)
{
	option(block, code, 1);
	put_bytes(block, &value, 1);
	pad(block);
}

static void option_32(struct block *block, uint16_t code, uint32_t value)
{
	option(block, code, sizeof(value));
	put32(block, value);
}

static void option_64(struct block *block, uint16_t code, uint64_t value)
{
	option(block, code, sizeof(value));
	put64(block, value);
}

static void option_time(struct block *block, uint16_t code, uint64_t time_ns)
{
	option(block, code, sizeof(time_ns));
	put_time(block, time_ns);
}

static void option_filter(struct block *block, const char *filter)
{
	const uint8_t kind = FILTER_TEXT;
	size_t bytes;

	if (!filter)
		return;
	bytes = strnlen(filter, PCAPNG_TEXT_MAX);
	option(block, INTERFACE_FILTER, 1 + bytes);
	put_bytes(block, &kind, 1);
	put_bytes(block, filter, bytes);
	pad(block);
}

static void option_verdict(struct block *block, uint8_t verdict)
{
	const uint8_t kind = VERDICT_HARDWARE;

	option(block, PACKET_VERDICT, 2);
	put_bytes(block, &kind, 1);
	put_bytes(block, &verdict, 1);
	pad(block);
}

static void option_end(struct block *block)
{
	option(block, OPTION_END, 0);
}

/* --- blocks --- */

size_t pcapng_section(void *to, const char *application)
{
	struct block block = begin(to, BLOCK_SECTION);

	put32(&block, BYTE_ORDER_MAGIC);
	put16(&block, 1);	/* version 1.0 */
	put16(&block, 0);
	put64(&block, UINT64_MAX);	/* of unknown length */
	option_text(&block, SECTION_APPLICATION, application);
	option_end(&block);
	return end(&block);
}

size_t pcapng_interface(void *to, const struct pcapng_interface *interface)
{
	struct block block = begin(to, BLOCK_INTERFACE);

	put16(&block, LINKTYPE_ETHERNET);
	put16(&block, 0);
	put32(&block, interface->snaplen);
	option_text(&block, INTERFACE_NAME, interface->name);
	option_text(&block, INTERFACE_DESCRIPTION, interface->description);
	if (interface->mac) {
		option(&block, INTERFACE_MAC, 6);
		put_bytes(&block, interface->mac, 6);
		pad(&block);
	}
	option_byte(&block, INTERFACE_TIME_RESOLUTION, NANOSECONDS);
	option_filter(&block, interface->filter);
	option_end(&block);
	return end(&block);
}

size_t pcapng_packet(void *to, const struct pcapng_packet *packet)
{
	struct block block = begin(to, BLOCK_PACKET);

	put32(&block, packet->interface);
	put_time(&block, packet->time_ns);
	put32(&block, packet->captured);
	put32(&block, packet->length);
	put_bytes(&block, packet->data, packet->captured);
	pad(&block);
	option_text(&block, OPTION_COMMENT, packet->comment);
	/* Direction is what its two lowest bits tell. */
	if (packet->direction != PCAPNG_NO_DIRECTION)
		option_32(&block, PACKET_FLAGS, packet->direction);
	if (packet->lost)
		option_64(&block, PACKET_DROPCOUNT, packet->lost);
	if (packet->id)
		option_64(&block, PACKET_ID, packet->id);
	option_verdict(&block, packet->verdict);
	option_end(&block);
	return end(&block);
}

size_t pcapng_statistics(void *to, const struct pcapng_statistics *statistics)
{
	struct block block = begin(to, BLOCK_STATISTICS);

	put32(&block, statistics->interface);
	put_time(&block, statistics->time_ns);
	option_text(&block, OPTION_COMMENT, statistics->comment);
	option_time(&block, STATISTICS_BEGIN, statistics->begin_ns);
	option_time(&block, STATISTICS_END, statistics->end_ns);
	option_64(&block, STATISTICS_RECEIVED, statistics->received);
	option_64(&block, STATISTICS_ACCEPTED, statistics->accepted);
	option_64(&block, STATISTICS_LOST, statistics->lost);
	option_end(&block);
	return end(&block);
}
