// SPDX-License-Identifier: GPL-2.0
/*
 * test_ctl.c - the control client: what its verbs ask, what it shows of
 * results, and that it does not believe whoever answers.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl.h"
#include "session.h"
#include "test.h"
#include "unixsock.h"

static struct why why;

/* --- requests */

/* The request that words become, as text; or why not. */
static const char *request(char **words)
{
	static char text[8192];
	const struct ctl_verb *verb = ctl_find_verb(words[0], &why);
	json_t *json = verb ? ctl_build(verb, words + 1, &why) : NULL;

	if (!json)
		return why.text;
	text[json_dumpb(json, text, sizeof(text) - 1, JSON_COMPACT)] = '\0';
	json_decref(json);
	return text;
}

#define WORDS(...)	((char *[]){ __VA_ARGS__, NULL })

static void verbs_that_look_become_requests(void **state)
{
	(void)state;
	assert_string_equal(request(WORDS("ping")), "{\"verb\":\"ping\"}");
	assert_string_equal(request(WORDS("show")), "{\"verb\":\"show\"}");
	assert_string_equal(request(WORDS("show", "--config")),
			    "{\"verb\":\"config\"}");
	assert_string_equal(request(WORDS("ports")), "{\"verb\":\"ports\"}");
	assert_string_equal(request(WORDS("fdb", "lg0")),
			    "{\"verb\":\"fdb\",\"port\":\"lg0\"}");
	assert_string_equal(request(WORDS("slots", "net0")),
			    "{\"verb\":\"slots\",\"port\":\"net0\"}");
}

static void verbs_that_change_become_requests(void **state)
{
	(void)state;
	assert_string_equal(request(WORDS("add", "tap=lg1,addr=10.0.0.1/8")),
			    "{\"verb\":\"add\",\"word\":\"tap\",\"value\":\"lg1,addr=10.0.0.1/8\"}");
	assert_string_equal(request(WORDS("add", "--net", "/x,name=a=b")),
			    "{\"verb\":\"add\",\"word\":\"net\",\"value\":\"/x,name=a=b\"}");
	assert_string_equal(request(WORDS("del", "lg1")),
			    "{\"verb\":\"del\",\"port\":\"lg1\"}");
	assert_string_equal(request(WORDS("down", "net0:r1")),
			    "{\"verb\":\"down\",\"end\":\"net0:r1\"}");
	assert_string_equal(request(WORDS("set", "lg0", "vlan=10", "isolated")),
			    "{\"verb\":\"set\",\"port\":\"lg0\",\"change\":\"vlan=10,isolated\"}");
	assert_string_equal(request(WORDS("set", "ageing=60", "fdb-max=9", "control-frames=drop")),
			    "{\"verb\":\"set\",\"ageing\":60,\"fdb-max\":9,\"control-frames\":false}");
	assert_string_equal(request(WORDS("mirror", "to=lg1,from=a+b")),
			    "{\"verb\":\"mirror\",\"mirror\":\"to=lg1,from=a+b\"}");
	assert_string_equal(request(WORDS("mirror", "del", "to=lg1")),
			    "{\"verb\":\"mirror\",\"remove\":\"lg1\"}");
	assert_string_equal(request(WORDS("static", "del", "02:00:00:00:00:01,port=a")),
			    "{\"verb\":\"static\",\"remove\":\"02:00:00:00:00:01,port=a\"}");
	assert_string_equal(request(WORDS("flush")), "{\"verb\":\"flush\"}");
	assert_string_equal(request(WORDS("reload")), "{\"verb\":\"reload\"}");
}

static void a_file_is_named_from_where_the_client_is(void **state)
{
	char here[4096], expected[8192];

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	snprintf(expected, sizeof(expected),
		 "{\"verb\":\"add\",\"word\":\"net\",\"value\":\"%s/n,name=x\"}", here);
	assert_string_equal(request(WORDS("add", "net=n,name=x")), expected);
	assert_string_equal(request(WORDS("add", "tap=n")),
			    "{\"verb\":\"add\",\"word\":\"tap\",\"value\":\"n\"}");
	assert_string_equal(request(WORDS("add", "net=")),
			    "{\"verb\":\"add\",\"word\":\"net\",\"value\":\"\"}");
}

static void faults_may_be_written_in_three_ways(void **state)
{
	const char *same = "{\"verb\":\"fault\",\"fault\":\"net0:r1>lg0,delay=1ms,loss=1%\"}";

	(void)state;
	assert_string_equal(request(WORDS("fault", "net0:r1", "lg0", "delay=1ms", "loss=1%")), same);
	assert_string_equal(request(WORDS("fault", "net0:r1>lg0", "delay=1ms,loss=1%")), same);
	assert_string_equal(request(WORDS("fault", "net0:r1>lg0,delay=1ms,loss=1%")), same);
	assert_string_equal(request(WORDS("fault", "del", "a", "b")),
			    "{\"verb\":\"fault\",\"remove\":\"a>b\"}");
	assert_string_equal(request(WORDS("fault", "del", "a<>b")),
			    "{\"verb\":\"fault\",\"remove\":\"a<>b\"}");
}

static void bad_arguments_are_refused(void **state)
{
	static char longest[9000];

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	assert_non_null(strstr(request(WORDS("nothing")), "no verb 'nothing'"));
	assert_non_null(strstr(request(WORDS("show", "x")), "usage: lgswitch ctl show [--config]"));
	assert_non_null(strstr(request(WORDS("del")), "usage: lgswitch ctl del PORT"));
	assert_non_null(strstr(request(WORDS("del", "a", "b")), "usage"));
	assert_non_null(strstr(request(WORDS("add", "tap")), "usage"));
	assert_non_null(strstr(request(WORDS("add", "tap=a", "b")), "usage"));
	assert_non_null(strstr(request(WORDS("fault", "a")), "usage"));
	assert_non_null(strstr(request(WORDS("fault", "del")), "usage"));
	assert_non_null(strstr(request(WORDS("fault", "del", "a", "b", "c")), "usage"));
	assert_non_null(strstr(request(WORDS("mirror", "del")), "usage"));
	assert_non_null(strstr(request(WORDS("mirror", "a", "b")), "usage"));
	assert_non_null(strstr(request(WORDS("set", "ageing=x")), "not a number"));
	assert_non_null(strstr(request(WORDS("set", "ageing=1x")), "not a number"));
	assert_non_null(strstr(request(WORDS("set", "colour=red")), "there is no 'colour=red'"));
	assert_non_null(strstr(request(WORDS("set", "ageing=1", "lg0")), "neither"));
	assert_non_null(strstr(request(WORDS("set", "lg0", longest)), "too long"));
	assert_non_null(strstr(request(WORDS("fault", "a", "b", longest)), "too long"));
	assert_non_null(strstr(request(WORDS("del", "\xff")), "not UTF-8"));
}

/* --- what is shown */

static const char *shown(const char *verb_name, const char *result)
{
	static char copy[8192];
	const struct ctl_verb *verb = ctl_find_verb(verb_name, &why);
	json_t *json = json_loads(result, 0, NULL);
	struct ctl ctl = { 0 };
	char *text = NULL;
	size_t bytes;

	assert_non_null(json);
	ctl.out = open_memstream(&text, &bytes);
	verb->print(&ctl, json);
	fclose(ctl.out);
	snprintf(copy, sizeof(copy), "%s", text);
	free(text);
	json_decref(json);
	return copy;
}

static void ports_are_a_table_without_empty_columns(void **state)
{
	(void)state;
	assert_string_equal(shown("ports",
				  "{\"ports\":[{\"name\":\"net0\",\"kind\":\"net\",\"state\":\"up\",\"isolated\":false,\"received\":1234567,\"received-bytes\":1610612736,\"sent\":5,\"sent-bytes\":300,\"dropped\":0},{\"name\":\"lg0\",\"kind\":\"tap\",\"state\":\"down\",\"isolated\":true,\"storm\":10,\"received\":0,\"received-bytes\":0,\"sent\":12,\"sent-bytes\":2048,\"dropped\":7}]}"),
			    "PORT  KIND  STATE  RECEIVED    BYTES  SENT    BYTES  DROPPED  NOTES\n"
			    "net0  net   up      1234567  1.5 GiB     5    300 B        0\n"
			    "lg0   tap   down          0      0 B    12  2.0 KiB        7  isolated storm=10\n");
}

static void addresses_and_pairs_are_tables(void **state)
{
	(void)state;
	assert_string_equal(shown("fdb",
				  "{\"entries\":[{\"mac\":\"02:00:00:00:00:01\",\"port\":\"lg0\",\"static\":false,\"vlan\":10,\"age\":1.25},{\"mac\":\"02:00:00:00:00:02\",\"port\":\"net0\",\"static\":true}]}"),
			    "MAC                VLAN  PORT    SEEN\n"
			    "02:00:00:00:00:01    10  lg0    1.2 s\n"
			    "02:00:00:00:00:02        net0  static\n");
	assert_string_equal(shown("matrix",
				  "{\"pairs\":[{\"from\":{\"port\":\"net0\",\"slot\":3,\"name\":\"r1\"},\"to\":{\"port\":\"lg0\"},\"frames\":10,\"bytes\":999,\"dropped\":1}]}"),
			    "FROM         TO   FRAMES  BYTES  DROPPED\n"
			    "net0:3 (r1)  lg0      10  999 B        1\n");
	assert_string_equal(shown("mirrors",
				  "{\"mirrors\":[{\"to\":\"lg1\",\"from\":[\"a\",\"b\"],\"there\":true,\"copied\":1,\"dropped\":2}]}"),
			    "TO   FROM  STATE  COPIED  DROPPED\n"
			    "lg1  a+b   up          1        2\n");
	assert_string_equal(shown("fdb", "{\"entries\":[]}"), "");
}

static void the_switch_is_a_few_lines(void **state)
{
	(void)state;
	assert_string_equal(shown("show",
				  "{\"name\":\"net0\",\"version\":\"0.1\",\"pid\":17,\"uptime\":3725.5,\"nets\":1,\"taps\":2,\"up\":3,\"control-frames\":true,\"persist\":false,\"fdb\":{\"entries\":5,\"static\":1,\"max\":100,\"ageing\":300.0,\"learned\":9,\"moved\":1,\"aged\":4,\"refused\":0}}"),
			    "switch net0, up for 1 h 2 min, process 17\n"
			    "ports: 1 net, 2 taps, 3 up\n"
			    "addresses: 5 of 100 (1 static), ageing 5 min 0 s\n"
			    "  learned 9, moved 1, aged 4, not learned for want of room 0\n"
			    "control frames (LLDP, STP, LACP, pause): pass\n");
	assert_string_equal(shown("show", "{\"config\":\"tap=a\\ntap=\\u001b[2Jb\"}"),
			    "tap=a\ntap=?[2Jb\n");
}

static void a_reload_tells_what_failed(void **state)
{
	(void)state;
	assert_string_equal(shown("reload", "{\"done\":[\"add tap=a\"],\"failed\":[\"add tap=b: it is bad\"]}"),
			    "add tap=a\nfailed: add tap=b: it is bad\n");
	assert_string_equal(shown("reload", "{\"done\":[],\"failed\":[]}"),
			    "nothing has changed\n");
}

static void results_of_the_wrong_shape_are_survived(void **state)
{
	static const char *const odd[] = {
		"{}", "{\"ports\":17}", "{\"ports\":[17,null,{}]}",
		"{\"ports\":[{\"name\":5,\"vlan\":\"x\",\"drops\":[7]}]}",
		"{\"entries\":[[]]}", "{\"pairs\":[{\"from\":1}]}",
		"{\"mirrors\":[{\"from\":[1,{}]}]}", "{\"faults\":[{}]}",
		"{\"slots\":[[]]}", "{\"fdb\":[]}", "{\"done\":[1],\"failed\":{}}",
		"{\"config\":1}",
	};
	const struct ctl_verb *verb;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(odd); i++) {
		for (verb = ctl_shows; verb->name; verb++)
			if (verb->print)
				shown(verb->name, odd[i]);
		shown("reload", odd[i]);
	}
}

/* --- talking to a switch */

static struct ctl_link wire;
static int peer;

static int connect_both(void **state)
{
	int fd[2];

	(void)state;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd))
		return -1;
	ctl_link_use(&wire, fd[0], 200);
	peer = fd[1];
	return 0;
}

static int disconnect(void **state)
{
	(void)state;
	ctl_link_close(&wire);
	close(peer);
	return 0;
}

/* What the switch will have answered. */
static void prepare(const char *text)
{
	assert_int_equal(write(peer, text, strlen(text)), strlen(text));
}

static json_t *ping(void)
{
	return ctl_link_call(&wire, json_pack("{s:s}", "verb", "ping"), &why);
}

static void a_call_gives_the_result_of_its_own_reply(void **state)
{
	char text[100];
	json_t *result;

	(void)state;
	prepare("{\"id\":9,\"event\":1,\"result\":{\"a\":2}}\n{\"id\":0,\"ok\":true,\"result\":{\"a\":3}}\n{\"id\":1,\"ok\":true,\"result\":{\"a\":1}}\n");
	result = ping();
	assert_int_equal(ctl_number(result, "a"), 1);
	json_decref(result);
	text[read(peer, text, sizeof(text) - 1)] = '\0';
	assert_string_equal(text, "{\"verb\":\"ping\",\"id\":1}\n");
}

static void an_error_of_the_switch_is_the_reason(void **state)
{
	(void)state;
	prepare("{\"id\":1,\"ok\":false,\"error\":\"no \\u001b[31mway\"}\n{\"id\":null,\"ok\":false,\"error\":\"too many clients\"}\n");
	assert_null(ping());
	assert_string_equal(why.text, "no ?[31mway");
	assert_null(ping());
	assert_string_equal(why.text, "too many clients");
}

static void who_is_no_switch_is_found_out(void **state)
{
	static const char *const odd[] = {
		"hello\n", "[]\n", "\n", "{\"id\":1}\n", "{\"id\":1,\"ok\":true}\n",
		"{\"id\":1,\"ok\":true,\"result\":[]}\n", "{\"id\":1,\"ok\":1,\"result\":{}}\n",
		"{\"id\":1,\"error\":[]}\n",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(odd); i++) {
		wire.id = 0;
		prepare(odd[i]);
		assert_null(ping());
		assert_non_null(strstr(why.text, "is no switch"));
	}
}

static void nobody_waits_for_ever(void **state)
{
	(void)state;
	assert_null(ping());
	assert_non_null(strstr(why.text, "does not answer"));
	prepare("{\"id\":2,\"ok\":tr");
	assert_null(ping());
	assert_non_null(strstr(why.text, "does not answer"));
	shutdown(peer, SHUT_WR);
	assert_null(ping());
	assert_non_null(strstr(why.text, "has ended the connection"));
}

static void a_line_that_never_ends_is_not_kept(void **state)
{
	static char text[1 << 16];
	pid_t child;

	(void)state;
	memset(text, 'x', sizeof(text));
	child = fork();
	if (!child) {
		close(wire.fd);
		while (send(peer, text, sizeof(text), MSG_NOSIGNAL) > 0)
			;
		_exit(0);
	}
	assert_null(ping());
	assert_non_null(strstr(why.text, "its line is too long"));
	assert_true(wire.room < 2 * SESSION_REPLY_MAX);
	ctl_link_close(&wire);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void pages_are_put_together(void **state)
{
	json_t *all;

	(void)state;
	prepare("{\"id\":1,\"ok\":true,\"result\":{\"ports\":[1,2],\"next\":5}}\n{\"id\":2,\"ok\":true,\"result\":{\"ports\":[3],\"next\":7}}\n{\"id\":3,\"ok\":true,\"result\":{\"ports\":[4]}}\n");
	all = ctl_link_call_pages(&wire, json_pack("{s:s}", "verb", "ports"),
				  "ports", &why);
	assert_int_equal(json_array_size(json_object_get(all, "ports")), 4);
	assert_null(json_object_get(all, "next"));
	json_decref(all);
}

static void pages_that_lead_nowhere_end(void **state)
{
	json_t *all;

	(void)state;
	prepare("{\"id\":1,\"ok\":true,\"result\":{\"ports\":[1],\"next\":5}}\n{\"id\":2,\"ok\":true,\"result\":{\"ports\":[2],\"next\":5}}\n");
	all = ctl_link_call_pages(&wire, json_pack("{s:s}", "verb", "ports"),
				  "ports", &why);
	assert_int_equal(json_array_size(json_object_get(all, "ports")), 2);
	json_decref(all);
	/* An error in the midst of them is one of all. */
	wire.id = 0;
	prepare("{\"id\":1,\"ok\":true,\"result\":{\"ports\":[1],\"next\":5}}\n{\"id\":2,\"ok\":false,\"error\":\"gone\"}\n");
	assert_null(ctl_link_call_pages(&wire, json_pack("{s:s}", "verb", "ports"),
					"ports", &why));
	assert_string_equal(why.text, "gone");
}

/* --- finding a switch */

static void the_only_switch_is_found(void **state)
{
	struct folders none = { { "/nonexistent" }, 1 }, folders = { .count = 1 };
	char folder[] = "/tmp/lguest-test-XXXXXX", path[64], second[64];
	int fd[3];

	(void)state;
	ctl_link_close(&wire);
	assert_non_null(mkdtemp(folder));
	strcpy(folders.path[0], folder);
	assert_false(ctl_link_open(&wire, NULL, NULL, &none, 100, &why));
	assert_non_null(strstr(why.text, "no switch is running"));
	assert_false(ctl_link_open(&wire, NULL, NULL, &folders, 100, &why));
	snprintf(path, sizeof(path), "%s/a.sock", folder);
	snprintf(second, sizeof(second), "%s/b.sock", folder);
	fd[0] = unixsock_listen(path, 4, UNIXSOCK_ANY_GROUP, &why);
	/* What a dead one left does not count. */
	fd[1] = unixsock_listen(second, 4, UNIXSOCK_ANY_GROUP, &why);
	close(fd[1]);
	assert_good(ctl_link_open(&wire, NULL, NULL, &folders, 100, &why), &why);
	assert_string_equal(wire.path, path);
	ctl_link_close(&wire);
	fd[1] = unixsock_listen(second, 4, UNIXSOCK_ANY_GROUP, &why);
	assert_false(ctl_link_open(&wire, NULL, NULL, &folders, 100, &why));
	assert_non_null(strstr(why.text, "several switches run"));
	assert_good(ctl_link_open(&wire, NULL, "b", &folders, 100, &why), &why);
	ctl_link_close(&wire);
	assert_false(ctl_link_open(&wire, NULL, "../b", &folders, 100, &why));
	assert_false(ctl_link_open(&wire, NULL, "c", &folders, 100, &why));
	assert_non_null(strstr(why.text, "nobody listens there"));
	assert_good(ctl_link_open(&wire, second, NULL, &folders, 100, &why), &why);
	close(fd[0]);
	close(fd[1]);
	unlink(path);
	unlink(second);
	rmdir(folder);
}

static void help_names_every_verb(void **state)
{
	const struct ctl_verb *verb;
	char *text = NULL, line[64];
	size_t bytes;
	FILE *file = open_memstream(&text, &bytes);

	(void)state;
	ctl_help(file);
	fclose(file);
	for (verb = ctl_shows; verb->name; verb++) {
		snprintf(line, sizeof(line), "\n  %s", verb->name);
		assert_non_null(strstr(text, line));
	}
	for (verb = ctl_changes; verb->name; verb++) {
		snprintf(line, sizeof(line), "\n  %s ", verb->name);
		assert_true(strstr(text, line) || !*verb->arguments);
	}
	free(text);
}

#define LINKED(name)	cmocka_unit_test_setup_teardown(name, connect_both, disconnect)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verbs_that_look_become_requests),
		cmocka_unit_test(verbs_that_change_become_requests),
		cmocka_unit_test(a_file_is_named_from_where_the_client_is),
		cmocka_unit_test(faults_may_be_written_in_three_ways),
		cmocka_unit_test(bad_arguments_are_refused),
		cmocka_unit_test(ports_are_a_table_without_empty_columns),
		cmocka_unit_test(addresses_and_pairs_are_tables),
		cmocka_unit_test(the_switch_is_a_few_lines),
		cmocka_unit_test(a_reload_tells_what_failed),
		cmocka_unit_test(results_of_the_wrong_shape_are_survived),
		LINKED(a_call_gives_the_result_of_its_own_reply),
		LINKED(an_error_of_the_switch_is_the_reason),
		LINKED(who_is_no_switch_is_found_out),
		LINKED(nobody_waits_for_ever),
		LINKED(a_line_that_never_ends_is_not_kept),
		LINKED(pages_are_put_together),
		LINKED(pages_that_lead_nowhere_end),
		LINKED(the_only_switch_is_found),
		cmocka_unit_test(help_names_every_verb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
