// SPDX-License-Identifier: GPL-2.0
/*
 * test_files.c - names of files that follow each other.
 */
#include <stdlib.h>

#include "files.h"
#include "test.h"

/* 2026-01-02 03:04:05 UTC */
#define THEN	1767323045

static struct files files;

static void start(const char *write, uint64_t bytes, uint32_t seconds,
		  uint32_t count)
{
	static struct options options;

	options = (struct options){
		.write = write,
		.file_bytes = bytes,
		.file_seconds = seconds,
		.file_count = count,
	};
	files_init(&files, &options);
}

static void assert_next(time_t now, const char *expected)
{
	char name[PATH_MAX];
	struct why why;

	assert_good(files_next(&files, now, name, sizeof(name), &why), &why);
	assert_string_equal(name, expected);
}

static void skip_one(void)
{
	char name[PATH_MAX];
	struct why why;

	assert_good(files_next(&files, THEN, name, sizeof(name), &why), &why);
}

static void one_file_has_its_name(void **state)
{
	(void)state;
	start("net0.pcapng", 0, 0, 0);
	assert_next(THEN, "net0.pcapng");
	assert_false(files_at_limit(&files));
	/* SIGHUP asks for another. */
	assert_next(THEN, "net0.pcapng1");
}

static void by_size_they_are_numbered_from_the_second_on(void **state)
{
	int i;

	(void)state;
	start("a%H.pcap", 1000, 0, 0);
	assert_next(THEN, "a%H.pcap");
	assert_next(THEN, "a%H.pcap1");
	for (i = 2; i < 10; i++)
		skip_one();
	assert_next(THEN, "a%H.pcap10");
	assert_false(files_at_limit(&files));
}

static void with_a_count_they_go_round_and_sort_well(void **state)
{
	int i;

	(void)state;
	start("a", 1000, 0, 3);
	assert_next(THEN, "a0");
	assert_next(THEN, "a1");
	assert_next(THEN, "a2");
	assert_next(THEN, "a0");
	start("a", 1000, 0, 11);
	assert_next(THEN, "a00");
	for (i = 1; i < 10; i++)
		skip_one();
	assert_next(THEN, "a10");
	assert_next(THEN, "a00");
	assert_false(files_at_limit(&files));
	start("a", 1000, 0, 10);
	assert_next(THEN, "a0");
}

static void by_time_the_name_has_it(void **state)
{
	(void)state;
	start("net0-%Y%m%d-%H%M%S.pcapng", 0, 60, 0);
	assert_next(THEN, "net0-20260102-030405.pcapng");
	assert_next(THEN + 60, "net0-20260102-030505.pcapng");
}

static void by_time_a_count_is_where_it_ends(void **state)
{
	(void)state;
	start("%H%M", 0, 60, 2);
	assert_next(THEN, "0304");
	assert_false(files_at_limit(&files));
	assert_next(THEN + 60, "0305");
	assert_true(files_at_limit(&files));
}

static void the_same_name_twice_gets_a_number(void **state)
{
	(void)state;
	start("%H.pcap", 0, 1, 0);
	assert_next(THEN, "03.pcap");
	assert_next(THEN + 1, "03.pcap1");
	assert_next(THEN + 2, "03.pcap2");
	assert_next(THEN + 3600, "04.pcap");
}

static void by_time_and_size_each_time_has_numbers(void **state)
{
	(void)state;
	start("%M.", 1000, 60, 2);
	assert_next(THEN, "04.0");
	assert_next(THEN + 1, "04.1");
	assert_next(THEN + 2, "04.0");
	assert_next(THEN + 60, "05.0");
	assert_false(files_at_limit(&files));
}

static void names_that_cannot_be_are_refused(void **state)
{
	char name[PATH_MAX], *pattern = malloc(PATH_MAX + 1);
	struct why why;

	(void)state;
	/* strftime() makes nothing of it, or too much. */
	start("", 0, 60, 0);
	assert_fails(files_next(&files, THEN, name, sizeof(name), &why), &why,
		     "cannot make a file's name");
	memset(pattern, 'x', PATH_MAX);
	pattern[PATH_MAX] = '\0';
	start(pattern, 0, 60, 0);
	assert_fails(files_next(&files, THEN, name, sizeof(name), &why), &why,
		     "cannot make a file's name");
	free(pattern);
	start("0123456789", 1000, 0, 20);
	assert_fails(files_next(&files, THEN, name, 12, &why), &why,
		     "too long");
}

static int use_utc(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_file_has_its_name),
		cmocka_unit_test(by_size_they_are_numbered_from_the_second_on),
		cmocka_unit_test(with_a_count_they_go_round_and_sort_well),
		cmocka_unit_test(by_time_the_name_has_it),
		cmocka_unit_test(by_time_a_count_is_where_it_ends),
		cmocka_unit_test(the_same_name_twice_gets_a_number),
		cmocka_unit_test(by_time_and_size_each_time_has_numbers),
		cmocka_unit_test(names_that_cannot_be_are_refused),
	};

	return cmocka_run_group_tests(tests, use_utc, NULL);
}
