// SPDX-License-Identifier: GPL-2.0
/*
 * test_option_letters.c - options that have a letter besides their name.
 */
#include <stdio.h>
#include <stdlib.h>

#include "option.h"
#include "test.h"

struct config {
	int flags;
	const char *value;
};

static bool set_flag(void *config, const char *value, struct why *why)
{
	(void)why;
	assert_null(value);
	((struct config *)config)->flags++;
	return true;
}

static bool set_value(void *config, const char *value, struct why *why)
{
	if (!strcmp(value, "bad"))
		return why_fail(why, "it is bad");
	((struct config *)config)->value = value;
	return true;
}

static const struct option_def table[] = {
	{ "flag", NULL, "a flag", set_flag },
	{ "value", "V", "a value", set_value },
	{ "rare", NULL, "has no letter", set_flag },
	{ 0 }
};

static const struct option_letter letters[] = {
	{ 'f', "flag" },
	{ 'v', "value" },
	{ 0 }
};

static struct config config;
static struct option_words words;
static struct why why;

#define parse(...) \
	parse_words((char *[]){ __VA_ARGS__ __VA_OPT__(,) NULL }, letters)

static bool parse_words(char **word, const struct option_letter *use)
{
	config = (struct config){ 0 };
	words = (struct option_words){ .word = word, .letters = use };
	return option_parse(table, &words, &config, &why);
}

static void letters_stand_alone_or_together(void **state)
{
	(void)state;
	assert_good(parse("-f", "-ff", "--flag", "rest"), &why);
	assert_int_equal(config.flags, 4);
	assert_string_equal(*words.word, "rest");
}

static void a_value_is_behind_its_letter_or_the_next_word(void **state)
{
	(void)state;
	assert_good(parse("-v", "a"), &why);
	assert_string_equal(config.value, "a");
	assert_good(parse("-va"), &why);
	assert_string_equal(config.value, "a");
	assert_good(parse("-fvf", "-f"), &why);
	assert_string_equal(config.value, "f");
	assert_int_equal(config.flags, 2);
	/* Even if it looks like an option. */
	assert_good(parse("-v", "-f"), &why);
	assert_string_equal(config.value, "-f");
	assert_int_equal(config.flags, 0);
}

static void options_end_where_they_did(void **state)
{
	(void)state;
	assert_good(parse("-f", "--", "-f"), &why);
	assert_int_equal(config.flags, 1);
	assert_string_equal(*words.word, "-f");
	/* That is standard input or output for many. */
	assert_good(parse("-", "-f"), &why);
	assert_string_equal(*words.word, "-");
	assert_good(parse(), &why);
}

static void what_is_wrong_names_the_letter(void **state)
{
	(void)state;
	assert_fails(parse("-fx"), &why, "there is no option -x");
	assert_fails(parse("-v"), &why, "-v needs a value: -v V");
	assert_fails(parse("-v", "bad"), &why, "-v: it is bad");
}

static void without_letters_one_dash_is_no_option(void **state)
{
	(void)state;
	assert_true(parse_words((char *[]){ "-f", NULL }, NULL));
	assert_string_equal(*words.word, "-f");
	assert_int_equal(config.flags, 0);
}

static void assert_help(const struct option_letter *use, const char *expected)
{
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	option_help_letters(table, use, file);
	fclose(file);
	assert_string_equal(text, expected);
	free(text);
}

static void help_shows_letters(void **state)
{
	(void)state;
	assert_help(letters,
		    "  -f, --flag            a flag\n"
		    "  -v, --value=V         a value\n"
		    "      --rare            has no letter\n");
	assert_help(NULL,
		    "  --flag                a flag\n"
		    "  --value=V             a value\n"
		    "  --rare                has no letter\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_stand_alone_or_together),
		cmocka_unit_test(a_value_is_behind_its_letter_or_the_next_word),
		cmocka_unit_test(options_end_where_they_did),
		cmocka_unit_test(what_is_wrong_names_the_letter),
		cmocka_unit_test(without_letters_one_dash_is_no_option),
		cmocka_unit_test(help_shows_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
