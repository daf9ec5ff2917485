/* SPDX-License-Identifier: GPL-2.0 */
/*
 * text.h - words that people type and words that are shown to them: sizes
 * and names on the way in, text of a guest on the way out.
 * guide: L:070
 */
#ifndef LIB_TEXT_H
#define LIB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "why.h"

#define KIB		(1ULL << 10)
#define MIB		(1ULL << 20)
#define GIB		(1ULL << 30)

/* The longest name of a guest. */
#define TEXT_NAME_MAX	32

/*
 * A decimal number with K, M or G behind it (either case) in bytes; without a
 * letter it counts @unit bytes.
 */
bool text_parse_size(const char *text, uint64_t unit, uint64_t *bytes,
		     struct why *why);

/*
 * A decimal number from @min to @max and nothing else; @what is what people
 * call it ("a VLAN").
 */
bool text_parse_number(const char *text, const char *what, uint64_t min,
		       uint64_t max, uint64_t *number, struct why *why);

/* 1 to TEXT_NAME_MAX printable ASCII characters? */
bool text_check_name(const char *text, struct why *why);

/*
 * Copies a foreign string for showing: at most @from_size bytes up to a NUL,
 * with '?' for whatever could move a terminal's cursor or change its state.
 */
void text_printable(char *to, size_t to_size, const char *from,
		    size_t from_size);

#endif
