// SPDX-License-Identifier: GPL-2.0
/*
 * test_counts.c - counts as a line.
 */
#include "counts.h"
#include "test.h"

static void nothing_is_left_out(void **state)
{
	const struct counts counts = {
		.seen = 100, .copies = 1, .unwanted = 2, .filtered = 3,
		.captured = 90, .segments = 5, .unwritten = 4,
		.lost = UINT64_MAX,
	};
	char text[512];

	(void)state;
	counts_format(&counts, "net0", text, sizeof(text));
	assert_string_equal(text,
			    "net0: seen 100, other copies 1, not asked for 2, filtered 3, captured 90, further segments 5, not written 4, lost in the ring 18446744073709551615");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
