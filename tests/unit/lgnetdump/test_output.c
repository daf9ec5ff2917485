// SPDX-License-Identifier: GPL-2.0
/*
 * test_output.c - writing frames to files and pipes, with too little room.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"
#include "test.h"

static char folder[32];
static char path[64];
static struct output output;
static uint64_t captured, unwritten;
static struct why why;

static int open_folder(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	strcpy(folder, "/tmp/test-output-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/file", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static void start(const char *name, bool compress)
{
	captured = unwritten = 0;
	assert_good(output_init(&output, compress, &why), &why);
	assert_good(output_open(&output, name, &why), &why);
}

static bool put_frame(size_t bytes, int byte)
{
	uint8_t *to = output_room(&output, &why);

	if (!to)
		return false;
	memset(to, byte, bytes);
	output_add(&output, bytes);
	output_end_frame(&output, &captured, &unwritten);
	return true;
}

static uint64_t file_size(void)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

static void frames_are_written_in_order(void **state)
{
	uint8_t byte;
	FILE *file;
	int i, j;

	(void)state;
	start(path, false);
	for (i = 0; i < 100; i++)
		assert_true(put_frame(60000, i));
	assert_int_equal(output_size(&output), 100 * 60000);
	assert_good(output_close(&output, &why), &why);
	output_free(&output);
	assert_int_equal(captured, 100);
	assert_int_equal(file_size(), 100 * 60000);
	file = fopen(path, "r");
	for (i = 0; i < 100; i++)
		for (j = 0; j < 60000; j++) {
			byte = getc(file);
			if (byte != i)
				fail_msg("byte %d of frame %d is %d", j, i, byte);
		}
	fclose(file);
}

static void many_small_frames_are_no_problem(void **state)
{
	int i;

	(void)state;
	start(path, false);
	for (i = 0; i < 3 * OUTPUT_FRAMES; i++)
		assert_true(put_frame(16, i));
	assert_good(output_close(&output, &why), &why);
	output_free(&output);
	assert_int_equal(captured, 3 * OUTPUT_FRAMES);
	assert_int_equal(file_size(), 3 * OUTPUT_FRAMES * 16);
}

static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	setrlimit(RLIMIT_FSIZE, &limit);
}

/* As with a full disk: some of a buffer can be written, but not all of it. */
static void a_file_ends_with_the_last_frame_that_fits(void **state)
{
	int i;

	(void)state;
	start(path, false);
	limit_files(10000);
	for (i = 0; i < 20; i++)
		assert_true(put_frame(700, i));
	assert_int_equal(captured, 20);
	assert_fails(output_flush(&output, &why), &why, "cannot write to");
	assert_non_null(strstr(why.text, "up to the last frame"));
	assert_false(output.gone);
	output_close(&output, &why);
	output_free(&output);
	limit_files(RLIM_INFINITY);
	assert_int_equal(captured, 14);
	assert_int_equal(unwritten, 6);
	assert_int_equal(file_size(), 14 * 700);
}

static void a_compressed_file_ends_with_a_whole_member(void **state)
{
	uint64_t whole;
	char data[100];
	gzFile file;
	int i;

	(void)state;
	start(path, true);
	for (i = 0; i < 20; i++)
		assert_true(put_frame(700, i));
	assert_good(output_flush(&output, &why), &why);
	whole = file_size();
	assert_int_equal(output_size(&output), whole);
	limit_files(whole + 10);
	for (i = 0; i < 5; i++)
		assert_true(put_frame(700, i));
	assert_fails(output_flush(&output, &why), &why, "cannot write to");
	output_close(&output, &why);
	output_free(&output);
	limit_files(RLIM_INFINITY);
	assert_int_equal(captured, 20);
	assert_int_equal(unwritten, 5);
	assert_int_equal(file_size(), whole);
	file = gzopen(path, "r");
	for (i = 0; i < 20 * 7; i++)
		assert_int_equal(gzread(file, data, 100), 100);
	assert_int_equal(gzread(file, data, 100), 0);
	assert_int_equal(gzclose(file), Z_OK);
}

static void members_follow_each_other(void **state)
{
	char data[100];
	gzFile file;
	int i, j;

	(void)state;
	start(path, true);
	for (i = 0; i < 5; i++) {
		assert_true(put_frame(100, 'a' + i));
		assert_good(output_flush(&output, &why), &why);
	}
	assert_good(output_close(&output, &why), &why);
	output_free(&output);
	file = gzopen(path, "r");
	for (i = 0; i < 5; i++) {
		assert_int_equal(gzread(file, data, 100), 100);
		for (j = 0; j < 100; j++)
			assert_int_equal(data[j], 'a' + i);
	}
	assert_int_equal(gzread(file, data, 1), 0);
	gzclose(file);
}

/* Its only process reads, and then goes away. */
static void a_reader_that_leaves_is_noticed(void **state)
{
	int ends[2], saved = dup(STDOUT_FILENO);

	(void)state;
	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDOUT_FILENO);
	close(ends[1]);
	start("-", false);
	assert_true(put_frame(100, 1));
	assert_good(output_flush(&output, &why), &why);
	close(ends[0]);
	assert_true(put_frame(100, 1));
	assert_fails(output_flush(&output, &why), &why, "standard output");
	dup2(saved, STDOUT_FILENO);
	close(saved);
	assert_true(output.gone);
	assert_int_equal(captured, 1);
	assert_int_equal(unwritten, 1);
	output_close(&output, &why);
	output_free(&output);
}

static bool yes(void)
{
	return true;
}

static void on_alarm(int number)
{
	(void)number;
}

/* A pipe is full and nobody reads it: a signal ends the wait. */
static void waiting_for_a_reader_can_be_given_up(void **state)
{
	struct sigaction action = { .sa_handler = on_alarm };
	int ends[2], saved = dup(STDOUT_FILENO), i;

	(void)state;
	sigaction(SIGALRM, &action, NULL);
	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDOUT_FILENO);
	close(ends[1]);
	start("-", false);
	output_gives_up = yes;
	for (i = 0; i < 10; i++)
		assert_true(put_frame(50000, 1));
	alarm(1);
	assert_fails(output_flush(&output, &why), &why, "gave up");
	output_gives_up = NULL;
	dup2(saved, STDOUT_FILENO);
	close(saved);
	close(ends[0]);
	assert_int_equal(captured + unwritten, 10);
	/* A pipe takes 64 KiB. */
	assert_int_equal(captured, 1);
	output_close(&output, &why);
	output_free(&output);
}

static void what_cannot_be_opened_is_told(void **state)
{
	(void)state;
	assert_good(output_init(&output, false, &why), &why);
	assert_fails(output_open(&output, "/nonexistent/file", &why), &why,
		     "cannot create /nonexistent/file: No such file");
	assert_fails(output_open(&output, "/tmp", &why), &why, "directory");
	output_free(&output);
}

static void a_device_that_is_full_is_told(void **state)
{
	(void)state;
	start("/dev/full", false);
	assert_true(put_frame(100, 1));
	assert_fails(output_close(&output, &why), &why, "No space left");
	assert_int_equal(unwritten, 1);
	output_free(&output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_written_in_order),
		cmocka_unit_test(many_small_frames_are_no_problem),
		cmocka_unit_test(a_file_ends_with_the_last_frame_that_fits),
		cmocka_unit_test(a_compressed_file_ends_with_a_whole_member),
		cmocka_unit_test(members_follow_each_other),
		cmocka_unit_test(a_reader_that_leaves_is_noticed),
		cmocka_unit_test(waiting_for_a_reader_can_be_given_up),
		cmocka_unit_test(what_cannot_be_opened_is_told),
		cmocka_unit_test(a_device_that_is_full_is_told),
	};

	return cmocka_run_group_tests(tests, open_folder, remove_folder);
}
