// SPDX-License-Identifier: GPL-2.0
/*
 * test_pidfile.c - a pidfile's life, and lives it gets in the way of.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pidfile.h"
#include "test.h"

#define FOLDER	"/tmp/lguest-test-XXXXXX"

static char folder[sizeof(FOLDER)];
static char path[sizeof(folder) + sizeof("/pid")];
static struct why why;

static int new_folder(void **state)
{
	(void)state;
	strcpy(folder, FOLDER);
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/pid", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static int entries(void)
{
	DIR *dir = opendir(folder);
	int count = 0;

	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2;
}

static void it_holds_our_pid_and_goes(void **state)
{
	struct pidfile pidfile;
	char text[32] = "", expected[32];
	FILE *file;

	(void)state;
	assert_good(pidfile_create(&pidfile, path, &why), &why);
	assert_int_equal(entries(), 1);
	file = fopen(path, "r");
	assert_non_null(fgets(text, sizeof(text), file));
	fclose(file);
	snprintf(expected, sizeof(expected), "%d\n", getpid());
	assert_string_equal(text, expected);
	pidfile_remove(&pidfile);
	assert_int_equal(entries(), 0);
	pidfile_remove(&pidfile);
}

static void none_asked_for_means_none(void **state)
{
	struct pidfile pidfile;

	(void)state;
	assert_good(pidfile_create(&pidfile, NULL, &why), &why);
	pidfile_remove(&pidfile);
}

static void that_of_a_living_guest_is_left_alone(void **state)
{
	struct pidfile first, second;

	(void)state;
	assert_good(pidfile_create(&first, path, &why), &why);
	assert_fails(pidfile_create(&second, path, &why), &why,
		     "still runs");
	pidfile_remove(&second);
	assert_int_equal(entries(), 1);
	pidfile_remove(&first);
}

static void one_left_behind_is_replaced(void **state)
{
	struct pidfile pidfile;

	(void)state;
	close(open(path, O_WRONLY | O_CREAT, 0600));
	assert_good(pidfile_create(&pidfile, path, &why), &why);
	pidfile_remove(&pidfile);
}

static void one_that_cannot_be_written_is_named(void **state)
{
	struct pidfile pidfile;
	char long_path[PATH_MAX + 1];

	(void)state;
	assert_fails(pidfile_create(&pidfile, "/nonexistent/pid", &why),
		     &why, "/nonexistent/pid: No such file");
	assert_fails(pidfile_create(&pidfile, folder, &why), &why,
		     "cannot write pidfile");
	assert_int_equal(entries(), 0);
	memset(long_path, 'a', PATH_MAX);
	long_path[PATH_MAX] = '\0';
	assert_fails(pidfile_create(&pidfile, long_path, &why), &why,
		     "too long");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_holds_our_pid_and_goes),
		cmocka_unit_test(none_asked_for_means_none),
		cmocka_unit_test(that_of_a_living_guest_is_left_alone),
		cmocka_unit_test(one_left_behind_is_replaced),
		cmocka_unit_test(one_that_cannot_be_written_is_named),
	};

	return cmocka_run_group_tests(tests, new_folder, remove_folder);
}
