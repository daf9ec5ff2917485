// SPDX-License-Identifier: GPL-2.0
/*
 * test_notify.c - what the service manager is told, by a socket that the test
 * has instead of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "notify.h"
#include "test.h"

static int manager = -1;

static int set_up(void **state)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	char shown[sizeof(name.sun_path) + 1];
	int length;

	(void)state;
	/* An abstract name: nothing to clean up. */
	length = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1,
			  "lgswitch-test-%d", getpid());
	snprintf(shown, sizeof(shown), "@%s", name.sun_path + 1);
	setenv("NOTIFY_SOCKET", shown, 1);
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return bind(manager, (void *)&name,
		    offsetof(struct sockaddr_un, sun_path) + 1 + length);
}

static int tear_down(void **state)
{
	(void)state;
	return close(manager);
}

static const char *told(void)
{
	static char text[256];
	ssize_t got = recv(manager, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[got < 0 ? 0 : got] = '\0';
	return text;
}

static void the_manager_hears_of_each_step(void **state)
{
	(void)state;
	notify_ready("2 ports");
	assert_string_equal(told(), "READY=1\nSTATUS=2 ports");
	notify_status("3 ports");
	assert_string_equal(told(), "STATUS=3 ports");
	notify_reloading();
	assert_non_null(strstr(told(), "RELOADING=1\nMONOTONIC_USEC="));
	notify_alive();
	assert_string_equal(told(), "WATCHDOG=1");
	notify_stopping();
	assert_string_equal(told(), "STOPPING=1");
	assert_string_equal(told(), "");
}

static void the_watchdog_is_fed_in_half_its_time(void **state)
{
	char pid[16];

	(void)state;
	unsetenv("WATCHDOG_USEC");
	assert_int_equal(notify_watchdog_ns(), 0);
	setenv("WATCHDOG_USEC", "30000000", 1);
	assert_int_equal(notify_watchdog_ns(), 15000000000ULL);
	/* It is meant for another process. */
	snprintf(pid, sizeof(pid), "%d", getppid());
	setenv("WATCHDOG_PID", pid, 1);
	assert_int_equal(notify_watchdog_ns(), 0);
	setenv("WATCHDOG_USEC", "nonsense", 1);
	assert_int_equal(notify_watchdog_ns(), 0);
}

static void without_a_manager_nothing_happens(void **state)
{
	(void)state;
	unsetenv("NOTIFY_SOCKET");
	notify_ready("");
	notify_alive();
	assert_string_equal(told(), "");
	setenv("NOTIFY_SOCKET", "/nowhere/at/all", 1);
	notify_stopping();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_manager_hears_of_each_step),
		cmocka_unit_test(the_watchdog_is_fed_in_half_its_time),
		cmocka_unit_test(without_a_manager_nothing_happens),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
