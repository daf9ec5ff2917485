// SPDX-License-Identifier: GPL-2.0
/*
 * test_print.c - lines for people: time, names, length and verdict around what
 * test_describe.c looks at, and the bytes in hexadecimal.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "fakenet_page.h"
#include "print.h"

/* ARP from a to all: who has 10.0.0.2? */
static const uint8_t arp[] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6,
	0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1,
	0, 0, 0, 0, 0, 0, 10, 0, 0, 2,
};

static char *text;
static size_t size;
static struct frame frame;
static struct why why;

static int start(void **state)
{
	fake_start(state);
	frame = (struct frame){
		/* 2026-01-02 03:04:05 UTC */
		.time_ns = 1767323045000000042,
		.data = arp,
		.captured = sizeof(arp),
		.length = sizeof(arp),
		.source = 1,
		.target = 2,
	};
	return 0;
}

/* What is printed of the frame. */
static const char *printed(void)
{
	FILE *before = stdout;

	free(text);
	text = NULL;
	stdout = open_memstream(&text, &size);
	print_init(&fake_options);
	assert_int_equal(print_frame(&fake_source, &frame, &why), PRINT_GOOD);
	assert_int_equal(print_flush(&why), PRINT_GOOD);
	fclose(stdout);
	stdout = before;
	return text;
}

static void a_line_has_time_names_summary_length_and_verdict(void **state)
{
	(void)state;
	assert_string_equal(printed(),
			    "03:04:05.000000042 a > b: ARP who has 10.0.0.2? tell 10.0.0.1, 42 bytes, delivered\n");
}

static void what_was_not_delivered_has_the_reason(void **state)
{
	(void)state;
	frame.target = LGUEST_NET_NOBODY;
	frame.verdict = LGUEST_DROP_UNKNOWN;
	assert_string_equal(printed(),
			    "03:04:05.000000042 a > nobody: ARP who has 10.0.0.2? tell 10.0.0.1, 42 bytes, not delivered: nobody has that address\n");
}

static void one_copy_stands_for_all_of_them(void **state)
{
	(void)state;
	frame.flags = LGUEST_RECORD_GROUP;
	assert_non_null(strstr(printed(), " a > all: "));
	fake_options.copies = true;
	assert_non_null(strstr(printed(), " a > b: "));
	fake_options.copies = false;
	frame.verdict = LGUEST_DROP_DOWN;
	assert_non_null(strstr(printed(), " a > b: "));
}

static void slots_are_numbers_on_wish(void **state)
{
	(void)state;
	fake_options.numeric = true;
	assert_non_null(strstr(printed(), " slot 1 > slot 2: "));
	frame.target = LGUEST_NET_NOBODY;
	assert_non_null(strstr(printed(), " slot 1 > nobody: "));
}

static void nets_are_named_if_there_are_several(void **state)
{
	(void)state;
	fake_options.nets = 2;
	assert_non_null(strstr(printed(), " net0: a > b: "));
}

static void diverted_frames_are_marked(void **state)
{
	(void)state;
	frame.flags = LGUEST_RECORD_DIVERTED;
	assert_non_null(strstr(printed(), " a > b: (diverted) ARP"));
}

static void addresses_are_shown_on_wish(void **state)
{
	(void)state;
	fake_options.link_level = true;
	assert_non_null(strstr(printed(),
			       ": 02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff ARP who"));
}

static void bytes_are_shown_on_wish(void **state)
{
	(void)state;
	fake_options.hex = true;
	frame.captured = 20;
	frame.length = 42;
	assert_string_equal(strchr(printed(), '\n') + 1,
			    "\t0x0000:  ffff ffff ffff 0200 0000 0001 0806 0001  ................\n"
			    "\t0x0010:  0800 0604                                ....\n");
}

static void nothing_is_coloured_but_for_terminals(void **state)
{
	(void)state;
	frame.verdict = LGUEST_DROP_DOWN;
	assert_null(strchr(printed(), '\033'));
}

static void who_does_not_read_and_who_cannot_store_differ(void **state)
{
	FILE *before = stdout;
	int ends[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	stdout = fdopen(ends[1], "w");
	print_init(&fake_options);
	print_frame(&fake_source, &frame, &why);
	assert_int_equal(print_flush(&why), PRINT_NOBODY);
	fclose(stdout);
	stdout = fopen("/dev/full", "w");
	print_init(&fake_options);
	print_frame(&fake_source, &frame, &why);
	assert_int_equal(print_flush(&why), PRINT_FAILED);
	assert_fails(false, &why, "No space left on device");
	fclose(stdout);
	stdout = before;
}

static int use_utc(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	return 0;
}

static int free_text(void **state)
{
	(void)state;
	free(text);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, fake_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_has_time_names_summary_length_and_verdict),
		TEST(what_was_not_delivered_has_the_reason),
		TEST(one_copy_stands_for_all_of_them),
		TEST(slots_are_numbers_on_wish),
		TEST(nets_are_named_if_there_are_several),
		TEST(diverted_frames_are_marked),
		TEST(addresses_are_shown_on_wish),
		TEST(bytes_are_shown_on_wish),
		TEST(nothing_is_coloured_but_for_terminals),
		TEST(who_does_not_read_and_who_cannot_store_differ),
	};

	return cmocka_run_group_tests(tests, use_utc, free_text);
}
