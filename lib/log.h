/* SPDX-License-Identifier: GPL-2.0 */
/*
 * log.h - what a program says on its standard error.  Each message is one
 * line that begins with the program's name and is written at once, so that
 * lines of several threads do not mix.
 * guide: L:050
 */
#ifndef LIB_LOG_H
#define LIB_LOG_H

#include <stdbool.h>

/* @program has to last; @verbose lets log_info() speak. */
void log_init(const char *program, bool verbose);

/* While a terminal is raw, a line ends with a carriage return, too. */
void log_raw_terminal(bool raw);

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Worth knowing always, though nothing is wrong. */
void log_notice(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* For those who asked with --verbose. */
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
