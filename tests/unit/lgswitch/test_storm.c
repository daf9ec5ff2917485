// SPDX-License-Identifier: GPL-2.0
/*
 * test_storm.c - the storm limit, with a clock of the test's own.
 */
#include "storm.h"
#include "test.h"

#define SECOND		1000000000ULL

/* How many of @tries may pass, one each @every ns. */
static unsigned int pass(struct storm *storm, uint64_t *now, unsigned int tries,
			 uint64_t every)
{
	unsigned int passed = 0;

	for (; tries--; *now += every)
		passed += storm_take(storm, *now);
	return passed;
}

static void without_a_limit_all_pass(void **state)
{
	struct storm storm;
	uint64_t now = 5;

	(void)state;
	storm_set(&storm, 0, now);
	assert_int_equal(pass(&storm, &now, 100000, 0), 100000);
	storm_give_back(&storm);
}

static void the_limit_holds_over_time(void **state)
{
	static const uint32_t rates[] = { 1, 3, 7, 100, 1000, 333333 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		uint32_t rate = rates[i];
		struct storm storm;
		uint64_t now = 0;
		unsigned int passed;

		storm_set(&storm, rate, now);
		/* Three times as many as may, for ten seconds. */
		passed = pass(&storm, &now, 30 * rate, SECOND / 3 / rate);
		assert_in_range(passed, 10 * rate - 1,
				10 * rate + rate / 10 + 2);
	}
}

static void a_burst_is_a_tenth_of_a_second(void **state)
{
	struct storm storm;
	uint64_t now = 0;

	(void)state;
	storm_set(&storm, 1000, now);
	assert_int_equal(pass(&storm, &now, 1000, 0), 101);
	now += 100 * SECOND;
	assert_int_equal(pass(&storm, &now, 1000, 0), 101);
}

static void below_the_limit_all_pass(void **state)
{
	struct storm storm;
	uint64_t now = 0;

	(void)state;
	storm_set(&storm, 1000, now);
	assert_int_equal(pass(&storm, &now, 5000, SECOND / 900), 5000);
}

static void what_did_not_pass_is_given_back(void **state)
{
	struct storm storm;

	(void)state;
	storm_set(&storm, 1, 0);
	assert_true(storm_take(&storm, 0));
	assert_false(storm_take(&storm, 0));
	storm_give_back(&storm);
	assert_true(storm_take(&storm, 0));
}

static void a_clock_that_stands_still_is_no_harm(void **state)
{
	struct storm storm;

	(void)state;
	storm_set(&storm, 10, 100);
	assert_true(storm_take(&storm, 50));
	assert_true(storm_take(&storm, 50));
	assert_false(storm_take(&storm, 50));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_limit_all_pass),
		cmocka_unit_test(the_limit_holds_over_time),
		cmocka_unit_test(a_burst_is_a_tenth_of_a_second),
		cmocka_unit_test(below_the_limit_all_pass),
		cmocka_unit_test(what_did_not_pass_is_given_back),
		cmocka_unit_test(a_clock_that_stands_still_is_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
