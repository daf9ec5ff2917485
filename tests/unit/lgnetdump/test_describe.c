// SPDX-License-Identifier: GPL-2.0
/*
 * test_describe.c - frames in words: one of each protocol, fixed; and what is
 * cut off anywhere, which must neither be read nor believed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "describe.h"
#include "test.h"

static const struct describe plain = { .numeric = true };

/* From hexadecimal digits; blanks between them do not matter. */
static uint32_t parse(const char *hex, uint8_t *to)
{
	uint32_t bytes = 0;
	int used;
	unsigned int byte;

	while (sscanf(hex, " %2x%n", &byte, &used) == 1) {
		to[bytes++] = byte;
		hex += used;
	}
	return bytes;
}

static void assert_says_as(const struct describe *how, const char *hex,
			   const char *expected)
{
	uint8_t data[1024];
	uint32_t bytes = parse(hex, data);
	struct line line = { .used = 0 };
	/* Of the exact size, so that the sanitizer guards its end. */
	uint8_t *copy = malloc(bytes ? bytes : 1);

	memcpy(copy, data, bytes);
	describe_frame(&line, how, copy, bytes);
	free(copy);
	assert_string_equal(line.text, expected);
}

static void assert_says(const char *hex, const char *expected)
{
	assert_says_as(&plain, hex, expected);
}

#define MACS	"ffffffffffff 020000000001 "
#define IPV4(protocol, bytes) \
	MACS "0800 4500 " bytes " 0000 4000 40" protocol "0000 0a000001 0a000002 "
#define IPV6(next, bytes) \
	MACS "86dd 60000000 " bytes next "40" \
	"fd000000000000000000000000000001 fd000000000000000000000000000002 "

static void arp_asks_and_tells(void **state)
{
	(void)state;
	assert_says(MACS "0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002",
		    "ARP who has 10.0.0.2? tell 10.0.0.1");
	assert_says(MACS "0806 0001 0800 06 04 0002 020000000001 0a000001 020000000002 0a000002",
		    "ARP 10.0.0.1 is at 02:00:00:00:00:01");
	assert_says(MACS "0806 0001 0800 06 04 0009 020000000001 0a000001 020000000002 0a000002",
		    "ARP operation 9");
	assert_says(MACS "0806 0001 86dd 06 10 0001 020000000001 0a000001 000000000000 0a000002",
		    "ARP for protocol 0x86dd");
	assert_says(MACS "0806 0001 0800 06 04 0001", "ARP, cut off");
}

static void icmp_has_types_and_numbers(void **state)
{
	(void)state;
	assert_says(IPV4("01", "001c") "08 00 0000 0007 0001",
		    "IP 10.0.0.1 > 10.0.0.2 ICMP echo request id 7 seq 1");
	assert_says(IPV4("01", "001c") "00 00 0000 0007 0001",
		    "IP 10.0.0.1 > 10.0.0.2 ICMP echo reply id 7 seq 1");
	assert_says(IPV4("01", "001c") "03 01 0000 00000000",
		    "IP 10.0.0.1 > 10.0.0.2 ICMP unreachable: host");
	assert_says(IPV4("01", "001c") "03 0d 0000 00000000",
		    "IP 10.0.0.1 > 10.0.0.2 ICMP unreachable code 13");
	assert_says(IPV4("01", "001c") "0b 00 0000 00000000",
		    "IP 10.0.0.1 > 10.0.0.2 ICMP time exceeded");
	assert_says(IPV4("01", "001c") "63 02 0000 00000000",
		    "IP 10.0.0.1 > 10.0.0.2 ICMP type 99 code 2");
	assert_says(IPV4("01", "001c") "08",
		    "IP 10.0.0.1 > 10.0.0.2 ICMP, cut off");
}

static void icmpv6_tells_whom_neighbours_look_for(void **state)
{
	(void)state;
	assert_says(IPV6("3a", "0018") "87 00 0000 00000000 fe80000000000000000000000000000a",
		    "IPv6 fd00::1 > fd00::2 ICMPv6 neighbor solicitation fe80::a");
	assert_says(IPV6("3a", "0018") "88 00 0000 00000000 fe80000000000000000000000000000a",
		    "IPv6 fd00::1 > fd00::2 ICMPv6 neighbor advertisement fe80::a");
	assert_says(IPV6("3a", "0008") "80 00 0000 0001 0002",
		    "IPv6 fd00::1 > fd00::2 ICMPv6 echo request id 1 seq 2");
	/* An extension header for hops is in front, as MLD has it. */
	assert_says(IPV6("00", "0010") "3a 00 0502 0000 0100 8f 00 0000 0000 0001",
		    "IPv6 fd00::1 > fd00::2 ICMPv6 multicast listener report");
}

static void tcp_has_flags_numbers_and_data(void **state)
{
	(void)state;
	assert_says(IPV4("06", "0028") "1388 0050 00000001 00000000 5002 ffff 0000 0000",
		    "IP 10.0.0.1:5000 > 10.0.0.2:80 TCP [S] seq 1 win 65535 data 0");
	assert_says(IPV4("06", "002b") "1388 0050 00000002 00000009 5018 0100 0000 0000 616263",
		    "IP 10.0.0.1:5000 > 10.0.0.2:80 TCP [P.] seq 2 ack 9 win 256 data 3");
	/* Padding of a short frame is no data. */
	assert_says(IPV4("06", "0028") "1388 0050 00000002 00000009 5011 0100 0000 0000 000000000000",
		    "IP 10.0.0.1:5000 > 10.0.0.2:80 TCP [F.] seq 2 ack 9 win 256 data 0");
	assert_says(IPV6("06", "0014") "1388 0050 00000001 00000000 5004 0000 0000 0000",
		    "IPv6 [fd00::1]:5000 > [fd00::2]:80 TCP [R] seq 1 win 0 data 0");
	assert_says(IPV4("06", "0028") "1388 0050 0000",
		    "IP 10.0.0.1:5000 > 10.0.0.2:80 TCP, cut off");
	assert_says(IPV4("06", "0028") "13", "IP 10.0.0.1 > 10.0.0.2 TCP, cut off");
}

static void udp_has_data(void **state)
{
	(void)state;
	assert_says(IPV4("11", "0020") "0044 0043 000c 0000 61626364",
		    "IP 10.0.0.1:68 > 10.0.0.2:67 UDP data 4");
	assert_says(IPV6("11", "0008") "0222 0223 0008 0000",
		    "IPv6 [fd00::1]:546 > [fd00::2]:547 UDP data 0");
	assert_says(IPV4("11", "0020") "0044 0043 0003 0000",
		    "IP 10.0.0.1:68 > 10.0.0.2:67 UDP data 0");
}

static void ports_have_names_unless_numbers_are_asked_for(void **state)
{
	static const struct describe named = { .numeric = false };

	(void)state;
	assert_says_as(&named, IPV4("11", "001c") "0044 0035 0008 0000",
		       "IP 10.0.0.1:bootpc > 10.0.0.2:domain UDP data 0");
	assert_says_as(&named, IPV4("11", "001c") "fff0 0035 0008 0000",
		       "IP 10.0.0.1:65520 > 10.0.0.2:domain UDP data 0");
}

static void other_protocols_have_names_or_numbers(void **state)
{
	(void)state;
	assert_says(IPV4("59", "0014"), "IP 10.0.0.1 > 10.0.0.2 OSPF");
	assert_says(IPV4("fd", "0014"), "IP 10.0.0.1 > 10.0.0.2 protocol 253");
	assert_says(IPV6("3b", "0000"), "IPv6 fd00::1 > fd00::2 nothing");
	assert_says(MACS "8809 0101", "LACP");
	assert_says(MACS "88b5 0101", "type 0x88b5");
}

static void fragments_are_told(void **state)
{
	(void)state;
	assert_says(MACS "0800 4500 001c 0000 2000 40110000 0a000001 0a000002 0001 0002 0008 0000",
		    "IP 10.0.0.1:1 > 10.0.0.2:2 UDP data 0, first fragment");
	assert_says(MACS "0800 4500 001c 0000 00b9 40110000 0a000001 0a000002 00",
		    "IP 10.0.0.1 > 10.0.0.2 fragment at 1480");
	assert_says(IPV6("2c", "0010") "11 00 05a8 00000001 0000",
		    "IPv6 fd00::1 > fd00::2 fragment at 1448");
}

static void vlans_are_in_front(void **state)
{
	(void)state;
	assert_says(MACS "8100 0007 0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002",
		    "VLAN 7 ARP who has 10.0.0.2? tell 10.0.0.1");
	assert_says(MACS "88a8 0064 8100 e007 88f7", "VLAN 100 VLAN 7 (priority) PTP");
	assert_says(MACS "8100 00", "cut off");
}

static void lldp_names_port_and_system(void **state)
{
	(void)state;
	assert_says("0180c200000e 020000000001 88cc 0207 04 020000000001 0403 05 6531 0602 0078 0802 7031 0a02 7231 0000",
		    "LLDP for 120 s port 'p1' system 'r1'");
	assert_says("0180c200000e 020000000001 88cc 0a04 1b5b4a07 0000",
		    "LLDP system '?[J?'");
	assert_says("0180c200000e 020000000001 88cc 0aff 41", "LLDP, cut off");
}

static void stp_names_root_and_bridge(void **state)
{
	(void)state;
	assert_says("0180c2000000 020000000001 0026 424203 0000 00 00 00 8000020000000001 00000004 8000020000000002",
		    "STP root 32768/02:00:00:00:00:01 cost 4 bridge 32768/02:00:00:00:00:02");
	assert_says("0180c2000000 020000000001 0026 424203 0000 02 02 7c 8000020000000001 00000000 8000020000000001",
		    "RSTP root 32768/02:00:00:00:00:01 cost 0 bridge 32768/02:00:00:00:00:01");
	assert_says("0180c2000000 020000000001 0007 424203 0000 00 80",
		    "STP topology change");
	assert_says("0180c2000000 020000000001 0007 424203 00", "STP, cut off");
	assert_says(MACS "0010 aaaa03 00000c 2000", "SNAP 00000c protocol 0x2000");
	assert_says(MACS "0010 e0e003", "LLC 0xe0e0");
	assert_says(MACS "0010 e0", "LLC, cut off");
}

static void link_level_and_quick_say_more_and_less(void **state)
{
	static const struct describe link = { .numeric = true, .link_level = true };
	static const struct describe quick = { .numeric = true, .quick = true };

	(void)state;
	assert_says_as(&link, IPV4("01", "001c") "08 00 0000 0007 0001",
		       "02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff IP 10.0.0.1 > 10.0.0.2 ICMP echo request id 7 seq 1");
	assert_says_as(&quick, IPV4("01", "001c") "08 00 0000 0007 0001",
		       "IP 10.0.0.1 > 10.0.0.2 ICMP");
	assert_says_as(&quick, IPV4("06", "0028") "1388 0050 00000001 00000000 5002 ffff 0000 0000",
		       "IP 10.0.0.1:5000 > 10.0.0.2:80 TCP");
	assert_says_as(&quick, "0180c200000e 020000000001 88cc 0a02 7231 0000",
		       "LLDP");
}

static void headers_that_make_no_sense_are_told(void **state)
{
	(void)state;
	assert_says("", "not even an Ethernet header");
	assert_says("ffffffffffff 0200000000 ", "not even an Ethernet header");
	assert_says(MACS "0800 4200 0014 0000 4000 40010000 0a000001 0a000002",
		    "IP with a header of 8 bytes");
	assert_says(MACS "0800 4f00 0014 0000 4000 40010000 0a000001 0a000002",
		    "IP cut off");
	assert_says(MACS "0800 4500", "IP cut off");
	assert_says(MACS "86dd 6000", "IPv6 cut off");
	/* A super-frame may say that it is 0 bytes long. */
	assert_says(IPV4("06", "0000") "1388 0050 00000002 00000009 5010 0100 0000 0000 6162",
		    "IP 10.0.0.1:5000 > 10.0.0.2:80 TCP [.] seq 2 ack 9 win 256 data 2");
}

/* Each beginning of each frame, and random changes of them. */
static void anything_is_survived(void **state)
{
	static const char *const frames[] = {
		IPV4("06", "0028") "1388 0050 00000001 00000000 f002 ffff 0000 0000",
		IPV6("00", "0010") "3a 00 0502 0000 0100 8f 00 0000 0000 0001",
		"0180c200000e 020000000001 88cc 0207 04 020000000001 0403 05 6531 0602 0078 0802 7031 0a02 7231 0000",
		"0180c2000000 020000000001 0026 424203 0000 00 00 00 8000020000000001 00000004 8000020000000002",
		MACS "8100 0007 0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002",
	};
	uint8_t data[1024], *copy;
	uint32_t bytes, cut;
	size_t i;
	int round;

	(void)state;
	srand(1);
	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		bytes = parse(frames[i], data);
		for (round = 0; round < 2000; round++) {
			struct line line = { .used = 0 };

			cut = round % (bytes + 1);
			copy = malloc(cut ? cut : 1);
			memcpy(copy, data, cut);
			if (round > (int)bytes && cut)
				copy[rand() % cut] = rand();
			describe_frame(&line, &plain, copy, cut);
			assert_int_equal(strlen(line.text), line.used);
			free(copy);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arp_asks_and_tells),
		cmocka_unit_test(icmp_has_types_and_numbers),
		cmocka_unit_test(icmpv6_tells_whom_neighbours_look_for),
		cmocka_unit_test(tcp_has_flags_numbers_and_data),
		cmocka_unit_test(udp_has_data),
		cmocka_unit_test(ports_have_names_unless_numbers_are_asked_for),
		cmocka_unit_test(other_protocols_have_names_or_numbers),
		cmocka_unit_test(fragments_are_told),
		cmocka_unit_test(vlans_are_in_front),
		cmocka_unit_test(lldp_names_port_and_system),
		cmocka_unit_test(stp_names_root_and_bridge),
		cmocka_unit_test(link_level_and_quick_say_more_and_less),
		cmocka_unit_test(headers_that_make_no_sense_are_told),
		cmocka_unit_test(anything_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
