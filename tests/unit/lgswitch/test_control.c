// SPDX-License-Identifier: GPL-2.0
/*
 * test_control.c - the control socket with clients of all manners.  What it
 * answers is made up here: each request is given back, with some extras.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "control.h"
#include "test.h"
#include "unixsock.h"

#define FOLDER	"/tmp/lguest-test-XXXXXX"

static char folder[sizeof(FOLDER)];
static char path[sizeof(folder) + sizeof("/socket")];
static struct control control;
static struct why why;
static unsigned int asked;
static uint64_t burn_ns;		/* that each answer takes */

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

/* "big" makes a large result, "bad" fails, "change" is not for watching. */
static json_t *answer(void *context, json_t *request, bool looking,
		      struct why *reason)
{
	const char *verb = json_string_value(json_object_get(request, "verb"));
	uint64_t until = now() + burn_ns;
	static char big[100000];

	assert_ptr_equal(context, &asked);
	asked++;
	while (now() < until)
		;
	if (!verb || !strcmp(verb, "bad") || (looking && !strcmp(verb, "change"))) {
		why_fail(reason, "it is %s", verb ? verb : "nothing");
		return NULL;
	}
	memset(big, 'x', sizeof(big) - 1);
	return json_pack("{s:O,s:s}", "request", request, "data",
			 strcmp(verb, "big") ? "" : big);
}

static const struct control_answerer answerer = { answer, &asked };

static int start(void **state)
{
	(void)state;
	asked = 0;
	burn_ns = 0;
	strcpy(folder, FOLDER);
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/socket", folder);
	return !control_open(&control, path, getgid(), &answerer, &why);
}

static int stop(void **state)
{
	(void)state;
	control_close(&control);
	return rmdir(folder);
}

/* Let it work until there is nothing to do for @ms; its rests do not count. */
static void work(int ms)
{
	struct pollfd entry = { .fd = control_fd(&control), .events = POLLIN };

	while (poll(&entry, 1, control.resting ? 10000 : ms) > 0)
		control_handle(&control);
}

static int connect_client(void)
{
	int fd = unixsock_connect(path, 1000, &why);

	assert_true(fd >= 0);
	return fd;
}

static void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL),
			 strlen(text));
}

/* The next line that the server has for us; it works meanwhile. */
static const char *hear(int fd)
{
	static char line[1 << 20];
	size_t used = 0;
	unsigned int i;

	for (i = 0; i < 1000000 && used < sizeof(line) - 1; i++) {
		ssize_t got = recv(fd, line + used, 1, MSG_DONTWAIT);

		if (!got)
			return "the end";
		if (got < 0)
			work(1);
		else if (line[used++] == '\n')
			break;
		if (got < 0 && i > 5000)
			break;
	}
	line[used] = '\0';
	return line;
}

static void expect(int fd, const char *words)
{
	const char *line = hear(fd);

	if (!strstr(line, words))
		fail_msg("'%.200s' instead of '%s'", line, words);
}

static void wait_gone(int fd)
{
	char c;
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		if (recv(fd, &c, 1, MSG_DONTWAIT) == 0)
			return;
		work(1);
	}
	fail_msg("the connection has not ended");
}

static unsigned int open_files(void)
{
	unsigned int fd, count = 0;

	for (fd = 0; fd < 1024; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* --- the socket */

static void the_socket_is_for_its_owner_and_group_only(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	assert_int_equal(st.st_gid, getgid());
}

static void one_that_a_dead_switch_left_is_replaced(void **state)
{
	struct control other;
	struct stat st;
	int fd;

	(void)state;
	control_close(&control);
	fd = unixsock_listen(path, 1, UNIXSOCK_ANY_GROUP, &why);
	close(fd);
	assert_int_equal(stat(path, &st), 0);
	assert_good(control_open(&control, path, getgid(), &answerer, &why),
		    &why);
	/* But not that of one which lives. */
	assert_fails(control_open(&other, path, getgid(), &answerer, &why),
		     &why, "in use");
	assert_int_equal(control_fd(&other), -1);
}

static void a_file_in_its_place_stays(void **state)
{
	int fd;

	(void)state;
	control_close(&control);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	close(fd);
	assert_fails(control_open(&control, path, getgid(), &answerer, &why),
		     &why, "exists");
	assert_int_equal(unlink(path), 0);
}

static void no_path_means_no_socket(void **state)
{
	struct control none;

	(void)state;
	assert_good(control_open(&none, "", getgid(), &answerer, &why), &why);
	assert_int_equal(control_fd(&none), -1);
	control_handle(&none);
	control_close(&none);
}

static void a_path_that_is_too_long_is_an_error(void **state)
{
	struct control none;
	char longest[200];

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_fails(control_open(&none, longest, getgid(), &answerer, &why),
		     &why, "more than 107 characters");
}

/* --- requests */

static void a_reply_has_the_id_of_its_request(void **state)
{
	int fd = connect_client();

	(void)state;
	say(fd, "{\"id\": 7, \"verb\": \"show\"}\n");
	expect(fd, "{\"id\":7,\"ok\":true,\"result\":{");
	say(fd, "{\"id\": \"seven\", \"verb\": \"bad\"}\n");
	expect(fd, "{\"id\":\"seven\",\"ok\":false,\"error\":\"it is bad\"}");
	say(fd, "{\"verb\": \"show\"}\n");
	expect(fd, "{\"id\":null,\"ok\":true");
	say(fd, "{\"id\": null, \"verb\": \"show\"}\n");
	expect(fd, "{\"id\":null,\"ok\":true");
	close(fd);
	work(0);
	assert_int_equal(control.clients, 0);
}

static void odd_ids_are_refused(void **state)
{
	int fd = connect_client();
	char text[200];

	(void)state;
	say(fd, "{\"id\": {}, \"verb\": \"show\"}\n");
	expect(fd, "\"error\":\"an id is");
	say(fd, "{\"id\": 1.5, \"verb\": \"show\"}\n");
	expect(fd, "\"error\":\"an id is");
	snprintf(text, sizeof(text), "{\"id\": \"%065d\", \"verb\": \"show\"}\n", 0);
	say(fd, text);
	expect(fd, "\"error\":\"an id is");
	close(fd);
}

static void what_is_no_json_object_gets_an_error_and_no_more(void **state)
{
	static const char *const bad[] = {
		"\n", "hello\n", "{\n", "[]\n", "17\n", "null\n",
		"{\"verb\": \"show\"} {}\n", "{\"verb\": 1e999}\n",
		"{\"verb\": \"show\", \"verb\": \"bad\"}\n",
		"{\"verb\": \"\xff\xfe\"}\n", "{\"verb\": \"\\u0000\"}\n",
		"{\"verb\": \"\\ud800\"}\n", "\x1b[2J\n", "'\n",
	};
	int fd = connect_client();
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		say(fd, bad[i]);
		expect(fd, "{\"id\":null,\"ok\":false,\"error\":\"the request is not a JSON object");
	}
	assert_int_equal(send(fd, "{\0}\n", 4, 0), 4);
	expect(fd, "not a JSON object");
	assert_int_equal(asked, 0);
	say(fd, "{\"id\": 1, \"verb\": \"show\"}\n");
	expect(fd, "{\"id\":1,\"ok\":true");
	close(fd);
}

static void deep_nesting_is_an_error(void **state)
{
	int fd = connect_client();
	char text[60000];

	(void)state;
	memset(text, '[', sizeof(text));
	strcpy(text + sizeof(text) - 2, "\n");
	say(fd, text);
	expect(fd, "not a JSON object");
	close(fd);
}

static void requests_may_come_in_pieces_and_in_heaps(void **state)
{
	static const char text[] = "{\"id\": 1, \"verb\": \"show\"}\n";
	int fd = connect_client();
	char heap[8192] = "";
	unsigned int i;

	(void)state;
	for (i = 0; text[i]; i++) {
		assert_int_equal(send(fd, text + i, 1, 0), 1);
		work(0);
	}
	expect(fd, "{\"id\":1,");
	for (i = 0; i < 100; i++)
		sprintf(heap + strlen(heap), "{\"id\":%u,\"verb\":\"show\"}\n", i);
	say(fd, heap);
	for (i = 0; i < 100; i++) {
		sprintf(heap, "{\"id\":%u,\"ok\":true", i);
		expect(fd, heap);
	}
	close(fd);
}

static void the_last_line_may_lack_its_end(void **state)
{
	int fd = connect_client();

	(void)state;
	say(fd, "{\"id\":1,\"verb\":\"show\"}\n{\"id\":2,\"verb\":\"show\"}");
	shutdown(fd, SHUT_WR);
	expect(fd, "{\"id\":1,");
	expect(fd, "{\"id\":2,");
	expect(fd, "the end");
	assert_int_equal(control.clients, 0);
	close(fd);
}

static void a_request_may_have_64_kib(void **state)
{
	static char text[SESSION_LINE_MAX + 2];
	int fd = connect_client();
	size_t sent = 0;

	(void)state;
	memset(text, ' ', SESSION_LINE_MAX);
	memcpy(text, "{\"id\":1,\"verb\":\"show\"}", 22);
	text[SESSION_LINE_MAX - 1] = '\n';
	while (sent < SESSION_LINE_MAX) {
		sent += send(fd, text + sent, SESSION_LINE_MAX - sent, 0);
		work(0);
	}
	expect(fd, "{\"id\":1,\"ok\":true");
	/* One more is one too many; what follows is understood again. */
	text[SESSION_LINE_MAX - 1] = ' ';
	text[SESSION_LINE_MAX] = '\n';
	for (sent = 0; sent <= SESSION_LINE_MAX;) {
		sent += send(fd, text + sent, SESSION_LINE_MAX + 1 - sent, 0);
		work(0);
	}
	say(fd, "{\"id\":2,\"verb\":\"show\"}\n");
	expect(fd, "longer than 64 KiB");
	expect(fd, "{\"id\":2,\"ok\":true");
	close(fd);
}

static void a_line_without_end_costs_no_more_than_its_limit(void **state)
{
	static char text[60000];
	int fd = connect_client();
	unsigned int i;

	(void)state;
	memset(text, 'x', sizeof(text));
	for (i = 0; i < 500; i++) {
		send(fd, text, sizeof(text), MSG_DONTWAIT);
		work(0);
	}
	expect(fd, "longer than 64 KiB");
	say(fd, "\n{\"id\":2,\"verb\":\"show\"}\n");
	expect(fd, "{\"id\":2,\"ok\":true");
	close(fd);
}

static void what_a_client_asked_before_it_left_is_done(void **state)
{
	int fd = connect_client();

	(void)state;
	say(fd, "{\"verb\":\"show\"}\n{\"verb\":\"show\"}\n");
	close(fd);
	work(1);
	assert_int_equal(asked, 2);
	assert_int_equal(control.clients, 0);
}

/* --- many, and slow ones */

static void who_does_not_read_is_not_served_and_others_are(void **state)
{
	static const char text[] = "{\"verb\":\"big\"}\n";
	int slow = connect_client(), other = connect_client();
	unsigned int sent = 0, i;
	size_t pending = 0;

	(void)state;
	for (i = 0; i < 2000; i++) {
		if (send(slow, text, strlen(text), MSG_DONTWAIT) > 0)
			sent++;
		work(0);
	}
	work(50);
	for (i = 0; i < CONTROL_CLIENTS_MAX; i++)
		pending += session_pending(&control.client[i].session);
	assert_in_range(pending, 1, SESSION_HOLD + 5 * 100200);
	assert_true(asked < 20);
	say(other, "{\"id\":9,\"verb\":\"show\"}\n");
	expect(other, "{\"id\":9,\"ok\":true");
	/* Nothing was lost: all replies come as they are taken. */
	for (i = 0; i < sent; i += 97)
		expect(slow, "xxxxx");
	close(slow);
	close(other);
}

static void who_stands_still_in_the_middle_is_dropped(void **state)
{
	int writer = connect_client(), reader = connect_client();
	int idle = connect_client();
	unsigned int i;

	(void)state;
	say(writer, "{\"verb\"");
	for (i = 0; i < 10; i++)
		say(reader, "{\"verb\":\"big\"}\n");
	work(10);
	assert_int_equal(control.clients, 3);
	/* Eleven seconds pass. */
	for (i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if (control.client[i].session.fd >= 0)
			control.client[i].session.active_ns -= 11000000000ULL;
	control.resting = false;
	control_handle(&control);
	assert_int_equal(control.clients, 1);
	assert_int_equal(control.dropped, 2);
	wait_gone(writer);
	say(idle, "{\"verb\":\"show\"}\n");
	expect(idle, "\"ok\":true");
	close(writer);
	close(reader);
	close(idle);
}

static void the_65th_client_is_refused_with_words(void **state)
{
	int fd[CONTROL_CLIENTS_MAX], late;
	unsigned int i;

	(void)state;
	for (i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		fd[i] = connect_client();
		work(0);
	}
	assert_int_equal(control.clients, CONTROL_CLIENTS_MAX);
	late = connect_client();
	expect(late, "too many clients");
	expect(late, "the end");
	close(late);
	/* One that has asked nothing for long makes room. */
	control.client[17].served_ns -= 11000000000ULL;
	late = connect_client();
	say(late, "{\"verb\":\"show\"}\n");
	expect(late, "\"ok\":true");
	wait_gone(fd[17]);
	for (i = 0; i < CONTROL_CLIENTS_MAX; i++)
		close(fd[i]);
	close(late);
	work(10);
	assert_int_equal(control.clients, 0);
}

static void a_thousand_that_come_and_go_leave_nothing(void **state)
{
	unsigned int before, i;
	int fd;

	(void)state;
	before = open_files();
	for (i = 0; i < 1000; i++) {
		fd = connect_client();
		if (i % 3)
			say(fd, i % 2 ? "{\"verb\":\"big\"}\n" : "{\"verb");
		if (i % 5)
			work(1);
		close(fd);
	}
	work(10);
	assert_int_equal(control.clients, 0);
	assert_int_equal(open_files(), before);
}

static void without_descriptors_clients_are_refused_with_words(void **state)
{
	struct rlimit old, limit;
	int fd = connect_client();

	(void)state;
	getrlimit(RLIMIT_NOFILE, &old);
	/* The lowest one that is free would be the next. */
	limit.rlim_cur = dup(0);
	close(limit.rlim_cur);
	limit.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	work(1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	expect(fd, "too many clients");
	close(fd);
	fd = connect_client();
	say(fd, "{\"verb\":\"show\"}\n");
	expect(fd, "\"ok\":true");
	close(fd);
}

static void work_is_followed_by_a_rest(void **state)
{
	struct pollfd entry = { .fd = control_fd(&control), .events = POLLIN };
	int fd = connect_client();
	uint64_t begin, rested;

	(void)state;
	work(1);
	burn_ns = 20000000;
	say(fd, "{\"verb\":\"show\"}\n{\"verb\":\"show\"}\n");
	control_handle(&control);
	begin = now();
	/* 40 ms of work: the switch has 120 to itself. */
	say(fd, "{\"verb\":\"show\"}\n");
	assert_int_equal(poll(&entry, 1, 5000), 1);
	rested = now() - begin;
	assert_in_range(rested, 80000000, UINT64_MAX);
	assert_int_equal(asked, 2);
	burn_ns = 0;
	expect(fd, "\"ok\":true");
	expect(fd, "\"ok\":true");
	expect(fd, "\"ok\":true");
	close(fd);
}

/* --- watching */

static void who_watches_is_told_again_and_again(void **state)
{
	int fd = connect_client();

	(void)state;
	say(fd, "{\"id\":5,\"verb\":\"watch\",\"interval\":0.1,\"request\":{\"verb\":\"ports\"}}\n");
	expect(fd, "{\"id\":5,\"ok\":true,\"result\":{}}");
	expect(fd, "{\"id\":5,\"event\":1,\"missed\":0,\"time\":");
	expect(fd, "\"result\":{\"request\":{\"verb\":\"ports\"}");
	/* Other requests in between, and an end to it. */
	say(fd, "{\"id\":6,\"verb\":\"show\"}\n");
	expect(fd, "{\"id\":6,\"ok\":true");
	say(fd, "{\"id\":7,\"verb\":\"watch\"}\n");
	expect(fd, "{\"id\":7,\"ok\":true,\"result\":{}}");
	work(250);
	assert_int_equal(recv(fd, folder, 1, MSG_DONTWAIT | MSG_PEEK), -1);
	close(fd);
}

static void who_ended_its_requests_may_still_watch(void **state)
{
	int fd = connect_client();

	(void)state;
	say(fd, "{\"id\":5,\"verb\":\"watch\",\"interval\":0.1,\"request\":{\"verb\":\"ports\"}}\n");
	shutdown(fd, SHUT_WR);
	expect(fd, "\"ok\":true");
	expect(fd, "\"event\":1");
	expect(fd, "\"event\":2");
	close(fd);
	work(150);
	assert_int_equal(control.clients, 0);
}

static void bad_watches_are_refused(void **state)
{
	static const char *const bad[][2] = {
		{ "\"interval\":0,\"request\":{\"verb\":\"x\"}", "interval must" },
		{ "\"interval\":-1,\"request\":{\"verb\":\"x\"}", "interval must" },
		{ "\"interval\":1e300,\"request\":{\"verb\":\"x\"}", "interval must" },
		{ "\"interval\":\"1\",\"request\":{\"verb\":\"x\"}", "interval must" },
		{ "\"request\":{\"verb\":\"x\"}", "interval must" },
		{ "\"interval\":1", "needs a request" },
		{ "\"interval\":1,\"request\":[]", "needs a request" },
		{ "\"interval\":1,\"request\":{\"verb\":\"bad\"}", "it is bad" },
		{ "\"interval\":1,\"request\":{\"verb\":\"change\"}", "it is change" },
		{ "\"interval\":1,\"request\":{}", "it is nothing" },
	};
	int fd = connect_client();
	char text[200];
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(text, sizeof(text), "{\"verb\":\"watch\",%s}\n", bad[i][0]);
		say(fd, text);
		expect(fd, bad[i][1]);
	}
	assert_null(control.client[0].watch.request);
	close(fd);
}

static void events_that_are_not_taken_are_missed_and_counted(void **state)
{
	int fd = connect_client();
	unsigned int i;

	(void)state;
	say(fd, "{\"id\":5,\"verb\":\"watch\",\"interval\":0.1,\"request\":{\"verb\":\"big\"}}\n");
	for (i = 0; i < 50 && !control.client[0].watch.missed; i++)
		work(50);
	assert_true(control.client[0].watch.missed > 0);
	assert_in_range(session_pending(&control.client[0].session), 1, 101000);
	for (i = 0; i < 100 && !strstr(hear(fd), "\"missed\":1"); i++)
		;
	assert_in_range(i, 1, 99);
	close(fd);
}

static void who_listens_hears_what_happens(void **state)
{
	int fd = connect_client(), other = connect_client();

	(void)state;
	control_tell(&control, "loop", NULL, "nobody hears this");
	say(fd, "{\"id\":4,\"verb\":\"events\"}\n");
	expect(fd, "{\"id\":4,\"ok\":true,\"result\":{}}");
	control_tell(&control, "port-added", "lg1", "it is \033 there");
	expect(fd, "{\"id\":4,\"happened\":\"port-added\",\"missed\":0,\"time\":");
	control_tell(&control, "loop", NULL, "round and round");
	expect(fd, ",\"text\":\"round and round\"}");
	say(fd, "{\"id\":5,\"verb\":\"events\",\"on\":1}\n");
	expect(fd, "neither true nor false");
	say(fd, "{\"id\":6,\"verb\":\"events\",\"on\":false}\n");
	expect(fd, "{\"id\":6,\"ok\":true");
	control_tell(&control, "loop", NULL, "nobody hears this");
	say(fd, "{\"id\":7,\"verb\":\"show\"}\n");
	expect(fd, "{\"id\":7,\"ok\":true");
	assert_int_equal(recv(other, folder, 1, MSG_DONTWAIT), -1);
	close(fd);
	close(other);
}

static void who_does_not_listen_to_the_end_misses_some(void **state)
{
	int fd = connect_client();
	unsigned int i;

	(void)state;
	say(fd, "{\"id\":4,\"verb\":\"events\"}\n");
	expect(fd, "\"ok\":true");
	for (i = 0; i < 10000; i++)
		control_tell(&control, "loop", "lg1", "round and round");
	assert_in_range(session_pending(&control.client[0].session),
			SESSION_HOLD, SESSION_HOLD + 300);
	assert_in_range(control.client[0].ear.missed, 1, 9999);
	for (i = 0; i < 300; i++)
		expect(fd, "\"missed\":0,");
	/* And hears the rest, with how many those were. */
	while (session_pending(&control.client[0].session))
		hear(fd);
	control_tell(&control, "loop", "lg1", "the last one");
	for (i = 0; i < 10000 && !strstr(hear(fd), "the last one"); i++)
		;
	assert_in_range(i, 1, 9999);
	close(fd);
	work(1);
	assert_int_equal(control.clients, 0);
}

static void up_to_32_may_watch(void **state)
{
	int fd[CONTROL_WATCHES_MAX + 1];
	unsigned int i;

	(void)state;
	for (i = 0; i <= CONTROL_WATCHES_MAX; i++) {
		fd[i] = connect_client();
		say(fd[i], "{\"verb\":\"watch\",\"interval\":3600,\"request\":{\"verb\":\"ports\"}}\n");
		expect(fd[i], i < CONTROL_WATCHES_MAX ? "\"ok\":true" : "cannot be more");
	}
	for (i = 0; i <= CONTROL_WATCHES_MAX; i++)
		close(fd[i]);
	work(1);
	assert_int_equal(control.clients, 0);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_socket_is_for_its_owner_and_group_only),
		TEST(one_that_a_dead_switch_left_is_replaced),
		TEST(a_file_in_its_place_stays),
		TEST(no_path_means_no_socket),
		TEST(a_path_that_is_too_long_is_an_error),
		TEST(a_reply_has_the_id_of_its_request),
		TEST(odd_ids_are_refused),
		TEST(what_is_no_json_object_gets_an_error_and_no_more),
		TEST(deep_nesting_is_an_error),
		TEST(requests_may_come_in_pieces_and_in_heaps),
		TEST(the_last_line_may_lack_its_end),
		TEST(a_request_may_have_64_kib),
		TEST(a_line_without_end_costs_no_more_than_its_limit),
		TEST(what_a_client_asked_before_it_left_is_done),
		TEST(who_does_not_read_is_not_served_and_others_are),
		TEST(who_stands_still_in_the_middle_is_dropped),
		TEST(the_65th_client_is_refused_with_words),
		TEST(a_thousand_that_come_and_go_leave_nothing),
		TEST(without_descriptors_clients_are_refused_with_words),
		TEST(work_is_followed_by_a_rest),
		TEST(who_watches_is_told_again_and_again),
		TEST(who_ended_its_requests_may_still_watch),
		TEST(bad_watches_are_refused),
		TEST(events_that_are_not_taken_are_missed_and_counted),
		TEST(who_listens_hears_what_happens),
		TEST(who_does_not_listen_to_the_end_misses_some),
		TEST(up_to_32_may_watch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
