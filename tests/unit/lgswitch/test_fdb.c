// SPDX-License-Identifier: GPL-2.0
/*
 * test_fdb.c - the table of learned addresses, with a clock of the test's own.
 */
#include "fdb.h"
#include "test.h"

#define SECOND		1000000000ULL
#define AGEING		(300 * SECOND)

static struct fdb fdb;
static uint16_t from;

static const uint8_t a[MAC_BYTES] = { 2, 0, 0, 0, 0, 0xa };
static const uint8_t b[MAC_BYTES] = { 2, 0, 0, 0, 0, 0xb };

static int start(void **state)
{
	(void)state;
	return fdb_init(&fdb, 1000, AGEING) ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	fdb_free(&fdb);
	return 0;
}

static void number(uint8_t mac[MAC_BYTES], uint32_t n)
{
	memset(mac, 0, MAC_BYTES);
	mac[0] = 2;
	memcpy(mac + 2, &n, sizeof(n));
}

static void an_address_is_found_where_it_was_seen(void **state)
{
	(void)state;
	assert_int_equal(fdb_find(&fdb, a, 0, 0), FDB_NO_PORT);
	assert_int_equal(fdb_learn(&fdb, a, 0, 3, 0, &from), FDB_NEW);
	assert_int_equal(fdb_learn(&fdb, a, 0, 3, 1, &from), FDB_KNOWN);
	assert_int_equal(fdb_find(&fdb, a, 0, 1), 3);
	assert_int_equal(fdb_find(&fdb, b, 0, 1), FDB_NO_PORT);
}

static void vlans_do_not_mix(void **state)
{
	(void)state;
	fdb_learn(&fdb, a, 10, 1, 0, &from);
	fdb_learn(&fdb, a, 20, 2, 0, &from);
	assert_int_equal(fdb_find(&fdb, a, 10, 0), 1);
	assert_int_equal(fdb_find(&fdb, a, 20, 0), 2);
	assert_int_equal(fdb_find(&fdb, a, 0, 0), FDB_NO_PORT);
	assert_int_equal(fdb.used, 2);
}

static void an_address_moves_and_its_moves_are_counted(void **state)
{
	(void)state;
	fdb_learn(&fdb, a, 0, 1, 0, &from);
	assert_int_equal(fdb_learn(&fdb, a, 0, 2, 1, &from), FDB_MOVED);
	assert_int_equal(from, 1);
	assert_int_equal(fdb_find(&fdb, a, 0, 1), 2);
	fdb_learn(&fdb, a, 0, 1, 2, &from);
	assert_int_equal(fdb_get(&fdb, a, 0)->moves, 2);
	/* Long after that it is a new story. */
	fdb_learn(&fdb, a, 0, 2, 60 * SECOND, &from);
	assert_int_equal(fdb_get(&fdb, a, 0)->moves, 1);
}

static void silent_addresses_age(void **state)
{
	unsigned int i;

	(void)state;
	fdb_learn(&fdb, a, 0, 1, 0, &from);
	fdb_learn(&fdb, b, 0, 1, 200 * SECOND, &from);
	assert_int_equal(fdb_find(&fdb, a, 0, AGEING), 1);
	assert_int_equal(fdb_find(&fdb, a, 0, AGEING + 1), FDB_NO_PORT);
	for (i = 0; i < 16; i++)
		fdb_age(&fdb, AGEING + 1);
	assert_int_equal(fdb.used, 1);
	assert_int_equal(fdb.aged, 1);
	assert_int_equal(fdb_find(&fdb, b, 0, AGEING + 1), 1);
}

static void without_ageing_they_stay(void **state)
{
	(void)state;
	fdb.ageing_ns = 0;
	fdb_learn(&fdb, a, 0, 1, 0, &from);
	assert_int_equal(fdb_find(&fdb, a, 0, ~0ULL), 1);
}

static void static_addresses_neither_age_nor_move(void **state)
{
	unsigned int i;

	(void)state;
	assert_true(fdb_add_static(&fdb, a, 0, 5, 0));
	assert_int_equal(fdb_learn(&fdb, a, 0, 1, 1, &from), FDB_STATIC);
	assert_int_equal(fdb_learn(&fdb, a, 0, 5, 1, &from), FDB_KNOWN);
	for (i = 0; i < 16; i++)
		fdb_age(&fdb, 10 * AGEING);
	fdb_flush(&fdb);
	fdb_forget_port(&fdb, 5, false);
	assert_int_equal(fdb_find(&fdb, a, 0, 10 * AGEING), 5);
	fdb_forget_port(&fdb, 5, true);
	assert_int_equal(fdb_find(&fdb, a, 0, 0), FDB_NO_PORT);
	assert_int_equal(fdb.statics, 0);
}

static void a_learned_address_can_be_made_static(void **state)
{
	(void)state;
	fdb_learn(&fdb, a, 0, 1, 0, &from);
	assert_true(fdb_add_static(&fdb, a, 0, 2, 0));
	assert_int_equal(fdb_find(&fdb, a, 0, 0), 2);
	assert_int_equal(fdb.used, 1);
	assert_true(fdb_remove(&fdb, a, 0));
	assert_false(fdb_remove(&fdb, a, 0));
}

static void beyond_the_cap_nothing_is_learned(void **state)
{
	uint8_t mac[MAC_BYTES];
	uint32_t i;

	(void)state;
	for (i = 0; i < 1500; i++) {
		number(mac, i);
		fdb_learn(&fdb, mac, 0, i % 7, 0, &from);
	}
	assert_int_equal(fdb.used, 1000);
	assert_int_equal(fdb.refused, 500);
	for (i = 0; i < 1500; i++) {
		number(mac, i);
		assert_int_equal(fdb_find(&fdb, mac, 0, 0),
				 i < 1000 ? i % 7 : FDB_NO_PORT);
	}
	assert_false(fdb_add_static(&fdb, a, 0, 1, 0));
	fdb_set_max(&fdb, 1001);
	assert_true(fdb_add_static(&fdb, a, 0, 1, 0));
}

static void a_port_and_all_of_it_is_forgotten(void **state)
{
	uint8_t mac[MAC_BYTES];
	uint32_t i;

	(void)state;
	for (i = 0; i < 600; i++) {
		number(mac, i);
		fdb_learn(&fdb, mac, i % 3, i % 2, 0, &from);
	}
	fdb_forget_port(&fdb, 1, false);
	assert_int_equal(fdb.used, 300);
	for (i = 0; i < 600; i++) {
		number(mac, i);
		assert_int_equal(fdb_find(&fdb, mac, i % 3, 0),
				 i % 2 ? FDB_NO_PORT : 0);
	}
	fdb_flush(&fdb);
	assert_int_equal(fdb.used, 0);
}

static bool count(void *context, const struct fdb_entry *entry)
{
	unsigned int *left = context;

	assert_int_equal(entry->port, 1);
	return --*left;
}

static void a_walk_ends_when_told(void **state)
{
	uint8_t mac[MAC_BYTES];
	unsigned int left = 100, i;

	(void)state;
	for (i = 0; i < 20; i++) {
		number(mac, i);
		fdb_learn(&fdb, mac, 0, 1, 0, &from);
	}
	fdb_walk(&fdb, count, &left);
	assert_int_equal(left, 80);
	left = 5;
	fdb_walk(&fdb, count, &left);
	assert_int_equal(left, 0);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_address_is_found_where_it_was_seen),
		TEST(vlans_do_not_mix),
		TEST(an_address_moves_and_its_moves_are_counted),
		TEST(silent_addresses_age),
		TEST(without_ageing_they_stay),
		TEST(static_addresses_neither_age_nor_move),
		TEST(a_learned_address_can_be_made_static),
		TEST(beyond_the_cap_nothing_is_learned),
		TEST(a_port_and_all_of_it_is_forgotten),
		TEST(a_walk_ends_when_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
