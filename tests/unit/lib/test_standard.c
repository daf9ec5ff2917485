// SPDX-License-Identifier: GPL-2.0
/*
 * test_standard.c - who reads standard output: a file, a terminal, and what
 * that terminal and its user can bear.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "standard.h"
#include "test.h"

static int out = -1, terminal = -1;

/* Standard output is a terminal, whose user has said nothing about it. */
static int start(void **state)
{
	(void)state;
	terminal = posix_openpt(O_RDWR | O_NOCTTY);
	out = dup(STDOUT_FILENO);
	if (terminal < 0 || out < 0 || grantpt(terminal) || unlockpt(terminal))
		return -1;
	close(STDOUT_FILENO);
	if (open(ptsname(terminal), O_RDWR | O_NOCTTY) != STDOUT_FILENO)
		return -1;
	setenv("TERM", "xterm", 1);
	unsetenv("NO_COLOR");
	return 0;
}

static int stop(void **state)
{
	(void)state;
	dup2(out, STDOUT_FILENO);
	close(out);
	close(terminal);
	return 0;
}

static void a_terminal_is_drawn_on_in_colours(void **state)
{
	(void)state;
	assert_true(standard_is_terminal());
	assert_true(standard_is_colourful());
}

static void a_user_may_not_want_colours(void **state)
{
	(void)state;
	setenv("NO_COLOR", "1", 1);
	assert_true(standard_is_terminal());
	assert_false(standard_is_colourful());
}

static void a_terminal_that_knows_nothing_is_none(void **state)
{
	(void)state;
	setenv("TERM", "dumb", 1);
	assert_false(standard_is_terminal());
	assert_false(standard_is_colourful());
	unsetenv("TERM");
	assert_false(standard_is_terminal());
}

static void a_file_is_no_terminal(void **state)
{
	int null = open("/dev/null", O_WRONLY);

	(void)state;
	dup2(null, STDOUT_FILENO);
	close(null);
	assert_false(standard_is_terminal());
	assert_false(standard_is_colourful());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_terminal_is_drawn_on_in_colours, start, stop),
		cmocka_unit_test_setup_teardown(a_user_may_not_want_colours, start, stop),
		cmocka_unit_test_setup_teardown(a_terminal_that_knows_nothing_is_none, start, stop),
		cmocka_unit_test_setup_teardown(a_file_is_no_terminal, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
