// SPDX-License-Identifier: GPL-2.0
/*
 * text.c - checks sizes and names that people type, and makes foreign text
 * harmless before it is shown.  See text.h.
 */
#include <ctype.h>
#include <string.h>

#include "text.h"

static bool is_printable(unsigned char c)
{
	return c >= 0x20 && c < 0x7f;
}

static uint64_t unit_of(char letter)
{
	switch (toupper((unsigned char)letter)) {
	case 'K':
		return KIB;
	case 'M':
		return MIB;
	case 'G':
		return GIB;
	default:
		return 0;
	}
}

bool text_parse_size(const char *text, uint64_t unit, uint64_t *bytes,
		     struct why *why)
{
	const char *p = text;
	uint64_t number = 0;

	/* strtoull() would also take blanks, signs and a wrapped -1. */
	if (!isdigit((unsigned char)*p))
		return why_fail(why, "'%s' is not a size (a number and K, M or G, as in 64M)",
				text);
	for (; isdigit((unsigned char)*p); p++)
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, *p - '0', &number))
			return why_fail(why, "size '%s' is too large", text);
	if (*p)
		unit = unit_of(*p++);
	if (!unit || *p)
		return why_fail(why, "'%s' is not a size (a number and K, M or G, as in 64M)",
				text);
	if (__builtin_mul_overflow(number, unit, bytes))
		return why_fail(why, "size '%s' is too large", text);
	return true;
}

bool text_parse_number(const char *text, const char *what, uint64_t min,
		       uint64_t max, uint64_t *number, struct why *why)
{
	const char *p = text;
	bool fits = true;

	*number = 0;
	for (; isdigit((unsigned char)*p); p++)
		fits &= !__builtin_mul_overflow(*number, 10, number) &&
			!__builtin_add_overflow(*number, *p - '0', number);
	if (p != text && !*p && fits && *number >= min && *number <= max)
		return true;
	return why_fail(why, "'%.64s' is not %s (a number from %llu to %llu)",
			text, what, (unsigned long long)min,
			(unsigned long long)max);
}

bool text_check_name(const char *text, struct why *why)
{
	const char *p;

	for (p = text; *p; p++)
		if (!is_printable(*p))
			return why_fail(why, "a name must consist of printable ASCII characters");
	if (p == text || p - text > TEXT_NAME_MAX)
		return why_fail(why, "a name must have 1 to %d characters, this has %zu",
				TEXT_NAME_MAX, strlen(text));
	return true;
}

void text_printable(char *to, size_t to_size, const char *from,
		    size_t from_size)
{
	size_t i;

	for (i = 0; i + 1 < to_size && i < from_size && from[i]; i++)
		to[i] = is_printable(from[i]) ? from[i] : '?';
	to[i] = '\0';
}
