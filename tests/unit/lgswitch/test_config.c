// SPDX-License-Identifier: GPL-2.0
/*
 * test_config.c - words that describe a switch: what they mean, what is
 * refused, and that they are written as they are read.
 */
#include <stdio.h>
#include <stdlib.h>

#include "config.h"
#include "options.h"
#include "test.h"

static struct switch_config config;
static struct why why;

static int start(void **state)
{
	(void)state;
	config_init(&config);
	return 0;
}

static int end(void **state)
{
	(void)state;
	config_free(&config);
	return 0;
}

static bool parse(char **words)
{
	return options_parse(words, &config, &why);
}

#define PARSE(...)	parse((char *[]){ __VA_ARGS__, NULL })

static void a_file_alone_is_a_net(void **state)
{
	(void)state;
	assert_good(PARSE("/var/lg/net0", "--tap=lg0", "/var/lg/net1"), &why);
	assert_int_equal(config.ports, 3);
	assert_int_equal(config.port[0].kind, PORT_NET);
	assert_string_equal(config.port[0].file, "/var/lg/net0");
	assert_string_equal(config.port[0].name, "net0");
	assert_int_equal(config.port[0].slot, -1);
	assert_int_equal(config.port[1].kind, PORT_TAP);
	assert_string_equal(config.port[2].name, "net1");
	assert_good(config_check(&config, &why), &why);
}

static void words_mean_what_they_say(void **state)
{
	const struct port_config *port;

	(void)state;
	assert_good(PARSE("--net=/a,name=left,vlan=10,strict,storm=100,slot=5",
			  "--tap=lg0,trunk=10+20-22,native=1,isolated,bridge=br0,mtu=9000",
			  "--vxlan=vni=42,local=10.0.0.1,remote=10.0.0.2,remote=10.0.0.3,vlan=7",
			  "--static=02:00:00:00:00:01,port=left,vlan=10",
			  "--mirror=to=lg0/x,from=left+lg0", "--down=left:r1",
			  "--ageing=5", "--fdb-max=10", "--seed=0",
			  "--no-control-frames", "--persist"), &why);
	port = &config.port[0];
	assert_string_equal(port->name, "left");
	assert_int_equal(port->vlan.mode, VLAN_ACCESS);
	assert_int_equal(port->vlan.vlan, 10);
	assert_true(port->strict);
	assert_int_equal(port->storm, 100);
	assert_int_equal(port->slot, 5);
	port = &config.port[1];
	assert_int_equal(port->vlan.mode, VLAN_TRUNK);
	assert_true(vlan_has(&port->vlan, 21));
	assert_int_equal(port->vlan.vlan, 1);
	assert_true(port->isolated);
	assert_int_equal(port->mtu, 9000);
	port = &config.port[2];
	assert_string_equal(port->name, "lgvx42");
	assert_int_equal(port->vxlan.port, 4789);
	assert_int_equal(port->vxlan.remotes, 2);
	assert_string_equal(config.mirror[0].to.slot, "x");
	assert_int_equal(config.mirror[0].sources, 2);
	assert_string_equal(config.down[0].slot, "r1");
	assert_int_equal(config.ageing_s, 5);
	assert_int_equal(config.fdb_max, 10);
	assert_true(config.has_seed && config.no_control_frames);
	assert_true(config.persist);
}

static void faults_have_one_direction_or_two(void **state)
{
	(void)state;
	assert_good(PARSE("/a", "/b", "--fault=a:r1>b,delay=10ms",
			  "--fault=a<>a:r2,loss=1%", "--fault=*>*,rate=10m"),
		    &why);
	assert_int_equal(config.faults, 3);
	assert_false(config.fault[0].both);
	assert_string_equal(config.fault[0].from.slot, "r1");
	assert_int_equal(config.fault[0].spec.delay_ns, 10000000);
	assert_true(config.fault[1].both);
	assert_string_equal(config.fault[1].to.slot, "r2");
	assert_good(config_check(&config, &why), &why);
}

/* Words as a file has them, which come out as they went in. */
static void what_is_written_is_what_was_read(void **state)
{
	static const char text[] =
		"name=lab\n"
		"net=/var/lg/net0,name=net0,slot=3,strict,vlan=10\n"
		"tap=lg0,addr=10.0.0.1/24,addr=fd00::1/64,mtu=1400,mac=fe:00:00:00:00:01,owner=me,trunk=10+20-30,native=2,isolated,storm=7\n"
		"tap=lg1,bridge=br0\n"
		"vxlan=vni=5,local=fd00::1,remote=fd00::2,port=8472,name=far\n"
		"static=02:00:00:00:00:01,port=net0,vlan=10\n"
		"mirror=to=lg1,from=net0+lg0\n"
		"mirror=to=net0:mon,from=lg0\n"
		"fault=net0:a>lg0,delay=10ms,loss=1%\n"
		"fault=net0<>*,rate=10m\n"
		"down=net0:b\n"
		"ageing=10\nfdb-max=20\nseed=18446744073709551615\n"
		"no-control-frames\ncontrol=/run/x\ncontrol-group=staff\n"
		"user=me\npersist\nverbose\n";
	char copy[sizeof(text)], *line, *rest = copy, *out = NULL;
	size_t bytes;
	FILE *file;

	(void)state;
	strcpy(copy, text);
	while ((line = strsep(&rest, "\n")) && *line) {
		char *value = strchr(line, '=');

		if (value)
			*value++ = '\0';
		assert_good(config_set_word(&config, line, value, &why), &why);
	}
	assert_good(config_check(&config, &why), &why);
	file = open_memstream(&out, &bytes);
	config_print(&config, file);
	fclose(file);
	assert_string_equal(out, text);
	free(out);
}

static void the_command_line_is_not_for_files(void **state)
{
	(void)state;
	assert_fails(config_set_word(&config, "config", "/x", &why), &why,
		     "no word 'config'");
	assert_fails(config_set_word(&config, "help", NULL, &why), &why,
		     "no word 'help'");
	assert_fails(config_set_word(&config, "tap", NULL, &why), &why,
		     "needs a value");
	assert_fails(config_set_word(&config, "persist", "1", &why), &why,
		     "takes no value");
	assert_fails(config_set_word(&config, "tap", "a/b", &why), &why,
		     "tap: 'a/b'");
}

static void contradictions_are_refused(void **state)
{
	static const struct {
		const char *word, *value, *words;
	} bad[] = {
		{ "net", "", "empty" },
		{ "net", "/", "no port can be named" },
		{ "net", "/x y", "no port can be named" },
		{ "net", "/x,name=a/b", "is no name" },
		{ "net", "/x,slot=127", "is not a slot" },
		{ "net", "/x,mtu=1500", "there is no 'mtu'" },
		{ "net", "/x,vlan=1,trunk=2", "exclude" },
		{ "net", "/x,native=2", "native needs trunk" },
		{ "net", "/x,storm=-1", "is not a number of frames" },
		{ "tap", "", "1 to 15 characters" },
		{ "tap", "a-name-that-is-long", "1 to 15 characters" },
		{ "tap", "lg0,strict", "there is no 'strict'" },
		{ "tap", "lg0,addr=1.2.3", "is not an IP address" },
		{ "tap", "lg0,addr=10.0.0.1/24,bridge=br0", "exclude" },
		{ "tap", "lg0,mtu=20", "is not an MTU" },
		{ "tap", "lg0,mac=01:00:00:00:00:00", "address of a group" },
		{ "vxlan", "", "there is no ''" },
		{ "vxlan", "vni=1", "local=IP is missing" },
		{ "vxlan", "local=10.0.0.1,remote=10.0.0.2", "vni=N" },
		{ "vxlan", "vni=1,local=10.0.0.1", "remote=IP is missing" },
		{ "vxlan", "vni=1,local=10.0.0.1,remote=fd00::1", "one kind" },
		{ "vxlan", "vni=1,local=10.0.0.1,remote=10.0.0.1", "own" },
		{ "vxlan", "vni=16777216,local=1.1.1.1,remote=1.1.1.2", "VXLAN" },
		{ "vxlan", "vni=1,local=1.1.1.1/8,remote=1.1.1.2", "no /" },
		{ "vxlan", "vni=1,local=1.1.1.1,remote=1.1.1.2,remote=1.1.1.2",
		  "twice" },
		{ "static", "02:00:00:00:00:01", "port=NAME is missing" },
		{ "static", "02:00:00:00:00,port=a", "is not a MAC" },
		{ "mirror", "to=a", "from=PORT is missing" },
		{ "mirror", "from=a", "to=PORT is missing" },
		{ "mirror", "to=a,from=b+a", "to itself" },
		{ "mirror", "to=a,from=b+b", "twice" },
		{ "mirror", "to=*,from=b", "one port" },
		{ "fault", "a>b", "is missing" },
		{ "fault", "a,delay=1ms", "is no pair" },
		{ "fault", "a:x>a:x,delay=1ms", "is no pair" },
		{ "fault", "a>b,delay=1", "delay" },
		{ "fault", ">b,delay=1ms", "is no name" },
		{ "fault", "*:x>b,delay=1ms", "no slots" },
		{ "down", "*", "one port is meant" },
		{ "ageing", "x", "is not a number of seconds" },
		{ "fdb-max", "0", "is not a number of addresses" },
		{ "name", "a b", "is no name" },
		{ "nonsense", "1", "no word" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_fails(config_set_word(&config, bad[i].word,
					     bad[i].value, &why), &why,
			     bad[i].words);
	assert_int_equal(config.ports, 0);
}

static void what_is_there_twice_is_refused(void **state)
{
	(void)state;
	assert_good(PARSE("/a", "--tap=b", "--mirror=to=b,from=a",
			  "--static=02:00:00:00:00:01,port=a",
			  "--fault=a>b,loss=1%", "--down=a", "--down=a"), &why);
	assert_int_equal(config.downs, 1);
	assert_fails(PARSE("/x/a"), &why, "a port a already (name=");
	assert_fails(PARSE("--tap=b"), &why, "a port b already");
	assert_fails(PARSE("--mirror=to=b,from=a"), &why, "a mirror to b");
	assert_fails(PARSE("--static=02:00:00:00:00:01,port=b"), &why,
		     "has a place already");
	assert_fails(PARSE("--fault=a>b,delay=1ms"), &why, "that pair already");
	assert_fails(PARSE("--fault=b<>a,delay=1ms"), &why,
		     "that pair already");
}

static void what_is_named_must_exist(void **state)
{
	static const char *const bad[][2] = {
		{ "--static=02:00:00:00:00:01,port=x", "static: there is no" },
		{ "--static=02:00:00:00:00:01,port=a,vlan=9", "not in VLAN" },
		{ "--static=02:00:00:00:00:01,port=v", "vlan=V is missing" },
		{ "--mirror=to=x,from=a", "mirror: there is no port x" },
		{ "--mirror=to=b,from=x", "mirror: there is no port x" },
		{ "--mirror=to=b:r1,from=a", "has no slots" },
		{ "--fault=x>a,loss=1%", "fault: there is no port x" },
		{ "--fault=a>b:r1,loss=1%", "has no slots" },
		{ "--down=x", "down: there is no port x" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		config_free(&config);
		assert_good(PARSE("/a", "--tap=b", "--tap=v,vlan=3",
				  (char *)bad[i][0]), &why);
		assert_fails(config_check(&config, &why), &why, bad[i][1]);
	}
	config_free(&config);
	assert_good(PARSE("/a", "/b", "--mirror=to=a,from=b",
			  "--mirror=to=b,from=a"), &why);
	assert_fails(config_check(&config, &why), &why, "cannot be copied");
	config_free(&config);
	assert_fails(config_check(&config, &why), &why, "there is no port");
	assert_good(PARSE("--name=x"), &why);
	assert_good(config_check(&config, &why), &why);
}

static void changes_say_what_they_change(void **state)
{
	struct port_change change;

	(void)state;
	assert_good(config_parse_change("a,vlan=3,no-isolated", &change, &why),
		    &why);
	assert_string_equal(change.name, "a");
	assert_true(change.set_vlan && change.set_isolated);
	assert_false(change.set_storm || change.set_strict);
	assert_int_equal(change.to.vlan.vlan, 3);
	assert_false(change.to.isolated);
	assert_good(config_parse_change("a,no-vlan,strict,storm=0", &change,
					&why), &why);
	assert_int_equal(change.to.vlan.mode, VLAN_PLAIN);
	assert_true(change.set_strict && change.to.strict && change.set_storm);
	assert_fails(config_parse_change("a", &change, &why), &why,
		     "nothing to change");
	assert_fails(config_parse_change("a,no-vlan,vlan=3", &change, &why),
		     &why, "exclude");
	assert_fails(config_parse_change("a,mtu=1", &change, &why), &why,
		     "there is no 'mtu'");
}

/* Cut off at any place, with any byte changed: no crash, and a reason. */
static void damaged_words_do_no_harm(void **state)
{
	static const char *const good[][2] = {
		{ "net", "/a/b,name=left,trunk=1+5-9,native=3,storm=100" },
		{ "tap", "lg0,addr=10.0.0.1/24,mac=fe:00:00:00:00:01" },
		{ "vxlan", "vni=42,local=10.0.0.1,remote=10.0.0.2" },
		{ "static", "02:00:00:00:00:01,port=left,vlan=10" },
		{ "mirror", "to=a/b,from=c+d" },
		{ "fault", "a:1<>b,delay=10ms,jitter=1ms,loss=1%" },
		{ "down", "net0:r1" },
	};
	size_t i, at;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		for (at = 0; at <= strlen(good[i][1]); at++) {
			char text[128];
			int byte;

			strcpy(text, good[i][1]);
			text[at] = '\0';
			config_set_word(&config, good[i][0], text, &why);
			for (byte = 1; byte < 256; byte += 7) {
				strcpy(text, good[i][1]);
				text[at] = byte;
				config_set_word(&config, good[i][0], text,
						&why);
			}
		}
		config_free(&config);
	}
}

static void help_names_every_word(void **state)
{
	char *text = NULL;
	size_t bytes;
	FILE *file = open_memstream(&text, &bytes);

	(void)state;
	options_help(file);
	fclose(file);
	assert_non_null(strstr(text, "--vxlan=vni=N"));
	assert_non_null(strstr(text, "--no-control-frames"));
	assert_non_null(strstr(text, "Examples:"));
	free(text);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_alone_is_a_net),
		TEST(words_mean_what_they_say),
		TEST(faults_have_one_direction_or_two),
		TEST(what_is_written_is_what_was_read),
		TEST(the_command_line_is_not_for_files),
		TEST(contradictions_are_refused),
		TEST(what_is_there_twice_is_refused),
		TEST(what_is_named_must_exist),
		TEST(changes_say_what_they_change),
		TEST(damaged_words_do_no_harm),
		TEST(help_names_every_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
