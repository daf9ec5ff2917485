// SPDX-License-Identifier: GPL-2.0
/*
 * option.c - parses options by a table and explains them from it.  See
 * option.h.
 */
#include <string.h>

#include "option.h"

/* Where --help's explanations begin. */
#define HELP_COLUMN	24

static const struct option_def *find(const struct option_def *table,
				     const char *name, size_t length)
{
	for (; table->name; table++)
		if (strlen(table->name) == length &&
		    !memcmp(table->name, name, length))
			return table;
	return NULL;
}

/* Take one option, and the word behind it if that is its value. */
static bool take(const struct option_def *table, struct option_words *words,
		 void *config, struct why *why)
{
	const char *name = *words->word++ + 2;
	size_t length = strcspn(name, "=");
	const char *value = name[length] ? name + length + 1 : NULL;
	const struct option_def *option = find(table, name, length);
	struct why inner;

	if (!option)
		return why_fail(why, "there is no option --%.*s", (int)length,
				name);
	if (!option->value && value)
		return why_fail(why, "--%s takes no value", option->name);
	if (option->value && !value && *words->word)
		value = *words->word++;
	if (option->value && !value)
		return why_fail(why, "--%s needs a value: --%s=%s",
				option->name, option->name, option->value);
	if (!option->set(config, value, &inner))
		return why_fail(why, "--%s: %s", option->name, inner.text);
	return true;
}

/* The option that a letter stands for. */
static const struct option_def *find_letter(const struct option_def *table,
					    const struct option_letter *letters,
					    char letter)
{
	for (; letters->letter; letters++)
		if (letters->letter == letter)
			return find(table, letters->name,
				    strlen(letters->name));
	return NULL;
}

/* Take a word of letters: one with a value is the last of them. */
static bool take_letters(const struct option_def *table,
			 struct option_words *words, void *config,
			 struct why *why)
{
	const char *letter = *words->word++;
	const struct option_def *option;
	const char *value;
	struct why inner;

	while (*++letter) {
		option = find_letter(table, words->letters, *letter);
		if (!option)
			return why_fail(why, "there is no option -%c", *letter);
		value = NULL;
		if (option->value && letter[1])
			value = letter + 1;
		else if (option->value && *words->word)
			value = *words->word++;
		if (option->value && !value)
			return why_fail(why, "-%c needs a value: -%c %s",
					*letter, *letter, option->value);
		if (!option->set(config, value, &inner))
			return why_fail(why, "-%c: %s", *letter, inner.text);
		if (value)
			break;
	}
	return true;
}

static bool is_option(const struct option_words *words)
{
	const char *word = *words->word;

	if (words->ended || !word || word[0] != '-')
		return false;
	return word[1] == '-' || (words->letters && word[1]);
}

bool option_parse(const struct option_def *table, struct option_words *words,
		  void *config, struct why *why)
{
	while (is_option(words)) {
		if (!strcmp(*words->word, "--")) {
			words->ended = true;
			words->word++;
		} else if (words->word[0][1] != '-') {
			if (!take_letters(table, words, config, why))
				return false;
		} else if (!take(table, words, config, why)) {
			return false;
		}
	}
	return true;
}

/* One "name" or "name=value" of a list; @word is ours to cut up. */
static bool take_item(const struct option_def *table, char *word, void *config,
		      struct why *why)
{
	char *value = strchr(word, '=');
	const struct option_def *option = find(table, word,
					       strcspn(word, "="));
	struct why inner;

	if (value)
		*value++ = '\0';
	if (!option)
		return why_fail(why, "there is no '%s' (a comma begins a setting of the option)",
				word);
	if (!option->value && value)
		return why_fail(why, "%s takes no value", word);
	if (option->value && !value)
		return why_fail(why, "%s needs a value: %s=%s", word, word,
				option->value);
	if (!option->set(config, value, &inner))
		return why_fail(why, "%s: %s", word, inner.text);
	return true;
}

bool option_parse_list(const struct option_def *table, const char *text,
		       char *first, size_t size, void *config, struct why *why)
{
	size_t length = strcspn(text, ",");
	char word[256];

	if (length >= size)
		return why_fail(why, "it is too long: %zu characters, at most %zu",
				length, size - 1);
	memcpy(first, text, length);
	first[length] = '\0';
	for (text += length; *text; text += length) {
		length = strcspn(++text, ",");
		if (length >= sizeof(word))
			return why_fail(why, "'%.20s...' is too long", text);
		memcpy(word, text, length);
		word[length] = '\0';
		if (!take_item(table, word, config, why))
			return false;
	}
	return true;
}

/* "-w, ", or blanks in a program some of whose options have letters. */
static int help_letter(const struct option_def *option,
		       const struct option_letter *letters, FILE *file)
{
	if (!letters)
		return 0;
	for (; letters->letter; letters++)
		if (!strcmp(letters->name, option->name))
			return fprintf(file, "-%c, ", letters->letter);
	return fprintf(file, "    ");
}

static void help_one(const struct option_def *option,
		     const struct option_letter *letters, FILE *file)
{
	const char *line = option->help;
	int column = fprintf(file, "  ");

	column += help_letter(option, letters, file);
	column += fprintf(file, "--%s%s%s", option->name,
			  option->value ? "=" : "",
			  option->value ? option->value : "");

	/* A long option has the first line to itself. */
	if (column >= HELP_COLUMN) {
		fputc('\n', file);
		column = 0;
	}
	while (*line) {
		size_t length = strcspn(line, "\n");

		fprintf(file, "%*s%.*s\n", HELP_COLUMN - column, "",
			(int)length, line);
		column = 0;
		line += length + (line[length] == '\n');
	}
}

void option_help_letters(const struct option_def *table,
			 const struct option_letter *letters, FILE *file)
{
	for (; table->name; table++)
		help_one(table, letters, file);
}

void option_help(const struct option_def *table, FILE *file)
{
	option_help_letters(table, NULL, file);
}
