// SPDX-License-Identifier: GPL-2.0
/*
 * test_console.c - the guest's console on each kind of port, with the whole
 * launcher around it and a stand-in for host and guest: what goes through,
 * what waits, who comes and goes, and that a terminal is given back as it was.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>

#include "host.h"

/* More than all rings and buffers on the way together. */
#define MUCH	300000

/* Ends an echo; not a part of pattern(). */
#define END	0xff

static uint8_t pattern(size_t i)
{
	return i * 7 % END;
}

static void echo(struct host *host, unsigned int life)
{
	(void)life;
	host_print(host, "up\n", 3);
	host_echo_until(host, END);
	host_end(host, LGUEST_EXIT_POWEROFF, "");
}

static void print_much(struct host *host, unsigned int life)
{
	uint8_t data[1000];
	size_t i;

	(void)life;
	for (i = 0; i < MUCH; i++) {
		data[i % sizeof(data)] = pattern(i);
		if ((i + 1) % sizeof(data) == 0)
			host_print(host, data, sizeof(data));
	}
	host_end(host, LGUEST_EXIT_POWEROFF, "");
}

static void read_until_end(struct host *host, unsigned int life)
{
	uint8_t byte;

	(void)life;
	host_print(host, "up\n", 3);
	do
		host_read(host, &byte, 1);
	while (byte != END);
	host_end(host, LGUEST_EXIT_POWEROFF, "");
}

static void wait_until_up(int fd)
{
	char text[64] = "";

	host_read_until(fd, "up\n", text, sizeof(text));
}

static void send_end(int fd)
{
	uint8_t end = END;

	assert_int_equal(write(fd, &end, 1), 1);
}

static void pause_ms(int ms)
{
	poll(NULL, 0, ms);
}

/* --- pipes */

static void much_input_and_output_pass_unchanged(void **state)
{
	struct launcher l = HOST_LAUNCH(echo);
	uint8_t sent[1000], got[1000];
	size_t i, j, part;

	(void)state;
	wait_until_up(l.out);
	for (i = 0; i < MUCH; i += sizeof(sent)) {
		for (j = 0; j < sizeof(sent); j++)
			sent[j] = pattern(i + j);
		assert_int_equal(write(l.in, sent, sizeof(sent)),
				 sizeof(sent));
		for (part = 0; part < sizeof(got);)
			part += read(l.out, got + part, sizeof(got) - part);
		assert_memory_equal(sent, got, sizeof(got));
	}
	send_end(l.in);
	host_expect(&l, RUN_POWEROFF);
}

static void a_slow_reader_loses_nothing(void **state)
{
	struct launcher l = HOST_LAUNCH(print_much);
	uint8_t data[777];
	size_t i = 0;
	ssize_t got, j;

	(void)state;
	pause_ms(100);
	while ((got = read(l.out, data, sizeof(data))) > 0) {
		for (j = 0; j < got; j++)
			assert_int_equal(data[j], pattern(i + j));
		if (i / 50000 != (i + got) / 50000)
			pause_ms(20);
		i += got;
	}
	assert_int_equal(i, MUCH);
	host_expect(&l, RUN_POWEROFF);
}

static void a_guest_that_reads_slowly_loses_nothing(void **state)
{
	struct launcher l = HOST_LAUNCH(read_until_end);
	uint8_t data[1000] = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < MUCH; i += sizeof(data))
		assert_int_equal(write(l.in, data, sizeof(data)),
				 sizeof(data));
	send_end(l.in);
	host_expect(&l, RUN_POWEROFF);
}

static void a_guest_outlives_the_reader_of_its_output(void **state)
{
	struct launcher l = HOST_LAUNCH(print_much);

	(void)state;
	close(l.out);
	l.out = -1;
	host_expect(&l, RUN_POWEROFF);
	assert_string_equal(l.said, "");
}

static void a_guest_outlives_the_end_of_its_input(void **state)
{
	struct launcher l = HOST_LAUNCH(print_much);
	char data[4096];
	size_t sum = 0;
	ssize_t got;

	(void)state;
	close(l.in);
	l.in = -1;
	while ((got = read(l.out, data, sizeof(data))) > 0)
		sum += got;
	assert_int_equal(sum, MUCH);
	host_expect(&l, RUN_POWEROFF);
}

static void three_ctrl_c_in_a_pipe_are_just_bytes(void **state)
{
	struct launcher l = HOST_LAUNCH(echo);
	char text[64] = "";

	(void)state;
	wait_until_up(l.out);
	assert_int_equal(write(l.in, "\3\3\3.", 4), 4);
	host_read_until(l.out, ".", text, sizeof(text));
	assert_string_equal(text, "\3\3\3.");
	send_end(l.in);
	host_expect(&l, RUN_POWEROFF);
}

static void a_blocked_reader_does_not_keep_it_from_going(void **state)
{
	struct launcher l = HOST_LAUNCH(print_much);
	struct pollfd entry = { .fd = l.out, .events = POLLIN };

	(void)state;
	poll(&entry, 1, -1);
	pause_ms(100);
	kill(l.pid, SIGTERM);
	host_expect(&l, RUN_SIGNAL + SIGTERM);
}

/* Takes input faster than it can come. */
static void swallow(struct host *host, unsigned int life)
{
	struct lguest_console *c = host->console;

	(void)life;
	host_print(host, "up\n", 3);
	for (;;)
		__atomic_store_n(&c->in_tail,
				 __atomic_load_n(&c->in_head, __ATOMIC_ACQUIRE),
				 __ATOMIC_RELEASE);
}

static void endless_input_does_not_keep_it_from_going(void **state)
{
	int in = open("/dev/zero", O_RDONLY), out[2], err[2];
	struct launcher l;

	(void)state;
	assert_int_equal(pipe(out) | pipe(err), 0);
	l = (struct launcher){
		.pid = host_fork(swallow, (char *[]){ NULL }, in, out[1],
				 err[1]),
		.in = in, .out = out[0], .err = err[0],
	};
	close(out[1]);
	close(err[1]);
	wait_until_up(l.out);
	kill(l.pid, SIGTERM);
	host_expect(&l, RUN_SIGNAL + SIGTERM);
}

static void files_shared_with_others_stay_blocking(void **state)
{
	int in[2], out[2], err[2];
	struct launcher l;

	(void)state;
	assert_int_equal(pipe(in) | pipe(out) | pipe(err), 0);
	l = (struct launcher){
		.pid = host_fork(echo, (char *[]){ NULL }, in[0], out[1],
				 err[1]),
		.in = in[1], .out = out[0], .err = err[0],
	};
	close(err[1]);
	wait_until_up(out[0]);
	assert_int_equal(fcntl(in[0], F_GETFL) & O_NONBLOCK, 0);
	assert_int_equal(fcntl(out[1], F_GETFL) & O_NONBLOCK, 0);
	close(in[0]);
	close(out[1]);
	send_end(l.in);
	host_expect(&l, RUN_POWEROFF);
}

static void sockets_and_files_serve_as_standard_files(void **state)
{
	const char *path = host_path("out");
	int in[2], err[2], out = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	struct launcher l;
	char text[64];

	(void)state;
	/* What is in the file already stays. */
	assert_int_equal(write(out, "before ", 7), 7);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, in), 0);
	assert_int_equal(pipe(err), 0);
	l = (struct launcher){
		.pid = host_fork(echo, (char *[]){ NULL }, in[0], out, err[1]),
		.in = in[1], .out = out, .err = err[0],
	};
	close(in[0]);
	close(err[1]);
	assert_int_equal(write(l.in, "abc", 3), 3);
	send_end(l.in);
	out = dup(out);
	host_expect(&l, RUN_POWEROFF);
	lseek(out, 0, SEEK_SET);
	host_read_all(out, text, sizeof(text));
	assert_string_equal(text, "before up\nabc");
	close(out);
	unlink(path);
}

static void a_socket_as_output_loses_nothing(void **state)
{
	int in[2], out[2], err[2];
	struct launcher l;
	uint8_t data[4096];
	size_t i = 0;
	ssize_t got, j;

	(void)state;
	assert_int_equal(pipe(in) | pipe(err), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, out), 0);
	l = (struct launcher){
		.pid = host_fork(print_much, (char *[]){ NULL }, in[0],
				 out[1], err[1]),
		.in = in[1], .out = out[0], .err = err[0],
	};
	close(in[0]);
	close(out[1]);
	close(err[1]);
	pause_ms(50);
	while ((got = read(l.out, data, sizeof(data))) > 0) {
		for (j = 0; j < got; j++)
			assert_int_equal(data[j], pattern(i + j));
		i += got;
	}
	assert_int_equal(i, MUCH);
	host_expect(&l, RUN_POWEROFF);
}

static void nothing_to_read_is_no_reason_to_end(void **state)
{
	struct launcher l = HOST_LAUNCH(print_much, "--console=null");
	char text[8];

	(void)state;
	assert_int_equal(host_read_all(l.out, text, sizeof(text)), 0);
	host_expect(&l, RUN_POWEROFF);
}

/* --- terminals */

struct terminal {
	struct launcher launcher;	/* in and out: where its user sits */
	int fd;				/* the terminal itself */
	struct termios before;
};

static struct terminal launch_on_terminal(host_guest guest)
{
	struct terminal t;
	int user = posix_openpt(O_RDWR | O_NOCTTY);
	int err[2];

	assert_int_equal(grantpt(user) | unlockpt(user) | pipe(err), 0);
	t.fd = open(ptsname(user), O_RDWR | O_NOCTTY);
	memset(&t.before, 0, sizeof(t.before));
	tcgetattr(t.fd, &t.before);
	t.launcher = (struct launcher){
		.pid = host_fork(guest, (char *[]){ "--name=t", NULL }, t.fd,
				 t.fd, err[1]),
		.in = user, .out = dup(user), .err = err[0],
	};
	close(err[1]);
	wait_until_up(user);
	return t;
}

static bool is_as_before(const struct terminal *t)
{
	struct termios now;

	/* Its padding is compared, too. */
	memset(&now, 0, sizeof(now));
	tcgetattr(t->fd, &now);
	return !memcmp(&now, &t->before, sizeof(now));
}

static void expect_restored(struct terminal *t, int status)
{
	int user = dup(t->launcher.in);

	host_expect(&t->launcher, status);
	assert_true(is_as_before(t));
	close(t->fd);
	close(user);
}

static void a_terminal_is_raw_while_the_guest_has_it(void **state)
{
	struct terminal t = launch_on_terminal(echo);
	struct termios now;

	(void)state;
	tcgetattr(t.fd, &now);
	assert_int_equal(now.c_lflag & (ISIG | ICANON | ECHO | IEXTEN), 0);
	assert_int_equal(now.c_oflag & OPOST, 0);
	assert_int_equal(now.c_iflag & (ICRNL | IXON), 0);
	send_end(t.launcher.in);
	expect_restored(&t, RUN_POWEROFF);
	assert_non_null(strstr(t.launcher.said, "^C three times"));
}

static void three_ctrl_c_leave_with_2(void **state)
{
	struct terminal t = launch_on_terminal(read_until_end);

	(void)state;
	assert_int_equal(write(t.launcher.in, "\3\3", 2), 2);
	pause_ms(50);
	assert_false(is_as_before(&t));
	assert_int_equal(write(t.launcher.in, "\3", 1), 1);
	expect_restored(&t, RUN_ESCAPED);
}

static void hang(struct host *host, unsigned int life)
{
	(void)life;
	host_print(host, "up\n", 3);
	pause();
}

static void three_ctrl_c_leave_a_guest_that_reads_nothing(void **state)
{
	struct terminal t = launch_on_terminal(hang);
	char typed[1000];
	size_t i;

	(void)state;
	memset(typed, 'x', sizeof(typed));
	for (i = 0; i < 30; i++)
		assert_int_equal(write(t.launcher.in, typed, sizeof(typed)),
				 sizeof(typed));
	assert_int_equal(write(t.launcher.in, "\3\3\3", 3), 3);
	expect_restored(&t, RUN_ESCAPED);
}

static void a_signal_restores_the_terminal(void **state)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT };
	struct terminal t;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		t = launch_on_terminal(hang);
		assert_false(is_as_before(&t));
		kill(t.launcher.pid, signals[i]);
		expect_restored(&t, RUN_SIGNAL + signals[i]);
	}
}

static void a_crash_restores_the_terminal(void **state)
{
	static const int signals[] = { SIGABRT, SIGSEGV, SIGBUS };
	struct terminal t;
	int status;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		t = launch_on_terminal(hang);
		assert_false(is_as_before(&t));
		kill(t.launcher.pid, signals[i]);
		waitpid(t.launcher.pid, &status, 0);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), signals[i]);
		assert_true(is_as_before(&t));
		close(t.launcher.in);
		close(t.launcher.out);
		close(t.launcher.err);
		close(t.fd);
	}
}

static void panic(struct host *host, unsigned int life)
{
	(void)life;
	host_print(host, "up\n", 3);
	host_end(host, LGUEST_EXIT_PANIC, "ouch");
}

static void a_panic_is_reported_on_a_restored_terminal(void **state)
{
	struct terminal t = launch_on_terminal(panic);

	(void)state;
	expect_restored(&t, RUN_DIED);
	/* The line ends as on a terminal that is not raw. */
	assert_non_null(strstr(t.launcher.said, "ouch\n"));
	assert_null(strstr(t.launcher.said, "ouch\r"));
}

/* --- files */

static void a_file_gets_the_output_appended(void **state)
{
	char option[160], text[64];
	struct launcher l;
	int fd, i;

	(void)state;
	snprintf(option, sizeof(option), "--console=file:%s",
		 host_path("log"));
	for (i = 0; i < 2; i++) {
		l = HOST_LAUNCH(panic, option);
		host_expect(&l, RUN_DIED);
	}
	fd = open(host_path("log"), O_RDONLY);
	host_read_all(fd, text, sizeof(text));
	assert_string_equal(text, "up\nup\n");
	close(fd);
	unlink(host_path("log"));
}

static void a_full_disk_is_told_once_and_survived(void **state)
{
	struct launcher l = HOST_LAUNCH(print_much,
					"--console=file:/dev/full");
	char *first;

	(void)state;
	host_expect(&l, RUN_POWEROFF);
	first = strstr(l.said, "No space left");
	assert_non_null(first);
	assert_null(strstr(first + 1, "No space left"));
}

/* Its memory may go at any moment. */
static void touch_nothing(struct host *host, unsigned int life)
{
	(void)host;
	(void)life;
}

/* --- sockets */

static int try_connect(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(address.sun_path, host_path("socket"));
	if (!connect(fd, (void *)&address, sizeof(address)))
		return fd;
	close(fd);
	return -1;
}

static int connect_console(void)
{
	int fd, tries = 0;

	while ((fd = try_connect()) < 0) {
		assert_true(tries++ < HOST_PATIENCE_S * 100);
		pause_ms(10);
	}
	return fd;
}

static char *socket_option(void)
{
	static char option[160];

	snprintf(option, sizeof(option), "--console=unix:%s",
		 host_path("socket"));
	return option;
}

static void assert_echoes(int fd, const char *text)
{
	char got[256] = "";

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	host_read_until(fd, text, got, sizeof(got));
}

static void clients_of_a_socket_come_and_go(void **state)
{
	struct launcher l = HOST_LAUNCH(echo, socket_option());
	int i, fd;

	(void)state;
	for (i = 0; i < 3; i++) {
		fd = connect_console();
		assert_echoes(fd, "hello");
		close(fd);
	}
	fd = connect_console();
	send_end(fd);
	host_expect(&l, RUN_POWEROFF);
	close(fd);
	assert_int_equal(access(host_path("socket"), F_OK), -1);
}

static void a_second_client_is_sent_away(void **state)
{
	struct launcher l = HOST_LAUNCH(echo, socket_option());
	int first = connect_console(), second;
	char text[256];

	(void)state;
	assert_echoes(first, "one");
	second = connect_console();
	host_read_all(second, text, sizeof(text));
	assert_non_null(strstr(text, "has a client already"));
	close(second);
	assert_echoes(first, "two");
	send_end(first);
	host_expect(&l, RUN_POWEROFF);
	close(first);
}

static void a_client_may_stop_sending_and_still_listen(void **state)
{
	struct launcher l = HOST_LAUNCH(echo, socket_option());
	int fd = connect_console();
	char text[64];

	(void)state;
	assert_int_equal(write(fd, "abc\xff", 4), 4);
	shutdown(fd, SHUT_WR);
	host_read_all(fd, text, sizeof(text));
	assert_non_null(strstr(text, "abc"));
	host_expect(&l, RUN_POWEROFF);
	close(fd);
}

static void a_guest_does_not_wait_for_clients(void **state)
{
	struct launcher l = HOST_LAUNCH(print_much, socket_option());

	(void)state;
	host_expect(&l, RUN_POWEROFF);
}

static void a_socket_left_behind_is_replaced(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct launcher l;

	(void)state;
	strcpy(address.sun_path, host_path("socket"));
	assert_int_equal(bind(fd, (void *)&address, sizeof(address)), 0);
	close(fd);
	l = HOST_LAUNCH(echo, socket_option());
	fd = connect_console();
	send_end(fd);
	host_expect(&l, RUN_POWEROFF);
	close(fd);
}

static void a_path_in_use_is_left_alone(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct launcher l;

	(void)state;
	strcpy(address.sun_path, host_path("socket"));
	assert_int_equal(bind(fd, (void *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 5), 0);
	l = HOST_LAUNCH(touch_nothing, socket_option());
	host_expect(&l, RUN_FAILED);
	assert_non_null(strstr(l.said, "is in use"));
	close(fd);
	unlink(address.sun_path);

	close(open(address.sun_path, O_WRONLY | O_CREAT, 0600));
	l = HOST_LAUNCH(touch_nothing, socket_option());
	host_expect(&l, RUN_FAILED);
	assert_int_equal(access(address.sun_path, F_OK), 0);
	unlink(address.sun_path);
}

static void a_path_too_long_for_a_socket_is_refused(void **state)
{
	char option[256] = "--console=unix:/";
	struct launcher l;

	(void)state;
	memset(option + strlen(option), 'a', 120);
	l = HOST_LAUNCH(touch_nothing, option);
	host_expect(&l, RUN_FAILED);
	assert_non_null(strstr(l.said, "more than 107 characters"));
}

/* --- pseudo-terminals */

/* The launcher says which one it is. */
static int attach(struct launcher *launcher)
{
	char text[256] = "", *path;

	host_read_until(launcher->err, "\n", text, sizeof(text));
	path = strstr(text, "/dev/pts/");
	assert_non_null(path);
	path[strcspn(path, "\n")] = '\0';
	return open(path, O_RDWR | O_NOCTTY);
}

static void wait_for_input(struct host *host, unsigned int life)
{
	uint8_t byte;

	(void)life;
	host_read(host, &byte, 1);
	host_print(host, "up\n", 3);
	host_echo_until(host, END);
	host_end(host, LGUEST_EXIT_POWEROFF, "");
}

static void a_pty_can_be_left_and_attached_again(void **state)
{
	struct launcher l = HOST_LAUNCH(wait_for_input, "--console=pty");
	int fd = attach(&l);
	char path[64];

	(void)state;
	assert_int_equal(ttyname_r(fd, path, sizeof(path)), 0);
	assert_int_equal(write(fd, "x", 1), 1);
	wait_until_up(fd);
	assert_echoes(fd, "one");
	close(fd);
	fd = open(path, O_RDWR | O_NOCTTY);
	assert_echoes(fd, "two\n");
	send_end(fd);
	host_expect(&l, RUN_POWEROFF);
	close(fd);
}

static void a_guest_does_not_wait_for_a_pty_user(void **state)
{
	struct launcher l = HOST_LAUNCH(print_much, "--console=pty");

	(void)state;
	host_expect(&l, RUN_POWEROFF);
}

static void print_much_on_a_key(struct host *host, unsigned int life)
{
	uint8_t byte;

	host_read(host, &byte, 1);
	print_much(host, life);
}

static void a_slow_pty_user_loses_nothing(void **state)
{
	struct launcher l = HOST_LAUNCH(print_much_on_a_key, "--console=pty");
	int fd = attach(&l);
	uint8_t data[999];
	size_t i = 0;

	(void)state;
	assert_int_equal(write(fd, "x", 1), 1);
	pause_ms(100);
	while (i < MUCH) {
		ssize_t j, got = read(fd, data, sizeof(data));

		assert_true(got > 0);
		for (j = 0; j < got; j++)
			assert_int_equal(data[j], pattern(i + j));
		i += got;
	}
	host_expect(&l, RUN_POWEROFF);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(much_input_and_output_pass_unchanged),
		cmocka_unit_test(a_slow_reader_loses_nothing),
		cmocka_unit_test(a_guest_that_reads_slowly_loses_nothing),
		cmocka_unit_test(a_guest_outlives_the_reader_of_its_output),
		cmocka_unit_test(a_guest_outlives_the_end_of_its_input),
		cmocka_unit_test(three_ctrl_c_in_a_pipe_are_just_bytes),
		cmocka_unit_test(a_blocked_reader_does_not_keep_it_from_going),
		cmocka_unit_test(endless_input_does_not_keep_it_from_going),
		cmocka_unit_test(files_shared_with_others_stay_blocking),
		cmocka_unit_test(sockets_and_files_serve_as_standard_files),
		cmocka_unit_test(a_socket_as_output_loses_nothing),
		cmocka_unit_test(nothing_to_read_is_no_reason_to_end),
		cmocka_unit_test(a_terminal_is_raw_while_the_guest_has_it),
		cmocka_unit_test(three_ctrl_c_leave_with_2),
		cmocka_unit_test(three_ctrl_c_leave_a_guest_that_reads_nothing),
		cmocka_unit_test(a_signal_restores_the_terminal),
		cmocka_unit_test(a_crash_restores_the_terminal),
		cmocka_unit_test(a_panic_is_reported_on_a_restored_terminal),
		cmocka_unit_test(a_file_gets_the_output_appended),
		cmocka_unit_test(a_full_disk_is_told_once_and_survived),
		cmocka_unit_test(clients_of_a_socket_come_and_go),
		cmocka_unit_test(a_second_client_is_sent_away),
		cmocka_unit_test(a_client_may_stop_sending_and_still_listen),
		cmocka_unit_test(a_guest_does_not_wait_for_clients),
		cmocka_unit_test(a_socket_left_behind_is_replaced),
		cmocka_unit_test(a_path_in_use_is_left_alone),
		cmocka_unit_test(a_path_too_long_for_a_socket_is_refused),
		cmocka_unit_test(a_pty_can_be_left_and_attached_again),
		cmocka_unit_test(a_guest_does_not_wait_for_a_pty_user),
		cmocka_unit_test(a_slow_pty_user_loses_nothing),
	};

	return cmocka_run_group_tests(tests, host_set_up, host_tear_down);
}
