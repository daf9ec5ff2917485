// SPDX-License-Identifier: GPL-2.0
/*
 * test_configfile.c - configuration files, good and bad, and that what is
 * printed as a file means the same when it is read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "configfile.h"
#include "test.h"

static struct switch_config config;
static struct why why;

static int fresh(void **state)
{
	(void)state;
	config_init(&config);
	return 0;
}

static int used(void **state)
{
	(void)state;
	config_free(&config);
	return 0;
}

static bool parse(const char *text)
{
	char copy[4096];
	size_t bytes = strlen(text);

	memcpy(copy, text, bytes + 1);
	return configfile_parse("sw.conf", copy, bytes, &config, &why);
}

static void words_stand_one_to_a_line(void **state)
{
	(void)state;
	assert_good(parse("net=/var/lg/a,name=a\n"
			  "tap=lg0,vlan=10\n"
			  "ageing=60\n"
			  "no-control-frames\n"), &why);
	assert_int_equal(config.ports, 2);
	assert_string_equal(config.port[0].file, "/var/lg/a");
	assert_string_equal(config.port[1].name, "lg0");
	assert_int_equal(config.port[1].vlan.vlan, 10);
	assert_int_equal(config.ageing_s, 60);
	assert_true(config.no_control_frames);
}

static void values_stand_behind_blanks_too(void **state)
{
	(void)state;
	assert_good(parse("tap lg0,vlan=10\n"
			  "  tap\t \tlg1 \x20\n"
			  "\tageing = 5\t\r\n"
			  "persist \x09\n"
			  "name sw"), &why);
	assert_int_equal(config.ports, 2);
	assert_string_equal(config.port[1].name, "lg1");
	assert_int_equal(config.ageing_s, 5);
	assert_true(config.persist);
	assert_string_equal(config.name, "sw");
}

static void comments_and_empty_lines_do_not_count(void **state)
{
	(void)state;
	assert_good(parse("# tap=lg9\n\n \x20\n\t# more\n"
			  "tap=lg0 # and why\n"
			  "net=/var/lg/a#b,name=a\n#"), &why);
	assert_int_equal(config.ports, 2);
	assert_string_equal(config.port[0].name, "lg0");
	assert_string_equal(config.port[1].file, "/var/lg/a#b");
}

static void nothing_is_a_file_too(void **state)
{
	(void)state;
	assert_good(parse(""), &why);
	assert_good(parse("\n"), &why);
	assert_int_equal(config.ports, 0);
}

static void errors_tell_the_line(void **state)
{
	(void)state;
	assert_fails(parse("\n# x\nnonsense=1\n"), &why, "sw.conf:3: ");
	assert_fails(parse("tap=a\ntap=b,vlan=4095"), &why, "sw.conf:2: tap: ");
	assert_fails(parse("tap\n"), &why, "sw.conf:1: tap needs a value");
	assert_fails(parse("persist=yes\n"), &why, "takes no value");
	assert_fails(parse("tap=a\n"), &why, "already");
	assert_fails(parse("--tap=c\n"), &why, "have no dashes");
	assert_fails(parse("config=/etc/x\n"), &why, "no word 'config'");
	assert_fails(parse("help\n"), &why, "no word 'help'");
	assert_fails(parse("=x\n"), &why, "no word ''");
}

static void what_is_no_text_is_an_error(void **state)
{
	char zero[] = "tap=lg0\nna\0me=x\n";

	(void)state;
	assert_fails(configfile_parse("sw.conf", zero, sizeof(zero) - 1,
				      &config, &why),
		     &why, "sw.conf:2: there is a zero byte");
	assert_fails(parse("\177ELF\2\1"), &why, "no word");
}

static void long_lines_are_errors(void **state)
{
	char text[4000];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_fails(parse(text), &why, "no word");
	memcpy(text, "tap=", 4);
	assert_fails(parse(text), &why, "sw.conf:1: tap: ");
}

/* Of a real file. */
static void files_are_opened_with_care(void **state)
{
	char path[] = "/tmp/lguest-test-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(write(fd, "tap=lg0\nbad\n", 12), 12);
	assert_fails(configfile_load(path, &config, &why), &why, ":2: ");
	assert_int_equal(config.ports, 1);
	assert_int_equal(ftruncate(fd, CONFIGFILE_MAX + 1), 0);
	assert_fails(configfile_load(path, &config, &why), &why,
		     "no configuration file");
	unlink(path);
	close(fd);
	assert_fails(configfile_load(path, &config, &why), &why,
		     "No such file");
	assert_fails(configfile_load("/tmp", &config, &why), &why, "/tmp");
	mkfifo(path, 0600);
	assert_fails(configfile_load(path, &config, &why), &why, path);
	unlink(path);
}

static void the_command_line_comes_before_its_file(void **state)
{
	char path[] = "/tmp/lguest-test-XXXXXX", option[64];
	char *words[4] = { "--ageing=7", option, "--tap=b" };
	int fd = mkstemp(path);

	(void)state;
	snprintf(option, sizeof(option), "--config=%s", path);
	assert_int_equal(write(fd, "tap=a\nageing=5\nfdb-max=9\n", 25), 25);
	assert_good(configfile_read(words, &config, &why), &why);
	assert_int_equal(config.ports, 2);
	assert_string_equal(config.port[0].name, "a");
	assert_int_equal(config.ageing_s, 7);
	assert_int_equal(config.fdb_max, 9);
	assert_string_equal(config.file, path);

	/* What is in both of them twice is once too many. */
	words[2] = "--tap=a";
	config_free(&config);
	assert_fails(configfile_read(words, &config, &why), &why, "already");
	/* Who asks for help does not need the file. */
	unlink(path);
	words[2] = "--help";
	config_free(&config);
	assert_good(configfile_read(words, &config, &why), &why);
	assert_int_equal(config.action, CONFIG_HELP);
	words[2] = NULL;
	config_free(&config);
	assert_fails(configfile_read(words, &config, &why), &why, path);
	close(fd);
}

static void what_is_printed_means_the_same(void **state)
{
	struct switch_config again;
	char *text[2] = { NULL, NULL };
	size_t bytes;
	FILE *file;

	(void)state;
	assert_good(parse("name=sw\n"
			  "net=/var/lg/a,name=a,slot=3,strict,vlan=10,isolated\n"
			  "net=/var/lg/b,name=b,trunk=10+20-29,native=30\n"
			  "tap=lg0,addr=10.0.0.1/24,addr=fd00::1/64,mtu=9000,mac=fe:00:00:00:00:01,storm=1000\n"
			  "tap=lg1\n"
			  "static=02:00:00:00:00:01,port=lg1\n"
			  "mirror=to=lg1,from=a+b\n"
			  "down=lg1\n"
			  "down=a:r1\n"
			  "ageing=17\nfdb-max=99\nseed=5\nno-control-frames\npersist\n"),
		    &why);
	file = open_memstream(&text[0], &bytes);
	config_print(&config, file);
	fclose(file);

	config_init(&again);
	text[1] = strdup(text[0]);
	assert_good(configfile_parse("again", text[1], bytes, &again, &why),
		    &why);
	free(text[1]);
	file = open_memstream(&text[1], &bytes);
	config_print(&again, file);
	fclose(file);
	assert_string_equal(text[0], text[1]);
	assert_int_equal(again.ports, 4);
	assert_int_equal(again.downs, 2);
	config_free(&again);
	free(text[0]);
	free(text[1]);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, fresh, used)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(words_stand_one_to_a_line),
		TEST(values_stand_behind_blanks_too),
		TEST(comments_and_empty_lines_do_not_count),
		TEST(nothing_is_a_file_too),
		TEST(errors_tell_the_line),
		TEST(what_is_no_text_is_an_error),
		TEST(long_lines_are_errors),
		TEST(files_are_opened_with_care),
		TEST(the_command_line_comes_before_its_file),
		TEST(what_is_printed_means_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
