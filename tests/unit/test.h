/* SPDX-License-Identifier: GPL-2.0 */
/*
 * test.h - what every unit test includes: cmocka with what it needs before
 * it, and a few checks that read well.
 * guide: P:090
 */
#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "array.h"
#include "why.h"

/* A failure whose reason mentions @words. */
static inline void assert_fails(bool good, const struct why *why,
				const char *words)
{
	if (good)
		fail_msg("succeeded, but should fail with '%s'", words);
	if (!strstr(why->text, words))
		fail_msg("failed with '%s' instead of '%s'", why->text, words);
}

static inline void assert_good(bool good, const struct why *why)
{
	if (!good)
		fail_msg("failed with '%s'", why->text);
}

#endif
