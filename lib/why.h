/* SPDX-License-Identifier: GPL-2.0 */
/*
 * why.h - the reason of a failure, for people.  A function that can fail
 * takes a struct why and returns false after filling it; whoever can do no
 * better hands it up, and main() prints it.  So the deep parts of a program
 * neither print nor exit, and tests can look at what would be said.
 * guide: L:040
 */
#ifndef LIB_WHY_H
#define LIB_WHY_H

#include <stdbool.h>

struct why {
	char text[1024];
};

/* Always false.  %m in @format is the text of errno. */
bool why_fail(struct why *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
