/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cursor.h - reads a packet's fields one after the other, and never behind
 * what was captured of it: a field that is not there is 0, and the cursor is
 * short from then on, so that it need be asked once, at a header's end.
 * guide: C:575
 */
#ifndef LGNETDUMP_CURSOR_H
#define LGNETDUMP_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
	const uint8_t *at;
	uint32_t left;
	bool is_short;			/* something was not there */
};

/* The next bytes, or NULL. */
static inline const uint8_t *cursor_take(struct cursor *cursor, uint32_t bytes)
{
	const uint8_t *at = cursor->at;

	if (bytes > cursor->left) {
		cursor->is_short = true;
		cursor->left = 0;
		return NULL;
	}
	cursor->at += bytes;
	cursor->left -= bytes;
	return at;
}

static inline uint32_t cursor_number(struct cursor *cursor, uint32_t bytes)
{
	const uint8_t *at = cursor_take(cursor, bytes);
	uint32_t value = 0;

	while (at && bytes--)
		value = value << 8 | *at++;
	return value;
}

static inline uint8_t cursor_8(struct cursor *cursor)
{
	return cursor_number(cursor, 1);
}

static inline uint16_t cursor_16(struct cursor *cursor)
{
	return cursor_number(cursor, 2);
}

static inline uint32_t cursor_32(struct cursor *cursor)
{
	return cursor_number(cursor, 4);
}

#endif
