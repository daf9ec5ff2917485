// SPDX-License-Identifier: GPL-2.0
/*
 * configfile.c - reads configuration files, line by line.  See configfile.h.
 */
#include <stdlib.h>
#include <string.h>

#include "configfile.h"
#include "file.h"
#include "options.h"

#define BLANKS	" \t\r"

static bool is_blank(char c)
{
	return c && strchr(BLANKS, c);
}

/* Cut off a comment, and blanks at the end. */
static void strip(char *line)
{
	char *end;

	for (end = line; *end; end++)
		if (*end == '#' && (end == line || is_blank(end[-1])))
			break;
	while (end > line && is_blank(end[-1]))
		end--;
	*end = '\0';
}

/* Cut @word's end off, and find its value; NULL: it has none. */
static char *split(char *word)
{
	char *end = word + strcspn(word, "=" BLANKS);
	char *value = end + strspn(end, BLANKS);

	if (*value == '=')
		value += 1 + strspn(value + 1, BLANKS);
	else if (!*value)
		value = NULL;
	*end = '\0';
	return value;
}

static bool take_line(char *line, struct switch_config *config,
		      struct why *why)
{
	char *word = line + strspn(line, BLANKS), *value;

	strip(word);
	if (!*word)
		return true;
	value = split(word);
	if (!strncmp(word, "--", 2))
		return why_fail(why, "words in a file have no dashes: %.60s",
				word + 2);
	return config_set_word(config, word, value, why);
}

bool configfile_parse(const char *name, char *text, size_t bytes,
		      struct switch_config *config, struct why *why)
{
	char *line = text, *end = text + bytes, *next;
	unsigned int number = 1;
	struct why inner;

	for (; line < end; line = next, number++) {
		next = memchr(line, '\n', end - line);
		next = next ? next + 1 : end + 1;
		next[-1] = '\0';
		if (strlen(line) != (size_t)(next - 1 - line))
			return why_fail(why, "%s:%u: there is a zero byte: this is no text file",
					name, number);
		if (!take_line(line, config, &inner))
			return why_fail(why, "%s:%u: %s", name, number,
					inner.text);
	}
	return true;
}

static bool load_open(struct file *file, struct switch_config *config,
		      struct why *why)
{
	char *text;
	bool good;

	if (file->bytes > CONFIGFILE_MAX)
		return why_fail(why, "%s has more than %d MiB: this is no configuration file",
				file->path, CONFIGFILE_MAX >> 20);
	text = malloc(file->bytes + 1);
	if (!text)
		return why_fail(why, "there is not enough memory to read %s",
				file->path);
	text[file->bytes] = '\0';
	good = file_read(file, text, why) &&
	       configfile_parse(file->path, text, file->bytes, config, why);
	free(text);
	return good;
}

bool configfile_load(const char *path, struct switch_config *config,
		     struct why *why)
{
	struct file file;
	bool good;

	if (!file_open(&file, path, why))
		return false;
	good = load_open(&file, config, why);
	file_close(&file);
	return good;
}

/* The command line comes twice: for the file's name, and behind the file. */
bool configfile_read(char **words, struct switch_config *config,
		     struct why *why)
{
	char file[sizeof(config->file)];

	if (!options_parse(words, config, why))
		return false;
	if (!*config->file || config->action != CONFIG_RUN)
		return true;
	strcpy(file, config->file);
	config_free(config);
	return configfile_load(file, config, why) &&
	       options_parse(words, config, why);
}
