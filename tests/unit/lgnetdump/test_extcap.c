// SPDX-License-Identifier: GPL-2.0
/*
 * test_extcap.c - Wireshark's calls, and what it hears to the letter.
 */
#include "extcap.h"
#include "folder.h"

static struct lguest_net_page page;
static bool may_look;

static bool look(const char *path, struct lguest_net_page *to)
{
	*to = page;
	return may_look && strstr(path, "net0");
}

static char nets_folder[PATH_MAX];
static struct extcap_nets nets = { .folder = nets_folder, .look = look };
static struct extcap extcap;
static enum extcap_result result;
static struct why why;
static char *said;
static size_t said_bytes;

/* Call with those words, up to a NULL. */
static void call(const char *first, ...)
{
	char *argv[EXTCAP_WORDS + 10] = { "lgnetdump", (char *)first };
	unsigned int words = 2;
	va_list args;
	FILE *to;

	va_start(args, first);
	while ((argv[words] = va_arg(args, char *)))
		words++;
	va_end(args);
	free(said);
	to = open_memstream(&said, &said_bytes);
	result = extcap_answer(&extcap, argv, &nets, to, &why);
	fclose(to);
}

static void assert_refused(const char *words)
{
	assert_int_equal(result, EXTCAP_FAILED);
	assert_fails(false, &why, words);
	assert_string_equal(said, "");
}

static void assert_said(const char *words)
{
	if (result == EXTCAP_FAILED)
		fail_msg("failed with '%s'", why.text);
	assert_int_equal(result, EXTCAP_ANSWERED);
	assert_string_equal(said, words);
}

/* The words that a person would have typed. */
static void assert_words(const char *words)
{
	char line[1024] = "";
	unsigned int i;

	if (result == EXTCAP_FAILED)
		fail_msg("failed with '%s'", why.text);
	assert_int_equal(result, EXTCAP_CAPTURE);
	for (i = 0; extcap.word[i]; i++) {
		strcat(line, i ? "|" : "");
		strcat(line, extcap.word[i]);
	}
	assert_string_equal(line, words);
	assert_string_equal(said, "");
}

static int set_up(void **state)
{
	if (make_folder(state))
		return -1;
	make_subfolder("lg");
	make_file("lg/net0", 0);
	make_file("lg/net1", 0);
	strcpy(nets_folder, in_folder("lg"));
	page.slot[1].flags = LGUEST_SLOT_USED;
	strcpy(page.slot[1].name, "r1");
	page.slot[4].flags = LGUEST_SLOT_USED;
	strcpy(page.slot[4].name, "r{2}");
	page.slot[9].flags = LGUEST_SLOT_USED;
	return 0;
}

static int tear_down(void **state)
{
	free(said);
	return remove_folder(state);
}

static void a_call_is_told_from_a_person(void **state)
{
	static char *const person[] = { "lgnetdump", "-i", "net0", "--capture", NULL };
	static char *const hidden[] = { "lgnetdump", "-i", "net0", "--", "--extcap-x", NULL };
	static char *const wireshark[] = { "lgnetdump", "--capture", "--extcap-interface",
			      "lguest-net0", NULL };

	(void)state;
	assert_false(extcap_is_call(person));
	assert_false(extcap_is_call(hidden));
	assert_true(extcap_is_call(wireshark));
}

/* @want has a %s wherever the folder's name, as Wireshark gets it, is. */
static void assert_interfaces(const char *want)
{
	char line[4096], name[IFACE_NAME];
	struct iface iface = { 0 };
	const char *short_name;

	strcpy(iface.net, nets_folder);
	iface_name(&iface, name);
	short_name = name + strlen("lguest-");
	snprintf(line, sizeof(line), want, short_name, nets_folder, short_name,
		 nets_folder, short_name, nets_folder, short_name, nets_folder,
		 short_name, nets_folder);
	assert_said(line);
}

static void interfaces_are_nets_and_who_is_there(void **state)
{
	(void)state;
	may_look = true;
	call("--extcap-interfaces", "--extcap-version=4.0", NULL);
	assert_interfaces("extcap {version=0.1}{display=lguest nets}\n"
			  "interface {value=lguest-%s%%2Fnet0}{display=lguest %s/net0}\n"
			  "interface {value=lguest-%s%%2Fnet0:r1}{display=lguest %s/net0: r1}\n"
			  "interface {value=lguest-%s%%2Fnet0:r%%7B2%%7D}{display=lguest %s/net0: r?2?}\n"
			  "interface {value=lguest-%s%%2Fnet0:9}{display=lguest %s/net0: slot 9}\n"
			  "interface {value=lguest-%s%%2Fnet1}{display=lguest %s/net1}\n"
			  "interface {value=lguest}{display=lguest: a net by its file}\n");
}

static void interfaces_are_nets_alone_where_nobody_may_look(void **state)
{
	(void)state;
	may_look = false;
	call("--extcap-interfaces", NULL);
	assert_interfaces("extcap {version=0.1}{display=lguest nets}\n"
			  "interface {value=lguest-%s%%2Fnet0}{display=lguest %s/net0}\n"
			  "interface {value=lguest-%s%%2Fnet1}{display=lguest %s/net1}\n"
			  "interface {value=lguest}{display=lguest: a net by its file}\n");
}

static void without_nets_there_is_the_one_to_choose(void **state)
{
	const struct extcap_nets none = { .folder = "/nowhere", .look = look };
	const struct extcap_nets saved = nets;

	(void)state;
	nets = none;
	call("--extcap-interfaces", NULL);
	nets = saved;
	assert_said("extcap {version=0.1}{display=lguest nets}\n"
		    "interface {value=lguest}{display=lguest: a net by its file}\n");
}

static void the_link_type_is_ethernet(void **state)
{
	(void)state;
	call("--extcap-dlts", "--extcap-interface", "lguest-net0", NULL);
	assert_said("dlt {number=1}{name=EN10MB}{display=Ethernet}\n");
	call("--extcap-dlts", "--extcap-interface=lguest-net0:r1", NULL);
	assert_said("dlt {number=1}{name=EN10MB}{display=Ethernet}\n");
}

#define SETTING(number, rest) "arg {number=" #number "}" rest "\n"
#define COPIES	"{call=--copies}{display=Every copy of a broadcast}{type=boolflag}{tooltip=One for each receiver instead of one alone}"
#define DROPPED	"{call=--dropped}{display=Only what was not delivered}{type=boolflag}{tooltip=Frames that somebody should have got and did not}"
#define RAW	"{call=--raw-checksum}{display=Leave checksums as they are}{type=boolflag}{tooltip=Do not complete those that guests leave to each other}"
#define SEGMENT	"{call=--segment}{display=Split super-frames}{type=boolflag}{tooltip=Into the packets that they would be on a wire}"
#define SNAPLEN	"{call=--snaplen}{display=Bytes kept of a frame}{type=unsigned}{range=64,65535}{default=65535}"
#define NET	"{call=--net}{display=The net's file}{type=fileselect}{mustexist=true}{required=true}{placeholder=/var/lg/net0}"

static void settings_are_options(void **state)
{
	(void)state;
	call("--extcap-config", "--extcap-interface", "lguest-net0", NULL);
	assert_said(SETTING(0, COPIES) SETTING(1, DROPPED) SETTING(2, RAW)
		    SETTING(3, SEGMENT) SETTING(4, SNAPLEN));
	call("--extcap-config", "--extcap-interface", "lguest", NULL);
	assert_said(SETTING(0, NET) SETTING(1, COPIES) SETTING(2, DROPPED)
		    SETTING(3, RAW) SETTING(4, SEGMENT) SETTING(5, SNAPLEN));
}

static void a_capture_becomes_a_command_line(void **state)
{
	(void)state;
	call("--capture", "--extcap-interface", "lguest-net0", "--fifo",
	     "/tmp/fifo", NULL);
	assert_words("lgnetdump|-i|/var/lg/net0|-w|/tmp/fifo|-U|--format=pcapng");
	call("--capture", "--extcap-interface", "lguest-net0:r1", "--fifo",
	     "/tmp/fifo", "--dropped", "--snaplen", "100",
	     "--extcap-capture-filter", "tcp port 80", NULL);
	assert_words("lgnetdump|-i|/var/lg/net0|-w|/tmp/fifo|-U|--format=pcapng|--slot|r1|--dropped|--snaplen|100|--|tcp port 80");
	call("--capture", "--extcap-interface=lguest", "--fifo=f",
	     "--net=/run/lab/net", "--extcap-capture-filter=",
	     "--extcap-cleanup-postkill", NULL);
	assert_words("lgnetdump|-i|/run/lab/net|-w|f|-U|--format=pcapng");
}

static void a_filter_without_capture_is_to_be_checked(void **state)
{
	(void)state;
	call("--extcap-interface", "lguest-net0", "--extcap-capture-filter",
	     "ip or", NULL);
	assert_int_equal(result, EXTCAP_CHECK);
	assert_string_equal(extcap.filter, "ip or");
	assert_string_equal(said, "");
}

static void calls_that_make_no_sense_are_refused(void **state)
{
	char longest[PATH_MAX + 10];

	(void)state;
	call("--extcap-dlts", NULL);
	assert_refused("which interface?");
	call("--extcap-interface", NULL);
	assert_refused("--extcap-interface needs a value");
	call("--extcap-interface", "lguest-net0", NULL);
	assert_refused("what about interface lguest-net0?");
	call("--extcap-config", "--extcap-interface", "eth0", NULL);
	assert_refused("there is no interface eth0");
	call("--capture", "--extcap-interface", "lguest-net0", NULL);
	assert_refused("--capture needs --fifo");
	call("--capture", "--extcap-interface", "lguest", "--fifo", "f", NULL);
	assert_refused("which net?");
	call("--capture", "--extcap-interface", "lguest", "--fifo", "f",
	     "--net", "", NULL);
	assert_refused("which net?");
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	call("--capture", "--extcap-interface", "lguest", "--fifo", "f",
	     "--net", longest, NULL);
	assert_refused("too long");
}

static void more_words_than_fit_are_refused(void **state)
{
	char *argv[EXTCAP_WORDS + 10] = {
		"lgnetdump", "--capture", "--extcap-interface=lguest-net0",
		"--fifo=f",
	};
	unsigned int i;

	(void)state;
	for (i = 4; i < 4 + EXTCAP_WORDS; i++) {
		argv[i] = "--copies";
		result = extcap_answer(&extcap, argv, &nets, stdout, &why);
		if (i - 3 <= EXTCAP_WORDS - 7)
			assert_int_equal(result, EXTCAP_CAPTURE);
		else
			assert_int_equal(result, EXTCAP_FAILED);
	}
	argv[i] = "--copies";
	assert_int_equal(extcap_answer(&extcap, argv, &nets, stdout, &why),
			 EXTCAP_FAILED);
	assert_fails(false, &why, "too many words");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_is_told_from_a_person),
		cmocka_unit_test(interfaces_are_nets_and_who_is_there),
		cmocka_unit_test(interfaces_are_nets_alone_where_nobody_may_look),
		cmocka_unit_test(without_nets_there_is_the_one_to_choose),
		cmocka_unit_test(the_link_type_is_ethernet),
		cmocka_unit_test(settings_are_options),
		cmocka_unit_test(a_capture_becomes_a_command_line),
		cmocka_unit_test(a_filter_without_capture_is_to_be_checked),
		cmocka_unit_test(calls_that_make_no_sense_are_refused),
		cmocka_unit_test(more_words_than_fit_are_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
