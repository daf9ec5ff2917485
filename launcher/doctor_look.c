// SPDX-License-Identifier: GPL-2.0
/*
 * doctor_look.c - what the doctor's checks share: reading the machine's files
 * below the doctor's root, finding words in them, and noting what was found.
 * guide: L:590
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"

/* --- findings --- */

#define NOTE(finding, level_, format)					\
	do {								\
		va_list args;						\
									\
		va_start(args, format);					\
		(finding)->level = (level_);				\
		vsnprintf((finding)->what, sizeof((finding)->what),	\
			  format, args);				\
		va_end(args);						\
	} while (0)

void finding_ok(struct finding *finding, const char *format, ...)
{
	NOTE(finding, DOCTOR_OK, format);
}

void finding_warn(struct finding *finding, const char *format, ...)
{
	NOTE(finding, DOCTOR_WARNING, format);
}

void finding_lack(struct finding *finding, const char *format, ...)
{
	NOTE(finding, DOCTOR_LACK, format);
}

void finding_to_do(struct finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(finding->to_do, sizeof(finding->to_do), format, args);
	va_end(args);
}

/* --- files --- */

const char *doctor_path(const struct doctor *doctor, const char *format, ...)
{
	static char paths[4][PATH_MAX];
	static unsigned int next;
	char *path = paths[next++ % 4];
	size_t used = snprintf(path, PATH_MAX, "%s", doctor->root);
	va_list args;

	if (used >= PATH_MAX)
		return "";
	va_start(args, format);
	vsnprintf(path + used, PATH_MAX - used, format, args);
	va_end(args);
	return path;
}

bool doctor_has(const struct doctor *doctor, const char *path)
{
	return !access(doctor_path(doctor, "%s", path), F_OK);
}

bool doctor_read(const struct doctor *doctor, const char *path, char *to,
		 size_t size)
{
	int fd = open(doctor_path(doctor, "%s", path),
		      O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	size_t used = 0;
	ssize_t got = -1;

	to[0] = '\0';
	if (fd < 0)
		return false;
	/* What the kernel makes up comes in pieces. */
	while (used < size - 1) {
		got = read(fd, to + used, size - 1 - used);
		if (got <= 0)
			break;
		used += got;
	}
	close(fd);
	to[used] = '\0';
	return got >= 0;
}

bool doctor_read_line(const struct doctor *doctor, const char *path, char *to,
		      size_t size)
{
	bool good = doctor_read(doctor, path, to, size);

	to[strcspn(to, "\n")] = '\0';
	return good;
}

/* --- words --- */

#define BLANKS	" \t\n"

bool doctor_has_word(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (text += strspn(text, BLANKS); *text;
	     text += strspn(text, BLANKS)) {
		size_t here = strcspn(text, BLANKS);

		if (here == length && !memcmp(text, word, length))
			return true;
		text += here;
	}
	return false;
}

static bool begins_with_key(const char *line, const char *key, const char **rest)
{
	size_t length = strlen(key);

	if (strncmp(line, key, length))
		return false;
	line += length;
	line += strspn(line, " \t");
	if (*line != ':')
		return false;
	line++;
	*rest = line + strspn(line, " \t");
	return true;
}

bool doctor_value(const char *text, const char *key, char *to, size_t size)
{
	const char *rest;

	to[0] = '\0';
	while (*text) {
		if (begins_with_key(text, key, &rest)) {
			snprintf(to, size, "%.*s", (int)strcspn(rest, "\n"),
				 rest);
			return true;
		}
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return false;
}

/* --- programs --- */

static bool is_program(const char *folder, int length, const char *name,
		       char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%.*s/%s", length, folder, name);
	return !access(path, X_OK);
}

bool doctor_find_program(const struct doctor *doctor, const char *name,
			 char path[PATH_MAX])
{
	const char *folder = doctor->path;
	int length;

	if (is_program(doctor->program, strlen(doctor->program), name, path))
		return true;
	while (folder && *folder) {
		length = strcspn(folder, ":");
		if (length && is_program(folder, length, name, path))
			return true;
		folder += length;
		folder += *folder == ':';
	}
	return false;
}
