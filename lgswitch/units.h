/* SPDX-License-Identifier: GPL-2.0 */
/*
 * units.h - numbers as people read them: 1.5 MiB, 12.3 Mbit/s, 2 h 5 min.
 * guide: C:480
 */
#ifndef LGSWITCH_UNITS_H
#define LGSWITCH_UNITS_H

#include <stddef.h>
#include <stdint.h>

#define UNITS_TEXT	32

/* Each fills @text and returns it. */
const char *units_bytes(uint64_t bytes, char text[UNITS_TEXT]);
/* Bits a second. */
const char *units_bits(double bits, char text[UNITS_TEXT]);
/* Anything else a second: 950, 12.3k. */
const char *units_rate(double rate, char text[UNITS_TEXT]);
const char *units_time(double seconds, char text[UNITS_TEXT]);

#endif
