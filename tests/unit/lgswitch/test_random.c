// SPDX-License-Identifier: GPL-2.0
/* Chance that can be repeated. */
#include "random.h"
#include "test.h"

static void a_seed_repeats_and_another_does_not(void **state)
{
	struct random one, same, other;
	unsigned int equal = 0, i;

	(void)state;
	random_seed(&one, 1);
	random_seed(&same, 1);
	random_seed(&other, 2);
	for (i = 0; i < 1000; i++) {
		uint64_t number = random_next(&one);

		assert_true(number == random_next(&same));
		equal += number == random_next(&other);
	}
	assert_int_equal(equal, 0);
}

/* From the generator's definition, worked out in another language. */
static void numbers_are_those_of_the_generator(void **state)
{
	struct random random = { { 1, 2, 3, 4 } };
	static const uint64_t known[] = {
		11520, 0, 1509978240, 1215971899390074240,
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(known); i++)
		assert_true(random_next(&random) == known[i]);
}

static void numbers_below_a_limit_are_even(void **state)
{
	unsigned int count[7] = { 0 }, i;
	struct random random;

	(void)state;
	random_seed(&random, 42);
	for (i = 0; i < 70000; i++) {
		uint64_t number = random_below(&random, 7);

		assert_true(number < 7);
		count[number]++;
	}
	/* 5 standard deviations of 92.6 */
	for (i = 0; i < 7; i++)
		assert_in_range(count[i], 10000 - 463, 10000 + 463);
	assert_int_equal(random_below(&random, 0), 0);
	assert_int_equal(random_below(&random, 1), 0);
}

static void never_and_always_are_meant(void **state)
{
	struct random random;
	unsigned int i;

	(void)state;
	random_seed(&random, 0);
	for (i = 0; i < 10000; i++) {
		assert_false(random_chance(&random, 0));
		assert_true(random_chance(&random, RANDOM_SURE));
	}
}

static void derived_seeds_differ(void **state)
{
	uint64_t seed[64];
	unsigned int i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(seed); i++) {
		seed[i] = random_derive(7, i / 8, i % 8);
		for (j = 0; j < i; j++)
			assert_true(seed[i] != seed[j]);
		assert_true(seed[i] == random_derive(7, i / 8, i % 8));
		assert_true(seed[i] != random_derive(8, i / 8, i % 8));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_seed_repeats_and_another_does_not),
		cmocka_unit_test(numbers_are_those_of_the_generator),
		cmocka_unit_test(numbers_below_a_limit_are_even),
		cmocka_unit_test(never_and_always_are_meant),
		cmocka_unit_test(derived_seeds_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
