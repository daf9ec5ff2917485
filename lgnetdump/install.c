// SPDX-License-Identifier: GPL-2.0
/*
 * install.c - the link in Wireshark's folder.  See install.h.
 *
 * That folder is not ours: what is there by our name and is no link to a
 * lgnetdump is left alone.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "install.h"

#define ASK_TSHARK	"tshark -G folders 2> /dev/null"

/* --- which folder --- */

/* "Name:<blanks>value"; false if the line is not of that name. */
static bool take_line(const char *line, const char *name, char *to,
		      size_t size)
{
	size_t length = strlen(name);
	size_t bytes;

	if (strncmp(line, name, length) || line[length] != ':')
		return false;
	line += length + 1;
	line += strspn(line, " \t");
	bytes = strcspn(line, "\n");
	/* A relative one would mean something else everywhere. */
	if (*line != '/' || bytes >= size)
		return false;
	memcpy(to, line, bytes);
	to[bytes] = '\0';
	return true;
}

bool install_folder(FILE *from, bool everybody, char *to, size_t size,
		    struct why *why)
{
	char line[PATH_MAX + 64], settings[PATH_MAX];
	bool found = false, has_settings = false;

	while (fgets(line, sizeof(line), from)) {
		/* 4.0 has one line, and personal ones beside its settings. */
		if (everybody)
			found = found ||
				take_line(line, "Global Extcap path", to, size) ||
				take_line(line, "Extcap path", to, size);
		else
			found = found ||
				take_line(line, "Personal Extcap path", to, size);
		has_settings = has_settings ||
			take_line(line, "Personal configuration", settings,
				  sizeof(settings));
	}
	if (!found && !everybody && has_settings)
		found = snprintf(to, size, "%s/extcap", settings) < (int)size;
	return found ||
	       why_fail(why, "tshark -G folders tells no folder of external captures (is tshark installed, 4.0 or later?); by hand: link lgnetdump into the one that Wireshark tells in Help, About, Folders");
}

static bool ask_tshark(char *to, size_t size, struct why *why)
{
	FILE *from = popen(ASK_TSHARK, "re");
	bool found;

	if (!from)
		return why_fail(why, "cannot run tshark: %m");
	found = install_folder(from, !geteuid(), to, size, why);
	pclose(from);
	return found;
}

/* --- the link --- */

static bool make_path(char *path, const char *folder, struct why *why)
{
	if (snprintf(path, PATH_MAX, "%s/%s", folder, INSTALL_NAME) < PATH_MAX)
		return true;
	return why_fail(why, "the path of folder %.100s... is too long",
			folder);
}

/* With all that is missing above it. */
static bool make_folder(const char *folder, struct why *why)
{
	char path[PATH_MAX];
	char *p = path;
	bool more = true;

	snprintf(path, sizeof(path), "%s", folder);
	while (more) {
		p += strspn(p, "/");
		p += strcspn(p, "/");
		more = *p;
		*p = '\0';
		if (mkdir(path, 0777) && errno != EEXIST)
			return why_fail(why, "cannot create folder %s: %m",
					path);
		if (more)
			*p = '/';
	}
	return true;
}

enum found {
	FOUND_NOTHING,
	FOUND_OURS,		/* a link to a lgnetdump, in @target */
	FOUND_FAILED,
};

static enum found find_link(const char *path, char target[PATH_MAX],
			    struct why *why)
{
	ssize_t length = readlink(path, target, PATH_MAX - 1);
	const char *name;

	if (length < 0 && errno == ENOENT)
		return FOUND_NOTHING;
	if (length < 0 && errno != EINVAL) {
		why_fail(why, "cannot look at %s: %m", path);
		return FOUND_FAILED;
	}
	target[length < 0 ? 0 : length] = '\0';
	name = strrchr(target, '/');
	if (!strcmp(name ? name + 1 : target, INSTALL_NAME))
		return FOUND_OURS;
	why_fail(why, "%s is there, and no link to lgnetdump: whose is it? (remove it if nobody's)",
		 path);
	return FOUND_FAILED;
}

static bool create_link(const char *path, const char *program, struct why *why)
{
	if (!symlink(program, path))
		return true;
	return why_fail(why, "cannot link %s to %s: %m", path, program);
}

bool install_link(const char *folder, const char *program, bool *changed,
		  struct why *why)
{
	char path[PATH_MAX], target[PATH_MAX];

	*changed = true;
	if (!make_path(path, folder, why) || !make_folder(folder, why))
		return false;
	switch (find_link(path, target, why)) {
	case FOUND_NOTHING:
		return create_link(path, program, why);
	case FOUND_OURS:
		*changed = strcmp(target, program);
		if (!*changed)
			return true;
		if (unlink(path))
			return why_fail(why, "cannot replace %s: %m", path);
		return create_link(path, program, why);
	case FOUND_FAILED:
		break;
	}
	return false;
}

bool install_unlink(const char *folder, bool *changed, struct why *why)
{
	char path[PATH_MAX], target[PATH_MAX];
	enum found found;

	if (!make_path(path, folder, why))
		return false;
	found = find_link(path, target, why);
	*changed = found == FOUND_OURS;
	if (*changed && unlink(path))
		return why_fail(why, "cannot remove %s: %m", path);
	return found != FOUND_FAILED;
}

/* --- both --- */

bool install_extcap(FILE *to, struct why *why)
{
	char folder[PATH_MAX], program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program,
				  sizeof(program) - 1);
	bool changed;

	if (length < 0)
		return why_fail(why, "cannot tell where this program is: %m");
	program[length] = '\0';
	if (!ask_tshark(folder, sizeof(folder), why) ||
	    !install_link(folder, program, &changed, why))
		return false;
	fprintf(to, "%s/%s %s to %s\n", folder, INSTALL_NAME,
		changed ? "now links" : "links already", program);
	return true;
}

bool uninstall_extcap(FILE *to, struct why *why)
{
	char folder[PATH_MAX];
	bool changed;

	if (!ask_tshark(folder, sizeof(folder), why) ||
	    !install_unlink(folder, &changed, why))
		return false;
	fprintf(to, "%s/%s %s\n", folder, INSTALL_NAME,
		changed ? "is gone" : "was not there");
	return true;
}
