// SPDX-License-Identifier: GPL-2.0
/*
 * test_config.c - the launcher's command line.
 */
#include <stdio.h>
#include <stdlib.h>

#include "config.h"
#include "test.h"

#define PARSE(...)	config_parse((char *[]){ "lguest", __VA_ARGS__, NULL },\
				     &config, &why)

static struct config config;
static struct why why;

static void options_stand_before_between_and_behind(void **state)
{
	(void)state;
	assert_good(PARSE("--name=a", "64m", "--verbose", "vmlinux",
			  "--initrd=i", "--console=null", "console=hvc0"),
		    &why);
	assert_int_equal(config.ram, 64 * MIB);
	assert_string_equal(config.kernel, "vmlinux");
	assert_string_equal(config.name, "a");
	assert_string_equal(config.initrd, "i");
	assert_string_equal(config.cmdline, "console=hvc0");
	assert_true(config.verbose);
	assert_ptr_equal(config.console.kind, &port_null);
	assert_int_equal(config.action, CONFIG_RUN);
}

static void what_is_not_asked_for_has_its_default(void **state)
{
	(void)state;
	assert_good(PARSE("64", "vmlinux"), &why);
	assert_string_equal(config.cmdline, "");
	assert_null(config.initrd);
	assert_null(config.pidfile);
	assert_false(config.verbose);
	assert_false(config.restart);
	assert_ptr_equal(config.console.kind, &port_stdio);
	assert_non_null(strstr(config.name, "guest-"));
}

static void a_value_may_be_the_next_word(void **state)
{
	(void)state;
	assert_good(PARSE("--name", "a", "64", "vmlinux", "--initrd",
			  "--odd", "x"), &why);
	assert_string_equal(config.name, "a");
	assert_string_equal(config.initrd, "--odd");
	assert_string_equal(config.cmdline, "x");
}

static void kernel_arguments_may_look_like_options(void **state)
{
	(void)state;
	assert_good(PARSE("64", "vmlinux", "root=/dev/lgba", "--verbose",
			  "-s"), &why);
	assert_false(config.verbose);
	assert_string_equal(config.cmdline, "root=/dev/lgba --verbose -s");
}

static void two_dashes_end_the_options(void **state)
{
	(void)state;
	assert_good(PARSE("64", "vmlinux", "--", "--verbose"), &why);
	assert_string_equal(config.cmdline, "--verbose");
	assert_good(PARSE("--", "64", "--odd-name", "--x"), &why);
	assert_string_equal(config.kernel, "--odd-name");
	assert_string_equal(config.cmdline, "--x");
}

static void the_last_of_equal_options_counts(void **state)
{
	(void)state;
	assert_good(PARSE("--name=a", "64", "--name=b", "vmlinux"), &why);
	assert_string_equal(config.name, "b");
}

static void help_and_version_need_nothing_else(void **state)
{
	(void)state;
	assert_good(PARSE("--help"), &why);
	assert_int_equal(config.action, CONFIG_HELP);
	assert_good(PARSE("64", "--version"), &why);
	assert_int_equal(config.action, CONFIG_VERSION);
	assert_good(PARSE("64", "vmlinux", "--help"), &why);
	assert_int_equal(config.action, CONFIG_HELP);
}

static void every_option_is_taken(void **state)
{
	(void)state;
	assert_good(PARSE("--restart", "--pidfile=p", "--dry-run", "64",
			  "vmlinux"), &why);
	assert_true(config.restart);
	assert_string_equal(config.pidfile, "p");
	assert_int_equal(config.action, CONFIG_DRY_RUN);
}

static void bad_options_are_refused(void **state)
{
	(void)state;
	assert_fails(PARSE("--nosuch", "64", "v"), &why, "no option --nosuch");
	assert_fails(PARSE("--verb", "64", "v"), &why, "no option --verb");
	assert_fails(PARSE("--=x", "64", "v"), &why, "no option --");
	assert_fails(PARSE("--verbose=1", "64", "v"), &why, "takes no value");
	assert_fails(PARSE("64", "v", "--initrd"), &why, "needs a value");
	assert_fails(PARSE("64", "v", "--initrd="), &why, "empty");
	assert_fails(PARSE("64", "v", "--pidfile="), &why, "empty");
	assert_fails(PARSE("64", "v", "--name="), &why, "--name: a name");
}

static void consoles_are_checked(void **state)
{
	(void)state;
	assert_good(PARSE("64", "v", "--console=unix:/a:b"), &why);
	assert_string_equal(config.console.path, "/a:b");
	assert_good(PARSE("64", "v", "--console=pty"), &why);
	assert_good(PARSE("64", "v", "--console=file:x"), &why);
	assert_fails(PARSE("64", "v", "--console=tty"), &why, "is none of");
	assert_fails(PARSE("64", "v", "--console="), &why, "is none of");
	assert_fails(PARSE("64", "v", "--console=unix"), &why, "needs a path");
	assert_fails(PARSE("64", "v", "--console=file:"), &why,
		     "needs a path");
	assert_fails(PARSE("64", "v", "--console=pty:x"), &why,
		     "takes no path");
}

static void missing_words_are_named(void **state)
{
	(void)state;
	assert_fails(PARSE(NULL), &why, "memory and kernel are missing");
	assert_fails(PARSE("--verbose"), &why, "memory and kernel");
	assert_fails(PARSE("64"), &why, "kernel is missing");
	assert_fails(PARSE("64", ""), &why, "kernel is missing");
	assert_fails(config_parse((char *[]){ NULL }, &config, &why), &why,
		     "memory and kernel are missing");
}

static void memory_has_to_be_sensible(void **state)
{
	(void)state;
	assert_good(PARSE("4m", "v"), &why);
	assert_good(PARSE("896m", "v"), &why);
	assert_good(PARSE("4100k", "v"), &why);
	assert_fails(PARSE("4101k", "v"), &why, "whole pages");
	assert_fails(PARSE("4092k", "v"), &why, "too little");
	assert_fails(PARSE("0", "v"), &why, "too little");
	assert_fails(PARSE("897m", "v"), &why, "too much");
	assert_fails(PARSE("1G", "v"), &why, "896M at most");
	assert_fails(PARSE("vmlinux", "64"), &why, "is not a size");
	assert_fails(PARSE("-h"), &why, "is not a size");
}

static void the_command_line_has_linux_limit(void **state)
{
	char word[LAYOUT_CMDLINE_MAX + 1];

	(void)state;
	memset(word, 'a', sizeof(word));
	word[LAYOUT_CMDLINE_MAX - 1] = '\0';
	assert_good(PARSE("64", "v", word), &why);
	assert_int_equal(strlen(config.cmdline), LAYOUT_CMDLINE_MAX - 1);
	assert_fails(PARSE("64", "v", word, "b"), &why, "too long");
	word[LAYOUT_CMDLINE_MAX - 1] = 'a';
	word[LAYOUT_CMDLINE_MAX] = '\0';
	assert_fails(PARSE("64", "v", word), &why, "2047");
	word[LAYOUT_CMDLINE_MAX - 3] = '\0';
	assert_good(PARSE("64", "v", word, "b"), &why);
	assert_fails(PARSE("64", "v", word, "b", ""), &why, "too long");
}

static void help_lists_every_option(void **state)
{
	static const char * const names[] = {
		"--initrd=FILE", "--console=WHERE", "--name=NAME",
		"--pidfile=FILE", "--restart", "--verbose", "--dry-run",
		"--help", "--version", "stdio", "pty", "unix:PATH",
		"file:PATH", "null",
	};
	char *text;
	size_t bytes, i;
	FILE *file = open_memstream(&text, &bytes);

	(void)state;
	config_help(file);
	fclose(file);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strstr(text, names[i]))
			fail_msg("--help does not mention %s", names[i]);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_stand_before_between_and_behind),
		cmocka_unit_test(what_is_not_asked_for_has_its_default),
		cmocka_unit_test(a_value_may_be_the_next_word),
		cmocka_unit_test(kernel_arguments_may_look_like_options),
		cmocka_unit_test(two_dashes_end_the_options),
		cmocka_unit_test(the_last_of_equal_options_counts),
		cmocka_unit_test(help_and_version_need_nothing_else),
		cmocka_unit_test(every_option_is_taken),
		cmocka_unit_test(bad_options_are_refused),
		cmocka_unit_test(consoles_are_checked),
		cmocka_unit_test(missing_words_are_named),
		cmocka_unit_test(memory_has_to_be_sensible),
		cmocka_unit_test(the_command_line_has_linux_limit),
		cmocka_unit_test(help_lists_every_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
