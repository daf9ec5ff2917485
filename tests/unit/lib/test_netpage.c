// SPDX-License-Identifier: GPL-2.0
/*
 * test_netpage.c - looking up who is on a net.
 */
#include "netpage.h"
#include "test.h"

static struct lguest_net_page page;

static void put(unsigned int slot, __u16 flags, const char *name, __u8 mac)
{
	page.slot[slot].flags = flags;
	memset(page.slot[slot].mac, mac, 6);
	memcpy(page.slot[slot].name, name, strlen(name));
}

static int fill(void **state)
{
	(void)state;
	memset(&page, 0, sizeof(page));
	page.changes = 7;
	put(0, LGUEST_SLOT_USED, "a", 2);
	put(5, LGUEST_SLOT_USED | LGUEST_SLOT_PORT, "b", 4);
	put(6, LGUEST_SLOT_USED, "b", 2);
	put(9, LGUEST_SLOT_PORT, "gone", 6);
	put(126, LGUEST_SLOT_USED, "last", 8);
	return 0;
}

static void slots_are_found_by_name_the_first_one(void **state)
{
	(void)state;
	assert_int_equal(netpage_find_name(&page, "a"), 0);
	assert_int_equal(netpage_find_name(&page, "b"), 5);
	assert_int_equal(netpage_find_name(&page, "last"), 126);
	assert_int_equal(netpage_find_name(&page, "gone"), -1);
	assert_int_equal(netpage_find_name(&page, "nobody"), -1);
}

static void slots_are_found_by_address(void **state)
{
	(void)state;
	assert_int_equal(netpage_find_mac(&page, (__u8[]){ 2, 2, 2, 2, 2, 2 }), 0);
	assert_int_equal(netpage_find_mac(&page, (__u8[]){ 8, 8, 8, 8, 8, 8 }), 126);
	assert_int_equal(netpage_find_mac(&page, (__u8[]){ 6, 6, 6, 6, 6, 6 }), -1);
}

static void a_slot_is_copied_if_somebody_has_it(void **state)
{
	struct lguest_net_slot copy;

	(void)state;
	assert_true(netpage_get(&page, 5, &copy));
	assert_string_equal(copy.name, "b");
	assert_int_equal(copy.flags, LGUEST_SLOT_USED | LGUEST_SLOT_PORT);
	assert_false(netpage_get(&page, 9, &copy));
	assert_false(netpage_get(&page, 127, &copy));
	assert_false(netpage_get(&page, ~0U, &copy));
	assert_int_equal(netpage_changes(&page), 7);
}

static void names_are_made_harmless(void **state)
{
	struct lguest_net_slot copy;

	(void)state;
	memset(page.slot[0].name, 'x', sizeof(page.slot[0].name));
	page.slot[0].name[1] = '\033';
	assert_true(netpage_get(&page, 0, &copy));
	assert_string_equal(copy.name, "x?xxxxxxxxxxxxxxxxx");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(slots_are_found_by_name_the_first_one, fill),
		cmocka_unit_test_setup(slots_are_found_by_address, fill),
		cmocka_unit_test_setup(a_slot_is_copied_if_somebody_has_it, fill),
		cmocka_unit_test_setup(names_are_made_harmless, fill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
