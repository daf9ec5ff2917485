// SPDX-License-Identifier: GPL-2.0
/*
 * units.c - shortens numbers for people.  See units.h.
 */
#include <stdio.h>

#include "array.h"
#include "units.h"

/*
 * @value in the largest of @units that leaves at least 1 of it; three digits
 * are enough then.
 */
static const char *scale(double value, double step, const char *const *units,
			 unsigned int last, char *text)
{
	unsigned int i = 0;

	/* What would be shown as 1000 is 1.0 of the next. */
	for (; i < last && value >= step - 0.5; i++)
		value /= step;
	snprintf(text, UNITS_TEXT, "%.*f%s", i && value < 99.95 ? 1 : 0,
		 value, units[i]);
	return text;
}

const char *units_bytes(uint64_t bytes, char text[UNITS_TEXT])
{
	static const char *const units[] = {
		" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB",
	};

	return scale(bytes, 1024, units, ARRAY_SIZE(units) - 1, text);
}

const char *units_bits(double bits, char text[UNITS_TEXT])
{
	static const char *const units[] = {
		" bit/s", " kbit/s", " Mbit/s", " Gbit/s", " Tbit/s",
	};

	return scale(bits, 1000, units, ARRAY_SIZE(units) - 1, text);
}

const char *units_rate(double rate, char text[UNITS_TEXT])
{
	static const char *const units[] = { "", "k", "M", "G" };

	return scale(rate, 1000, units, ARRAY_SIZE(units) - 1, text);
}

const char *units_time(double seconds, char text[UNITS_TEXT])
{
	uint64_t whole = seconds;

	if (seconds < 60)
		snprintf(text, UNITS_TEXT, "%.1f s", seconds);
	else if (whole < 3600)
		snprintf(text, UNITS_TEXT, "%u min %u s",
			 (unsigned int)(whole / 60),
			 (unsigned int)(whole % 60));
	else if (whole < 86400)
		snprintf(text, UNITS_TEXT, "%u h %u min",
			 (unsigned int)(whole / 3600),
			 (unsigned int)(whole % 3600 / 60));
	else
		snprintf(text, UNITS_TEXT, "%llu d %u h",
			 (unsigned long long)(whole / 86400),
			 (unsigned int)(whole % 86400 / 3600));
	return text;
}
