// SPDX-License-Identifier: GPL-2.0
/*
 * test_events.c - files and times that are waited for, and what may change
 * while they are.
 */
#include <sys/eventfd.h>
#include <unistd.h>

#include "events.h"
#include "test.h"

#define MS	1000000ULL

static struct events events;
static struct event_file file[3];
static struct event_tick tick[2];
static unsigned int calls[3], ticks[2];
static struct why why;

static void ready(struct event_file *of, uint32_t happened)
{
	assert_true(happened & EPOLLIN);
	calls[of - file]++;
}

/* The first to be called removes the others. */
static void remove_others(struct event_file *of, uint32_t happened)
{
	unsigned int i;

	(void)happened;
	calls[of - file]++;
	for (i = 0; i < 3; i++)
		if (&file[i] != of)
			events_remove(&events, &file[i]);
}

static void count_tick(struct event_tick *of, uint64_t now_ns)
{
	assert_true(now_ns <= events_now());
	ticks[of - tick]++;
}

static int start(void **state)
{
	unsigned int i;

	(void)state;
	memset(calls, 0, sizeof(calls));
	memset(ticks, 0, sizeof(ticks));
	if (!events_init(&events, &why))
		return -1;
	for (i = 0; i < 3; i++) {
		file[i] = (struct event_file){
			.fd = eventfd(0, EFD_NONBLOCK), .events = EPOLLIN,
			.ready = ready,
		};
		if (!events_add(&events, &file[i], &why))
			return -1;
	}
	return 0;
}

static int end(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++)
		close(file[i].fd);
	events_free(&events);
	return 0;
}

static void what_is_ready_is_called_and_nothing_else(void **state)
{
	(void)state;
	assert_true(events_run(&events, false));
	assert_int_equal(calls[0] + calls[1] + calls[2], 0);
	eventfd_write(file[1].fd, 1);
	assert_true(events_run(&events, true));
	assert_int_equal(calls[1], 1);
	assert_int_equal(calls[0] + calls[2], 0);
}

static void who_does_not_want_to_know_is_not_told(void **state)
{
	(void)state;
	eventfd_write(file[0].fd, 1);
	file[0].events = 0;
	events_change(&events, &file[0]);
	assert_true(events_run(&events, false));
	assert_int_equal(calls[0], 0);
	file[0].events = EPOLLIN;
	events_change(&events, &file[0]);
	assert_true(events_run(&events, false));
	assert_int_equal(calls[0], 1);
}

static void who_was_removed_meanwhile_is_not_called(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		file[i].ready = remove_others;
		eventfd_write(file[i].fd, 1);
	}
	assert_true(events_run(&events, true));
	assert_int_equal(calls[0] + calls[1] + calls[2], 1);
	assert_true(events_run(&events, false));
	assert_int_equal(calls[0] + calls[1] + calls[2], 2);
}

static void a_tick_comes_every_so_often(void **state)
{
	uint64_t began = events_now();

	(void)state;
	tick[0] = (struct event_tick){
		.every_ns = 5 * MS, .due_ns = began + 5 * MS,
		.tick = count_tick,
	};
	events_add_tick(&events, &tick[0]);
	while (ticks[0] < 3)
		assert_true(events_run(&events, true));
	assert_true(events_now() - began >= 15 * MS);
	events_remove_tick(&events, &tick[0]);
	/* Nothing is due any more. */
	eventfd_write(file[0].fd, 1);
	assert_true(events_run(&events, true));
	assert_int_equal(ticks[0], 3);
}

static void a_tick_that_is_set_earlier_comes_earlier(void **state)
{
	uint64_t began = events_now();

	(void)state;
	tick[0] = (struct event_tick){
		.due_ns = began + 3600000 * MS, .tick = count_tick,
	};
	tick[1] = (struct event_tick){
		.due_ns = began + MS, .tick = count_tick,
	};
	events_add_tick(&events, &tick[0]);
	events_add_tick(&events, &tick[1]);
	while (!ticks[1])
		assert_true(events_run(&events, true));
	/* Once, if it does not come again by itself. */
	assert_int_equal(tick[1].due_ns, UINT64_MAX);
	tick[0].due_ns = events_now() + MS;
	while (!ticks[0])
		assert_true(events_run(&events, true));
	assert_int_equal(ticks[1], 1);
	events_remove_tick(&events, &tick[0]);
	events_remove_tick(&events, &tick[1]);
}

static void ticks_are_due_while_files_are_busy(void **state)
{
	uint64_t began = events_now();

	(void)state;
	tick[0] = (struct event_tick){
		.due_ns = began + 2 * MS, .tick = count_tick,
	};
	events_add_tick(&events, &tick[0]);
	eventfd_write(file[0].fd, 1);
	while (!ticks[0])
		assert_true(events_run(&events, false));
	assert_true(events_now() - began >= 2 * MS);
	events_remove_tick(&events, &tick[0]);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_ready_is_called_and_nothing_else),
		TEST(who_does_not_want_to_know_is_not_told),
		TEST(who_was_removed_meanwhile_is_not_called),
		TEST(a_tick_comes_every_so_often),
		TEST(a_tick_that_is_set_earlier_comes_earlier),
		TEST(ticks_are_due_while_files_are_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
