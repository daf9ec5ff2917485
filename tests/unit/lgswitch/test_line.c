// SPDX-License-Identifier: GPL-2.0
/*
 * test_line.c - faults between ports: frames that are held, lost, split, and
 * what becomes of them when lines and ports go.
 */
#include "fakeswitch.h"

#define MS	1000000ULL
#define NO_TAG	FRAME_NO_TAG

static int start(void **state)
{
	(void)state;
	fake_start(3);
	return 0;
}

static int end(void **state)
{
	(void)state;
	fake_end();
	return 0;
}

static void set_fault(const char *text)
{
	struct fault_config config;
	struct why why;

	assert_good(config_parse_fault(text, &config, &why), &why);
	assert_good(switch_add_fault(&sw, &config, &why), &why);
}

/* Time goes on, and the wheel with it. */
static void pass_ms(unsigned int ms)
{
	struct event_tick *tick = &sw.parts->lines.tick;
	uint64_t end = sw.now_ns + ms * MS;

	while (tick->due_ns <= end) {
		uint64_t due = tick->due_ns;

		tick->due_ns = UINT64_MAX;
		tick->tick(tick, due);
	}
	sw.now_ns = end;
}

static void learn_all(void)
{
	fake_say(0, 1, 1, NO_TAG);
	fake_say(1, 1, 2, NO_TAG);
	fake_say(2, 1, 3, NO_TAG);
	fake[0].count = fake[1].count = fake[2].count = 0;
}

static void a_delay_holds_one_direction_only(void **state)
{
	uint64_t began;

	(void)state;
	learn_all();
	set_fault("p0>p1,delay=10ms");
	began = sw.now_ns;
	fake_say(0, 2, 1, NO_TAG);
	assert_int_equal(fake[1].count, 0);
	fake_say(1, 1, 2, NO_TAG);
	assert_int_equal(fake[0].count, 1);
	fake_say(0, 3, 1, NO_TAG);
	assert_int_equal(fake[2].count, 1);
	pass_ms(9);
	assert_int_equal(fake[1].count, 0);
	pass_ms(2);
	assert_int_equal(fake[1].count, 1);
	assert_in_range(fake[1].sent[0].time_ns - began, 10 * MS,
			10 * MS + WHEEL_TICK_NS);
	assert_int_equal(sw.port[0]->cell[1].frames, 1);
}

static void held_frames_keep_their_order(void **state)
{
	unsigned int i;

	(void)state;
	learn_all();
	set_fault("p0>p1,delay=10ms,jitter=10ms");
	for (i = 0; i < 200; i++) {
		uint8_t data[100];

		fake_make(data, 2, 1, NO_TAG);
		data[60] = i;
		fake_give(0, data, 100);
		sw.now_ns += 50000;
		pass_ms(0);
	}
	pass_ms(30);
	assert_int_equal(fake[1].count, 200);
	for (i = 0; i < 200; i++)
		assert_int_equal(fake[1].sent[i].data[60], i);
}

static void a_loss_of_all_loses_all_and_is_counted(void **state)
{
	int i;

	(void)state;
	learn_all();
	set_fault("*>p1,loss=100%");
	for (i = 0; i < 20; i++)
		fake_say(0, 2, 1, NO_TAG);
	assert_int_equal(fake[1].count, 0);
	assert_int_equal(sw.port[1]->count.dropped[DROP_LOSS], 20);
	/* A flood loses just that copy. */
	fake_say(0, 0xff, 1, NO_TAG);
	assert_int_equal(fake[1].count, 0);
	assert_int_equal(fake[2].count, 1);
}

static void the_most_precise_fault_counts(void **state)
{
	(void)state;
	learn_all();
	set_fault("*>*,loss=100%");
	set_fault("p0>p1,duplicate=100%");
	fake_say(0, 2, 1, NO_TAG);
	assert_int_equal(fake[1].count, 2);
	fake_say(2, 2, 3, NO_TAG);
	assert_int_equal(fake[1].count, 2);
}

static void setting_again_changes_and_removing_ends(void **state)
{
	static const struct endpoint p0 = { .port = "p0" };
	static const struct endpoint p1 = { .port = "p1" };
	struct why why;

	(void)state;
	learn_all();
	set_fault("p0<>p1,delay=10ms");
	fake_say(0, 2, 1, NO_TAG);
	set_fault("p0>p1,loss=100%");
	fake_say(0, 2, 1, NO_TAG);
	assert_good(switch_remove_fault(&sw, &p0, &p1, &why), &why);
	fake_say(0, 2, 1, NO_TAG);
	assert_int_equal(fake[1].count, 1);
	/* What was held goes on, as it would have. */
	pass_ms(20);
	assert_int_equal(fake[1].count, 2);
	assert_fails(switch_remove_fault(&sw, &p0, &p1, &why), &why,
		     "there is no fault from p0 to p1");
	assert_good(switch_remove_fault(&sw, &p1, &p0, &why), &why);
	assert_false(sw.port[0]->has_faults);
}

static void a_damaged_frame_differs_in_one_bit(void **state)
{
	uint8_t data[100], differs = 0;
	unsigned int i;

	(void)state;
	learn_all();
	set_fault("p0>p1,corrupt=100%");
	fake_make(data, 2, 1, NO_TAG);
	fake_give(0, data, 100);
	pass_ms(1);
	assert_int_equal(fake[1].count, 1);
	for (i = 0; i < 100; i++)
		differs += __builtin_popcount(data[i] ^
					      fake[1].sent[0].data[i]);
	assert_int_equal(differs, 1);
}

static void a_full_receiver_drops_what_was_held(void **state)
{
	(void)state;
	learn_all();
	set_fault("p0>p1,delay=1ms");
	fake_say(0, 2, 1, NO_TAG);
	fake[1].room = 0;
	pass_ms(2);
	assert_int_equal(sw.port[1]->count.dropped[DROP_NO_ROOM], 1);
	assert_null(sw.parts->lines.pool.all);
}

static void frames_for_a_port_that_went_are_let_go(void **state)
{
	struct why why;

	(void)state;
	learn_all();
	set_fault("p0>p1,delay=5ms");
	set_fault("p0>p2,delay=5ms");
	fake_say(0, 2, 1, NO_TAG);
	fake_say(0, 3, 1, NO_TAG);
	assert_good(switch_remove_port(&sw, "p1", &why), &why);
	pass_ms(10);
	assert_int_equal(fake[1].count, 0);
	assert_int_equal(fake[2].count, 1);
	assert_int_equal(sw.parts->lines.count, 1);
	assert_null(sw.parts->lines.pool.all);
}

static void super_frames_meet_a_loss_one_by_one(void **state)
{
	/* TCP over IPv4: 3000 bytes of payload in frames of 1000. */
	static uint8_t data[FAKE_HEAD + 14 + 20 + 20 + 3000];
	uint8_t *ip = data + FAKE_HEAD + 14;

	(void)state;
	learn_all();
	set_fault("p0>p1,duplicate=100%");
	fake_make(data, 2, 1, NO_TAG);
	data[0] = 1;				/* needs its checksum */
	data[1] = 1;				/* TCP over IPv4 */
	data[2] = 54;
	data[4] = 1000 & 0xff;
	data[5] = 1000 >> 8;
	data[6] = 34;
	data[8] = 16;
	ip[0] = 0x45;
	ip[2] = (sizeof(data) - FAKE_HEAD - 14) >> 8;
	ip[3] = (sizeof(data) - FAKE_HEAD - 14) & 0xff;
	ip[8] = 64;
	ip[9] = 6;
	ip[20 + 12] = 0x50;
	fake_give(0, data, sizeof(data));
	assert_int_equal(fake[1].count, 6);
	assert_int_equal(fake[1].sent[0].bytes, FAKE_HEAD + 54 + 1000);
	assert_int_equal(fake[1].sent[0].data[1], 0);
}

static void the_same_seed_has_the_same_luck(void **state)
{
	unsigned int got[2], round, i;

	(void)state;
	for (round = 0; round < 2; round++) {
		learn_all();
		set_fault("p0>p1,loss=50%");
		for (i = 0; i < 100; i++)
			fake_say(0, 2, 1, NO_TAG);
		got[round] = fake[1].count;
		fake_end();
		fake_start(3);
	}
	assert_in_range(got[0], 25, 75);
	assert_int_equal(got[0], got[1]);
}

static void memory_is_given_back(void **state)
{
	int i;

	(void)state;
	learn_all();
	set_fault("p0>p1,delay=5ms");
	for (i = 0; i < 100; i++)
		fake_say(0, 2, 1, NO_TAG);
	assert_true(sw.parts->lines.pool.bytes >= 100 * 100);
	pass_ms(10);
	assert_int_equal(fake[1].count, 100);
	for (i = 0; i < 100; i++)
		fake_say(0, 2, 1, NO_TAG);
	assert_true(sw.parts->lines.pool.bytes <= 101 * 2048);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_delay_holds_one_direction_only),
		TEST(held_frames_keep_their_order),
		TEST(a_loss_of_all_loses_all_and_is_counted),
		TEST(the_most_precise_fault_counts),
		TEST(setting_again_changes_and_removing_ends),
		TEST(a_damaged_frame_differs_in_one_bit),
		TEST(a_full_receiver_drops_what_was_held),
		TEST(frames_for_a_port_that_went_are_let_go),
		TEST(super_frames_meet_a_loss_one_by_one),
		TEST(the_same_seed_has_the_same_luck),
		TEST(memory_is_given_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
