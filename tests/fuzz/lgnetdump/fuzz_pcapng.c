// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_pcapng.c - blocks of a pcapng file with any values and texts: each is as
 * long as it says, at its begin and its end, its options fill it and no more,
 * it stays within its bounds, and libpcap reads the whole file back.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "pcapng.h"

#define SNAPLEN		65536
#define FILE_MAX	(128 << 10)

static uint8_t file[FILE_MAX];

/* Takes values off the front of the input; zeros when there is no more. */
struct input {
	const uint8_t *at;
	size_t left;
};

static void take(struct input *input, void *to, size_t bytes)
{
	size_t here = bytes < input->left ? bytes : input->left;

	memset(to, 0, bytes);
	memcpy(to, input->at, here);
	input->at += here;
	input->left -= here;
}

/* A text of up to 255 bytes, or NULL */
static const char *take_text(struct input *input, char *to)
{
	uint8_t bytes;

	take(input, &bytes, 1);
	take(input, to, bytes);
	to[bytes] = '\0';
	return bytes % 8 == 7 ? NULL : to;
}

static uint32_t word(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

/* Do the options from @at on end exactly at @end? */
static void check_options(const uint8_t *at, const uint8_t *end)
{
	while (at + 4 <= end) {
		uint16_t head[2];

		memcpy(head, at, sizeof(head));
		at += 4 + (head[1] + 3) / 4 * 4;
		if (!head[0])
			break;
	}
	if (at != end)
		abort();
}

/* A block was put at @at; what is fixed of its body is @fixed bytes long. */
static void check_block(const uint8_t *at, size_t bytes, size_t fixed,
			size_t max)
{
	if (bytes % 4 || bytes > max || word(at + 4) != bytes ||
	    word(at + bytes - 4) != bytes)
		abort();
	check_options(at + 8 + fixed, at + bytes - 4);
}

static size_t put_interface(uint8_t *at, struct input *input)
{
	char name[256], description[256], filter[256];
	uint8_t mac[6];
	struct pcapng_interface interface = { .snaplen = SNAPLEN };
	size_t bytes;

	interface.name = take_text(input, name);
	interface.description = take_text(input, description);
	interface.filter = take_text(input, filter);
	take(input, mac, sizeof(mac));
	interface.mac = mac[0] & 1 ? NULL : mac;
	bytes = pcapng_interface(at, &interface);
	check_block(at, bytes, 8, PCAPNG_INTERFACE_MAX);
	return bytes;
}

static size_t put_statistics(uint8_t *at, struct input *input)
{
	struct pcapng_statistics statistics = { .interface = 0 };
	char comment[256];
	size_t bytes;

	take(input, &statistics.time_ns, 8);
	take(input, &statistics.begin_ns, 8);
	take(input, &statistics.received, 8);
	take(input, &statistics.lost, 8);
	statistics.comment = take_text(input, comment);
	bytes = pcapng_statistics(at, &statistics);
	check_block(at, bytes, 12, PCAPNG_STATISTICS_MAX);
	return bytes;
}

/* The rest of the input is its bytes. */
static size_t put_packet(uint8_t *at, struct input *input)
{
	struct pcapng_packet packet = { .interface = 0 };
	uint8_t direction;
	char comment[256];
	size_t bytes;

	take(input, &packet.time_ns, 8);
	take(input, &packet.id, 8);
	take(input, &packet.lost, 8);
	take(input, &packet.verdict, 1);
	take(input, &direction, 1);
	packet.direction = direction % 3;
	packet.comment = take_text(input, comment);
	packet.data = input->at;
	packet.captured = input->left < SNAPLEN ? input->left : SNAPLEN;
	packet.length = packet.captured + direction;
	bytes = pcapng_packet(at, &packet);
	check_block(at, bytes, 20 + (packet.captured + 3) / 4 * 4,
		    packet.captured + PCAPNG_PACKET_EXTRA);
	if (memcmp(at + 28, packet.data, packet.captured))
		abort();
	return bytes;
}

/* libpcap finds one packet there, of these bytes. */
static void check_file(size_t bytes, const uint8_t *data, size_t captured)
{
	FILE *from = fmemopen(file, bytes, "r");
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = from ? pcap_fopen_offline(from, error) : NULL;
	struct pcap_pkthdr *header;
	const u_char *packet;

	if (!pcap || pcap_next_ex(pcap, &header, &packet) != 1 ||
	    header->caplen != captured ||
	    memcmp(packet, data, header->caplen) ||
	    pcap_next_ex(pcap, &header, &packet) != PCAP_ERROR_BREAK)
		abort();
	pcap_close(pcap);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { .at = data, .left = size };
	size_t bytes, used = 0;
	char text[256];
	const char *application = take_text(&input, text);

	bytes = pcapng_section(file, application);
	check_block(file, bytes, 16, PCAPNG_SECTION_MAX);
	used += bytes;
	used += put_interface(file + used, &input);
	used += put_statistics(file + used, &input);
	used += put_packet(file + used, &input);
	check_file(used, input.at, input.left < SNAPLEN ? input.left : SNAPLEN);
	return 0;
}
