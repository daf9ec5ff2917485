// SPDX-License-Identifier: GPL-2.0
/* Timers fire in their tick, in order, whatever their number. */
#include <stdlib.h>

#include "random.h"
#include "test.h"
#include "wheel.h"

#define TICK	WHEEL_TICK_NS
#define SECOND	1000000000ULL

struct timed {
	struct wheel_timer timer;
	uint64_t when;
	unsigned int number;
};

static struct wheel wheel;

static struct timed *fire(uint64_t now)
{
	return (struct timed *)wheel_expire(&wheel, now);
}

static void add(struct timed *timed, uint64_t when)
{
	timed->when = when;
	wheel_add(&wheel, &timed->timer, when);
}

static void a_timer_fires_in_its_tick_not_before(void **state)
{
	static const uint64_t delay[] = {
		0, 1, TICK - 1, TICK, TICK + 1, 255 * TICK, 256 * TICK,
		257 * TICK + 5, 10000000, SECOND, 3600 * SECOND,
		90000 * SECOND, 400 * 86400 * SECOND,
	};
	uint64_t now, start, tick;
	struct timed timed;
	size_t i;

	(void)state;
	for (start = 0; start < 1000 * SECOND; start = start * 3 + 77777)
		for (i = 0; i < ARRAY_SIZE(delay); i++) {
			wheel_init(&wheel, start);
			add(&timed, start + delay[i]);
			tick = (timed.when + TICK - 1) / TICK * TICK;
			if (tick > start && delay[i])
				assert_null(fire(tick - 1));
			now = tick > start ? tick : start;
			assert_ptr_equal(fire(now), &timed);
			assert_true(now - timed.when < TICK);
			assert_null(fire(now));
			assert_int_equal(wheel.count, 0);
		}
}

static void times_that_are_over_fire_at_once(void **state)
{
	struct timed old;
	uint64_t when;

	(void)state;
	wheel_init(&wheel, 5 * SECOND);
	add(&old, 0);
	assert_true(wheel_next(&wheel, &when));
	assert_true(when <= 5 * SECOND);
	assert_ptr_equal(fire(5 * SECOND), &old);
	assert_false(wheel_next(&wheel, &when));
}

static void the_end_of_time_is_no_trap(void **state)
{
	struct timed last, first;

	(void)state;
	wheel_init(&wheel, 0);
	add(&last, UINT64_MAX);
	add(&first, UINT64_MAX - 3 * TICK);
	assert_null(fire(UINT64_MAX - 4 * TICK));
	assert_ptr_equal(fire(UINT64_MAX), &first);
	assert_ptr_equal(fire(UINT64_MAX), &last);
	assert_null(fire(UINT64_MAX));
}

static void timers_of_a_tick_fire_as_they_were_added(void **state)
{
	static struct timed timed[3 * 1000];
	uint64_t target = 70000 * TICK, now = 0;
	unsigned int i;

	(void)state;
	wheel_init(&wheel, 0);
	/* From afar and from near: all are dealt out on the way. */
	for (i = 0; i < ARRAY_SIZE(timed); i++) {
		timed[i].number = i;
		add(&timed[i], target - i % 10);
		now = target * i / ARRAY_SIZE(timed);
		assert_null(fire(now));
	}
	for (i = 0; i < ARRAY_SIZE(timed); i++)
		assert_int_equal(fire(target)->number, i);
	assert_null(fire(target));
}

/* Sleeps as its user would; returns how often it woke for nothing. */
static unsigned int sleep_through(uint64_t *now, unsigned int count)
{
	unsigned int idle = 0;
	uint64_t when;

	while (wheel_next(&wheel, &when)) {
		struct timed *timed;
		unsigned int fired = 0;

		if (when > *now)
			*now = when;
		while ((timed = fire(*now))) {
			assert_true(*now >= timed->when);
			assert_true(*now - timed->when < TICK);
			fired++;
			count--;
		}
		idle += !fired;
	}
	assert_int_equal(count, 0);
	return idle;
}

static void who_sleeps_until_next_misses_none(void **state)
{
	static struct timed timed[20000];
	struct random random;
	uint64_t now = 123 * SECOND;
	unsigned int i;

	(void)state;
	random_seed(&random, 3);
	wheel_init(&wheel, now);
	for (i = 0; i < ARRAY_SIZE(timed); i++)
		add(&timed[i], now + random_below(&random, 1ULL <<
						  (20 + i % 24)));
	/* Waking to deal out costs less than a look per timer. */
	assert_true(sleep_through(&now, ARRAY_SIZE(timed)) < ARRAY_SIZE(timed));
}

static void a_far_timer_costs_few_looks(void **state)
{
	uint64_t now = 999 * SECOND;
	struct timed timed;

	(void)state;
	wheel_init(&wheel, now);
	add(&timed, now + 60 * SECOND);
	assert_true(sleep_through(&now, 1) < WHEEL_LEVELS);
}

static void removed_timers_do_not_fire(void **state)
{
	struct timed near[3], far;
	uint64_t when;

	(void)state;
	wheel_init(&wheel, 0);
	add(&near[0], 10 * TICK);
	add(&near[1], 10 * TICK);
	add(&near[2], 10 * TICK);
	add(&far, 100000 * TICK);
	wheel_remove(&wheel, &near[1].timer);
	wheel_remove(&wheel, &near[1].timer);
	assert_null(fire(9 * TICK));
	wheel_remove(&wheel, &far.timer);
	assert_ptr_equal(fire(10 * TICK), &near[0]);
	assert_ptr_equal(fire(10 * TICK), &near[2]);
	assert_null(fire(SECOND * 100));
	assert_false(wheel_next(&wheel, &when));
	wheel_remove(&wheel, &near[0].timer);
	assert_int_equal(wheel.count, 0);
}

static void timers_may_be_added_and_removed_as_others_fire(void **state)
{
	static struct timed timed[500];
	struct random random;
	uint64_t now = 0;
	unsigned int i, fired = 0;
	struct timed *due;

	(void)state;
	random_seed(&random, 9);
	memset(timed, 0, sizeof(timed));
	wheel_init(&wheel, 0);
	for (i = 0; i < 200000; i++) {
		struct timed *one = &timed[random_below(&random,
							ARRAY_SIZE(timed))];

		if (one->timer.waits && i % 3)
			wheel_remove(&wheel, &one->timer);
		else if (!one->timer.waits)
			add(one, now + random_below(&random, 600 * TICK));
		now += random_below(&random, TICK);
		while ((due = fire(now))) {
			assert_false(due->timer.waits);
			assert_true(now >= due->when);
			assert_true(now - due->when < 2 * TICK);
			fired++;
		}
	}
	assert_true(fired > 10000);
}

/* Delays of a line: exact to a tick however many frames there are. */
static void delays_are_exact_at(uint64_t per_second)
{
	uint64_t gap = SECOND / per_second, delay = 10000000, sent = 0, when;
	unsigned int count = 2 * per_second, added = 0, fired = 0;
	struct timed *timed = calloc(count, sizeof(*timed)), *due;
	uint64_t now = SECOND;

	wheel_init(&wheel, now);
	sent = now;
	while (fired < count) {
		/* The next thing that happens: a frame, or a timer. */
		if (!wheel_next(&wheel, &when) || (added < count && sent < when)) {
			now = sent;
			timed[added].number = added;
			add(&timed[added++], now + delay);
			sent += gap;
			continue;
		}
		now = when > now ? when : now;
		while ((due = fire(now))) {
			assert_int_equal(due->number, fired);
			assert_true(now >= due->when);
			assert_true(now - due->when < TICK);
			fired++;
		}
	}
	free(timed);
}

static void delays_are_exact_to_a_tick_at_any_rate(void **state)
{
	(void)state;
	delays_are_exact_at(10);
	delays_are_exact_at(10000);
	delays_are_exact_at(200000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_timer_fires_in_its_tick_not_before),
		cmocka_unit_test(times_that_are_over_fire_at_once),
		cmocka_unit_test(the_end_of_time_is_no_trap),
		cmocka_unit_test(timers_of_a_tick_fire_as_they_were_added),
		cmocka_unit_test(who_sleeps_until_next_misses_none),
		cmocka_unit_test(a_far_timer_costs_few_looks),
		cmocka_unit_test(removed_timers_do_not_fire),
		cmocka_unit_test(timers_may_be_added_and_removed_as_others_fire),
		cmocka_unit_test(delays_are_exact_to_a_tick_at_any_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
