// SPDX-License-Identifier: GPL-2.0
/* What a bad line does to frames, by a clock of our own. */
#include <math.h>
#include <stdio.h>

#include "fault.h"
#include "test.h"
#include "wheel.h"

#define US	1000ULL
#define MS	1000000ULL
#define SECOND	1000000000ULL

static struct fault fault;
static struct fault_plan plan;

static struct fault_spec spec_of(const char *text)
{
	struct fault_spec spec;
	struct why why;

	assert_good(fault_parse(text, &spec, &why), &why);
	return spec;
}

static void begin(const char *text, uint64_t seed, uint64_t now)
{
	struct fault_spec spec = spec_of(text);

	fault_init(&fault, &spec, seed, now);
}

static void send_frame(uint64_t now, uint32_t bytes)
{
	fault_apply(&fault, now, bytes, &plan);
}

/* --- words --- */

static void words_are_understood_and_said_again(void **state)
{
	static const char *const same[] = {
		"", "delay=10ms", "delay=1500us,jitter=1ms", "loss=1%",
		"loss=0.0001%", "loss=100%", "delay=60s", "delay=1ns",
		"delay=1s,reorder=12.5%", "duplicate=50.05%,corrupt=0.1%",
		"rate=10m", "rate=1500k,limit=64K", "rate=1g,limit=1500",
		"rate=1000g,limit=1G", "flap=5s/500ms", "down", "rate=1k",
		"delay=10ms,jitter=2ms,loss=1%,duplicate=1%,reorder=1%,corrupt=0.1%,rate=10m,limit=128K,flap=1s/1ms",
	};
	char text[FAULT_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(same); i++) {
		struct fault_spec spec = spec_of(same[i]);

		fault_format(&spec, text);
		assert_string_equal(text, same[i]);
	}
}

static void words_have_other_forms(void **state)
{
	static const char *const form[][2] = {
		{ "delay=1.5ms", "delay=1500us" },
		{ "delay=0.25s,jitter=0", "delay=250ms" },
		{ "rate=2.5G", "rate=2500m" },
		{ "rate=9600", "rate=9600" },
		{ "loss=00.50%", "loss=0.5%" },
		{ "loss=0", "" },
		{ "limit=2048,rate=1M", "rate=1m,limit=2K" },
	};
	char text[FAULT_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(form); i++) {
		struct fault_spec spec = spec_of(form[i][0]);

		fault_format(&spec, text);
		assert_string_equal(text, form[i][1]);
	}
}

static void the_longest_words_fit(void **state)
{
	struct fault_spec spec = {
		.delay_ns = FAULT_DELAY_MAX - 1,
		.jitter_ns = FAULT_DELAY_MAX - 1,
		.loss_ppm = 999999, .duplicate_ppm = 999999,
		.reorder_ppm = 999999, .corrupt_ppm = 999999,
		.rate = FAULT_RATE_MAX - 1, .limit = FAULT_LIMIT_MAX - 1,
		.flap_up_ns = FAULT_FLAP_MAX - 1,
		.flap_down_ns = FAULT_FLAP_MAX - 1,
	};
	struct fault_spec again;
	char text[FAULT_TEXT];

	(void)state;
	fault_format(&spec, text);
	assert_true(strlen(text) < FAULT_TEXT - 8);
	again = spec_of(text);
	assert_true(again.delay_ns == spec.delay_ns &&
		    again.limit == spec.limit &&
		    again.rate == spec.rate &&
		    again.corrupt_ppm == spec.corrupt_ppm &&
		    again.flap_down_ns == spec.flap_down_ns);
}

static void nonsense_is_refused(void **state)
{
	static const char *const bad[][2] = {
		{ "delay", "delay needs a value" },
		{ "delay=", "delay needs a value" },
		{ "delay=10", "as in 10ms" },
		{ "delay=ms", "as in 10ms" },
		{ "delay=-1ms", "as in 10ms" },
		{ "delay= 1ms", "as in 10ms" },
		{ "delay=1 ms", "as in 10ms" },
		{ "delay=1.ms", "as in 10ms" },
		{ "delay=.5ms", "as in 10ms" },
		{ "delay=1.5.5ms", "as in 10ms" },
		{ "delay=0x10ms", "as in 10ms" },
		{ "delay=61s", "as in 10ms" },
		{ "delay=0.5ns", "as in 10ms" },
		{ "delay=1.0000000001s", "as in 10ms" },
		{ "delay=1.00000000001s", "as in 10ms" },
		{ "delay=99999999999999999999s", "as in 10ms" },
		{ "delay=18446744073709551615s", "as in 10ms" },
		{ "loss=1", "0% to 100%" },
		{ "loss=101%", "0% to 100%" },
		{ "loss=100.0001%", "0% to 100%" },
		{ "loss=0.00001%", "0% to 100%" },
		{ "loss=nan%", "0% to 100%" },
		{ "rate=0", "1k to 1000g" },
		{ "rate=999", "1k to 1000g" },
		{ "rate=1001g", "1k to 1000g" },
		{ "rate=10mbit", "1k to 1000g" },
		{ "rate=1m,limit=1499", "1500 to 1G" },
		{ "rate=1m,limit=2G", "1500 to 1G" },
		{ "flap=5s", "up and down" },
		{ "flap=5s/", "up and down" },
		{ "flap=/5s", "up and down" },
		{ "flap=1us/1s", "up and down" },
		{ "flap=1s/3601s", "up and down" },
		{ "flap=1s/1s/1s", "up and down" },
		{ "flap=000000000000000000000000000000001s/1s", "up and down" },
		{ "down=1", "takes no value" },
		{ "delayed=1ms", "there is no fault 'delayed'" },
		{ "=", "there is no fault ''" },
		{ ",", "there is no fault ''" },
		{ "delay=1ms,", "last comma" },
		{ "delay=1ms,delay=2ms", "delay is there twice" },
		{ "down,down", "down is there twice" },
		{ "delay=0000000000000000000000000000000000000000000000000000000001ms",
		  "too long" },
		/* Each is good, together they are not. */
		{ "jitter=1ms", "jitter cannot be more than delay" },
		{ "delay=1ms,jitter=1001us", "jitter cannot be more than delay" },
		{ "reorder=1%", "reorder needs a delay" },
		{ "limit=64K", "limit needs a rate" },
		{ "down,flap=1s/1s", "contradict" },
	};
	struct fault_spec spec;
	struct why why;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_fails(fault_parse(bad[i][0], &spec, &why), &why,
			     bad[i][1]);
}

static void only_chance_needs_frames_as_on_a_wire(void **state)
{
	static const struct {
		const char *text;
		bool none, needs;
	} spec[] = {
		{ "", true, false }, { "loss=0%,delay=0ms", true, false },
		{ "delay=1ms,jitter=1ms", false, false },
		{ "rate=1m", false, false }, { "down", false, false },
		{ "flap=1s/1s", false, false },
		{ "loss=1%", false, true }, { "duplicate=1%", false, true },
		{ "corrupt=1%", false, true },
		{ "delay=1ms,reorder=1%", false, true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(spec); i++) {
		struct fault_spec one = spec_of(spec[i].text);

		assert_int_equal(fault_is_none(&one), spec[i].none);
		assert_int_equal(fault_needs_segments(&one), spec[i].needs);
	}
}

/* --- chance --- */

/* So many of @count at @ppm as 5 standard deviations allow. */
static void assert_likely(uint64_t happened, uint64_t count, double ppm)
{
	double p = ppm / RANDOM_SURE;
	double away = fabs(happened - count * p);

	assert_true(away <= 5 * sqrt(count * p * (1 - p)) + 0.5);
}

static void chance_is_within_its_confidence_interval(void **state)
{
	static const struct {
		const char *text;
		double ppm;
	} percent[] = {
		{ "0.01%", 100 }, { "0.1%", 1000 }, { "1%", 10000 },
		{ "12.5%", 125000 }, { "50%", 500000 }, { "100%", 1000000 },
	};
	const unsigned int count = 200000;
	char text[FAULT_TEXT];
	unsigned int n;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(percent); i++) {
		snprintf(text, sizeof(text), "loss=%s", percent[i].text);
		begin(text, i, 0);
		for (n = 0; n < count; n++)
			send_frame(n, 100);
		assert_likely(fault.counts.lost, count, percent[i].ppm);
		assert_int_equal(fault.counts.lost + fault.counts.copies, count);

		snprintf(text, sizeof(text),
			 "delay=1ms,duplicate=%s,corrupt=%s,reorder=%s",
			 percent[i].text, percent[i].text, percent[i].text);
		begin(text, i, 0);
		for (n = 0; n < count; n++)
			send_frame(n, 100);
		assert_likely(fault.counts.duplicated, count, percent[i].ppm);
		assert_likely(fault.counts.corrupted, count, percent[i].ppm);
		assert_likely(fault.counts.reordered, fault.counts.copies,
			      percent[i].ppm);
		assert_int_equal(fault.counts.copies,
				 count + fault.counts.duplicated);
	}
}

/* Losses do not hang together: after one the next is as likely. */
static void losses_are_independent(void **state)
{
	unsigned int n, pairs = 0, count = 200000;
	bool before = false, lost;

	(void)state;
	begin("loss=10%", 5, 0);
	for (n = 0; n < count; n++) {
		send_frame(n, 100);
		lost = plan.drop == FAULT_LOST;
		pairs += before && lost;
		before = lost;
	}
	assert_likely(pairs, count, 10000);
}

static void a_run_repeats_and_another_seed_does_not(void **state)
{
	static const char text[] =
		"delay=5ms,jitter=2ms,loss=10%,duplicate=10%,reorder=10%,corrupt=10%,rate=10m";
	struct fault_spec spec = spec_of(text);
	struct fault one, same, other;
	struct fault_plan plans[3];
	unsigned int n, differ = 0;

	(void)state;
	fault_init(&one, &spec, 7, 0);
	fault_init(&same, &spec, 7, 0);
	fault_init(&other, &spec, 8, 0);
	for (n = 0; n < 10000; n++) {
		fault_apply(&one, n * MS, 500, &plans[0]);
		fault_apply(&same, n * MS, 500, &plans[1]);
		fault_apply(&other, n * MS, 500, &plans[2]);
		assert_memory_equal(&plans[0], &plans[1], sizeof(plans[0]));
		differ += !!memcmp(&plans[0], &plans[2], sizeof(plans[0]));
	}
	assert_true(differ > 9000);
}

static void damage_is_one_bit_anywhere_in_the_frame(void **state)
{
	unsigned int count[8 * 20] = { 0 }, n;

	(void)state;
	begin("corrupt=100%", 1, 0);
	for (n = 0; n < 100 * ARRAY_SIZE(count); n++) {
		send_frame(n, 20);
		assert_true(plan.corrupt);
		assert_true(plan.bit < ARRAY_SIZE(count));
		count[plan.bit]++;
	}
	for (n = 0; n < ARRAY_SIZE(count); n++)
		assert_in_range(count[n], 50, 150);
}

/* --- time --- */

static void without_faults_frames_go_at_once(void **state)
{
	(void)state;
	begin("", 0, 0);
	send_frame(12345, 60);
	assert_int_equal(plan.copies, 1);
	assert_int_equal(plan.when[0], 12345);
	assert_false(plan.corrupt);
}

/* The module's and the switch's part of it is not here, but all of ours. */
static void delay_is_exact_to_a_tick_at(uint64_t per_second)
{
	static struct wheel wheel;
	struct wheel_timer timer;
	uint64_t now = 5 * SECOND, when, gap = SECOND / per_second;
	unsigned int n;

	begin("delay=10ms", 0, now);
	wheel_init(&wheel, now);
	for (n = 0; n < 1000; n++, now += gap) {
		send_frame(now, 1000);
		assert_int_equal(plan.copies, 1);
		assert_true(plan.when[0] == now + 10 * MS);
		/* Its own wheel, for one frame at a time. */
		wheel_init(&wheel, now);
		wheel_add(&wheel, &timer, plan.when[0]);
		while (wheel_next(&wheel, &when))
			if (wheel_expire(&wheel, when))
				break;
		assert_true(when >= now + 10 * MS);
		assert_true(when - now - 10 * MS < WHEEL_TICK_NS);
	}
}

static void delay_is_exact_to_a_tick(void **state)
{
	(void)state;
	delay_is_exact_to_a_tick_at(10);
	delay_is_exact_to_a_tick_at(10000);
}

static void jitter_is_even_around_the_delay(void **state)
{
	const unsigned int count = 100000;
	uint64_t now = 0, least = UINT64_MAX, most = 0;
	double sum = 0;
	unsigned int n;

	(void)state;
	begin("delay=10ms,jitter=4ms", 3, 0);
	/* Far enough apart that none could overtake. */
	for (n = 0; n < count; n++, now += 20 * MS) {
		uint64_t delay;

		send_frame(now, 100);
		delay = plan.when[0] - now;
		least = delay < least ? delay : least;
		most = delay > most ? delay : most;
		sum += delay;
	}
	assert_in_range(least, 6 * MS, 6 * MS + 10 * US);
	assert_in_range(most, 14 * MS - 10 * US, 14 * MS);
	/* 5 standard errors of 2.31 ms / sqrt(count) */
	assert_true(fabs(sum / count - 10 * MS) < 37 * US);
}

static void jitter_alone_keeps_the_order(void **state)
{
	uint64_t before = 0, now;
	unsigned int n;

	(void)state;
	begin("delay=10ms,jitter=10ms,duplicate=20%", 4, 0);
	for (n = 0, now = 0; n < 10000; n++, now += 100 * US) {
		unsigned int i;

		send_frame(now, 100);
		for (i = 0; i < plan.copies; i++) {
			assert_true(plan.when[i] >= before);
			assert_true(plan.when[i] <= now + 20 * MS);
			before = plan.when[i];
		}
	}
}

static void reordered_frames_overtake_those_with_delay(void **state)
{
	unsigned int n, early = 0, count = 10000;
	uint64_t now = 0;

	(void)state;
	begin("delay=10ms,jitter=1ms,reorder=25%", 6, 0);
	for (n = 0; n < count; n++, now += MS) {
		send_frame(now, 100);
		if (plan.when[0] == now)
			early++;
		else
			assert_true(plan.when[0] >= now + 9 * MS);
	}
	assert_int_equal(early, fault.counts.reordered);
	assert_likely(early, count, 250000);
}

static void a_rate_is_kept_and_frames_take_their_time(void **state)
{
	uint64_t now = SECOND;
	unsigned int n;

	(void)state;
	/* 1250 bytes at 10 Mbit/s take 1 ms. */
	begin("rate=10m", 0, now);
	send_frame(now, 1250);
	assert_true(plan.when[0] == now + MS);
	send_frame(now, 1250);
	assert_true(plan.when[0] == now + 2 * MS);
	/* An idle line saves nothing up. */
	now += SECOND;
	send_frame(now, 1250);
	assert_true(plan.when[0] == now + MS);
	/* With a delay it adds up. */
	begin("rate=10m,delay=5ms", 0, now);
	for (n = 1; n <= 100; n++) {
		send_frame(now, 1250);
		assert_true(plan.when[0] == now + n * MS + 5 * MS);
	}
}

/* What goes through in a second, however odd the numbers. */
static void rate_is_exact_at(const char *text, double rate, uint32_t bytes)
{
	uint64_t frames = 0;

	begin(text, 0, 0);
	do {
		/* As soon as the last one is through: never idle, never full. */
		send_frame(plan.when[0], bytes);
		assert_int_equal(plan.copies, 1);
		frames++;
	} while (plan.when[0] < SECOND && frames < 1000000);
	assert_true(fabs(frames * bytes * 8.0 / plan.when[0] * SECOND - rate) <
		    rate / 10000 + 8 * bytes);
}

static void rates_are_exact_at_any_size(void **state)
{
	static const uint32_t bytes[] = { 60, 61, 999, 1514, 65549 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bytes); i++) {
		plan.when[0] = 0;
		rate_is_exact_at("rate=64k", 64e3, bytes[i]);
		plan.when[0] = 0;
		rate_is_exact_at("rate=10m", 10e6, bytes[i]);
		plan.when[0] = 0;
		rate_is_exact_at("rate=999m", 999e6, bytes[i]);
	}
}

static void small_frames_at_a_huge_rate_do_not_lose_time(void **state)
{
	unsigned int n;

	(void)state;
	/* 60 bytes at 1 Tbit/s take 0.48 ns. */
	begin("rate=1000g,limit=1G", 0, 0);
	for (n = 0; n < 1000000; n++)
		send_frame(0, 60);
	assert_true(plan.when[0] == 480000);
}

static void what_finds_no_room_to_wait_is_dropped(void **state)
{
	uint64_t now = 0;
	unsigned int n;

	(void)state;
	begin("rate=8k,limit=3000", 0, 0);
	for (n = 0; n < 10; n++)
		send_frame(now, 1000);
	/* One in transmission does not wait, but still counts. */
	assert_int_equal(fault.counts.copies, 3);
	assert_int_equal(fault.counts.full, 7);
	assert_int_equal(plan.drop, FAULT_FULL);
	assert_int_equal(plan.copies, 0);
	now += SECOND;
	send_frame(now, 1000);
	assert_int_equal(plan.drop, FAULT_KEPT);
	assert_true(plan.when[0] == 4 * SECOND);
	/* A frame longer than the limit passes when the line is idle. */
	now += 100 * SECOND;
	send_frame(now, 65000);
	assert_int_equal(plan.copies, 1);
	send_frame(now, 65000);
	assert_int_equal(plan.drop, FAULT_FULL);
}

static void duplicates_use_the_rate_too(void **state)
{
	(void)state;
	begin("rate=8k,limit=1500,duplicate=100%", 0, 0);
	send_frame(0, 1000);
	assert_int_equal(plan.copies, 1);
	assert_int_equal(fault.counts.full, 1);
	assert_int_equal(plan.drop, FAULT_KEPT);
	begin("rate=8k,duplicate=100%", 0, 0);
	send_frame(0, 1000);
	assert_int_equal(plan.copies, 2);
	assert_true(plan.when[0] == SECOND);
	assert_true(plan.when[1] == 2 * SECOND);
}

static void a_line_that_is_down_takes_nothing(void **state)
{
	struct fault_spec up = spec_of("");

	(void)state;
	begin("down,delay=1ms", 0, 0);
	send_frame(5, 100);
	assert_int_equal(plan.drop, FAULT_DOWN);
	assert_int_equal(plan.copies, 0);
	assert_int_equal(fault.counts.down, 1);
	fault_change(&fault, &up, 6);
	send_frame(7, 100);
	assert_int_equal(plan.copies, 1);
	assert_int_equal(fault.counts.frames, 2);
	assert_int_equal(fault.counts.bytes, 200);
}

static void a_line_flaps_in_time(void **state)
{
	uint64_t start = 77 * SECOND, at;

	(void)state;
	begin("flap=30ms/10ms", 0, start);
	for (at = 0; at < SECOND; at += MS) {
		send_frame(start + at, 100);
		assert_int_equal(plan.drop, at / MS % 40 < 30 ? FAULT_KEPT :
								FAULT_DOWN);
	}
	assert_int_equal(fault.counts.down, 250);
}

static void after_a_change_frames_do_not_wait_for_the_old_ones(void **state)
{
	struct fault_spec fast = spec_of("rate=100m,delay=1ms");

	(void)state;
	begin("rate=8k,delay=60s", 0, 0);
	send_frame(0, 60000);
	assert_true(plan.when[0] == 120 * SECOND);
	fault_change(&fault, &fast, SECOND);
	send_frame(SECOND, 1250);
	assert_true(plan.when[0] == SECOND + 100 * US + MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_understood_and_said_again),
		cmocka_unit_test(words_have_other_forms),
		cmocka_unit_test(the_longest_words_fit),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(only_chance_needs_frames_as_on_a_wire),
		cmocka_unit_test(chance_is_within_its_confidence_interval),
		cmocka_unit_test(losses_are_independent),
		cmocka_unit_test(a_run_repeats_and_another_seed_does_not),
		cmocka_unit_test(damage_is_one_bit_anywhere_in_the_frame),
		cmocka_unit_test(without_faults_frames_go_at_once),
		cmocka_unit_test(delay_is_exact_to_a_tick),
		cmocka_unit_test(jitter_is_even_around_the_delay),
		cmocka_unit_test(jitter_alone_keeps_the_order),
		cmocka_unit_test(reordered_frames_overtake_those_with_delay),
		cmocka_unit_test(a_rate_is_kept_and_frames_take_their_time),
		cmocka_unit_test(rates_are_exact_at_any_size),
		cmocka_unit_test(small_frames_at_a_huge_rate_do_not_lose_time),
		cmocka_unit_test(what_finds_no_room_to_wait_is_dropped),
		cmocka_unit_test(duplicates_use_the_rate_too),
		cmocka_unit_test(a_line_that_is_down_takes_nothing),
		cmocka_unit_test(a_line_flaps_in_time),
		cmocka_unit_test(after_a_change_frames_do_not_wait_for_the_old_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
