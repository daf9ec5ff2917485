// SPDX-License-Identifier: GPL-2.0
/*
 * test_replay_options.c - what may be asked of a replay, and what goes with it.
 */
#include "options.h"
#include "replay.h"
#include "test.h"

static struct options options;
static struct why why;

/* Words up to a NULL, behind the net and the capture. */
#define parse(...) \
	parse_words((char *[]){ "lgnetdump", "-i", "net0", "--replay=file", \
				__VA_ARGS__ __VA_OPT__(,) NULL })

static bool parse_words(char **argv)
{
	return options_parse(argv, &options, &why);
}

static void a_replay_has_defaults(void **state)
{
	const struct replay_net *replay = &options.replay;

	(void)state;
	assert_good(parse(), &why);
	assert_int_equal(options.action, OPTIONS_REPLAY);
	assert_string_equal(replay->file, "file");
	assert_string_equal(replay->net, "net0");
	assert_string_equal(replay->name, "replay");
	assert_int_equal(replay->slot, -1);
	assert_false(replay->has_mac);
	assert_true(replay->speed == 1);
	assert_int_equal(replay->loop, 1);
}

static void a_replay_can_be_told_everything(void **state)
{
	static const uint8_t mac[] = { 2, 0, 0, 0, 0, 0x77 };
	const struct replay_net *replay = &options.replay;

	(void)state;
	assert_good(parse("--slot=0", "--name=r1", "--mac=02:00:00:00:00:77",
			  "--speed=0.5", "--loop=0"), &why);
	assert_string_equal(replay->name, "r1");
	assert_int_equal(replay->slot, 0);
	assert_true(replay->has_mac);
	assert_memory_equal(replay->mac, mac, sizeof(mac));
	assert_true(replay->speed == 0.5);
	assert_int_equal(replay->loop, 0);
	assert_good(parse("--slot=126", "--speed=max", "--loop=1000000"), &why);
	assert_int_equal(replay->slot, 126);
	assert_true(replay->speed == REPLAY_FASTEST);
	assert_int_equal(replay->loop, 1000000);
}

static void values_that_make_no_sense_are_refused(void **state)
{
	(void)state;
	assert_fails(parse("--slot=r1"), &why, "'r1' is not");
	assert_fails(parse("--slot=127"), &why, "--slot");
	assert_fails(parse("--slot=1", "--slot=2"), &why, "from one slot");
	assert_fails(parse("--src=1"), &why, "from one slot");
	assert_fails(parse("--mac=01:00:00:00:00:77"), &why, "--mac: ");
	assert_fails(parse("--name="), &why, "--name: ");
	assert_fails(parse("--speed=fast"), &why, "--speed: 'fast' is not");
	assert_fails(parse("--loop=-1"), &why, "--loop: ");
	assert_fails(parse("--replay="), &why, "name is empty");
	assert_fails(parse("-i", "net1"), &why, "into one net");
}

static void a_replay_captures_nothing(void **state)
{
	static const char *const words[] = {
		"-wfile", "-U", "--print", "-C1", "-G1", "-W1", "--dropped",
		"--copies", "--wait", "--raw-checksum", "--segment", "-c1",
		"--duration=1", "-s100", "-e", "-x", "-q", "--format=pcap",
		"--json",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(words); i++)
		assert_fails(parse((char *)words[i]), &why, "captures none");
	assert_fails(parse("tcp"), &why, "takes no filter");
}

static void what_is_a_replays_needs_one(void **state)
{
	static const char *const words[] = {
		"--name=r1", "--mac=02:00:00:00:00:77", "--speed=2", "--loop=2",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(words); i++)
		assert_fails(parse_words((char *[]){ "lgnetdump", "-i", "net0",
						     (char *)words[i], NULL }),
			     &why, "--replay=CAPTURE");
	assert_fails(parse("-D"), &why, "cannot list");
	assert_fails(parse("--install-extcap"), &why, "cannot list or install");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_replay_has_defaults),
		cmocka_unit_test(a_replay_can_be_told_everything),
		cmocka_unit_test(values_that_make_no_sense_are_refused),
		cmocka_unit_test(a_replay_captures_nothing),
		cmocka_unit_test(what_is_a_replays_needs_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
