// SPDX-License-Identifier: GPL-2.0
/*
 * test_replay.c - which frames leave when, by a clock and a net of our own.
 */
#include <poll.h>
#include <stdio.h>

#include "fakenet.h"
#include "folder.h"
#include "replay.h"

#define MS	1000000ULL
#define SECOND	(1000 * MS)
/* When the clock begins. */
#define START	(100 * SECOND)

static struct netport port;
static struct replay replay;
static struct why why;
static struct lguest_net_pairs *pairs;

/* --- a clock, and a world that goes on while we wait --- */

static uint64_t now;
static unsigned int waits;
/* Frames that receivers take when they are waited for. */
static unsigned int room_per_wait;
static uint64_t wait_takes;	/* longer than it should */
static unsigned int last_wait;	/* after which it is to end; 0: never */
static uint32_t frames_at[64];	/* sent when each wait began */

static uint64_t now_ns(void)
{
	return now;
}

static bool wait_until(struct netport *at, short events, uint64_t until_ns)
{
	assert_ptr_equal(at, &port);
	assert_true(events & POLLIN);
	if (waits < ARRAY_SIZE(frames_at))
		frames_at[waits] = fakenet.frames;
	waits++;
	if (waits == last_wait)
		return false;
	if (events & POLLOUT) {
		fakenet.send_room = room_per_wait;
		now += MS;
	} else if (until_ns > now) {
		now = until_ns + wait_takes;
	}
	return true;
}

static char said[2048];

static void say(const char *format, ...)
{
	size_t used = strlen(said);
	va_list args;

	va_start(args, format);
	vsnprintf(said + used, sizeof(said) - used, format, args);
	va_end(args);
	strcat(said, "\n");
}

/* --- a file --- */

static FILE *file;

static void add32(uint32_t value)
{
	fwrite(&value, 4, 1, file);
}

static void begin_file(void)
{
	file = fopen(in_folder("file"), "wb");
	assert_non_null(file);
	add32(0xa1b23c4d);
	add32(2 | 4 << 16);
	add32(0);
	add32(0);
	add32(262144);
	add32(1);
}

static void add_frame(uint64_t time_ns, uint32_t kept, uint32_t length,
		      uint8_t seed)
{
	uint32_t i;

	add32(time_ns / SECOND);
	add32(time_ns % SECOND);
	add32(kept);
	add32(length);
	for (i = 0; i < kept; i++)
		fputc(seed, file);
}

static void end_file(void)
{
	fclose(file);
}

static int set_up(void **state)
{
	(void)state;
	fakenet_open(&port);
	port.pairs = pairs;
	port.slot = 3;
	memset(pairs, 0, sizeof(*pairs));
	replay = (struct replay){
		.file = in_folder("file"), .speed = 1, .loop = 1,
		.now_ns = now_ns, .wait = wait_until, .say = say,
	};
	now = START;
	waits = 0;
	wait_takes = 0;
	last_wait = 0;
	room_per_wait = ~0U;
	*said = '\0';
	return 0;
}

static int set_up_all(void **state)
{
	pairs = calloc(1, sizeof(*pairs));
	return !pairs || make_folder(state);
}

static int tear_down_all(void **state)
{
	free(pairs);
	free(fakenet.shared);
	return remove_folder(state);
}

static bool open_and_run(void)
{
	bool good;

	if (!replay_open(&replay, &why))
		return false;
	good = replay_run(&replay, &port, &why);
	replay_close(&replay);
	return good;
}

static void run(void)
{
	assert_good(open_and_run(), &why);
}

static void assert_sent(uint32_t i, uint32_t bytes, uint8_t seed)
{
	static const uint8_t header[LGUEST_FRAME_HEADER];

	assert_true(i < fakenet.frames);
	assert_int_equal(fakenet.frame[i].bytes, LGUEST_FRAME_HEADER + bytes);
	assert_memory_equal(fakenet.frame[i].data, header, sizeof(header));
	assert_int_equal(fakenet.frame[i].data[LGUEST_FRAME_HEADER], seed);
}

/* --- when --- */

static void frames_leave_with_the_pauses_they_had(void **state)
{
	(void)state;
	begin_file();
	add_frame(50 * SECOND, 60, 60, 1);
	add_frame(50 * SECOND + 7 * MS, 61, 61, 2);
	add_frame(52 * SECOND, 62, 62, 3);
	end_file();
	run();
	assert_int_equal(fakenet.frames, 3);
	assert_sent(0, 60, 1);
	assert_sent(1, 61, 2);
	assert_sent(2, 62, 3);
	/* Each was out before the pause that follows it. */
	assert_int_equal(waits, 2);
	assert_int_equal(frames_at[0], 1);
	assert_int_equal(frames_at[1], 2);
	assert_int_equal(now, START + 2 * SECOND);
	assert_int_equal(replay.latest_ns, 0);
}

static void delays_do_not_add_up(void **state)
{
	uint64_t i;

	(void)state;
	begin_file();
	for (i = 0; i < 40; i++)
		add_frame(i * 10 * MS, 60, 60, i);
	end_file();
	wait_takes = 3 * MS;
	run();
	assert_int_equal(now, START + 39 * 10 * MS + 3 * MS);
	assert_int_equal(replay.latest_ns, 3 * MS);
	assert_int_equal(fakenet.frames, 40);
}

static void frames_that_are_late_leave_together(void **state)
{
	uint64_t i;

	(void)state;
	begin_file();
	for (i = 0; i < 5; i++)
		add_frame(i * MS, 60, 60, i);
	end_file();
	wait_takes = SECOND;
	run();
	assert_int_equal(waits, 1);
	assert_int_equal(fakenet.frames, 5);
	assert_int_equal(fakenet.sends, 2);
	assert_int_equal(replay.latest_ns, SECOND);
}

static void speed_divides_the_pauses(void **state)
{
	(void)state;
	begin_file();
	add_frame(5 * SECOND, 60, 60, 1);
	add_frame(15 * SECOND, 60, 60, 2);
	end_file();
	replay.speed = 4;
	run();
	assert_int_equal(now, START + 2500 * MS);
	now = START;
	replay.speed = 0.5;
	run();
	assert_int_equal(now, START + 20 * SECOND);
}

static void at_the_fastest_nobody_waits_for_time(void **state)
{
	uint64_t i;

	(void)state;
	begin_file();
	for (i = 0; i < 2000; i++)
		add_frame(i * SECOND, 60, 60, i);
	end_file();
	replay.speed = REPLAY_FASTEST;
	run();
	assert_int_equal(now, START);
	assert_int_equal(replay.sent, 2000);
	assert_int_equal(replay.bytes, 2000 * 60);
	assert_int_equal(fakenet.frames, 2000);
	/* Many at a time. */
	assert_true(fakenet.sends < 10);
}

static void times_that_go_back_are_now(void **state)
{
	(void)state;
	begin_file();
	add_frame(50 * SECOND, 60, 60, 1);
	add_frame(3 * SECOND, 60, 60, 2);
	add_frame(51 * SECOND, 60, 60, 3);
	end_file();
	run();
	assert_int_equal(now, START + SECOND);
	assert_sent(1, 60, 2);
	assert_int_equal(frames_at[0], 2);
}

static void a_long_pause_is_told(void **state)
{
	(void)state;
	begin_file();
	add_frame(0, 60, 60, 1);
	add_frame(2000000000 * SECOND, 60, 60, 2);
	end_file();
	last_wait = 1;
	run();
	assert_string_equal(said, "frame 2 is due in 2000000000 s (--speed makes that shorter)\n");
	assert_int_equal(fakenet.frames, 1);
}

static void a_pause_beyond_all_clocks_is_endless(void **state)
{
	(void)state;
	begin_file();
	add_frame(0, 60, 60, 1);
	add_frame(2000000000 * SECOND, 60, 60, 2);
	end_file();
	replay.speed = REPLAY_SPEED_MIN;
	run();
	assert_int_equal(now, UINT64_MAX);
}

/* --- how often --- */

static void a_loop_plays_it_again_with_the_same_pauses(void **state)
{
	(void)state;
	begin_file();
	add_frame(5 * SECOND, 60, 60, 1);
	add_frame(6 * SECOND, 60, 60, 2);
	end_file();
	replay.loop = 3;
	run();
	assert_int_equal(fakenet.frames, 6);
	assert_sent(4, 60, 1);
	assert_int_equal(now, START + 3 * SECOND);
}

static void a_loop_without_end_ends_when_told(void **state)
{
	(void)state;
	begin_file();
	add_frame(5 * SECOND, 60, 60, 1);
	add_frame(6 * SECOND, 60, 60, 2);
	end_file();
	replay.loop = 0;
	last_wait = 10;
	run();
	assert_int_equal(replay.sent, 19);
	assert_int_equal(fakenet.frames, 19);
}

static void a_loop_at_the_fastest_ends_when_told(void **state)
{
	(void)state;
	begin_file();
	add_frame(5 * SECOND, 60, 60, 1);
	end_file();
	replay.loop = 0;
	replay.speed = REPLAY_FASTEST;
	last_wait = 3;
	run();
	assert_int_equal(waits, 3);
	assert_int_equal(fakenet.frames, replay.sent);
}

static void a_loop_of_nothing_to_send_ends(void **state)
{
	(void)state;
	begin_file();
	add_frame(5 * SECOND, 60, 1514, 1);
	end_file();
	replay.loop = 0;
	run();
	assert_int_equal(fakenet.frames, 0);
	assert_int_equal(replay.skipped[REPLAY_CUT], 1);
}

/* --- which --- */

static void frames_that_no_net_carries_are_counted(void **state)
{
	uint32_t longest = LGUEST_FRAME_MAX - LGUEST_FRAME_HEADER;

	(void)state;
	begin_file();
	add_frame(0, 60, 61, 1);
	add_frame(0, 13, 13, 2);
	add_frame(0, 0, 0, 3);
	add_frame(0, longest + 1, longest + 1, 4);
	add_frame(0, longest, longest, 5);
	add_frame(0, 14, 14, 6);
	end_file();
	run();
	assert_int_equal(replay.skipped[REPLAY_CUT], 1);
	assert_int_equal(replay.skipped[REPLAY_SHORT], 2);
	assert_int_equal(replay.skipped[REPLAY_LONG], 1);
	assert_int_equal(fakenet.frames, 2);
	assert_sent(0, longest, 5);
	assert_sent(1, 14, 6);
}

static void what_comes_before_an_error_is_sent(void **state)
{
	(void)state;
	begin_file();
	add_frame(0, 60, 60, 1);
	add_frame(0, 60, 60, 2);
	add32(7);
	end_file();
	assert_fails(open_and_run(), &why,
		     "beyond its frame 2");
	assert_int_equal(fakenet.frames, 2);
	replay.file = "/nowhere";
	assert_fails(open_and_run(), &why, "cannot open /nowhere");
}

/* --- receivers --- */

static void receivers_without_room_are_waited_for(void **state)
{
	uint64_t i;

	(void)state;
	begin_file();
	for (i = 0; i < 1000; i++)
		add_frame(0, 60, 60, i);
	end_file();
	fakenet.send_room = 0;
	room_per_wait = 10;
	replay.speed = REPLAY_FASTEST;
	run();
	assert_int_equal(fakenet.frames, 1000);
	assert_int_equal(waits, 100);
	assert_int_equal(replay.left, 0);
	for (i = 0; i < 1000; i++)
		assert_sent(i, 60, i);
}

static void a_receiver_that_never_has_room_can_be_left(void **state)
{
	(void)state;
	begin_file();
	add_frame(0, 60, 60, 1);
	add_frame(0, 60, 60, 2);
	end_file();
	fakenet.send_room = 1;
	room_per_wait = 0;
	last_wait = 5;
	run();
	assert_int_equal(replay.sent, 2);
	assert_int_equal(replay.left, 1);
}

static void what_others_send_is_taken_off_their_hands(void **state)
{
	unsigned int i;

	(void)state;
	begin_file();
	add_frame(0, 60, 60, 1);
	end_file();
	for (i = 0; i < LGUEST_DMA_RING; i++)
		assert_true(fakenet_deliver(60, i, 0));
	assert_false(fakenet_deliver(60, 0, 0));
	run();
	assert_int_equal(fakenet.restocks, 1);
	assert_true(fakenet_deliver(60, 0, 0));
}

static void a_port_that_cannot_send_is_an_error(void **state)
{
	(void)state;
	begin_file();
	add_frame(0, 60, 60, 1);
	end_file();
	fakenet.error = ENODEV;
	assert_fails(open_and_run(), &why,
		     "cannot send into the net: No such device");
}

/* --- what is said --- */

static void the_report_tells_what_became_of_it(void **state)
{
	(void)state;
	begin_file();
	add_frame(0, 60, 60, 1);
	add_frame(1500 * MS, 100, 100, 2);
	add_frame(1500 * MS, 13, 13, 2);
	add_frame(1500 * MS, 100, 101, 2);
	end_file();
	wait_takes = MS / 4;
	run();
	pairs->pair[3][0].count[LGUEST_DELIVERED] = 2;
	pairs->pair[3][7].count[LGUEST_DELIVERED] = 1;
	pairs->pair[3][LGUEST_NET_NOBODY].count[LGUEST_DROP_UNKNOWN] = 1;
	pairs->pair[4][7].count[LGUEST_DROP_DOWN] = 9;
	replay_report(&replay, &port);
	assert_string_equal(said,
			    "2 frames, 160 bytes, sent in 1.500 s, at most 0.250 ms late\n"
			    "1 frames were not sent: cut short in the file\n"
			    "1 frames were not sent: too short for Ethernet\n"
			    "3 copies: delivered\n"
			    "1 copies: nobody has that address\n");
}

static void speeds_are_numbers_in_range(void **state)
{
	static const char *const bad[] = {
		"", "-1", "+1", " 1", "1x", "inf", "nan", "0x10", "1e3", ".5",
		"1.2.3", "fast",
	};
	static const char *const beyond[] = { "0", "0.0000001", "1000001",
		"99999999999999999999999999999999999999999999999999" };
	double speed;
	unsigned int i;

	(void)state;
	assert_good(replay_parse_speed("2", &speed, &why), &why);
	assert_true(speed == 2);
	assert_good(replay_parse_speed("0.25", &speed, &why), &why);
	assert_true(speed == 0.25);
	assert_good(replay_parse_speed("max", &speed, &why), &why);
	assert_true(speed == REPLAY_FASTEST);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_fails(replay_parse_speed(bad[i], &speed, &why), &why,
			     "is not a speed");
	for (i = 0; i < ARRAY_SIZE(beyond); i++)
		assert_fails(replay_parse_speed(beyond[i], &speed, &why), &why,
			     "out of range");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
	const struct CMUnitTest tests[] = {
		TEST(frames_leave_with_the_pauses_they_had),
		TEST(delays_do_not_add_up),
		TEST(frames_that_are_late_leave_together),
		TEST(speed_divides_the_pauses),
		TEST(at_the_fastest_nobody_waits_for_time),
		TEST(times_that_go_back_are_now),
		TEST(a_long_pause_is_told),
		TEST(a_pause_beyond_all_clocks_is_endless),
		TEST(a_loop_plays_it_again_with_the_same_pauses),
		TEST(a_loop_without_end_ends_when_told),
		TEST(a_loop_at_the_fastest_ends_when_told),
		TEST(a_loop_of_nothing_to_send_ends),
		TEST(frames_that_no_net_carries_are_counted),
		TEST(what_comes_before_an_error_is_sent),
		TEST(receivers_without_room_are_waited_for),
		TEST(a_receiver_that_never_has_room_can_be_left),
		TEST(what_others_send_is_taken_off_their_hands),
		TEST(a_port_that_cannot_send_is_an_error),
		TEST(the_report_tells_what_became_of_it),
		TEST(speeds_are_numbers_in_range),
	};

	return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
