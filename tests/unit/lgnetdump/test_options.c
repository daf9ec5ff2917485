// SPDX-License-Identifier: GPL-2.0
/*
 * test_options.c - what a capture's command line may say, and what goes
 * together.
 */
#include <stdio.h>
#include <stdlib.h>

#include "format.h"
#include "options.h"
#include "test.h"

static struct options options;
static struct why why;

#define parse(...) \
	parse_words((char *[]){ "lgnetdump", __VA_ARGS__ __VA_OPT__(,) NULL })

static bool parse_words(char **argv)
{
	return options_parse(argv, &options, &why);
}

static void a_net_is_all_that_it_takes(void **state)
{
	(void)state;
	assert_good(parse("-i", "net0"), &why);
	assert_int_equal(options.action, OPTIONS_DUMP);
	assert_int_equal(options.nets, 1);
	assert_string_equal(options.net[0], "net0");
	assert_int_equal(options.snaplen, OPTIONS_SNAPLEN_MAX);
	assert_int_equal(options.ring_bytes, 64 << 20);
	assert_string_equal(options.filter, "");
	assert_null(options.write);
	assert_fails(parse(), &why, "which net?");
	assert_fails(parse("arp"), &why, "which net?");
	assert_fails(parse_words((char *[]){ NULL }), &why, "which net?");
}

static void letters_are_tcpdumps(void **state)
{
	(void)state;
	assert_good(parse("-nexq", "-inet0", "-c", "5", "-s96", "tcp", "port",
			  "80"), &why);
	assert_true(options.numeric && options.link_level && options.hex &&
		    options.quick);
	assert_int_equal(options.count, 5);
	assert_int_equal(options.snaplen, 96);
	assert_string_equal(options.filter, "tcp port 80");
	assert_good(parse("-i", "net0", "-Uw", "x.pcap", "-C", "10", "-W", "3"),
		    &why);
	assert_true(options.flush);
	assert_string_equal(options.write, "x.pcap");
	assert_int_equal(options.file_bytes, 10000000);
	assert_int_equal(options.file_count, 3);
	assert_good(parse("-i", "net0", "-w", "%H", "-G", "60"), &why);
	assert_int_equal(options.file_seconds, 60);
	assert_good(parse("-D"), &why);
	assert_int_equal(options.action, OPTIONS_LIST);
	assert_good(parse("-h"), &why);
	assert_int_equal(options.action, OPTIONS_HELP);
	assert_good(parse("-i", "net0", "-s", "0"), &why);
	assert_int_equal(options.snaplen, OPTIONS_SNAPLEN_MAX);
}

static void long_options_say_the_rest(void **state)
{
	(void)state;
	assert_good(parse("--net=a", "--net", "b", "--slot=r1", "--src=2",
			  "--dst=02:00:00:00:00:01", "--dropped", "--copies",
			  "--wait", "--ring=1M", "--raw-checksum",
			  "--duration=7", "--write=-", "--format=pcapng"),
		    &why);
	assert_int_equal(options.nets, 2);
	assert_int_equal(options.slots, 3);
	assert_int_equal(options.slot[0].end, OPTIONS_EITHER_END);
	assert_int_equal(options.slot[1].end, OPTIONS_SOURCE);
	assert_int_equal(options.slot[2].end, OPTIONS_TARGET);
	assert_string_equal(options.slot[1].word, "2");
	assert_true(options.dropped && options.copies && options.wait &&
		    options.raw_checksum);
	assert_int_equal(options.ring_bytes, 1 << 20);
	assert_int_equal(options.duration, 7);
	assert_int_equal(options.format, OPTIONS_PCAPNG);
	assert_good(parse("-i", "a", "--segment", "-C", "64M", "-w", "x",
			  "--print", "-e"), &why);
	assert_true(options.segment && options.print);
	assert_int_equal(options.file_bytes, 64 << 20);
}

static void values_that_make_no_sense_are_refused(void **state)
{
	(void)state;
	assert_fails(parse("-i", "n", "-c", "0"), &why,
		     "-c: '0' is not a number of frames");
	assert_fails(parse("-i", "n", "-c", "-1"), &why, "'-1'");
	assert_fails(parse("-i", "n", "-c"), &why, "-c needs a value: -c N");
	assert_fails(parse("-i", "n", "-s", "9999999"), &why, "262144");
	assert_fails(parse("-i", "n", "--ring=3M"), &why, "power of two");
	assert_fails(parse("-i", "n", "--ring=64K"), &why, "power of two");
	assert_fails(parse("-i", "n", "--ring=512M"), &why, "power of two");
	assert_fails(parse("-i", "n", "-w", "x", "-C", "0"), &why, "no size");
	assert_fails(parse("-i", "n", "-w", "x", "-C", "ten"), &why, "not a size");
	assert_fails(parse("-i", "n", "-w", "x", "-G", "1.5"), &why,
		     "a time in seconds");
	assert_fails(parse("-i", "n", "-w", "x", "-C", "1", "-W", "0"), &why,
		     "a number of files");
	assert_fails(parse("-i", "n", "--format=erf", "-w", "x"), &why,
		     "no 'erf'");
	assert_fails(parse("-i", "n", "-w", ""), &why, "empty");
	assert_fails(parse("-i", ""), &why, "no name");
	assert_fails(parse("-i", "n", "--slot="), &why, "a slot is");
	assert_fails(parse("-i", "n", "-z"), &why, "no option -z");
	assert_fails(parse("-i", "n", "--snap=1"), &why, "no option --snap");
	assert_fails(parse("-i", "n", "--wait=1"), &why, "takes no value");
}

static void what_does_not_go_together_is_refused(void **state)
{
	(void)state;
	assert_fails(parse("-i", "n", "-C", "1"), &why, "which one?");
	assert_fails(parse("-i", "n", "-G", "1"), &why, "which one?");
	assert_fails(parse("-i", "n", "-U"), &why, "which one?");
	assert_fails(parse("-i", "n", "--print"), &why, "which one?");
	assert_fails(parse("-i", "n", "-w", "x", "-W", "1"), &why, "when?");
	assert_fails(parse("-i", "n", "-w", "-", "-C", "1"), &why,
		     "cannot become another file");
	assert_fails(parse("-i", "n", "-w", "-", "--print"), &why,
		     "both frames and lines");
	assert_fails(parse("-i", "n", "-w", "x", "-e"), &why, "about lines");
	assert_good(parse("-i", "n", "-w", "x", "-n"), &why);
	assert_fails(parse("-i", "n", "--json"), &why, "--list");
	assert_fails(parse("-D", "tcp"), &why, "no filter");
	assert_fails(parse("-i", "n", "--segment", "--raw-checksum"), &why,
		     "cannot keep");
}

static void too_many_of_anything_are_refused(void **state)
{
	char *words[256] = { "lgnetdump" };
	char *filter = calloc(1, 10000);
	int i;

	(void)state;
	for (i = 0; i <= OPTIONS_NETS_MAX; i++)
		words[1 + i] = "--net=x";
	assert_fails(parse_words(words), &why, "too many nets");
	words[1] = "--net=x";
	for (i = 1; i <= OPTIONS_SLOTS_MAX + 1; i++)
		words[1 + i] = "--slot=x";
	assert_fails(parse_words(words), &why, "too many slots");
	memset(filter, 'x', 9999);
	assert_fails(parse("-i", "n", filter), &why, "too long");
	assert_fails(parse("-i", "n", "-w", filter), &why, "too long");
	free(filter);
}

static void a_file_may_have_the_name_of_an_option(void **state)
{
	(void)state;
	assert_good(parse("-i", "-w", "--", "arp"), &why);
	assert_string_equal(options.net[0], "-w");
	assert_string_equal(options.filter, "arp");
}

static void assert_format(const char *write, unsigned int slots,
			  enum options_format format, bool compressed)
{
	options = (struct options){ .nets = 1, .write = write, .slots = slots };
	assert_int_equal(format_of(&options), format);
	assert_int_equal(format_compressed(write), compressed);
}

static void a_files_name_tells_its_format(void **state)
{
	(void)state;
	assert_format("a.pcap", 0, OPTIONS_PCAP, false);
	assert_format("a.cap", 0, OPTIONS_PCAP, false);
	assert_format("a.pcapng", 1, OPTIONS_PCAPNG, false);
	assert_format("a.pcap.gz", 0, OPTIONS_PCAP, true);
	assert_format("a.pcapng.gz", 1, OPTIONS_PCAPNG, true);
	/* Otherwise one slot needs no names. */
	assert_format("a", 0, OPTIONS_PCAPNG, false);
	assert_format("-", 1, OPTIONS_PCAP, false);
	assert_format("-", 2, OPTIONS_PCAPNG, false);
	assert_format(".gz", 1, OPTIONS_PCAP, false);
	options.format = OPTIONS_PCAPNG;
	options.write = "a.pcap";
	assert_int_equal(format_of(&options), OPTIONS_PCAPNG);
}

static void help_shows_each_letter(void **state)
{
	static const char *const shown[] = {
		"-i, --net=FILE", "-w, --write=FILE", "    --slot=SLOT",
		"-C, --file-size=SIZE", "-G, --file-seconds=SECONDS",
		"-D, --list",
	};
	char *text;
	size_t size, i;
	FILE *file = open_memstream(&text, &size);

	(void)state;
	options_help(file);
	fclose(file);
	for (i = 0; i < ARRAY_SIZE(shown); i++)
		if (!strstr(text, shown[i]))
			fail_msg("--help has no '%s'", shown[i]);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_net_is_all_that_it_takes),
		cmocka_unit_test(letters_are_tcpdumps),
		cmocka_unit_test(long_options_say_the_rest),
		cmocka_unit_test(values_that_make_no_sense_are_refused),
		cmocka_unit_test(what_does_not_go_together_is_refused),
		cmocka_unit_test(too_many_of_anything_are_refused),
		cmocka_unit_test(a_file_may_have_the_name_of_an_option),
		cmocka_unit_test(a_files_name_tells_its_format),
		cmocka_unit_test(help_shows_each_letter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
