// SPDX-License-Identifier: GPL-2.0
/*
 * test_escape.c - three ^C within a second, by a clock of our own.
 */
#include "escape.h"
#include "test.h"

#define MS	1000000ULL
/* No reason for a clock to begin at 0. */
#define START	(12345 * MS)

static bool type(struct escape *escape, const char *typed, uint64_t ms)
{
	return escape_feed(escape, (const uint8_t *)typed, strlen(typed),
			   START + ms * MS);
}

static void three_within_a_second_leave(void **state)
{
	struct escape escape = { 0 };

	(void)state;
	assert_false(type(&escape, "\3", 0));
	assert_false(type(&escape, "\3", 500));
	assert_true(type(&escape, "\3", 1000));
}

static void three_at_once_leave(void **state)
{
	struct escape escape = { 0 };

	(void)state;
	assert_true(type(&escape, "ls\n\3\3\3", 0));
	escape = (struct escape){ 0 };
	assert_true(type(&escape, "\3\3\3ls", 0));
}

static void three_slower_ones_do_not(void **state)
{
	struct escape escape = { 0 };
	uint64_t ms;

	(void)state;
	for (ms = 0; ms < 100000; ms += 501)
		assert_false(type(&escape, "\3", ms));
}

static void any_three_of_many_count(void **state)
{
	struct escape escape = { 0 };

	(void)state;
	assert_false(type(&escape, "\3", 0));
	assert_false(type(&escape, "\3", 900));
	assert_false(type(&escape, "\3", 1100));
	assert_true(type(&escape, "\3", 1200));
}

static void anything_between_starts_anew(void **state)
{
	struct escape escape = { 0 };

	(void)state;
	assert_false(type(&escape, "\3\3a\3", 0));
	assert_false(type(&escape, "\3", 1));
	assert_true(type(&escape, "\3", 2));
}

static void nothing_typed_changes_nothing(void **state)
{
	struct escape escape = { 0 };

	(void)state;
	assert_false(type(&escape, "\3\3", 0));
	assert_false(type(&escape, "", 1));
	assert_true(type(&escape, "\3", 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_within_a_second_leave),
		cmocka_unit_test(three_at_once_leave),
		cmocka_unit_test(three_slower_ones_do_not),
		cmocka_unit_test(any_three_of_many_count),
		cmocka_unit_test(anything_between_starts_anew),
		cmocka_unit_test(nothing_typed_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
