// SPDX-License-Identifier: GPL-2.0
/*
 * test_forward.c - who gets a frame, who waits for whom, and what is counted.
 */
#include "fakeswitch.h"

#define NO_TAG	FRAME_NO_TAG

static int start(void **state)
{
	(void)state;
	fake_start(4);
	return 0;
}

static int end(void **state)
{
	(void)state;
	fake_end();
	return 0;
}

static void set_vlan(unsigned int port, enum vlan_mode mode, uint16_t vlan,
		     const char *trunk)
{
	struct vlan_rule *rule = &sw.port[port]->config.vlan;
	struct why why;

	*rule = (struct vlan_rule){ .mode = mode, .vlan = vlan };
	if (trunk)
		assert_good(vlan_parse_trunk(trunk, rule, &why), &why);
}

/* How many frames each of the ports has been given. */
static void assert_counts(unsigned int p0, unsigned int p1, unsigned int p2,
			  unsigned int p3)
{
	assert_int_equal(fake[0].count, p0);
	assert_int_equal(fake[1].count, p1);
	assert_int_equal(fake[2].count, p2);
	assert_int_equal(fake[3].count, p3);
}

static void the_unknown_is_flooded_and_the_known_is_not(void **state)
{
	(void)state;
	fake_say(0, 2, 1, NO_TAG);
	assert_counts(0, 1, 1, 1);
	assert_int_equal(sw.port[0]->count.flooded, 1);
	fake_say(1, 1, 2, NO_TAG);
	assert_counts(1, 1, 1, 1);
	fake_say(0, 2, 1, NO_TAG);
	assert_counts(1, 2, 1, 1);
	assert_int_equal(sw.port[0]->count.received, 2);
	assert_int_equal(sw.port[0]->count.received_bytes, 180);
	assert_int_equal(sw.port[1]->count.sent, 2);
	assert_int_equal(sw.port[0]->cell[1].frames, 2);
	assert_int_equal(sw.port[0]->cell[1].bytes, 180);
}

static void broadcasts_go_to_all_but_their_sender(void **state)
{
	(void)state;
	fake_say(2, 0xff, 1, NO_TAG);
	assert_counts(1, 1, 0, 1);
	assert_int_equal(sw.port[2]->count.flooded, 0);
}

static void a_frame_never_goes_back(void **state)
{
	(void)state;
	fake_say(0, 9, 1, NO_TAG);
	fake_say(0, 1, 2, NO_TAG);
	assert_counts(0, 1, 1, 1);
}

static void nonsense_is_dropped_and_counted(void **state)
{
	static const uint32_t lengths[] = { 0, 1, 9, 10, 11, 23 };
	uint8_t data[100];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		fake_make(data, 1, 2, NO_TAG);
		fake_give(0, data, lengths[i]);
	}
	/* A group's, or nobody's, as the source. */
	fake_make(data, 1, 2, NO_TAG);
	data[FAKE_HEAD + 6] |= 1;
	fake_give(0, data, 100);
	memset(data + FAKE_HEAD + 6, 0, 6);
	fake_give(0, data, 100);
	assert_int_equal(sw.port[0]->count.dropped[DROP_MALFORMED], 8);
	assert_int_equal(sw.port[0]->count.received, 8);
	assert_counts(0, 0, 0, 0);
	assert_int_equal(sw.fdb.used, 0);
}

static void access_ports_of_two_vlans_do_not_meet(void **state)
{
	(void)state;
	set_vlan(0, VLAN_ACCESS, 10, NULL);
	set_vlan(1, VLAN_ACCESS, 10, NULL);
	set_vlan(2, VLAN_ACCESS, 20, NULL);
	fake_say(0, 0xff, 1, NO_TAG);
	assert_counts(0, 1, 0, 0);
	fake_say(0, 0xff, 1, 20);
	assert_counts(0, 1, 0, 0);
	assert_int_equal(sw.port[0]->count.dropped[DROP_VLAN], 1);
}

static void a_trunk_gets_tags_and_its_native_vlan_none(void **state)
{
	(void)state;
	set_vlan(0, VLAN_ACCESS, 10, NULL);
	set_vlan(1, VLAN_ACCESS, 5, NULL);
	set_vlan(2, VLAN_TRUNK, 5, "10+20");
	fake_say(0, 0xff, 1, NO_TAG);
	assert_int_equal(fake[2].sent[0].bytes, 104);
	assert_memory_equal(fake[2].sent[0].data + FAKE_HEAD + 12,
			    "\x81\x00\x00\x0a\x08\x00", 6);
	fake_say(1, 0xff, 2, NO_TAG);
	assert_int_equal(fake[2].sent[1].bytes, 100);
	assert_memory_equal(fake[2].sent[1].data + FAKE_HEAD + 12,
			    "\x08\x00", 2);
	fake_say(2, 1, 3, 10);
	assert_int_equal(fake[0].sent[0].bytes, 96);
	assert_memory_equal(fake[0].sent[0].data + FAKE_HEAD + 12,
			    "\x08\x00", 2);
	fake_say(2, 2, 4, NO_TAG);
	assert_counts(1, 1, 2, 0);
	fake_say(2, 1, 3, 30);
	assert_int_equal(sw.port[2]->count.dropped[DROP_VLAN], 1);
}

static void plain_ports_leave_tags_as_they_are(void **state)
{
	(void)state;
	fake_say(0, 0xff, 1, 0x6123);
	assert_int_equal(fake[1].sent[0].bytes, 100);
	assert_memory_equal(fake[1].sent[0].data + FAKE_HEAD + 12,
			    "\x81\x00\x61\x23", 4);
}

static void isolated_ports_reach_only_others(void **state)
{
	(void)state;
	sw.port[0]->config.isolated = sw.port[1]->config.isolated = true;
	fake_say(0, 0xff, 1, NO_TAG);
	assert_counts(0, 0, 1, 1);
	fake_say(1, 1, 2, NO_TAG);
	assert_counts(0, 0, 1, 1);
	assert_int_equal(sw.port[0]->count.dropped[DROP_ISOLATED], 1);
	assert_int_equal(sw.port[1]->cell[0].dropped, 1);
}

static void a_storm_is_cut(void **state)
{
	int i;

	(void)state;
	storm_set(&sw.port[0]->storm, 100, sw.now_ns);
	for (i = 0; i < 50; i++)
		fake_say(0, 0xff, 1, NO_TAG);
	assert_int_equal(fake[1].count, 11);
	assert_int_equal(sw.port[0]->count.dropped[DROP_STORM], 39);
	/* What is for one port is no storm. */
	fake_say(1, 0xff, 2, NO_TAG);
	fake_say(0, 2, 1, NO_TAG);
	assert_int_equal(fake[1].count, 12);
}

static void a_static_address_stays_where_it_is(void **state)
{
	static const struct static_config fixed = {
		.mac = { 2, 0, 0, 0, 0, 1 }, .port = "p1",
	};
	struct why why;

	(void)state;
	assert_good(switch_add_static(&sw, &fixed, &why), &why);
	fake_say(2, 1, 3, NO_TAG);
	assert_counts(0, 1, 0, 0);
	fake_say(0, 3, 1, NO_TAG);
	assert_counts(0, 1, 0, 0);
	assert_int_equal(sw.port[0]->count.dropped[DROP_STATIC], 1);
	assert_good(switch_remove_static(&sw, &fixed, &why), &why);
	assert_fails(switch_remove_static(&sw, &fixed, &why), &why,
		     "is not static");
}

static void a_changed_vlan_forgets_what_was_of_the_old_one(void **state)
{
	struct static_config fixed = {
		.mac = { 2, 0, 0, 0, 0, 9 }, .port = "p1", .vlan = 10,
	};
	struct port_change change;
	struct why why;

	(void)state;
	set_vlan(1, VLAN_TRUNK, 0, "10+20");
	assert_good(switch_add_static(&sw, &fixed, &why), &why);
	fixed.vlan = 20;
	assert_good(switch_add_static(&sw, &fixed, &why), &why);
	fake_say(1, 0xff, 1, 10);
	assert_int_equal(sw.fdb.used, 3);
	assert_good(config_parse_change("p1,trunk=20+30", &change, &why),
		    &why);
	assert_good(switch_change_port(&sw, &change, &why), &why);
	assert_int_equal(sw.fdb.used, 1);
	assert_non_null(fdb_get(&sw.fdb, fixed.mac, 20));
	assert_good(config_parse_change("p1,strict", &change, &why), &why);
	assert_fails(switch_change_port(&sw, &change, &why), &why,
		     "strict is for nets");
	assert_good(config_parse_change("p9,isolated", &change, &why), &why);
	assert_fails(switch_change_port(&sw, &change, &why), &why,
		     "there is no port p9");
}

static void control_frames_pass_unless_asked_otherwise(void **state)
{
	static const uint8_t stp[6] = { 0x01, 0x80, 0xc2, 0, 0, 0 };
	uint8_t data[100];

	(void)state;
	fake_make(data, 0xff, 1, NO_TAG);
	memcpy(data + FAKE_HEAD, stp, sizeof(stp));
	fake_give(0, data, 100);
	assert_counts(0, 1, 1, 1);
	switch_set_control_frames(&sw, false);
	fake_give(0, data, 100);
	assert_counts(0, 1, 1, 1);
	assert_int_equal(sw.port[0]->count.dropped[DROP_CONTROL], 1);
}

static void who_is_down_gets_and_sends_nothing(void **state)
{
	static const struct endpoint end = { .port = "p1" };
	struct why why;

	(void)state;
	assert_good(switch_set_down(&sw, &end, true, &why), &why);
	fake_say(0, 0xff, 1, NO_TAG);
	assert_counts(0, 0, 1, 1);
	fake_say(1, 0xff, 2, NO_TAG);
	assert_counts(0, 0, 1, 1);
	assert_int_equal(sw.port[1]->count.dropped[DROP_DOWN], 1);
	assert_good(switch_set_down(&sw, &end, false, &why), &why);
	fake_say(0, 0xff, 1, NO_TAG);
	assert_counts(0, 1, 2, 2);
}

static void what_a_port_refuses_is_counted_there(void **state)
{
	(void)state;
	fake_say(1, 0xff, 2, NO_TAG);
	fake[1].room = 0;
	fake[1].answer = PORT_REFUSED;
	assert_int_equal(fake_say(0, 2, 1, NO_TAG), FORWARD_DONE);
	assert_int_equal(sw.port[1]->count.dropped[DROP_REFUSED], 1);
	assert_int_equal(sw.port[0]->cell[1].dropped, 1);
}

/* --- waiting --- */

static void who_sends_to_one_without_room_waits(void **state)
{
	(void)state;
	fake_say(1, 0xff, 2, NO_TAG);
	fake[1].room = 0;
	assert_int_equal(fake_say(0, 2, 1, NO_TAG), FORWARD_WAIT);
	assert_ptr_equal(sw.port[0]->stalled_on, sw.port[1]);
	/* Nothing is counted twice for that. */
	assert_int_equal(sw.port[0]->count.received, 0);
	assert_int_equal(sw.port[0]->count.stalls, 1);
	/* Others go on. */
	assert_int_equal(fake_say(0, 0xff, 1, NO_TAG), FORWARD_DONE);
	assert_int_equal(sw.port[1]->count.dropped[DROP_NO_ROOM], 1);
}

static void patience_is_limited(void **state)
{
	(void)state;
	fake_say(1, 0xff, 2, NO_TAG);
	fake[1].room = 0;
	assert_int_equal(fake_say(0, 2, 1, NO_TAG), FORWARD_WAIT);
	sw.now_ns += CARRY_PATIENCE_NS;
	assert_int_equal(fake_say(0, 2, 1, NO_TAG), FORWARD_DONE);
	assert_int_equal(sw.port[1]->count.dropped[DROP_NO_ROOM], 1);
}

static void a_stalled_port_goes_on_when_there_is_room(void **state)
{
	uint8_t data[100];

	(void)state;
	fake_say(1, 0xff, 2, NO_TAG);
	fake_make(data, 2, 1, NO_TAG);
	fake[0].in = data;
	fake[0].in_bytes = 100;
	fake[0].in_count = 10;
	fake[1].room = 3;
	/* An eventfd always has room, so the wait for it ends at once. */
	assert_true(carry_round(&sw));
	assert_int_equal(fake[1].count, 3);
	assert_int_equal(fake[0].in_count, 7);
	fake[1].room = 100;
	while (fake[0].in_count)
		assert_true(carry_round(&sw));
	assert_int_equal(fake[1].count, 10);
	assert_null(sw.port[0]->stalled_on);
	assert_int_equal(sw.port[1]->count.dropped[DROP_NO_ROOM], 0);
}

static void if_only_one_gets_it_a_broadcast_waits_too(void **state)
{
	(void)state;
	sw.port[2]->state = sw.port[3]->state = PORT_DOWN;
	fake[1].room = 0;
	storm_set(&sw.port[0]->storm, 1, sw.now_ns);
	assert_int_equal(fake_say(0, 0xff, 1, NO_TAG), FORWARD_WAIT);
	assert_int_equal(fake_say(0, 0xff, 1, NO_TAG), FORWARD_WAIT);
	fake[1].room = 1;
	assert_int_equal(fake_say(0, 0xff, 1, NO_TAG), FORWARD_DONE);
	assert_int_equal(sw.port[0]->count.dropped[DROP_STORM], 0);
}

/* --- mirrors --- */

static struct mirror_config mirror(const char *text)
{
	struct mirror_config config;
	struct why why;

	assert_good(config_parse_mirror(text, &config, &why), &why);
	return config;
}

static void a_mirror_gets_both_directions_and_nothing_else(void **state)
{
	struct mirror_config config = mirror("to=p3,from=p0");
	struct why why;

	(void)state;
	assert_good(switch_add_mirror(&sw, &config, &why), &why);
	fake_say(0, 0xff, 1, NO_TAG);
	assert_counts(0, 1, 1, 1);
	fake_say(1, 1, 2, NO_TAG);
	assert_counts(1, 1, 1, 2);
	fake_say(1, 0xff, 2, NO_TAG);
	assert_counts(2, 1, 2, 3);
	fake_say(2, 2, 3, NO_TAG);
	assert_counts(2, 2, 2, 3);
	assert_int_equal(sw.port[3]->count.mirrored, 3);
	/* Who watches has nothing to say. */
	fake_say(3, 0xff, 4, NO_TAG);
	assert_int_equal(sw.port[3]->count.dropped[DROP_MIRROR], 1);
	assert_good(switch_remove_mirror(&sw, &config.to, &why), &why);
	assert_fails(switch_remove_mirror(&sw, &config.to, &why), &why,
		     "there is no mirror to p3");
	fake_say(3, 0xff, 4, NO_TAG);
	assert_counts(3, 3, 3, 3);
}

static void a_mirror_can_be_changed(void **state)
{
	struct mirror_config config = mirror("to=p3,from=p0");
	struct why why;

	(void)state;
	assert_good(switch_add_mirror(&sw, &config, &why), &why);
	config = mirror("to=p3,from=p1+p2");
	assert_good(switch_add_mirror(&sw, &config, &why), &why);
	fake_say(0, 9, 1, NO_TAG);
	assert_counts(0, 1, 1, 2);
	assert_ptr_equal(sw.mirrors->next, NULL);
	config = mirror("to=p1,from=p0");
	assert_fails(switch_add_mirror(&sw, &config, &why), &why,
		     "p1 gets a mirror's copies");
	config = mirror("to=p0,from=p3");
	assert_fails(switch_add_mirror(&sw, &config, &why), &why,
		     "p3 gets a mirror's copies");
	config = mirror("to=p3,from=p9");
	assert_fails(switch_add_mirror(&sw, &config, &why), &why,
		     "there is no port p9");
}

static void copies_for_a_mirror_without_room_are_counted(void **state)
{
	struct mirror_config config = mirror("to=p3,from=p0");
	struct why why;

	(void)state;
	assert_good(switch_add_mirror(&sw, &config, &why), &why);
	fake[3].room = 0;
	assert_int_equal(fake_say(0, 0xff, 1, NO_TAG), FORWARD_DONE);
	assert_int_equal(sw.mirrors->dropped, 1);
	assert_counts(0, 1, 1, 0);
}

/* --- signs of loops --- */

static void two_with_one_address_are_told_once(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 8; i++)
		fake_say(i % 2, 0xff, 7, NO_TAG);
	assert_int_equal(tellings, 1);
	assert_true(was_told("p0 and p1 have the same MAC address 02:00:00:00:00:07"));
}

static void a_loop_is_probed_for_and_told(void **state)
{
	unsigned int before, i;

	(void)state;
	for (i = 0; i < 40; i++)
		fake_say(i % 2, 3, 7, NO_TAG);
	before = fake[1].count;
	loop_send_probes(&sw);
	assert_int_equal(fake[1].count, before + 1);
	/* It comes back. */
	fake_give(0, fake[1].sent[before % FAKE_KEPT].data,
		  fake[1].sent[before % FAKE_KEPT].bytes);
	assert_true(was_told("there is a loop: what leaves by port p1 comes back by port p0"));
	assert_int_equal(fake[1].count, before + 1);
	/* Once a second at most. */
	for (i = 0; i < 40; i++)
		fake_say(i % 2, 3, 7, NO_TAG);
	before = fake[1].count;
	loop_send_probes(&sw);
	assert_int_equal(fake[1].count, before);
}

static void somebody_elses_probe_is_no_sign(void **state)
{
	struct loop other;
	struct loop_probe probe;

	(void)state;
	loop_init(&other, "other");
	loop_make_probe(&other, 1, &probe);
	fake_give(0, (uint8_t *)&probe, sizeof(probe));
	assert_int_equal(tellings, 0);
	assert_counts(0, 1, 1, 1);
	/* Not even one that looks like ours. */
	loop_make_probe(&sw.parts->loop, 1, &probe);
	probe.secret++;
	fake_give(0, (uint8_t *)&probe, sizeof(probe));
	assert_int_equal(tellings, 0);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_unknown_is_flooded_and_the_known_is_not),
		TEST(broadcasts_go_to_all_but_their_sender),
		TEST(a_frame_never_goes_back),
		TEST(nonsense_is_dropped_and_counted),
		TEST(access_ports_of_two_vlans_do_not_meet),
		TEST(a_trunk_gets_tags_and_its_native_vlan_none),
		TEST(plain_ports_leave_tags_as_they_are),
		TEST(isolated_ports_reach_only_others),
		TEST(a_storm_is_cut),
		TEST(a_static_address_stays_where_it_is),
		TEST(a_changed_vlan_forgets_what_was_of_the_old_one),
		TEST(control_frames_pass_unless_asked_otherwise),
		TEST(who_is_down_gets_and_sends_nothing),
		TEST(what_a_port_refuses_is_counted_there),
		TEST(who_sends_to_one_without_room_waits),
		TEST(patience_is_limited),
		TEST(a_stalled_port_goes_on_when_there_is_room),
		TEST(if_only_one_gets_it_a_broadcast_waits_too),
		TEST(a_mirror_gets_both_directions_and_nothing_else),
		TEST(a_mirror_can_be_changed),
		TEST(copies_for_a_mirror_without_room_are_counted),
		TEST(two_with_one_address_are_told_once),
		TEST(a_loop_is_probed_for_and_told),
		TEST(somebody_elses_probe_is_no_sign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
