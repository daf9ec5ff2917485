/* SPDX-License-Identifier: GPL-2.0 */
/*
 * machine.h - a made-up machine for tests of the doctor: its files in a folder
 * of their own, its user and kernel in a struct doctor.
 */
#ifndef TESTS_UNIT_LAUNCHER_MACHINE_H
#define TESTS_UNIT_LAUNCHER_MACHINE_H

#include <stdio.h>

#include "doctor.h"
#include "folder.h"

#define RELEASE	"6.1.0-99-amd64"

static struct finding finding;
/* What the user may, unless a test says otherwise. */
static bool allowed;

static inline bool may_as_test_says(const char *path, int mode)
{
	(void)mode;
	return allowed && !access(path, F_OK);
}

static inline struct doctor a_machine(void)
{
	static char program[PATH_MAX];
	struct doctor doctor = {
		.root = folder,
		.program = program,
		.release = RELEASE,
		.version = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.0",
		.machine = "x86_64",
		.user = "alice",
		.groups = { 1000 },
		.groups_count = 1,
		.address_limit = UINT64_MAX,
		.may = may_as_test_says,
	};

	strcpy(program, in_folder("programs"));
	allowed = true;
	return doctor;
}

/* A file of the machine, and the folders above it. */
static inline void put_bytes(const char *path, const void *bytes, size_t size)
{
	char *to = (char *)in_folder(path);
	char *slash;
	FILE *file;

	for (slash = strchr(to + strlen(folder) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(to, 0700);
		*slash = '/';
	}
	file = fopen(to, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static inline void put(const char *path, const char *text)
{
	put_bytes(path, text, strlen(text));
}

/* Setup and teardown of each test. */
static inline int new_machine(void **state)
{
	return make_folder(state);
}

static inline int end_machine(void **state)
{
	return remove_folder(state);
}

#define machine_test(test) \
	cmocka_unit_test_setup_teardown(test, new_machine, end_machine)

/* Has @check found that? */
static inline void found(doctor_check check, const struct doctor *doctor,
			 enum doctor_level level, const char *what,
			 const char *to_do)
{
	finding = (struct finding){ 0 };
	check(doctor, &finding);
	if (finding.level != level || !strstr(finding.what, what) ||
	    !strstr(finding.to_do, to_do))
		fail_msg("level %d, '%s', '%s' instead of %d, '%s', '%s'",
			 finding.level, finding.what, finding.to_do, level,
			 what, to_do);
	/* Whatever is not well has a way out, and nothing else has. */
	assert_int_equal(!*finding.to_do, level == DOCTOR_OK);
}

#endif
