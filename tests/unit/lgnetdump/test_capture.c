// SPDX-License-Identifier: GPL-2.0
/*
 * test_capture.c - capture files, good ones and all others, as replay reads
 * them.
 */
#include "capture.h"
#include "folder.h"

#define MAGIC_US	0xa1b2c3d4
#define MAGIC_NS	0xa1b23c4d

static char path[PATH_MAX];
static struct capture capture;
static struct capture_frame frame;
static struct why why;

/* A file that is being made. */
static uint8_t file[4096];
static size_t bytes;

static void add(const void *data, size_t count)
{
	assert_true(bytes + count <= sizeof(file));
	memcpy(file + bytes, data, count);
	bytes += count;
}

static void add32(uint32_t value)
{
	add(&value, sizeof(value));
}

static void begin(uint32_t magic, uint32_t link_type)
{
	bytes = 0;
	add32(magic);
	add32(2 | 4 << 16);
	add32(0);
	add32(0);
	add32(65535);
	add32(link_type);
}

/* A frame of which @kept bytes are there: each is @seed. */
static void add_frame(uint32_t seconds, uint32_t part, uint32_t kept,
		      uint32_t length, uint8_t seed)
{
	uint32_t i;

	add32(seconds);
	add32(part);
	add32(kept);
	add32(length);
	for (i = 0; i < kept; i++)
		add(&seed, 1);
}

static void save(void)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, file, bytes), bytes);
	close(fd);
}

static void save_compressed(void)
{
	gzFile zip = gzopen(path, "wb");

	assert_non_null(zip);
	assert_int_equal(gzwrite(zip, file, bytes), bytes);
	assert_int_equal(gzclose(zip), Z_OK);
}

static void open_good(void)
{
	assert_good(capture_open(&capture, path, &why), &why);
}

static void assert_next(uint64_t time_ns, uint32_t length, uint8_t seed)
{
	if (capture_next(&capture, &frame, &why) != CAPTURE_FRAME)
		fail_msg("no frame: %s", why.text);
	assert_int_equal(frame.time_ns, time_ns);
	assert_int_equal(frame.length, length);
	assert_int_equal(frame.data[0], seed);
	assert_int_equal(frame.data[frame.bytes - 1], seed);
}

static void assert_end(void)
{
	assert_int_equal(capture_next(&capture, &frame, &why), CAPTURE_END);
}

static void assert_broken(const char *words)
{
	assert_int_equal(capture_next(&capture, &frame, &why), CAPTURE_FAILED);
	assert_fails(false, &why, words);
}

static int make_path(void **state)
{
	if (make_folder(state))
		return -1;
	make_file("file", 0);
	strcpy(path, in_folder("file"));
	return 0;
}

static int close_capture(void **state)
{
	(void)state;
	capture_close(&capture);
	return 0;
}

/* --- good ones --- */

static void frames_come_in_order_with_times_in_nanoseconds(void **state)
{
	(void)state;
	begin(MAGIC_NS, 1);
	add_frame(5, 999999999, 60, 60, 1);
	add_frame(6, 1, 100, 100, 2);
	save();
	open_good();
	assert_next(5999999999, 60, 1);
	assert_next(6000000001, 100, 2);
	assert_int_equal(frame.bytes, 100);
	assert_end();
	assert_end();
}

static void microseconds_become_nanoseconds(void **state)
{
	(void)state;
	begin(MAGIC_US, 1);
	add_frame(5, 7, 60, 60, 1);
	save();
	open_good();
	assert_next(5000007000, 60, 1);
	assert_end();
}

static void a_capture_of_no_frames_ends_at_once(void **state)
{
	(void)state;
	begin(MAGIC_NS, 1);
	save();
	open_good();
	assert_end();
}

static void a_compressed_file_is_read_as_it_is(void **state)
{
	(void)state;
	begin(MAGIC_NS, 1);
	add_frame(5, 0, 60, 60, 1);
	add_frame(6, 0, 1000, 1000, 2);
	save_compressed();
	open_good();
	assert_next(5000000000, 60, 1);
	assert_next(6000000000, 1000, 2);
	assert_end();
}

static void a_frame_cut_short_tells_its_length(void **state)
{
	(void)state;
	begin(MAGIC_NS, 1);
	add_frame(5, 0, 60, 1514, 1);
	save();
	open_good();
	assert_next(5000000000, 1514, 1);
	assert_int_equal(frame.bytes, 60);
}

static void a_capture_can_be_read_again(void **state)
{
	int round;

	(void)state;
	begin(MAGIC_NS, 1);
	add_frame(5, 0, 60, 60, 1);
	save_compressed();
	open_good();
	for (round = 0; round < 3; round++) {
		assert_next(5000000000, 60, 1);
		assert_end();
		assert_good(capture_rewind(&capture, &why), &why);
		assert_int_equal(capture.frames, 0);
	}
}

/* Of pcapng: a section, an interface with times in ns, a frame. */
static void blocks_of_pcapng_are_read(void **state)
{
	static const uint32_t blocks[] = {
		0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28,
		1, 32, 1, 65535, 9 | 1 << 16, 9, 0, 32,
		6, 48, 0, 1, 705032705, 14, 14, 0x01010101, 0x01010101,
		0x01010101, 0x0101, 48,
	};

	(void)state;
	bytes = 0;
	add(blocks, sizeof(blocks));
	save();
	open_good();
	assert_next(5000000001, 14, 1);
	assert_end();
}

/* --- all others --- */

static void what_cannot_be_opened_says_why(void **state)
{
	(void)state;
	assert_fails(capture_open(&capture, "/nothing/here", &why), &why,
		     "cannot open /nothing/here: No such file");
	assert_fails(capture_open(&capture, "/tmp", &why), &why,
		     "cannot read /tmp as a capture: Is a directory");
}

static void what_is_no_capture_is_refused(void **state)
{
	(void)state;
	bytes = 0;
	save();
	assert_fails(capture_open(&capture, path, &why), &why,
		     "truncated dump file");
	add("These are no frames, but words.", 31);
	save();
	assert_fails(capture_open(&capture, path, &why), &why,
		     "unknown file format");
}

static void what_is_not_ethernet_is_refused(void **state)
{
	(void)state;
	begin(MAGIC_NS, 113);
	save();
	assert_fails(capture_open(&capture, path, &why), &why,
		     "does not hold Ethernet frames but those of link type 113 (LINUX_SLL)");
	begin(MAGIC_NS, 65000);
	save();
	assert_fails(capture_open(&capture, path, &why), &why,
		     "link type 65000 (capture");
}

static void a_file_that_ends_within_a_frame_gives_those_before_it(void **state)
{
	(void)state;
	begin(MAGIC_NS, 1);
	add_frame(5, 0, 60, 60, 1);
	add_frame(6, 0, 60, 60, 2);
	bytes -= 10;
	save();
	open_good();
	assert_next(5000000000, 60, 1);
	assert_broken("cannot be read beyond its frame 1: truncated dump file");
	bytes -= 60;
	save();
	assert_good(capture_rewind(&capture, &why), &why);
	assert_next(5000000000, 60, 1);
	assert_broken("truncated dump file");
}

static void a_compressed_file_that_ends_too_early_is_told(void **state)
{
	unsigned int i;

	(void)state;
	begin(MAGIC_NS, 1);
	for (i = 0; i < 10; i++)
		add_frame(i, 0, 60, 60, i);
	save_compressed();
	assert_int_equal(truncate(path, 60), 0);
	if (capture_open(&capture, path, &why)) {
		while (capture_next(&capture, &frame, &why) == CAPTURE_FRAME)
			;
		assert_broken("unexpected end of file");
	} else {
		assert_fails(false, &why, "unexpected end of file");
	}
}

static void a_frame_of_absurd_length_is_an_error(void **state)
{
	(void)state;
	begin(MAGIC_NS, 1);
	add_frame(5, 0, 60, 60, 1);
	add32(6);
	add32(0);
	add32(0xfffffff0);
	add32(0xfffffff0);
	save();
	open_good();
	assert_next(5000000000, 60, 1);
	assert_broken("beyond its frame 1");
}

static void a_frame_shorter_than_what_is_here_is_what_is_here(void **state)
{
	(void)state;
	begin(MAGIC_NS, 1);
	add_frame(5, 0, 60, 10, 1);
	save();
	open_good();
	assert_next(5000000000, 60, 1);
	assert_int_equal(frame.bytes, 60);
}

static void times_that_cannot_be_stay_within_bounds(void **state)
{
	/* Ticks of 2^64 - 1 seconds each, which nanoseconds cannot count. */
	static const uint32_t blocks[] = {
		0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28,
		1, 32, 1, 65535, 9 | 1 << 16, 0, 0, 32,
		6, 48, 0, 0x7fffffff, 0xffffffff, 14, 14, 0x01010101,
		0x01010101, 0x01010101, 0x0101, 48,
		6, 48, 0, 0xffffffff, 0xffffffff, 14, 14, 0x01010101,
		0x01010101, 0x01010101, 0x0101, 48,
	};

	(void)state;
	bytes = 0;
	add(blocks, sizeof(blocks));
	save();
	open_good();
	assert_next(UINT64_MAX, 14, 1);
	assert_next(0, 14, 1);
	assert_end();
}

static void blocks_of_absurd_length_are_errors(void **state)
{
	static const uint32_t lengths[] = { 0, 4, 13, 1 << 30, 0xfffffffc };
	static const uint32_t section[] = {
		0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28,
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		bytes = 0;
		add(section, sizeof(section));
		add32(1);
		add32(lengths[i]);
		add32(1);
		add32(65535);
		add32(lengths[i]);
		save();
		assert_fails(capture_open(&capture, path, &why), &why,
			     "as a capture");
	}
}

static void a_pipe_cannot_be_read_again(void **state)
{
	int fd[2], saved = dup(STDIN_FILENO);

	(void)state;
	begin(MAGIC_NS, 1);
	add_frame(5, 0, 60, 60, 1);
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], file, bytes), bytes);
	close(fd[1]);
	dup2(fd[0], STDIN_FILENO);
	close(fd[0]);
	assert_good(capture_open(&capture, "-", &why), &why);
	dup2(saved, STDIN_FILENO);
	close(saved);
	assert_next(5000000000, 60, 1);
	assert_end();
	assert_fails(capture_rewind(&capture, &why), &why,
		     "cannot read the standard input once more: Illegal seek");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, close_capture)
	const struct CMUnitTest tests[] = {
		TEST(frames_come_in_order_with_times_in_nanoseconds),
		TEST(microseconds_become_nanoseconds),
		TEST(a_capture_of_no_frames_ends_at_once),
		TEST(a_compressed_file_is_read_as_it_is),
		TEST(a_frame_cut_short_tells_its_length),
		TEST(a_capture_can_be_read_again),
		TEST(blocks_of_pcapng_are_read),
		TEST(what_cannot_be_opened_says_why),
		TEST(what_is_no_capture_is_refused),
		TEST(what_is_not_ethernet_is_refused),
		TEST(a_file_that_ends_within_a_frame_gives_those_before_it),
		TEST(a_compressed_file_that_ends_too_early_is_told),
		TEST(a_frame_of_absurd_length_is_an_error),
		TEST(a_frame_shorter_than_what_is_here_is_what_is_here),
		TEST(times_that_cannot_be_stay_within_bounds),
		TEST(blocks_of_absurd_length_are_errors),
		TEST(a_pipe_cannot_be_read_again),
	};

	return cmocka_run_group_tests(tests, make_path, remove_folder);
}
