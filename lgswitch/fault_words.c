// SPDX-License-Identifier: GPL-2.0
/*
 * fault_words.c - a bad line (fault.h) in words: from people, and to them.
 *
 * A table has the words; a number's kind (time, percentage, rate, size) is a
 * table of its units.  Numbers may have a fraction and are kept exactly, or
 * refused as too fine.
 * guide: C:260
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "array.h"
#include "fault.h"

struct unit {
	const char *name;
	uint64_t value;			/* of 1 of it, in what is stored */
};

/* Largest first; ends with a NULL. */
static const struct unit times[] = {
	{ "s", 1000000000 }, { "ms", 1000000 }, { "us", 1000 }, { "ns", 1 },
	{ NULL, 0 },
};

static const struct unit percents[] = {
	{ "%", 10000 }, { NULL, 0 },
};

static const struct unit rates[] = {
	{ "g", 1000000000 }, { "m", 1000000 }, { "k", 1000 }, { "", 1 },
	{ NULL, 0 },
};

static const struct unit sizes[] = {
	{ "G", 1 << 30 }, { "M", 1 << 20 }, { "K", 1 << 10 }, { "", 1 },
	{ NULL, 0 },
};

/* A word with a number: where that goes, and what it may be. */
struct word {
	const char *name;
	size_t offset;			/* in struct fault_spec */
	size_t bytes;			/* of the field */
	const struct unit *unit;
	uint64_t min, max;
	const char *example;
};

#define WORD(word, field, units, least, most, words)			\
	{								\
		.name = word,						\
		.offset = offsetof(struct fault_spec, field),		\
		.bytes = sizeof(((struct fault_spec *)NULL)->field),	\
		.unit = units, .min = least, .max = most,		\
		.example = words,					\
	}

static const struct word words[] = {
	WORD("delay", delay_ns, times, 0, FAULT_DELAY_MAX,
	     "a time of up to 60s, as in 10ms"),
	WORD("jitter", jitter_ns, times, 0, FAULT_DELAY_MAX,
	     "a time of up to 60s, as in 2ms"),
	WORD("loss", loss_ppm, percents, 0, RANDOM_SURE,
	     "0% to 100% in steps of 0.0001%"),
	WORD("duplicate", duplicate_ppm, percents, 0, RANDOM_SURE,
	     "0% to 100% in steps of 0.0001%"),
	WORD("reorder", reorder_ppm, percents, 0, RANDOM_SURE,
	     "0% to 100% in steps of 0.0001%"),
	WORD("corrupt", corrupt_ppm, percents, 0, RANDOM_SURE,
	     "0% to 100% in steps of 0.0001%"),
	WORD("rate", rate, rates, FAULT_RATE_MIN, FAULT_RATE_MAX,
	     "bits per second, 1k to 1000g, as in 10m"),
	WORD("limit", limit, sizes, FAULT_LIMIT_MIN, FAULT_LIMIT_MAX,
	     "bytes, 1500 to 1G, as in 64K"),
};

/* Bit for a word that is not in that table, too. */
#define FLAP		ARRAY_SIZE(words)
#define DOWN		(ARRAY_SIZE(words) + 1)
#define NO_WORD		(ARRAY_SIZE(words) + 2)

static unsigned int find_word(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(words[i].name, name))
			return i;
	if (!strcmp(name, "flap"))
		return FLAP;
	return strcmp(name, "down") ? NO_WORD : DOWN;
}

/* --- numbers from people --- */

/* Digits, maybe a point and more digits; what is behind them. */
static const char *skip_number(const char *text)
{
	if (!isdigit((unsigned char)*text))
		return NULL;
	while (isdigit((unsigned char)*text))
		text++;
	if (*text != '.')
		return text;
	if (!isdigit((unsigned char)*++text))
		return NULL;
	while (isdigit((unsigned char)*text))
		text++;
	return text;
}

static const struct unit *find_unit(const struct unit *unit, const char *name)
{
	for (; unit->name; unit++)
		if (!strcasecmp(unit->name, name))
			return unit;
	return NULL;
}

/* Digits up to @end times @unit; what is too fine for whole numbers fails. */
static bool scale(const char *text, const char *end, uint64_t unit,
		  uint64_t *number)
{
	uint64_t digit;

	*number = 0;
	for (; text < end && *text != '.'; text++) {
		digit = *text - '0';
		if (__builtin_mul_overflow(*number, 10, number) ||
		    __builtin_add_overflow(*number, digit, number))
			return false;
	}
	if (__builtin_mul_overflow(*number, unit, number))
		return false;
	for (text++; text < end; text++) {
		digit = *text - '0';
		if (digit && (!unit || unit % 10))
			return false;
		unit /= 10;
		if (__builtin_add_overflow(*number, digit * unit, number))
			return false;
	}
	return true;
}

/* False: it is no number of that kind.  A 0 needs no unit. */
static bool parse_number(const char *text, const struct unit *units,
			 uint64_t *number)
{
	const char *end = skip_number(text);
	const struct unit *unit;

	*number = 0;
	if (!strcmp(text, "0"))
		return true;
	if (!end)
		return false;
	unit = find_unit(units, end);
	return unit && scale(text, end, unit->value, number);
}

static bool set_number(struct fault_spec *spec, const struct word *word,
		       const char *value, struct why *why)
{
	char *field = (char *)spec + word->offset;
	uint64_t number;
	uint32_t small;

	if (!parse_number(value, word->unit, &number) ||
	    number < word->min || number > word->max)
		return why_fail(why, "%s cannot be '%s': give it %s", word->name,
				value, word->example);
	small = number;
	if (word->bytes == sizeof(small))
		memcpy(field, &small, sizeof(small));
	else
		memcpy(field, &number, sizeof(number));
	return true;
}

static bool is_flap_time(uint64_t time)
{
	return time >= FAULT_FLAP_MIN && time <= FAULT_FLAP_MAX;
}

static bool set_flap(struct fault_spec *spec, const char *value,
		     struct why *why)
{
	size_t length = strcspn(value, "/");
	uint64_t up = 0, down = 0;
	char first[32];

	if (value[length] && length < sizeof(first)) {
		memcpy(first, value, length);
		first[length] = '\0';
		if (!parse_number(first, times, &up) ||
		    !parse_number(value + length + 1, times, &down))
			up = down = 0;
	}
	if (!is_flap_time(up) || !is_flap_time(down))
		return why_fail(why, "flap cannot be '%s': give it two times of 1ms to 3600s, up and down, as in 5s/500ms",
				value);
	spec->flap_up_ns = up;
	spec->flap_down_ns = down;
	return true;
}

static bool set_down(struct fault_spec *spec, const char *value,
		     struct why *why)
{
	if (value)
		return why_fail(why, "down takes no value");
	spec->down = true;
	return true;
}

bool fault_set(struct fault_spec *spec, const char *name, const char *value,
	       struct why *why)
{
	unsigned int word = find_word(name);

	if (word == NO_WORD)
		return why_fail(why, "there is no fault '%s' (there are delay, jitter, loss, duplicate, reorder, corrupt, rate, limit, flap and down)",
				name);
	if (word == DOWN)
		return set_down(spec, value, why);
	if (!value || !*value)
		return why_fail(why, "%s needs a value: %s=%s", name, name,
				word == FLAP ? "5s/500ms" : words[word].example);
	if (word == FLAP)
		return set_flap(spec, value, why);
	return set_number(spec, &words[word], value, why);
}

bool fault_check(const struct fault_spec *spec, struct why *why)
{
	if (spec->jitter_ns > spec->delay_ns)
		return why_fail(why, "jitter cannot be more than delay: no frame arrives before it was sent");
	if (spec->reorder_ppm && !spec->delay_ns)
		return why_fail(why, "reorder needs a delay: it lets frames overtake those that are delayed");
	if (spec->limit && !spec->rate)
		return why_fail(why, "limit needs a rate: without one no frame waits");
	if (spec->down && spec->flap_down_ns)
		return why_fail(why, "down and flap contradict each other");
	return true;
}

/* One "name" or "name=value"; @seen has a bit for each that was there. */
static bool parse_word(char *word, struct fault_spec *spec, uint32_t *seen,
		       struct why *why)
{
	char *value = strchr(word, '=');
	uint32_t bit;

	if (value)
		*value++ = '\0';
	bit = 1U << find_word(word);
	if (*seen & bit)
		return why_fail(why, "%s is there twice", word);
	*seen |= bit;
	return fault_set(spec, word, value, why);
}

bool fault_parse(const char *text, struct fault_spec *spec, struct why *why)
{
	uint32_t seen = 0;
	char word[64];
	size_t length;

	*spec = (struct fault_spec){ 0 };
	while (*text) {
		length = strcspn(text, ",");
		if (length >= sizeof(word))
			return why_fail(why, "'%.20s...' is too long for a fault",
					text);
		memcpy(word, text, length);
		word[length] = '\0';
		if (!parse_word(word, spec, &seen, why))
			return false;
		text += length;
		if (*text && !*++text)
			return why_fail(why, "there is nothing behind the last comma");
	}
	return fault_check(spec, why);
}

/* --- and to people --- */

/* In the largest unit of which it is a whole number. */
static void print_number(FILE *file, const struct unit *unit, uint64_t number)
{
	while (number % unit->value)
		unit++;
	fprintf(file, "%" PRIu64 "%s", number / unit->value, unit->name);
}

/* Percentages may have a fraction instead: up to four digits, no zeros. */
static void print_percent(FILE *file, uint64_t ppm)
{
	uint64_t one = percents[0].value, rest;

	fprintf(file, "%" PRIu64, ppm / one);
	rest = ppm % one;
	if (rest)
		fputc('.', file);
	for (; rest; rest = rest * 10 % one)
		fprintf(file, "%" PRIu64, rest * 10 / one);
	fputc('%', file);
}

static uint64_t field_of(const struct fault_spec *spec, const struct word *word)
{
	const char *field = (const char *)spec + word->offset;
	uint64_t number;
	uint32_t small;

	if (word->bytes == sizeof(small)) {
		memcpy(&small, field, sizeof(small));
		return small;
	}
	memcpy(&number, field, sizeof(number));
	return number;
}

static void print_words(FILE *file, const struct fault_spec *spec)
{
	const char *comma = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		uint64_t number = field_of(spec, &words[i]);

		if (!number)
			continue;
		fprintf(file, "%s%s=", comma, words[i].name);
		comma = ",";
		if (words[i].unit == percents)
			print_percent(file, number);
		else
			print_number(file, words[i].unit, number);
	}
	if (spec->flap_down_ns) {
		fprintf(file, "%sflap=", comma);
		print_number(file, times, spec->flap_up_ns);
		fputc('/', file);
		print_number(file, times, spec->flap_down_ns);
		comma = ",";
	}
	if (spec->down)
		fprintf(file, "%sdown", comma);
}

void fault_format(const struct fault_spec *spec, char text[FAULT_TEXT])
{
	FILE *file = fmemopen(text, FAULT_TEXT, "w");

	text[0] = '\0';
	if (!file)
		return;
	print_words(file, spec);
	fclose(file);
}
