// SPDX-License-Identifier: GPL-2.0
/*
 * test_iface.c - Wireshark's names of nets and slots, there and back.
 */
#include "iface.h"
#include "test.h"

static char name[IFACE_NAME];
static struct iface iface;
static struct lguest_net_page page;
static struct why why;

static void assert_name(const char *net, const char *slot, const char *want,
			const char *title)
{
	struct iface from = { 0 };

	strcpy(from.net, net);
	strcpy(from.slot, slot);
	iface_name(&from, name);
	assert_string_equal(name, want);
	assert_good(iface_parse(name, &iface, &why), &why);
	assert_string_equal(iface.net, net);
	assert_string_equal(iface.slot, slot);
	iface_title(&from, name);
	assert_string_equal(name, title);
}

static void names_tell_net_and_slot_there_and_back(void **state)
{
	(void)state;
	assert_name("/var/lg/net0", "", "lguest-net0", "lguest net0");
	assert_name("/var/lg/net0", "r1", "lguest-net0:r1", "lguest net0: r1");
	assert_name("/var/lg/net0", "7", "lguest-net0:7",
		    "lguest net0: slot 7");
	assert_name("/var/lg/lab/net0", "", "lguest-lab%2Fnet0",
		    "lguest lab/net0");
	assert_name("/run/net0", "", "lguest-%2Frun%2Fnet0",
		    "lguest /run/net0");
	assert_name("", "", "lguest", "lguest: a net by its file");
}

static void odd_bytes_are_no_odds(void **state)
{
	(void)state;
	assert_name("/var/lg/a:b %{}\n", "}:{%/", "lguest-a%3Ab%20%25%7B%7D%0A:%7D%3A%7B%25%2F",
		    "lguest a:b %???: ?:?%/");
	assert_name("/var/lg/\xc3\xa9", "", "lguest-%C3%A9", "lguest ??");
}

static void a_long_path_has_a_name_too(void **state)
{
	struct iface from = { 0 };

	(void)state;
	memset(from.net, '\xff', sizeof(from.net) - 1);
	*from.net = '/';
	memset(from.slot, '}', sizeof(from.slot) - 1);
	iface_name(&from, name);
	assert_good(iface_parse(name, &iface, &why), &why);
	assert_string_equal(iface.net, from.net);
	assert_string_equal(iface.slot, from.slot);
	iface_title(&from, name);
}

static void what_is_no_name_is_refused(void **state)
{
	static const char *const names[] = {
		"", "eth0", "lguest-", "lguest-net0:", "lguest-:r1",
		"lguest-net0:r1:r2", "lguest-a/b", "lguest-%", "lguest-%2",
		"lguest-%2f", "lguest-%00", "lguest-a%00b", "lguest-net0 ",
		"lguest-net0:a-name-that-is-too-long-for-any-slot", "lguestx",
		"lguest-\xc3\xa9",
	};
	char longest[2 * PATH_MAX];
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		assert_fails(iface_parse(names[i], &iface, &why), &why,
			     "there is no interface");
	memset(longest, 'a', sizeof(longest));
	memcpy(longest, "lguest-", 7);
	longest[PATH_MAX] = '\0';
	assert_fails(iface_parse(longest, &iface, &why), &why,
		     "there is no interface lguest-aaaa");
}

static void set_slot(unsigned int slot, const char *slot_name)
{
	page.slot[slot].flags = LGUEST_SLOT_USED;
	memcpy(page.slot[slot].name, slot_name,
	       strnlen(slot_name, LGUEST_NET_NAME));
}

static void assert_slot(unsigned int slot, const char *want)
{
	assert_true(iface_set_slot(&iface, &page, slot));
	assert_string_equal(iface.slot, want);
}

static void a_slot_has_its_name_if_that_finds_it_or_its_number(void **state)
{
	(void)state;
	set_slot(0, "r1");
	set_slot(1, "r2");
	set_slot(2, "r1");
	set_slot(3, "");
	set_slot(4, "5");
	set_slot(5, "what\x1b[0m");
	set_slot(126, "a-name-without-its-end");
	assert_slot(0, "r1");
	assert_slot(1, "r2");
	assert_slot(2, "2");
	assert_slot(3, "3");
	assert_slot(4, "4");
	assert_slot(5, "5");
	assert_slot(126, "a-name-without-its-");
	assert_false(iface_set_slot(&iface, &page, 6));
	assert_false(iface_set_slot(&iface, &page, LGUEST_NET_SLOTS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_tell_net_and_slot_there_and_back),
		cmocka_unit_test(odd_bytes_are_no_odds),
		cmocka_unit_test(a_long_path_has_a_name_too),
		cmocka_unit_test(what_is_no_name_is_refused),
		cmocka_unit_test(a_slot_has_its_name_if_that_finds_it_or_its_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
