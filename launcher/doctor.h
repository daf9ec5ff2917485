/* SPDX-License-Identifier: GPL-2.0 */
/*
 * doctor.h - "lguest doctor": looks at everything that guests need from this
 * machine, a finding for each, and says for each lack what to do.
 *
 * A check reads files below a root folder and what struct doctor says of the
 * process and its user, and nothing else, so that tests can make any machine
 * up; what cannot be made up (running a guest, asking programs) it calls by
 * pointers.
 * guide: L:580
 */
#ifndef LAUNCHER_DOCTOR_H
#define LAUNCHER_DOCTOR_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "why.h"

enum doctor_level {
	DOCTOR_OK,
	DOCTOR_WARNING,		/* guests run, but something will not work */
	DOCTOR_LACK,		/* without this no guest runs */
	DOCTOR_LEVELS
};

/* What a check found. */
struct finding {
	enum doctor_level level;
	char what[640];
	char to_do[640];	/* empty: nothing */
};

struct doctor {
	const char *root;	/* before each path of the machine; "" is its own */
	const char *program;	/* folder that this program is in */
	const char *kernel;	/* the guest's, from the command line, or NULL */
	const char *home;	/* the user's, or NULL */
	const char *path;	/* $PATH, or NULL */

	/* The host's kernel, as uname tells */
	char release[65];
	char version[65];
	char machine[65];

	/* The user and the process */
	char user[64];
	gid_t groups[256];
	int groups_count;
	uint64_t capabilities;	/* effective */
	uint64_t address_limit;	/* bytes, UINT64_MAX: none */

	/* As access(), for the user who asks; @mode is of R_OK and so on */
	bool (*may)(const char *path, int mode);
	/* The version that a program says it has */
	bool (*ask_version)(const char *program, char *version, size_t size,
			    struct why *why);
	/* Runs a guest of a few instructions */
	bool (*try_guest)(struct why *why);
};

typedef void (*doctor_check)(const struct doctor *doctor,
			     struct finding *finding);

/* doctor_cpu.c */
void doctor_cpu(const struct doctor *doctor, struct finding *finding);
/* doctor_kernel.c */
void doctor_kernel(const struct doctor *doctor, struct finding *finding);
void doctor_signing(const struct doctor *doctor, struct finding *finding);
/* doctor_module.c */
void doctor_headers(const struct doctor *doctor, struct finding *finding);
void doctor_module(const struct doctor *doctor, struct finding *finding);
/* doctor_device.c */
void doctor_device(const struct doctor *doctor, struct finding *finding);
void doctor_tap(const struct doctor *doctor, struct finding *finding);
/* doctor_place.c */
void doctor_memory(const struct doctor *doctor, struct finding *finding);
void doctor_nets(const struct doctor *doctor, struct finding *finding);
/* doctor_guest.c */
void doctor_guest_kernel(const struct doctor *doctor, struct finding *finding);
void doctor_guest(const struct doctor *doctor, struct finding *finding);
bool doctor_try_guest(struct why *why);
/* doctor_tools.c */
void doctor_tools(const struct doctor *doctor, struct finding *finding);
void doctor_wireshark(const struct doctor *doctor, struct finding *finding);

/* --- what they share, doctor_look.c --- */

/* Each sets the level and what was found; only ok() needs nothing to do. */
void finding_ok(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_warn(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_lack(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_to_do(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The path of a file of the machine's; lasts until the next call but three. */
const char *doctor_path(const struct doctor *doctor, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

bool doctor_has(const struct doctor *doctor, const char *path);

/* The beginning of a file of the machine's, as a string; false: there is none. */
bool doctor_read(const struct doctor *doctor, const char *path, char *to,
		 size_t size);

/* The first line of it; false, and empty, if there is none. */
bool doctor_read_line(const struct doctor *doctor, const char *path, char *to,
		      size_t size);

/* Is @word one of @text's, which are apart by blanks and the like? */
bool doctor_has_word(const char *text, const char *word);

/*
 * The rest of the line in @text that begins with @key and a colon, without
 * blanks around it; false, and empty, if there is none.
 */
bool doctor_value(const char *text, const char *key, char *to, size_t size);

/* The first file in $PATH, or beside us, of that name. */
bool doctor_find_program(const struct doctor *doctor, const char *name,
			 char path[PATH_MAX]);

/* Where lg.ko for this kernel is, loaded or not. */
enum doctor_module_place {
	DOCTOR_MODULE_NOWHERE,
	DOCTOR_MODULE_BUILT,		/* beside this program; in @path */
	DOCTOR_MODULE_UNLISTED,		/* installed, but depmod did not run */
	DOCTOR_MODULE_INSTALLED,
	DOCTOR_MODULE_LOADED,
};

enum doctor_module_place doctor_find_module(const struct doctor *doctor,
					    char path[PATH_MAX]);

/* --- doctor.c --- */

/* Writes all findings; true: a guest can run. */
bool doctor_examine(const struct doctor *doctor, bool colour, FILE *to);

/* The program's name first: "lguest doctor ..." without its first word. */
int doctor_main(char **argv);

#endif
