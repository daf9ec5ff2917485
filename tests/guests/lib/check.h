/* SPDX-License-Identifier: GPL-2.0 */
/*
 * check.h - assertions.  The first that does not hold ends the guest with
 * what was expected, what was seen, and where.
 */
#ifndef _TEST_GUEST_CHECK_H
#define _TEST_GUEST_CHECK_H

#include "host.h"

#define CHECK(condition)						\
	do {								\
		if (!(condition))					\
			fail("%s:%u: not so: %s", __FILE__, __LINE__,	\
			     #condition);				\
	} while (0)

/* Both are 32-bit numbers, shown in hexadecimal. */
#define CHECK_EQ(seen, expected)					\
	check_eq(seen, expected, #seen, __FILE__, __LINE__)

static inline void check_eq(u32 seen, u32 expected, const char *what,
			    const char *file, u32 line)
{
	if (seen != expected)
		fail("%s:%u: %s is %x, expected %x", file, line, what, seen,
		     expected);
}

/* A number within bounds, these included; shown in decimal. */
#define CHECK_RANGE(seen, low, high)					\
	check_range(seen, low, high, #seen, __FILE__, __LINE__)

static inline void check_range(u32 seen, u32 low, u32 high, const char *what,
			       const char *file, u32 line)
{
	if (seen < low || seen > high)
		fail("%s:%u: %s is %u, expected %u to %u", file, line, what,
		     seen, low, high);
}

#endif /* _TEST_GUEST_CHECK_H */
