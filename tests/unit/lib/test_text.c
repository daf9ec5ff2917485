// SPDX-License-Identifier: GPL-2.0
/*
 * test_text.c - sizes and names that people type, and foreign text on its way
 * to a terminal.
 */
#include "test.h"
#include "text.h"

static void sizes_count_in_the_unit_of_their_letter(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} cases[] = {
		{ "64", 64 * MIB }, { "64m", 64 * MIB }, { "64M", 64 * MIB },
		{ "8192k", 8 * MIB }, { "8192K", 8 * MIB },
		{ "1g", GIB }, { "1G", GIB }, { "0", 0 }, { "007", 7 * MIB },
	};
	struct why why;
	uint64_t bytes;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_good(text_parse_size(cases[i].text, MIB, &bytes, &why),
			    &why);
		assert_int_equal(bytes, cases[i].bytes);
	}
}

static void what_is_no_size_is_refused(void **state)
{
	static const char * const cases[] = {
		"", " 64", "64 ", "-1", "+1", "m", "64mm", "64b", "64MiB",
		"0x40", "6,4m", "64\n", "\xff",
	};
	struct why why;
	uint64_t bytes;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_fails(text_parse_size(cases[i], MIB, &bytes, &why),
			     &why, "is not a size");
}

static void a_size_that_would_wrap_is_refused(void **state)
{
	static const char * const cases[] = {
		"18446744073709551616", "99999999999999999999999999",
		"17592186044416m", "17179869184g", "18446744073709551615k",
	};
	struct why why;
	uint64_t bytes;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_fails(text_parse_size(cases[i], MIB, &bytes, &why),
			     &why, "too large");
}

static void a_name_is_1_to_32_printable_characters(void **state)
{
	struct why why;

	(void)state;
	assert_good(text_check_name("a", &why), &why);
	assert_good(text_check_name("12345678901234567890123456789012", &why),
		    &why);
	assert_fails(text_check_name("", &why), &why, "1 to 32");
	assert_fails(text_check_name("123456789012345678901234567890123",
				     &why), &why, "has 33");
	assert_fails(text_check_name("a\x1b[2J", &why), &why, "printable");
	assert_fails(text_check_name("caf\xc3\xa9", &why), &why, "printable");
}

static void foreign_text_cannot_control_a_terminal(void **state)
{
	char shown[16];

	(void)state;
	text_printable(shown, sizeof(shown), "\x1b[2Ja\r\nb\x9b\x7f", 16);
	assert_string_equal(shown, "?[2Ja??b??");
}

static void foreign_text_without_an_end_is_cut(void **state)
{
	const char endless[4] = { 'a', 'b', 'c', 'd' };
	char shown[16], tiny[3];

	(void)state;
	text_printable(shown, sizeof(shown), endless, sizeof(endless));
	assert_string_equal(shown, "abcd");
	text_printable(tiny, sizeof(tiny), endless, sizeof(endless));
	assert_string_equal(tiny, "ab");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_count_in_the_unit_of_their_letter),
		cmocka_unit_test(what_is_no_size_is_refused),
		cmocka_unit_test(a_size_that_would_wrap_is_refused),
		cmocka_unit_test(a_name_is_1_to_32_printable_characters),
		cmocka_unit_test(foreign_text_cannot_control_a_terminal),
		cmocka_unit_test(foreign_text_without_an_end_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
