// SPDX-License-Identifier: GPL-2.0
/*
 * test_run.c - the whole launcher, from command line to exit status, with a
 * stand-in for host and guest: how guests start and end, signals, pidfile.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "boot.h"
#include "host.h"

static void print_and_power_off(struct host *host, unsigned int life)
{
	(void)life;
	host_print(host, "hello\n", 6);
	host_end(host, LGUEST_EXIT_POWEROFF, "bye");
}

static void a_guest_that_powers_off_gives_0(void **state)
{
	struct launcher l = HOST_LAUNCH(print_and_power_off);
	char text[64];

	(void)state;
	host_read_all(l.out, text, sizeof(text));
	assert_string_equal(text, "hello\n");
	host_expect(&l, RUN_POWEROFF);
	assert_string_equal(l.said, "");
}

static void check_start(struct host *host, unsigned int life)
{
	const struct boot_params *params = (void *)(host->memory +
						    host->init.boot_params);
	const struct lguest_device_desc *dev = host->devices->dev;

	(void)life;
	HOST_CHECK(host->init.abi == LGUEST_ABI);
	HOST_CHECK(host->init.entry == IMAGE_PADDR);
	HOST_CHECK(host->init.memory_bytes == 8 * MIB + 2 * LGUEST_PAGE_SIZE);
	HOST_CHECK(host->init.memory % LGUEST_PAGE_SIZE == 0);
	HOST_CHECK(host->memory[IMAGE_PADDR] == 0x90);
	HOST_CHECK(params->hdr.hardware_subarch_data == 8 * MIB);
	HOST_CHECK(params->hdr.ramdisk_size == 10);
	HOST_CHECK(!memcmp(host->memory + params->hdr.ramdisk_image,
			   "0123456789", 11));
	HOST_CHECK(!strcmp((char *)host->memory + params->hdr.cmd_line_ptr,
			   "root=x y"));
	HOST_CHECK(dev[0].type == LGUEST_DEVICE_CONSOLE);
	HOST_CHECK(dev[0].num_pages == 1);
	HOST_CHECK(dev[0].pfn == 8 * MIB / LGUEST_PAGE_SIZE + 1);
	HOST_CHECK(dev[0].status == 0);
	HOST_CHECK(dev[1].type == LGUEST_DEVICE_NONE);
	HOST_CHECK(host->doorbell.device == 0);
	host_end(host, LGUEST_EXIT_POWEROFF, "");
}

static void a_guest_gets_what_it_needs(void **state)
{
	const char *initrd = host_path("initrd");
	char option[160];
	struct launcher l;
	FILE *file = fopen(initrd, "w");

	(void)state;
	fputs("0123456789", file);
	fclose(file);
	snprintf(option, sizeof(option), "--initrd=%s", initrd);
	l = HOST_LAUNCH(check_start, option, "root=x", "y");
	host_expect(&l, RUN_POWEROFF);
	unlink(initrd);
}

static void panic(struct host *host, unsigned int life)
{
	(void)life;
	host_print(host, "last words", 10);
	host_end(host, LGUEST_EXIT_PANIC, "no \x1b[31minit\n");
}

static void a_guest_that_panics_gives_3_and_its_reason(void **state)
{
	struct launcher l = HOST_LAUNCH(panic, "--name=web");
	char text[64];

	(void)state;
	host_read_all(l.out, text, sizeof(text));
	assert_string_equal(text, "last words");
	host_expect(&l, RUN_DIED);
	assert_string_equal(l.said,
			    "lguest: web: guest panicked: no ?[31minit?\n");
}

static void be_killed(struct host *host, unsigned int life)
{
	struct lguest_exit end = { .reason = LGUEST_EXIT_KILLED };

	(void)life;
	/* A message without an end. */
	memset(end.message, 'x', sizeof(end.message));
	HOST_CHECK(send(host->fd, &end, sizeof(end), 0) == sizeof(end));
}

static void a_guest_that_is_killed_gives_3_and_the_reason(void **state)
{
	struct launcher l = HOST_LAUNCH(be_killed);

	(void)state;
	host_expect(&l, RUN_DIED);
	assert_non_null(strstr(l.said, "guest was killed by the host: xxx"));
}

static void end_oddly(struct host *host, unsigned int life)
{
	(void)life;
	host_end(host, 77, "what");
}

static void an_end_for_an_unknown_reason_gives_3(void **state)
{
	struct launcher l = HOST_LAUNCH(end_oddly);

	(void)state;
	host_expect(&l, RUN_DIED);
	assert_non_null(strstr(l.said, "unknown reason 77: what"));
}

static void restart_twice(struct host *host, unsigned int life)
{
	/* Memory and rings are new each time. */
	HOST_CHECK(!host->memory[0x3000]);
	HOST_CHECK(!host->console->out_head);
	host->memory[0x3000] = 1;
	host_print(host, "life\n", 5);
	host_end(host, life < 2 ? LGUEST_EXIT_RESTART : LGUEST_EXIT_POWEROFF,
		 "");
}

static void a_guest_that_wants_a_restart_gives_4(void **state)
{
	struct launcher l = HOST_LAUNCH(restart_twice);

	(void)state;
	host_expect(&l, RUN_RESTART);
	assert_non_null(strstr(l.said, "--restart"));
}

static void with_restart_it_gets_a_whole_new_guest(void **state)
{
	struct launcher l = HOST_LAUNCH(restart_twice, "--restart");
	char text[64];

	(void)state;
	host_read_all(l.out, text, sizeof(text));
	assert_string_equal(text, "life\nlife\nlife\n");
	host_expect(&l, RUN_POWEROFF);
}

static void lose_kernel_and_restart(struct host *host, unsigned int life)
{
	(void)life;
	HOST_CHECK(!rename(host_path("vmlinux"), host_path("away")));
	host_end(host, LGUEST_EXIT_RESTART, "");
}

static void a_restart_that_fails_gives_1(void **state)
{
	struct launcher l = HOST_LAUNCH(lose_kernel_and_restart, "--restart");

	(void)state;
	host_expect(&l, RUN_FAILED);
	assert_non_null(strstr(l.said, "vmlinux: No such file"));
	rename(host_path("away"), host_path("vmlinux"));
}

static void hang_up(struct host *host, unsigned int life)
{
	(void)life;
	shutdown(host->fd, SHUT_RDWR);
}

static void a_read_that_fails_gives_1(void **state)
{
	struct launcher l = HOST_LAUNCH(hang_up);

	(void)state;
	host_expect(&l, RUN_FAILED);
	assert_non_null(strstr(l.said, "cannot run the guest"));
}

static void stay(struct host *host, unsigned int life)
{
	uint8_t byte;

	(void)life;
	host_print(host, "up\n", 3);
	for (;;)
		host_read(host, &byte, 1);
}

/* Its memory may go at any moment. */
static void touch_nothing(struct host *host, unsigned int life)
{
	(void)host;
	(void)life;
}

static void set_up_failures_give_1_and_a_message(void **state)
{
	static const struct {
		char *option;
		const char *message;
	} cases[] = {
		{ "--initrd=/nonexistent", "cannot open /nonexistent: No such" },
		{ "--initrd=/dev/null", "not a regular file" },
		{ "--console=file:/nonexistent/x", "cannot open /nonexistent/x" },
		{ "--console=unix:/nonexistent/x", "listen on /nonexistent/x: No" },
		{ "--pidfile=/nonexistent/x", "pidfile /nonexistent/x: No such" },
	};
	struct launcher l;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		l = HOST_LAUNCH(touch_nothing, cases[i].option);
		host_expect(&l, RUN_FAILED);
		if (!strstr(l.said, cases[i].message))
			fail_msg("said '%s' instead of '%s'", l.said,
				 cases[i].message);
	}
}

static void an_empty_initrd_is_refused(void **state)
{
	char option[160];
	struct launcher l;

	(void)state;
	close(open(host_path("empty"), O_WRONLY | O_CREAT, 0600));
	snprintf(option, sizeof(option), "--initrd=%s", host_path("empty"));
	l = HOST_LAUNCH(touch_nothing, option);
	host_expect(&l, RUN_FAILED);
	assert_non_null(strstr(l.said, "is empty"));
	unlink(host_path("empty"));
}

static void an_initrd_larger_than_memory_is_refused(void **state)
{
	char option[160];
	struct launcher l;

	(void)state;
	close(open(host_path("large"), O_WRONLY | O_CREAT, 0600));
	assert_int_equal(truncate(host_path("large"), 8 * MIB), 0);
	snprintf(option, sizeof(option), "--initrd=%s", host_path("large"));
	l = HOST_LAUNCH(touch_nothing, option);
	host_expect(&l, RUN_FAILED);
	assert_non_null(strstr(l.said, "it takes 11M of memory at least"));
	unlink(host_path("large"));
}

static void wait_until_up(struct launcher *launcher)
{
	char text[64] = "";

	host_read_until(launcher->out, "up\n", text, sizeof(text));
}

static void signals_end_it_with_128_plus_their_number(void **state)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT,
				       SIGUSR1 };
	struct launcher l;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		l = HOST_LAUNCH(stay);
		wait_until_up(&l);
		kill(l.pid, signals[i]);
		host_expect(&l, RUN_SIGNAL + signals[i]);
		assert_string_equal(l.said, "");
	}
}

static void signals_ignored_at_the_start_stay_ignored(void **state)
{
	struct launcher l;

	(void)state;
	signal(SIGHUP, SIG_IGN);
	l = HOST_LAUNCH(stay);
	signal(SIGHUP, SIG_DFL);
	wait_until_up(&l);
	kill(l.pid, SIGHUP);
	kill(l.pid, SIGTERM);
	host_expect(&l, RUN_SIGNAL + SIGTERM);
}

static void the_pidfile_is_there_while_the_guest_is(void **state)
{
	const char *path = host_path("pid");
	char option[160], text[32] = "";
	struct launcher l;
	int fd;

	(void)state;
	snprintf(option, sizeof(option), "--pidfile=%s", path);
	l = HOST_LAUNCH(stay, option);
	wait_until_up(&l);
	fd = open(path, O_RDONLY);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	assert_int_equal(atoi(text), l.pid);
	kill(l.pid, SIGTERM);
	host_expect(&l, RUN_SIGNAL + SIGTERM);
	assert_int_equal(access(path, F_OK), -1);
}

static void an_idle_guest_costs_no_time_after_the_end_of_input(void **state)
{
	struct launcher l = HOST_LAUNCH(stay);
	struct pollfd nothing = { .fd = -1 };
	struct rusage before, after;
	long used;

	(void)state;
	getrusage(RUSAGE_CHILDREN, &before);
	wait_until_up(&l);
	close(l.in);
	l.in = -1;
	poll(&nothing, 1, 500);
	kill(l.pid, SIGTERM);
	host_expect(&l, RUN_SIGNAL + SIGTERM);
	getrusage(RUSAGE_CHILDREN, &after);
	used = (after.ru_utime.tv_sec - before.ru_utime.tv_sec +
		after.ru_stime.tv_sec - before.ru_stime.tv_sec) * 1000000 +
	       after.ru_utime.tv_usec - before.ru_utime.tv_usec +
	       after.ru_stime.tv_usec - before.ru_stime.tv_usec;
	assert_true(used < 250000);
}

static void a_dry_run_needs_no_host(void **state)
{
	struct config config;
	struct why why;

	(void)state;
	assert_good(config_parse((char *[]){ "lguest", "--dry-run", "8m",
					     (char *)host_path("vmlinux"),
					     "quiet", NULL }, &config, &why),
		    &why);
	assert_int_equal(run_dry(&config), 0);
	config.kernel = "/dev/null";
	assert_int_equal(run_dry(&config), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_guest_that_powers_off_gives_0),
		cmocka_unit_test(a_guest_gets_what_it_needs),
		cmocka_unit_test(a_guest_that_panics_gives_3_and_its_reason),
		cmocka_unit_test(a_guest_that_is_killed_gives_3_and_the_reason),
		cmocka_unit_test(an_end_for_an_unknown_reason_gives_3),
		cmocka_unit_test(a_guest_that_wants_a_restart_gives_4),
		cmocka_unit_test(with_restart_it_gets_a_whole_new_guest),
		cmocka_unit_test(a_restart_that_fails_gives_1),
		cmocka_unit_test(a_read_that_fails_gives_1),
		cmocka_unit_test(set_up_failures_give_1_and_a_message),
		cmocka_unit_test(an_empty_initrd_is_refused),
		cmocka_unit_test(an_initrd_larger_than_memory_is_refused),
		cmocka_unit_test(signals_end_it_with_128_plus_their_number),
		cmocka_unit_test(signals_ignored_at_the_start_stay_ignored),
		cmocka_unit_test(the_pidfile_is_there_while_the_guest_is),
		cmocka_unit_test(an_idle_guest_costs_no_time_after_the_end_of_input),
		cmocka_unit_test(a_dry_run_needs_no_host),
	};

	return cmocka_run_group_tests(tests, host_set_up, host_tear_down);
}
