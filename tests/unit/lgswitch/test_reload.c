// SPDX-License-Identifier: GPL-2.0
/*
 * test_reload.c - from one configuration to another, on a switch that is but
 * its configuration: what is done in between, and that the end is as wanted.
 * Ports whose names begin with "bad" cannot be added, nor "good" ones removed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "configfile.h"
#include "reload.h"
#include "test.h"
#include "wordset.h"

static struct switch_config now;
static struct lgswitch sw;
static struct why why;
static char log_text[8192];

/* --- the switch */

#define REMOVE(array, count, i)						\
	memmove(&(array)[i], &(array)[(i) + 1],				\
		(--(count) - (i)) * sizeof(*(array)))

static bool fake_get_config(const struct lgswitch *of,
			    struct switch_config *config, struct why *reason)
{
	unsigned int i;
	bool good = true;

	*config = of->settings;
	for (i = 0; i < now.ports; i++)
		good &= config_add_port(config, &now.port[i], reason);
	for (i = 0; i < now.fixeds; i++)
		good &= config_add_static(config, &now.fixed[i], reason);
	for (i = 0; i < now.mirrors; i++)
		good &= config_add_mirror(config, &now.mirror[i], reason);
	for (i = 0; i < now.faults; i++)
		good &= config_add_fault(config, &now.fault[i], reason);
	for (i = 0; i < now.downs; i++)
		good &= config_add_down(config, &now.down[i], reason);
	return good;
}

static bool fake_add_port(struct lgswitch *of, const struct port_config *port,
			  struct why *reason)
{
	(void)of;
	if (!strncmp(port->name, "bad", 3))
		return why_fail(reason, "%s is bad", port->name);
	return config_add_port(&now, port, reason);
}

static void forget_rules(const char *port)
{
	unsigned int i;

	for (i = now.fixeds; i--;)
		if (!strcmp(now.fixed[i].port, port))
			REMOVE(now.fixed, now.fixeds, i);
	for (i = now.faults; i--;)
		if (!strcmp(now.fault[i].from.port, port) ||
		    !strcmp(now.fault[i].to.port, port))
			REMOVE(now.fault, now.faults, i);
	for (i = now.mirrors; i--;)
		if (!strcmp(now.mirror[i].to.port, port))
			REMOVE(now.mirror, now.mirrors, i);
	for (i = now.downs; i--;)
		if (!strcmp(now.down[i].port, port))
			REMOVE(now.down, now.downs, i);
}

static struct port_config *find(const char *name, struct why *reason)
{
	unsigned int i;

	for (i = 0; i < now.ports; i++)
		if (!strcmp(now.port[i].name, name))
			return &now.port[i];
	why_fail(reason, "there is no port %s", name);
	return NULL;
}

static bool fake_remove_port(struct lgswitch *of, const char *name,
			     struct why *reason)
{
	struct port_config *port = find(name, reason);

	(void)of;
	if (!port)
		return false;
	if (!strncmp(name, "good", 4))
		return why_fail(reason, "%s stays", name);
	REMOVE(now.port, now.ports, port - now.port);
	forget_rules(name);
	return true;
}

static bool fake_change_port(struct lgswitch *of,
			     const struct port_change *change,
			     struct why *reason)
{
	struct port_config *port = find(change->name, reason);

	(void)of;
	if (!port)
		return false;
	if (change->set_vlan)
		port->vlan = change->to.vlan;
	if (change->set_isolated)
		port->isolated = change->to.isolated;
	if (change->set_storm)
		port->storm = change->to.storm;
	if (change->set_strict)
		port->strict = change->to.strict;
	return true;
}

static bool fake_add_static(struct lgswitch *of,
			    const struct static_config *fixed,
			    struct why *reason)
{
	(void)of;
	return find(fixed->port, reason) &&
	       config_add_static(&now, fixed, reason);
}

static bool fake_remove_static(struct lgswitch *of,
			       const struct static_config *fixed,
			       struct why *reason)
{
	unsigned int i;

	(void)of;
	for (i = 0; i < now.fixeds; i++)
		if (!memcmp(now.fixed[i].mac, fixed->mac, MAC_BYTES)) {
			REMOVE(now.fixed, now.fixeds, i);
			return true;
		}
	return why_fail(reason, "it is not there");
}

static bool fake_remove_mirror(struct lgswitch *of, const struct endpoint *to,
			       struct why *reason)
{
	unsigned int i;

	(void)of;
	for (i = 0; i < now.mirrors; i++)
		if (config_same_endpoint(&now.mirror[i].to, to)) {
			REMOVE(now.mirror, now.mirrors, i);
			return true;
		}
	return why_fail(reason, "it is not there");
}

static bool fake_add_mirror(struct lgswitch *of,
			    const struct mirror_config *mirror,
			    struct why *reason)
{
	struct why none;

	fake_remove_mirror(of, &mirror->to, &none);
	return config_add_mirror(&now, mirror, reason);
}

static bool fake_remove_fault(struct lgswitch *of, const struct endpoint *from,
			      const struct endpoint *to, struct why *reason)
{
	unsigned int i;

	(void)of;
	for (i = 0; i < now.faults; i++)
		if (config_same_endpoint(&now.fault[i].from, from) &&
		    config_same_endpoint(&now.fault[i].to, to)) {
			REMOVE(now.fault, now.faults, i);
			return true;
		}
	return why_fail(reason, "it is not there");
}

static bool fake_add_fault(struct lgswitch *of,
			   const struct fault_config *fault,
			   struct why *reason)
{
	struct why none;

	assert_false(fault->both);
	fake_remove_fault(of, &fault->from, &fault->to, &none);
	return config_add_fault(&now, fault, reason);
}

static bool fake_set_down(struct lgswitch *of, const struct endpoint *end,
			  bool down, struct why *reason)
{
	unsigned int i;

	(void)of;
	if (down)
		return config_add_down(&now, end, reason);
	for (i = 0; i < now.downs; i++)
		if (config_same_endpoint(&now.down[i], end)) {
			REMOVE(now.down, now.downs, i);
			return true;
		}
	return why_fail(reason, "it is not there");
}

static void fake_set_ageing(struct lgswitch *of, unsigned int seconds)
{
	of->settings.ageing_s = seconds;
}

static void fake_set_fdb_max(struct lgswitch *of, uint32_t max)
{
	of->settings.fdb_max = max;
}

static void fake_set_control_frames(struct lgswitch *of, bool pass)
{
	of->settings.no_control_frames = !pass;
}

#define reload_apply			tested_apply
#define switch_get_config		fake_get_config
#define switch_add_port			fake_add_port
#define switch_remove_port		fake_remove_port
#define switch_change_port		fake_change_port
#define switch_add_static		fake_add_static
#define switch_remove_static		fake_remove_static
#define switch_add_mirror		fake_add_mirror
#define switch_remove_mirror		fake_remove_mirror
#define switch_add_fault		fake_add_fault
#define switch_remove_fault		fake_remove_fault
#define switch_set_down			fake_set_down
#define switch_set_ageing		fake_set_ageing
#define switch_set_fdb_max		fake_set_fdb_max
#define switch_set_control_frames	fake_set_control_frames

bool tested_apply(struct reload *reload, struct lgswitch *of,
		  struct switch_config *wanted, struct why *reason);

/* The code itself, for that switch. */
#include "reload.c"

/* --- how it is asked */

static void keep(struct reload *reload, const char *text,
		 const struct why *reason)
{
	size_t used = strlen(log_text);

	(void)reload;
	snprintf(log_text + used, sizeof(log_text) - used, "%s%s%s\n", text,
		 reason ? ": " : "", reason ? reason->text : "");
}

static void parse(const char *text, struct switch_config *config)
{
	char copy[2048];
	size_t bytes = strlen(text);

	memcpy(copy, text, bytes + 1);
	config_init(config);
	assert_good(configfile_parse("f", copy, bytes, config, &why), &why);
}

static char *print(const struct switch_config *config)
{
	char *text = NULL;
	size_t bytes;
	FILE *file = open_memstream(&text, &bytes);

	config_print(config, file);
	fclose(file);
	return text;
}

/* Make it so; what was done is in @log_text. */
static void apply(const char *text)
{
	struct reload reload = { .tell = keep };
	struct switch_config wanted;

	*log_text = '\0';
	parse(text, &wanted);
	assert_good(tested_apply(&reload, &sw, &wanted, &why), &why);
	config_free(&wanted);
}

static void does(const char *text, const char *changes)
{
	apply(text);
	assert_string_equal(log_text, changes);
}

/* What it is now, as words in any order. */
static void is(const char *words)
{
	struct switch_config config, expected;
	char *text[2];

	assert_good(fake_get_config(&sw, &config, &why), &why);
	parse(words, &expected);
	text[0] = print(&config);
	text[1] = print(&expected);
	assert_string_equal(text[0], text[1]);
	free(text[0]);
	free(text[1]);
	config_free(&config);
	config_free(&expected);
}

static int start(void **state)
{
	(void)state;
	config_init(&now);
	config_init(&sw.settings);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	config_free(&now);
	return 0;
}

#define LAB "tap=a\ntap=b,vlan=10\nnet=/n,name=n,strict\n"		\
	"static=02:00:00:00:00:01,port=a\nmirror=to=a,from=b\n"		\
	"fault=a>n:r1,loss=1%\ndown=b\nageing=10\n"

/* --- tests */

static void all_is_made_and_then_nothing_differs(void **state)
{
	(void)state;
	does(LAB, "set ageing=10\n"
	     "add tap=a\nadd tap=b,vlan=10\nadd net=/n,name=n,strict\n"
	     "add static=02:00:00:00:00:01,port=a\n"
	     "add mirror=to=a,from=b\nadd fault=a>n:r1,loss=1%\nadd down=b\n");
	is(LAB);
	does(LAB, "");
	does(LAB "# other words\n", "");
}

static void what_is_not_wanted_goes(void **state)
{
	(void)state;
	apply(LAB);
	does("tap=a\nnet=/n,name=n,strict\nageing=10\n",
	     "remove static 02:00:00:00:00:01,port=a\nremove mirror a\n"
	     "remove fault a>n:r1\nremove down b\nremove port b\n");
	is("tap=a\nnet=/n,name=n,strict\nageing=10\n");
	does("", "set ageing=300\nremove port a\nremove port n\n");
	is("");
}

static void ports_that_can_are_changed_while_they_work(void **state)
{
	(void)state;
	apply(LAB);
	does("tap=a,vlan=7,storm=9\ntap=b,vlan=10,isolated\nnet=/n,name=n\nageing=10\n"
	     "fault=a>n:r1,loss=1%\ndown=b\n",
	     "remove static 02:00:00:00:00:01,port=a\nremove mirror a\n"
	     "set tap=a,vlan=7,storm=9\nset tap=b,vlan=10,isolated\nset net=/n,name=n\n");
	is("tap=a,vlan=7,storm=9\ntap=b,vlan=10,isolated\nnet=/n,name=n\nageing=10\n"
	   "fault=a>n:r1,loss=1%\ndown=b\n");
}

static void others_are_made_anew_with_what_hangs_on_them(void **state)
{
	(void)state;
	apply(LAB);
	does("tap=a,mtu=9000\ntap=b,vlan=10\nnet=/n,name=n,strict\n"
	     "static=02:00:00:00:00:01,port=a\nmirror=to=a,from=b\n"
	     "fault=a>n:r1,loss=1%\ndown=b\nageing=10\n",
	     "remove port a\nadd tap=a,mtu=9000\nadd static=02:00:00:00:00:01,port=a\n"
	     "add mirror=to=a,from=b\nadd fault=a>n:r1,loss=1%\n");
	/* Even if a name means something else now. */
	does("net=/a,name=a\ntap=b,vlan=10\nnet=/n,name=n,strict\nageing=10\n",
	     "remove static 02:00:00:00:00:01,port=a\nremove mirror a\nremove fault a>n:r1\nremove down b\n"
	     "remove port a\nadd net=/a,name=a\n");
}

static void rules_are_changed_in_place(void **state)
{
	(void)state;
	apply("tap=a\ntap=b\ntap=c\nmirror=to=a,from=b\nfault=b>c,loss=1%\n");
	does("tap=a\ntap=b\ntap=c\nmirror=to=a,from=b+c\nfault=b>c,loss=2%\n",
	     "add mirror=to=a,from=b+c\nadd fault=b>c,loss=2%\n");
}

static void a_fault_of_both_directions_is_two(void **state)
{
	(void)state;
	apply("tap=b\ntap=c\nfault=b<>c,loss=1%\n");
	is("tap=b\ntap=c\nfault=b>c,loss=1%\nfault=c>b,loss=1%\n");
	does("tap=b\ntap=c\nfault=b<>c,loss=1%\n", "");
	does("tap=b\ntap=c\nfault=c<>b,loss=1%\n", "");
	does("tap=b\ntap=c\nfault=c>b,loss=1%\n", "remove fault b>c\n");
}

static void a_static_address_moves(void **state)
{
	(void)state;
	apply("tap=a\ntap=b\nstatic=02:00:00:00:00:01,port=a\n");
	does("tap=a\ntap=b\nstatic=02:00:00:00:00:01,port=b\n",
	     "remove static 02:00:00:00:00:01,port=a\nadd static=02:00:00:00:00:01,port=b\n");
}

static void what_fails_is_told_and_the_rest_is_done(void **state)
{
	(void)state;
	apply("tap=good\n");
	does("tap=a\ntap=bad\ntap=c\nstatic=02:00:00:00:00:01,port=bad\n",
	     "remove port good: good stays\nadd tap=a\nadd tap=bad: bad is bad\nadd tap=c\n"
	     "add static=02:00:00:00:00:01,port=bad: there is no port bad\n");
	is("tap=good\ntap=a\ntap=c\n");
	/* It is tried again. */
	does("tap=a\ntap=bad\ntap=c\n", "remove port good: good stays\nadd tap=bad: bad is bad\n");
}

static void settings_that_take_a_restart_say_so(void **state)
{
	(void)state;
	strcpy(sw.settings.name, "sw");
	does("name=sw\nno-control-frames\nfdb-max=5\n",
	     "set fdb-max=5\nset no-control-frames\n");
	does("no-control-frames\nfdb-max=5\n", "");
	does("no-control-frames\nfdb-max=5\npersist\n", "set persist: that takes a restart\n");
	apply("name=other\ncontrol=/x\ncontrol-group=g\nuser=u\nseed=7\n");
	assert_non_null(strstr(log_text, "name other: that takes a restart (it is sw)\n"));
	assert_non_null(strstr(log_text, "control /x: that takes a restart (it is unset)\n"));
	assert_non_null(strstr(log_text, "control-group g: "));
	assert_non_null(strstr(log_text, "user u: "));
	assert_non_null(strstr(log_text, "seed 7: "));
}

static void a_thousand_ports_are_no_trouble(void **state)
{
	struct switch_config wanted;
	struct reload reload = { 0 };
	char text[32];
	unsigned int i;

	(void)state;
	config_init(&wanted);
	for (i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "t%u", i);
		assert_good(config_set_word(&wanted, "tap", text, &why), &why);
	}
	assert_good(tested_apply(&reload, &sw, &wanted, &why), &why);
	assert_int_equal(reload.done, 1000);
	assert_good(tested_apply(&reload, &sw, &wanted, &why), &why);
	assert_int_equal(reload.done, 1000);
	assert_int_equal(now.ports, 1000);
	config_free(&wanted);
}

static void sets_of_words_know_what_is_in_them(void **state)
{
	struct wordset set = { 0 };
	char text[16];
	unsigned int i;

	(void)state;
	wordset_sort(&set);
	assert_false(wordset_has(&set, ""));
	for (i = 0; i < 500; i++) {
		snprintf(text, sizeof(text), "%u", i * 7919 % 1000);
		assert_true(wordset_add(&set, text));
	}
	wordset_sort(&set);
	for (i = 0; i < 500; i++) {
		snprintf(text, sizeof(text), "%u", i * 7919 % 1000);
		assert_true(wordset_has(&set, text));
		strcat(text, "x");
		assert_false(wordset_has(&set, text));
	}
	wordset_free(&set);
	assert_false(wordset_has(&set, "7"));
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_is_made_and_then_nothing_differs),
		TEST(what_is_not_wanted_goes),
		TEST(ports_that_can_are_changed_while_they_work),
		TEST(others_are_made_anew_with_what_hangs_on_them),
		TEST(rules_are_changed_in_place),
		TEST(a_fault_of_both_directions_is_two),
		TEST(a_static_address_moves),
		TEST(what_fails_is_told_and_the_rest_is_done),
		TEST(settings_that_take_a_restart_say_so),
		TEST(a_thousand_ports_are_no_trouble),
		TEST(sets_of_words_know_what_is_in_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
