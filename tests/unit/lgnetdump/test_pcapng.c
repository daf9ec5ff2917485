// SPDX-License-Identifier: GPL-2.0
/*
 * test_pcapng.c - pcapng blocks, byte by byte.
 */
#include <stdlib.h>

#include "pcapng.h"
#include "test.h"

static uint8_t made[8192];

static void assert_block(size_t bytes, const uint8_t *expected, size_t size)
{
	assert_int_equal(bytes, size);
	assert_memory_equal(made, expected, size);
}

static void fill(void)
{
	memset(made, 0xee, sizeof(made));
}

static void a_section_tells_byte_order_version_and_program(void **state)
{
	static const uint8_t expected[] = {
		0x0a, 0x0d, 0x0d, 0x0a, 44, 0, 0, 0,
		0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		4, 0, 5, 0, 'l', 'g', ' ', '0', '1', 0, 0, 0,
		0, 0, 0, 0, 44, 0, 0, 0,
	};

	(void)state;
	fill();
	assert_int_equal(pcapng_section(made, "lg 01"), 44);
	assert_block(44, expected, sizeof(expected));
}

static void an_interface_has_name_description_mac_and_filter(void **state)
{
	static const uint8_t mac[6] = { 2, 0x11, 0x22, 0x33, 0x44, 0x55 };
	static const struct pcapng_interface interface = {
		.name = "r1",
		.description = "guest",
		.mac = mac,
		.filter = "arp",
		.snaplen = 262144,
	};
	static const uint8_t expected[] = {
		1, 0, 0, 0, 72, 0, 0, 0,
		1, 0, 0, 0, 0, 0, 4, 0,			/* Ethernet, snaplen */
		2, 0, 2, 0, 'r', '1', 0, 0,
		3, 0, 5, 0, 'g', 'u', 'e', 's', 't', 0, 0, 0,
		6, 0, 6, 0, 2, 0x11, 0x22, 0x33, 0x44, 0x55, 0, 0,
		9, 0, 1, 0, 9, 0, 0, 0,			/* nanoseconds */
		11, 0, 4, 0, 0, 'a', 'r', 'p',
		0, 0, 0, 0, 72, 0, 0, 0,
	};

	(void)state;
	fill();
	assert_block(pcapng_interface(made, &interface), expected,
		     sizeof(expected));
}

static void what_an_interface_lacks_is_left_out(void **state)
{
	static const struct pcapng_interface interface = { .snaplen = 96 };
	static const uint8_t expected[] = {
		1, 0, 0, 0, 32, 0, 0, 0,
		1, 0, 0, 0, 96, 0, 0, 0,
		9, 0, 1, 0, 9, 0, 0, 0,
		0, 0, 0, 0, 32, 0, 0, 0,
	};

	(void)state;
	fill();
	assert_block(pcapng_interface(made, &interface), expected,
		     sizeof(expected));
}

static void a_packet_has_all_that_is_known_of_it(void **state)
{
	static const uint8_t data[] = { 0xa, 0xb, 0xc, 0xd, 0xe };
	static const struct pcapng_packet packet = {
		.interface = 3,
		.time_ns = 0x1122334455667788,
		.data = data,
		.captured = 5,
		.length = 60,
		.direction = PCAPNG_OUTBOUND,
		.id = 0x0102030405060708,
		.lost = 7,
		.verdict = 4,
		.comment = "lost",
	};
	static const uint8_t expected[] = {
		6, 0, 0, 0, 92, 0, 0, 0,
		3, 0, 0, 0, 0x44, 0x33, 0x22, 0x11, 0x88, 0x77, 0x66, 0x55,
		5, 0, 0, 0, 60, 0, 0, 0,
		0xa, 0xb, 0xc, 0xd, 0xe, 0, 0, 0,
		1, 0, 4, 0, 'l', 'o', 's', 't',
		2, 0, 4, 0, 2, 0, 0, 0,
		4, 0, 8, 0, 7, 0, 0, 0, 0, 0, 0, 0,
		5, 0, 8, 0, 8, 7, 6, 5, 4, 3, 2, 1,
		7, 0, 2, 0, 0, 4, 0, 0,
		0, 0, 0, 0, 92, 0, 0, 0,
	};

	(void)state;
	fill();
	assert_block(pcapng_packet(made, &packet), expected, sizeof(expected));
}

static void a_packet_of_no_bytes_is_one(void **state)
{
	static const struct pcapng_packet packet = { .data = made };
	static const uint8_t expected[] = {
		6, 0, 0, 0, 44, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		7, 0, 2, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 44, 0, 0, 0,
	};

	(void)state;
	fill();
	assert_block(pcapng_packet(made, &packet), expected, sizeof(expected));
}

static void statistics_tell_what_came_was_accepted_and_lost(void **state)
{
	static const struct pcapng_statistics statistics = {
		.interface = 1,
		.time_ns = 0x0000000500000004,
		.begin_ns = 0x0000000300000002,
		.end_ns = 0x0000000500000004,
		.received = 100,
		.accepted = 60,
		.lost = 2,
	};
	static const uint8_t expected[] = {
		5, 0, 0, 0, 88, 0, 0, 0,
		1, 0, 0, 0, 5, 0, 0, 0, 4, 0, 0, 0,
		2, 0, 8, 0, 3, 0, 0, 0, 2, 0, 0, 0,
		3, 0, 8, 0, 5, 0, 0, 0, 4, 0, 0, 0,
		4, 0, 8, 0, 100, 0, 0, 0, 0, 0, 0, 0,
		6, 0, 8, 0, 60, 0, 0, 0, 0, 0, 0, 0,
		7, 0, 8, 0, 2, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 88, 0, 0, 0,
	};

	(void)state;
	fill();
	assert_block(pcapng_statistics(made, &statistics), expected,
		     sizeof(expected));
}

/* The longest blocks fit where their sizes say, and nothing is behind them. */
static void long_texts_are_cut_off(void **state)
{
	static const uint8_t mac[6];
	char *text = malloc(10000);
	const struct pcapng_interface interface = {
		.name = text,
		.description = text,
		.mac = mac,
		.filter = text,
	};
	const struct pcapng_packet packet = {
		.data = mac,
		.direction = PCAPNG_INBOUND,
		.id = 1,
		.lost = 1,
		.comment = text,
	};
	const struct pcapng_statistics statistics = { .comment = text };
	uint8_t *room = malloc(PCAPNG_INTERFACE_MAX);

	(void)state;
	memset(text, 'x', 9999);
	text[9999] = '\0';
	assert_true(pcapng_interface(room, &interface) <= PCAPNG_INTERFACE_MAX);
	assert_true(pcapng_section(room, text) <= PCAPNG_SECTION_MAX);
	assert_true(pcapng_packet(room, &packet) <= PCAPNG_PACKET_EXTRA);
	assert_true(pcapng_statistics(room, &statistics) <=
		    PCAPNG_STATISTICS_MAX);
	free(room);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_section_tells_byte_order_version_and_program),
		cmocka_unit_test(an_interface_has_name_description_mac_and_filter),
		cmocka_unit_test(what_an_interface_lacks_is_left_out),
		cmocka_unit_test(a_packet_has_all_that_is_known_of_it),
		cmocka_unit_test(a_packet_of_no_bytes_is_one),
		cmocka_unit_test(statistics_tell_what_came_was_accepted_and_lost),
		cmocka_unit_test(long_texts_are_cut_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
