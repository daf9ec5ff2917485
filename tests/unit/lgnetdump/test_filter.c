// SPDX-License-Identifier: GPL-2.0
/*
 * test_filter.c - filter expressions: what matches, and where errors point to.
 */
#include <stdio.h>

#include "filter.h"
#include "test.h"

/* ARP from 02:00:00:00:00:01 to all: who has 10.0.0.2? */
static const uint8_t arp[] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6,
	0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1,
	0, 0, 0, 0, 0, 0, 10, 0, 0, 2,
};

static bool matches(const char *expression)
{
	const struct frame frame = {
		.data = arp,
		.captured = sizeof(arp),
		.length = sizeof(arp),
	};
	struct filter filter;
	struct why why;
	bool good;

	assert_good(filter_compile(&filter, expression, &why), &why);
	good = filter_match(&filter, &frame);
	filter_free(&filter);
	return good;
}

static void expressions_are_tcpdumps(void **state)
{
	(void)state;
	assert_true(matches(""));
	assert_true(matches("arp"));
	assert_true(matches("arp or icmp"));
	assert_true(matches("ether src 02:00:00:00:00:01"));
	assert_true(matches("ether broadcast and arp host 10.0.0.2"));
	assert_true(matches("len < 64 and ether[12:2] = 0x806"));
	assert_false(matches("ip"));
	assert_false(matches("not arp"));
	assert_false(matches("greater 100"));
}

/* The words of an error, and the column below which its caret stands. */
static void assert_points(const char *expression, const char *words,
			  size_t column)
{
	struct filter filter;
	const char *line, *caret;
	struct why why;

	assert_fails(filter_compile(&filter, expression, &why), &why, words);
	line = strrchr(why.text, '\n');
	assert_non_null(line);
	caret = strchr(line, '^');
	assert_non_null(caret);
	if ((size_t)(caret - line - 3) != column)
		fail_msg("points at %d instead of %zu:\n%s",
			 (int)(caret - line - 3), column, why.text);
}

static void the_caret_is_below_the_word_that_is_wrong(void **state)
{
	(void)state;
	assert_points("tcp prot 80", "syntax error", 4);
	assert_points("tcp port 80 and or udp", "syntax error", 16);
	assert_points("(tcp or udp)) and ip", "syntax error", 12);
	assert_points("tcp or udp foo", "syntax error", 11);
	assert_points("ether[0 = 1 and", "syntax error", 8);
	assert_points("host 1.2.3.4.5", "1.2.3.4.5", 5);
	assert_points("port nonsuchport", "nonsuchport", 5);
	assert_points("icmp[icmptype] == icmp-echo and port 99999", "99999",
		      37);
}

static void what_is_missing_is_missing_at_the_end(void **state)
{
	(void)state;
	assert_points("tcp and", "something is missing at the end", 7);
	assert_points("(tcp", "something is missing at the end", 4);
	assert_points("port", "something is missing at the end", 4);
	assert_points("not", "something is missing at the end", 3);
}

static void words_that_cannot_work_name_our_own_options(void **state)
{
	(void)state;
	assert_points("inbound", "--dst=SLOT", 0);
	assert_points("tcp and outbound", "--src=SLOT", 8);
	assert_points("(ifname eth0)", "--slot=SLOT", 1);
	assert_points("on eth0", "--slot=SLOT", 0);
	assert_points("action drop", "--dropped", 0);
}

static void long_expressions_are_shown_around_the_error(void **state)
{
	char text[2000] = "ip";
	struct filter filter;
	struct why why;
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		strcat(text, " or port 1");
	strcat(text, " or and tcp");
	assert_fails(filter_compile(&filter, text, &why), &why, "...");
	assert_true(strlen(why.text) < 250);
	assert_non_null(strchr(why.text, '^'));
}

/* What is not captured of a frame does not match, and is not looked at. */
static void short_frames_do_not_match(void **state)
{
	const struct frame frame = { .data = arp, .captured = 0, .length = 0 };
	struct filter filter;
	struct why why;

	(void)state;
	assert_good(filter_compile(&filter, "arp", &why), &why);
	assert_false(filter_match(&filter, &frame));
	filter_free(&filter);
}

static uint32_t reach(const char *expression)
{
	struct filter filter;
	struct why why;
	uint32_t bytes;

	assert_good(filter_compile(&filter, expression, &why), &why);
	bytes = filter_reach(&filter);
	filter_free(&filter);
	return bytes;
}

static void what_decides_of_a_frame_is_known(void **state)
{
	(void)state;
	assert_int_equal(reach(""), 0);
	assert_int_equal(reach("arp"), 14);
	assert_int_equal(reach("greater 100"), 0);
	assert_int_equal(reach("ether[200:4] = 1"), 204);
	/* The longest header of IPv4, and the ports behind it. */
	assert_int_equal(reach("ip and udp port 53"), 14 + 60 + 4);
	assert_true(reach("port 53") <= 96);
	assert_true(reach("tcp[100] = 1") > 14 + 60 + 100);
}

static void where_a_frame_itself_says_what_decides_that_is_all_of_it(void **state)
{
	(void)state;
	assert_int_equal(reach("tcp[tcp[12]] = 1"), UINT32_MAX);
	assert_int_equal(reach("ip6 protochain 6"), UINT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expressions_are_tcpdumps),
		cmocka_unit_test(the_caret_is_below_the_word_that_is_wrong),
		cmocka_unit_test(what_is_missing_is_missing_at_the_end),
		cmocka_unit_test(words_that_cannot_work_name_our_own_options),
		cmocka_unit_test(long_expressions_are_shown_around_the_error),
		cmocka_unit_test(short_frames_do_not_match),
		cmocka_unit_test(what_decides_of_a_frame_is_known),
		cmocka_unit_test(where_a_frame_itself_says_what_decides_that_is_all_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
