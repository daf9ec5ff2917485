// SPDX-License-Identifier: GPL-2.0
/*
 * test_request.c - requests to a switch whose ports are made up: what they
 * show, what they change, and what they refuse.
 */
#include "fakeswitch.h"
#include "request.h"

static struct request_target target;
static struct why why;

static int start(void **state)
{
	(void)state;
	fake_start(3);
	target = (struct request_target){ .sw = &sw };
	return 0;
}

static int stop(void **state)
{
	(void)state;
	fake_end();
	return 0;
}

/* The result as text; NULL: refused, and @why tells. */
static const char *ask_as(const char *request, bool looking)
{
	static char text[1 << 20];
	json_t *json = json_loads(request, 0, NULL), *result;

	assert_non_null(json);
	strcpy(why.text, "nothing");
	result = request_answer(&target, json, looking, &why);
	json_decref(json);
	if (!result) {
		assert_string_not_equal(why.text, "nothing");
		return NULL;
	}
	text[json_dumpb(result, text, sizeof(text) - 1, JSON_COMPACT)] = '\0';
	json_decref(result);
	return text;
}

static const char *ask(const char *request)
{
	const char *text = ask_as(request, false);

	if (!text)
		fail_msg("%s: %s", request, why.text);
	return text;
}

static void shows(const char *request, const char *words)
{
	const char *text = ask(request);

	if (!strstr(text, words))
		fail_msg("%s: %s has no %s", request, text, words);
}

static void refuses(const char *request, const char *words)
{
	const char *text = ask_as(request, false);

	if (text)
		fail_msg("%s gives %s", request, text);
	if (!strstr(why.text, words))
		fail_msg("%s: '%s' instead of '%s'", request, why.text, words);
}

/* --- looking */

static void the_switch_says_what_it_is(void **state)
{
	(void)state;
	shows("{\"verb\":\"ping\"}", "{}");
	shows("{\"verb\":\"version\"}", "\"name\":\"fake\"");
	shows("{\"verb\":\"show\"}", "\"control-frames\":true");
	shows("{\"verb\":\"show\"}", "\"fdb\":{\"entries\":0,");
	shows("{\"verb\":\"config\"}", "\"config\":\"");
	shows("{\"verb\":\"mirrors\"}", "{\"mirrors\":[]}");
	shows("{\"verb\":\"faults\"}", "{\"faults\":[]}");
}

static void ports_show_what_passed(void **state)
{
	(void)state;
	fake_say(0, 2, 1, -1);
	shows("{\"verb\":\"ports\",\"port\":\"p0\"}",
	      "{\"ports\":[{\"name\":\"p0\",\"kind\":\"tap\",\"state\":\"up\",");
	shows("{\"verb\":\"ports\",\"port\":\"p1\"}", "\"sent\":1,");
	shows("{\"verb\":\"stats\",\"port\":\"p2\"}", "\"drops\":[{\"reason\":\"malformed\",");
	shows("{\"verb\":\"matrix\",\"port\":\"p1\"}",
	      "{\"from\":{\"port\":\"p0\"},\"to\":{\"port\":\"p1\"},\"frames\":1,\"bytes\":90,\"dropped\":0}");
}

static void addresses_are_shown_with_their_ports(void **state)
{
	(void)state;
	fake_say(0, 0xff, 1, -1);
	fake_say(1, 0xff, 2, -1);
	shows("{\"verb\":\"fdb\",\"port\":\"p1\"}",
	      "{\"entries\":[{\"mac\":\"02:00:00:00:00:02\",\"port\":\"p1\",\"static\":false,\"age\":");
	ask("{\"verb\":\"flush\",\"port\":\"p1\"}");
	shows("{\"verb\":\"fdb\",\"port\":\"p1\"}", "{\"entries\":[]}");
	shows("{\"verb\":\"fdb\"}", "02:00:00:00:00:01");
	ask("{\"verb\":\"flush\"}");
	shows("{\"verb\":\"fdb\"}", "{\"entries\":[]}");
}

static void long_tables_come_in_pages(void **state)
{
	(void)state;
	shows("{\"verb\":\"ports\",\"limit\":2}", "\"next\":2}");
	assert_null(strstr(ask("{\"verb\":\"ports\",\"limit\":2}"), "p2"));
	shows("{\"verb\":\"ports\",\"limit\":2,\"from\":2}", "\"name\":\"p2\"");
	assert_null(strstr(ask("{\"verb\":\"ports\",\"limit\":2,\"from\":2}"), "next"));
	shows("{\"verb\":\"ports\",\"from\":9223372036854775807}", "{\"ports\":[]}");
	refuses("{\"verb\":\"ports\",\"limit\":0}", "must not be 0");
	refuses("{\"verb\":\"ports\",\"limit\":1001}", "from 0 to 1000");
	refuses("{\"verb\":\"ports\",\"from\":-1}", "not an integer from 0");
	refuses("{\"verb\":\"ports\",\"from\":\"0\"}", "not an integer from 0");
}

/* Page by page, while others come and go, the rest is seen once each. */
static void pages_of_addresses_stay_in_step(void **state)
{
	json_t *request, *result;
	json_int_t from = 0, seen = 0;
	uint8_t mac[MAC_BYTES] = { 2 };
	unsigned int i;

	(void)state;
	for (i = 0; i < 2500; i++) {
		mac[4] = i >> 8;
		mac[5] = i;
		assert_true(fdb_add_static(&sw.fdb, mac, VLAN_NONE, 1, 0));
	}
	do {
		request = json_pack("{s:s,s:I}", "verb", "fdb", "from", from);
		result = request_answer(&target, request, true, &why);
		assert_non_null(result);
		seen += json_array_size(json_object_get(result, "entries"));
		from = json_integer_value(json_object_get(result, "next"));
		json_decref(request);
		json_decref(result);
	} while (from);
	assert_int_equal(seen, 2500);
}

/* --- changing */

static void links_go_down_and_up(void **state)
{
	(void)state;
	ask("{\"verb\":\"down\",\"end\":\"p1\"}");
	shows("{\"verb\":\"ports\",\"port\":\"p1\"}", "\"state\":\"down\"");
	shows("{\"verb\":\"config\"}", "down=p1\\n");
	ask("{\"verb\":\"up\",\"end\":\"p1\"}");
	shows("{\"verb\":\"ports\",\"port\":\"p1\"}", "\"state\":\"up\"");
	refuses("{\"verb\":\"down\",\"end\":\"p9\"}", "p9");
	refuses("{\"verb\":\"down\",\"end\":\"\"}", "no name");
	refuses("{\"verb\":\"down\"}", "'end' is missing");
	refuses("{\"verb\":\"down\",\"end\":5}", "'end' is not a string");
}

static void ports_are_changed(void **state)
{
	(void)state;
	ask("{\"verb\":\"set\",\"port\":\"p1\",\"change\":\"vlan=10,isolated,storm=7\"}");
	shows("{\"verb\":\"ports\",\"port\":\"p1\"}", "\"vlan\":10,\"storm\":7,");
	shows("{\"verb\":\"ports\",\"port\":\"p1\"}", "\"isolated\":true");
	ask("{\"verb\":\"set\",\"port\":\"p1\",\"change\":\"trunk=1+5-7,native=9\"}");
	shows("{\"verb\":\"ports\",\"port\":\"p1\"}", "\"trunk\":\"1+5-7\",\"native\":9");
	refuses("{\"verb\":\"set\",\"port\":\"p1\",\"change\":\"vlan=0\"}", "VLAN");
	refuses("{\"verb\":\"set\",\"port\":\"p9\",\"change\":\"vlan=1\"}", "no port p9");
	refuses("{\"verb\":\"set\",\"port\":\"p1,vlan=1\",\"change\":\"storm=1\"}", "no name");
	refuses("{\"verb\":\"set\",\"change\":\"storm=1\"}", "needs a 'port'");
	refuses("{\"verb\":\"set\",\"port\":\"p1\"}", "'change' is missing");
}

static void settings_are_changed(void **state)
{
	(void)state;
	ask("{\"verb\":\"set\",\"ageing\":20,\"fdb-max\":30,\"control-frames\":false}");
	shows("{\"verb\":\"show\"}", "\"max\":30,\"ageing\":20.0");
	shows("{\"verb\":\"show\"}", "\"control-frames\":false");
	refuses("{\"verb\":\"set\",\"ageing\":-1}", "'ageing' is not an integer");
	refuses("{\"verb\":\"set\",\"ageing\":9223372036854775807}", "ageing");
	refuses("{\"verb\":\"set\",\"fdb-max\":0}", "fdb-max");
	refuses("{\"verb\":\"set\",\"control-frames\":1}", "neither true nor false");
	shows("{\"verb\":\"show\"}", "\"max\":30,\"ageing\":20.0");
}

static void faults_are_added_changed_and_removed(void **state)
{
	(void)state;
	ask("{\"verb\":\"fault\",\"fault\":\"p0>p1,loss=100%\"}");
	fake_say(0, 2, 1, -1);
	shows("{\"verb\":\"faults\"}", "{\"from\":\"p0\",\"to\":\"p1\",\"spec\":\"loss=100%\",\"frames\":1,\"copies\":0,\"lost\":1,");
	ask("{\"verb\":\"fault\",\"fault\":\"p0>p1,delay=5ms\"}");
	shows("{\"verb\":\"faults\"}", "\"spec\":\"delay=5ms\"");
	ask("{\"verb\":\"fault\",\"remove\":\"p0>p1\"}");
	shows("{\"verb\":\"faults\"}", "{\"faults\":[]}");
	ask("{\"verb\":\"fault\",\"fault\":\"p0<>p1,delay=5ms\"}");
	shows("{\"verb\":\"faults\"}", "{\"from\":\"p1\",\"to\":\"p0\",\"spec\":\"delay=5ms\"");
	ask("{\"verb\":\"fault\",\"remove\":\"p0<>p1\"}");
	shows("{\"verb\":\"faults\"}", "{\"faults\":[]}");
	refuses("{\"verb\":\"fault\",\"remove\":\"p0>p1\"}", "");
	refuses("{\"verb\":\"fault\",\"remove\":\"p0>p1,loss=1%\"}", "not just a pair");
	refuses("{\"verb\":\"fault\",\"remove\":\"p0\"}", "no pair");
	refuses("{\"verb\":\"fault\",\"fault\":\"p0>p9,loss=1%\"}", "p9");
	refuses("{\"verb\":\"fault\",\"fault\":\"p0>p1\"}", "missing");
	refuses("{\"verb\":\"fault\",\"fault\":\"p0>p1,loss=1%\",\"remove\":\"p0>p1\"}", "either");
	refuses("{\"verb\":\"fault\"}", "either");
}

static void mirrors_are_added_and_removed(void **state)
{
	(void)state;
	ask("{\"verb\":\"mirror\",\"mirror\":\"to=p2,from=p0+p1\"}");
	fake_say(0, 0xff, 1, -1);
	shows("{\"verb\":\"mirrors\"}", "{\"to\":\"p2\",\"from\":[\"p0\",\"p1\"],\"there\":true,\"copied\":");
	shows("{\"verb\":\"config\"}", "mirror=to=p2,from=p0+p1");
	ask("{\"verb\":\"mirror\",\"remove\":\"p2\"}");
	shows("{\"verb\":\"mirrors\"}", "{\"mirrors\":[]}");
	refuses("{\"verb\":\"mirror\",\"remove\":\"p2\"}", "p2");
	refuses("{\"verb\":\"mirror\",\"mirror\":\"to=p9,from=p0\"}", "p9");
	refuses("{\"verb\":\"mirror\",\"mirror\":\"from=p0\"}", "to=PORT is missing");
}

static void addresses_are_fixed_and_let_go(void **state)
{
	(void)state;
	ask("{\"verb\":\"static\",\"static\":\"02:00:00:00:00:09,port=p2\"}");
	shows("{\"verb\":\"fdb\"}", "{\"mac\":\"02:00:00:00:00:09\",\"port\":\"p2\",\"static\":true}");
	refuses("{\"verb\":\"static\",\"static\":\"02:00:00:00:00:0a,port=p2,vlan=5\"}", "VLAN");
	ask("{\"verb\":\"static\",\"remove\":\"02:00:00:00:00:09,port=p2\"}");
	shows("{\"verb\":\"fdb\"}", "{\"entries\":[]}");
	refuses("{\"verb\":\"static\",\"remove\":\"02:00:00:00:00:09,port=p2\"}", "");
	refuses("{\"verb\":\"static\",\"static\":\"x,port=p2\"}", "x");
}

static void a_port_goes_with_what_hangs_on_it(void **state)
{
	(void)state;
	ask("{\"verb\":\"static\",\"static\":\"02:00:00:00:00:09,port=p2\"}");
	ask("{\"verb\":\"fault\",\"fault\":\"p0>p2,loss=1%\"}");
	ask("{\"verb\":\"del\",\"port\":\"p2\"}");
	shows("{\"verb\":\"fdb\"}", "{\"entries\":[]}");
	shows("{\"verb\":\"faults\"}", "{\"faults\":[]}");
	refuses("{\"verb\":\"ports\",\"port\":\"p2\"}", "no port p2");
	refuses("{\"verb\":\"del\",\"port\":\"p2\"}", "no port p2");
}

static void ports_of_no_kind_are_not_added(void **state)
{
	(void)state;
	refuses("{\"verb\":\"add\",\"word\":\"bridge\",\"value\":\"x\"}", "no kind of port");
	refuses("{\"verb\":\"add\",\"word\":\"\",\"value\":\"x\"}", "no kind of port");
	refuses("{\"verb\":\"add\",\"word\":\"tap\",\"value\":\"p0\"}", "p0");
	refuses("{\"verb\":\"add\",\"word\":\"tap\",\"value\":\"x,colour=red\"}", "colour");
	refuses("{\"verb\":\"add\",\"word\":\"tap\",\"value\":\"\"}", "");
	refuses("{\"verb\":\"add\",\"word\":\"net\",\"value\":\"/nonexistent/net\"}", "nonexistent");
	refuses("{\"verb\":\"add\",\"word\":\"tap\"}", "'value' is missing");
}

static json_t *reload(void *context, struct why *reason)
{
	(void)reason;
	return json_pack("{s:s}", "context", context);
}

static void reload_is_left_to_who_can(void **state)
{
	(void)state;
	refuses("{\"verb\":\"reload\"}", "no configuration file");
	target.reload = reload;
	target.reload_context = (void *)"this";
	shows("{\"verb\":\"reload\"}", "{\"context\":\"this\"}");
}

/* --- refusing */

static void what_makes_no_sense_is_refused(void **state)
{
	static char longest[70000];
	char request[80000];

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	refuses("{}", "'verb' is missing");
	refuses("{\"verb\":1}", "'verb' is not a string");
	refuses("{\"verb\":\"\"}", "no verb ''");
	refuses("{\"verb\":\"nothing\"}", "no verb 'nothing'");
	refuses("{\"verb\":\"watch\"}", "no verb");
	refuses("{\"verb\":\"ping\",\"port\":\"p0\"}", "ping takes no 'port'");
	refuses("{\"verb\":\"ports\",\"port limit\":1}", "takes no");
	refuses("{\"verb\":\"ports\",\"\":1}", "takes no ''");
	refuses("{\"verb\":\"ports\",\"port\":\"\"}", "no port");
	refuses("{\"verb\":\"slots\",\"port\":\"p0\"}", "has no slots");
	refuses("{\"verb\":\"slots\"}", "'port' is missing");
	sprintf(request, "{\"verb\":\"%s\"}", longest);
	refuses(request, "no verb 'xxx");
	sprintf(request, "{\"verb\":\"ports\",\"%s\":1}", longest);
	refuses(request, "takes no 'xxx");
	sprintf(request, "{\"verb\":\"set\",\"port\":\"p0\",\"change\":\"%s\"}", longest);
	refuses(request, "too long");
	sprintf(request, "{\"verb\":\"fault\",\"remove\":\"%s\"}", longest);
	refuses(request, "");
	sprintf(request, "{\"verb\":\"add\",\"word\":\"net\",\"value\":\"%s\"}", longest);
	refuses(request, "long");
	sprintf(request, "{\"verb\":\"down\",\"end\":\"%s\"}", longest);
	refuses(request, "");
}

static void who_only_looks_changes_nothing(void **state)
{
	(void)state;
	assert_non_null(ask_as("{\"verb\":\"ports\"}", true));
	assert_null(ask_as("{\"verb\":\"flush\"}", true));
	assert_non_null(strstr(why.text, "cannot be watched"));
	assert_null(ask_as("{\"verb\":\"del\",\"port\":\"p0\"}", true));
	shows("{\"verb\":\"ports\"}", "\"p0\"");
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_switch_says_what_it_is),
		TEST(ports_show_what_passed),
		TEST(addresses_are_shown_with_their_ports),
		TEST(long_tables_come_in_pages),
		TEST(pages_of_addresses_stay_in_step),
		TEST(links_go_down_and_up),
		TEST(ports_are_changed),
		TEST(settings_are_changed),
		TEST(faults_are_added_changed_and_removed),
		TEST(mirrors_are_added_and_removed),
		TEST(addresses_are_fixed_and_let_go),
		TEST(a_port_goes_with_what_hangs_on_it),
		TEST(ports_of_no_kind_are_not_added),
		TEST(reload_is_left_to_who_can),
		TEST(what_makes_no_sense_is_refused),
		TEST(who_only_looks_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
