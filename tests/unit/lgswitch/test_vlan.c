// SPDX-License-Identifier: GPL-2.0
/*
 * test_vlan.c - membership in VLANs, and the words for it.
 */
#include "test.h"
#include "vlan.h"

static struct vlan_rule plain = { .mode = VLAN_PLAIN };
static struct vlan_rule access10 = { .mode = VLAN_ACCESS, .vlan = 10 };

static struct vlan_rule trunk(const char *text, uint16_t native)
{
	struct vlan_rule rule = { .mode = VLAN_TRUNK, .vlan = native };
	struct why why;

	assert_good(vlan_parse_trunk(text, &rule, &why), &why);
	return rule;
}

static void a_plain_port_minds_no_tags(void **state)
{
	(void)state;
	assert_int_equal(vlan_classify(&plain, -1), VLAN_NONE);
	assert_int_equal(vlan_classify(&plain, 10), VLAN_NONE);
	assert_true(vlan_has(&plain, VLAN_NONE));
	assert_false(vlan_has(&plain, 10));
	assert_false(vlan_wants_tag(&plain, VLAN_NONE));
}

static void an_access_port_takes_no_tags_but_priorities(void **state)
{
	(void)state;
	assert_int_equal(vlan_classify(&access10, -1), 10);
	assert_int_equal(vlan_classify(&access10, 0xe000), 10);
	assert_int_equal(vlan_classify(&access10, 10), -1);
	assert_int_equal(vlan_classify(&access10, 20), -1);
	assert_true(vlan_has(&access10, 10));
	assert_false(vlan_has(&access10, VLAN_NONE));
	assert_false(vlan_wants_tag(&access10, 10));
}

static void a_trunk_has_its_vlans_with_tags(void **state)
{
	struct vlan_rule rule = trunk("10+20+100-110", 0);

	(void)state;
	assert_int_equal(vlan_classify(&rule, 10), 10);
	assert_int_equal(vlan_classify(&rule, 0x2000 | 105), 105);
	assert_int_equal(vlan_classify(&rule, 11), -1);
	assert_int_equal(vlan_classify(&rule, 4095), -1);
	assert_int_equal(vlan_classify(&rule, -1), -1);
	assert_int_equal(vlan_classify(&rule, 0x2000), -1);
	assert_true(vlan_has(&rule, 110));
	assert_false(vlan_has(&rule, 111));
	assert_false(vlan_has(&rule, VLAN_NONE));
	assert_true(vlan_wants_tag(&rule, 20));
}

static void a_native_vlan_goes_without(void **state)
{
	struct vlan_rule rule = trunk("10+20", 5);

	(void)state;
	assert_int_equal(vlan_classify(&rule, -1), 5);
	assert_int_equal(vlan_classify(&rule, 5), 5);
	assert_true(vlan_has(&rule, 5));
	assert_false(vlan_wants_tag(&rule, 5));
	assert_true(vlan_wants_tag(&rule, 10));
}

static void words_are_read_and_written(void **state)
{
	static const char *const same[] = {
		"1", "4094", "10+20+30", "1-4094", "7+9-11+4000-4094",
	};
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(same); i++) {
		struct vlan_rule rule = trunk(same[i], 0);

		assert_true(vlan_format_trunk(&rule, text, sizeof(text)));
		assert_string_equal(text, same[i]);
	}
	assert_false(vlan_format_trunk(&(struct vlan_rule){
		.allowed = { 0xaaaaaaaaaaaaaaaa },
	}, text, 8));
}

static void nonsense_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "+", "1+", "+1", "0", "4095", "1-", "-1", "20-10", "a",
		"1-4095", "1 ", "99999999999999999999999999999999999999999",
		"10+x", "1-2-3", "0x10",
	};
	struct vlan_rule rule = { 0 };
	struct why why;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_fails(vlan_parse_trunk(bad[i], &rule, &why), &why,
			     "VLAN");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_port_minds_no_tags),
		cmocka_unit_test(an_access_port_takes_no_tags_but_priorities),
		cmocka_unit_test(a_trunk_has_its_vlans_with_tags),
		cmocka_unit_test(a_native_vlan_goes_without),
		cmocka_unit_test(words_are_read_and_written),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
