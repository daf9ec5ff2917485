// SPDX-License-Identifier: GPL-2.0
/*
 * test_divert.c - wished diversions become those that lg.ko knows of; a
 * stand-in takes its place.
 */
#include <errno.h>
#include <sys/ioctl.h>

#include "divert.h"
#include "netport.h"
#include "test.h"

#define OWN	5
#define ALL	LGUEST_NET_NOBODY

static struct netport netport = { .fd = 1000, .slot = OWN };
static struct divert divert;
static struct why why;
/* As lg.ko has it. */
static bool is[LGUEST_NET_SLOTS][LGUEST_NET_SLOTS];
static unsigned int calls;
static int refused = -1;		/* a target that another port diverts */

int ioctl(int fd, unsigned long request, ...)
{
	struct lguest_net_divert *arg;
	unsigned int s, t;
	va_list args;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	assert_int_equal(fd, 1000);
	assert_true(request == LGUEST_NET_DIVERT);
	calls++;
	if (arg->on && arg->target == refused) {
		errno = EBUSY;
		return -1;
	}
	if (arg->source == OWN || arg->target == OWN ||
	    (arg->source == arg->target && arg->source != ALL)) {
		errno = EINVAL;
		return -1;
	}
	for (s = 0; s < LGUEST_NET_SLOTS; s++)
		for (t = 0; t < LGUEST_NET_SLOTS; t++)
			if ((arg->source == ALL || arg->source == s) &&
			    (arg->target == ALL || arg->target == t) &&
			    s != t && s != OWN && t != OWN)
				is[s][t] = arg->on;
	return 0;
}

static int start(void **state)
{
	(void)state;
	memset(is, 0, sizeof(is));
	divert = (struct divert){ 0 };
	calls = 0;
	refused = -1;
	return 0;
}

static unsigned int count(void)
{
	unsigned int s, t, sum = 0;

	for (s = 0; s < LGUEST_NET_SLOTS; s++)
		for (t = 0; t < LGUEST_NET_SLOTS; t++)
			sum += is[s][t];
	return sum;
}

static bool set(const struct divert_pair *wish, unsigned int wishes)
{
	return divert_set(&divert, &netport, wish, wishes, &why);
}

static void just_the_wished_pairs_are_diverted(void **state)
{
	static const struct divert_pair wish[] = { { 1, 2 }, { 2, 1 } };

	(void)state;
	assert_good(set(wish, 2), &why);
	assert_true(is[1][2] && is[2][1]);
	assert_int_equal(count(), 2);
	/* The same again costs nothing. */
	assert_int_equal(calls, 2);
	assert_good(set(wish, 2), &why);
	assert_int_equal(calls, 2);
}

static void what_nobody_wishes_any_more_ends(void **state)
{
	static const struct divert_pair first[] = { { 1, 2 }, { ALL, 3 } };
	static const struct divert_pair then[] = { { 4, 3 }, { 1, 6 } };

	(void)state;
	assert_good(set(first, 2), &why);
	assert_int_equal(count(), 1 + LGUEST_NET_SLOTS - 2);
	assert_good(set(then, 2), &why);
	assert_true(is[4][3] && is[1][6]);
	assert_int_equal(count(), 2);
	calls = 0;
	assert_good(set(NULL, 0), &why);
	assert_int_equal(count(), 0);
	assert_int_equal(calls, 1);
}

static void all_is_one_call(void **state)
{
	static const struct divert_pair wish[] = { { ALL, ALL } };

	(void)state;
	assert_good(set(wish, 1), &why);
	assert_int_equal(calls, 1);
	assert_int_equal(count(), (LGUEST_NET_SLOTS - 1) *
				  (LGUEST_NET_SLOTS - 2));
}

static void our_own_slot_is_left_out(void **state)
{
	static const struct divert_pair wish[] = { { OWN, 1 }, { 1, OWN } };

	(void)state;
	assert_good(set(wish, 2), &why);
	assert_int_equal(calls, 0);
}

static void what_is_refused_is_told_and_the_rest_done(void **state)
{
	static const struct divert_pair wish[] = { { 1, 2 }, { 1, 3 } };

	(void)state;
	refused = 2;
	assert_fails(set(wish, 2), &why, "another port diverts it");
	assert_true(is[1][3]);
}

#define TEST(name)	cmocka_unit_test_setup(name, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(just_the_wished_pairs_are_diverted),
		TEST(what_nobody_wishes_any_more_ends),
		TEST(all_is_one_call),
		TEST(our_own_slot_is_left_out),
		TEST(what_is_refused_is_told_and_the_rest_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
