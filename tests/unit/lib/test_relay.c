// SPDX-License-Identifier: GPL-2.0
/*
 * test_relay.c - between a net and a tap, with stand-ins for both: lg.ko's side
 * of the port is the test itself, and the tap a socket that keeps frames
 * apart.
 */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fakenet.h"
#include "relay.h"

static struct netport port;
static struct tap tap;
static struct relay relay;
static int host;			/* the tap's other end */

static int open_relay(void **state)
{
	int pair[2], bytes = 1 << 20;

	(void)state;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair))
		return -1;
	setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	tap.fd = pair[0];
	host = pair[1];
	fakenet_open(&port);
	relay_init(&relay, &port, &tap);
	return 0;
}

static int close_relay(void **state)
{
	(void)state;
	close(tap.fd);
	close(host);
	free(fakenet.shared);
	fakenet.shared = NULL;
	return 0;
}

/* What the host gets; 0: nothing. */
static ssize_t host_reads(uint8_t *data)
{
	ssize_t got = read(host, data, LGUEST_FRAME_MAX);

	return got < 0 ? 0 : got;
}

static void frames_go_to_the_host_whole(void **state)
{
	static uint8_t data[LGUEST_FRAME_MAX];
	int i;

	(void)state;
	fakenet_deliver(60, 1, 3);
	fakenet_deliver(LGUEST_FRAME_MAX, 2, 3);
	assert_int_equal(relay_carry(&relay), RELAY_IDLE);
	assert_int_equal(host_reads(data), 60);
	assert_int_equal(data[59], 60);
	assert_int_equal(host_reads(data), LGUEST_FRAME_MAX);
	for (i = 0; i < LGUEST_FRAME_MAX; i++)
		if (data[i] != (uint8_t)(2 + i))
			fail_msg("byte %d is wrong", i);
	assert_int_equal(relay.to_host, 2);
}

static void frames_go_to_the_net_in_one_call(void **state)
{
	uint8_t data[1514] = { 7 };

	(void)state;
	assert_int_equal(write(host, data, 60), 60);
	assert_int_equal(write(host, data, 1514), 1514);
	assert_int_equal(relay_carry(&relay), RELAY_IDLE);
	assert_int_equal(fakenet.frames, 2);
	assert_int_equal(fakenet.sends, 1);
	assert_int_equal(fakenet.frame[1].bytes, 1514);
	assert_int_equal(fakenet.frame[1].data[0], 7);
	assert_int_equal(relay.to_net, 2);
}

static void nothing_is_done_when_there_is_nothing(void **state)
{
	struct pollfd polls[RELAY_POLLS];

	(void)state;
	assert_int_equal(relay_carry(&relay), RELAY_IDLE);
	assert_int_equal(fakenet.sends, 0);
	relay_poll(&relay, polls);
	assert_int_equal(polls[RELAY_POLL_PORT].events, POLLIN);
	assert_int_equal(polls[RELAY_POLL_TAP].events, POLLIN);
}

static void each_direction_has_its_turn(void **state)
{
	uint8_t data[60] = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 100; i++) {
		fakenet_deliver(60, i, 0);
		assert_int_equal(write(host, data, 60), 60);
	}
	assert_int_equal(relay_carry(&relay), RELAY_BUSY);
	assert_int_equal(relay.to_host, RELAY_BATCH);
	assert_int_equal(relay.to_net, RELAY_BATCH);
	assert_int_equal(relay_carry(&relay), RELAY_IDLE);
	assert_int_equal(relay.to_host, 100);
	assert_int_equal(relay.to_net, 100);
}

/* The guest is made to wait: nothing is released, nothing lost. */
static void a_full_tap_holds_the_net_back(void **state)
{
	static uint8_t data[LGUEST_FRAME_MAX];
	struct pollfd polls[RELAY_POLLS];
	unsigned int sent = 0, got = 0, rounds;

	(void)state;
	for (rounds = 0; !relay.tap_full; rounds++) {
		assert_true(rounds < 1000);
		while (fakenet_deliver(9000, sent, 0))
			sent++;
		relay_carry(&relay);
	}
	while (fakenet_deliver(9000, sent, 0))
		sent++;
	relay_carry(&relay);
	assert_false(fakenet_deliver(9000, sent, 0));
	relay_poll(&relay, polls);
	assert_int_equal(polls[RELAY_POLL_PORT].events, 0);
	assert_int_equal(polls[RELAY_POLL_TAP].events, POLLIN | POLLOUT);
	while (got != sent) {
		ssize_t bytes = host_reads(data);

		if (bytes) {
			assert_int_equal(bytes, 9000);
			assert_int_equal(data[0], got++ & 0xff);
		} else {
			relay_carry(&relay);
		}
	}
	relay_carry(&relay);
	assert_false(relay.tap_full);
	assert_int_equal(relay.refused, 0);
	assert_true(fakenet.restocks > 0);
}

static void a_full_net_holds_the_host_back(void **state)
{
	uint8_t data[60] = { 0 };
	struct pollfd polls[RELAY_POLLS];
	int i;

	(void)state;
	fakenet.send_room = 3;
	for (i = 0; i < 5; i++) {
		data[0] = i;
		assert_int_equal(write(host, data, 60), 60);
	}
	assert_int_equal(relay_carry(&relay), RELAY_IDLE);
	assert_true(relay.port_full);
	relay_poll(&relay, polls);
	assert_int_equal(polls[RELAY_POLL_PORT].events, POLLIN | POLLOUT);
	assert_int_equal(polls[RELAY_POLL_TAP].events, 0);
	data[0] = 5;
	assert_int_equal(write(host, data, 60), 60);
	fakenet.send_room = 100;
	assert_int_equal(relay_carry(&relay), RELAY_BUSY);
	assert_int_equal(relay_carry(&relay), RELAY_IDLE);
	assert_int_equal(fakenet.frames, 6);
	for (i = 0; i < 6; i++)
		assert_int_equal(fakenet.frame[i].data[0], i);
}

static void more_than_the_port_holds_is_read_later(void **state)
{
	static uint8_t data[LGUEST_FRAME_MAX];
	unsigned int sent = 0, rounds = 0;

	(void)state;
	fakenet.send_room = 0;
	while (fakenet.frames < 60) {
		data[0] = sent;
		if (sent < 60 && write(host, data, sizeof(data)) > 0)
			sent++;
		relay_carry(&relay);
		fakenet.send_room += rounds++ % 3 == 0;
		assert_true(rounds < 10000);
	}
	for (sent = 0; sent < 60; sent++)
		assert_int_equal(fakenet.frame[sent].data[0], sent);
}

/* (A socket refuses what is longer than its buffer.) */
static void what_the_host_refuses_is_counted(void **state)
{
	static uint8_t data[LGUEST_FRAME_MAX];
	int bytes = 8192;

	(void)state;
	setsockopt(tap.fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	fakenet_deliver(60000, 1, 0);
	fakenet_deliver(60, 2, 0);
	assert_int_equal(relay_carry(&relay), RELAY_IDLE);
	assert_int_equal(relay.refused, 1);
	assert_int_equal(host_reads(data), 60);
}

static void ends_are_told(void **state)
{
	int fd = tap.fd;

	(void)state;
	fakenet.error = EINVAL;
	assert_int_equal(write(host, "frame", 5), 5);
	assert_int_equal(relay_carry(&relay), RELAY_PORT_GONE);
	fakenet.sent = fakenet.shared->send.given;
	fakenet.shared->send.taken = fakenet.sent;
	tap.fd = -1;
	assert_int_equal(relay_carry(&relay), RELAY_TAP_GONE);
	tap.fd = fd;
	assert_int_equal(relay_carry(&relay), RELAY_IDLE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_relay, close_relay)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(frames_go_to_the_host_whole),
		TEST(frames_go_to_the_net_in_one_call),
		TEST(nothing_is_done_when_there_is_nothing),
		TEST(each_direction_has_its_turn),
		TEST(a_full_tap_holds_the_net_back),
		TEST(a_full_net_holds_the_host_back),
		TEST(more_than_the_port_holds_is_read_later),
		TEST(what_the_host_refuses_is_counted),
		TEST(ends_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
