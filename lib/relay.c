// SPDX-License-Identifier: GPL-2.0
/*
 * relay.c - between a net and a tap.  See relay.h.
 */
#include <errno.h>
#include <unistd.h>

#include "relay.h"

void relay_init(struct relay *relay, struct netport *port, struct tap *tap)
{
	*relay = (struct relay){ .port = port, .tap = tap };
}

/* --- from the net to the host --- */

enum written { WRITTEN, REFUSED, FULL, GONE };

static enum written write_frame(const struct relay *relay,
				const struct netport_frame *frame)
{
	ssize_t done;

	do {
		done = writev(relay->tap->fd, frame->iov, frame->parts);
	} while (done < 0 && errno == EINTR);
	if (done >= 0)
		return WRITTEN;
	if (errno == EAGAIN)
		return FULL;
	/*
	 * EBADFD: there is no device any more.  Else it is the frame (a header
	 * that makes no sense), or the moment (no memory, device not up).
	 */
	return errno == EBADFD ? GONE : REFUSED;
}

static enum relay_state carry_to_host(struct relay *relay)
{
	unsigned int count = netport_receive(relay->port, relay->frame,
					     RELAY_BATCH);
	enum written written = WRITTEN;
	unsigned int done;

	for (done = 0; done < count; done++) {
		written = write_frame(relay, &relay->frame[done]);
		if (written >= FULL)
			break;
		relay->to_host += written == WRITTEN;
		relay->refused += written == REFUSED;
	}
	netport_release(relay->port, relay->frame, done);
	relay->tap_full = written == FULL;
	if (written == GONE)
		return RELAY_TAP_GONE;
	return done == RELAY_BATCH ? RELAY_BUSY : RELAY_IDLE;
}

/* --- from the host to the net --- */

/* One frame into the port's memory: its bytes, 0: there is none, or -1. */
static ssize_t read_frame(const struct relay *relay, void *room)
{
	ssize_t got;

	do {
		got = read(relay->tap->fd, room, LGUEST_FRAME_MAX);
	} while (got < 0 && errno == EINTR);
	return got < 0 && errno == EAGAIN ? 0 : got;
}

/* Up to a batch of frames; @more: there may be more. */
static enum relay_state read_batch(struct relay *relay, bool *more)
{
	unsigned int count;

	*more = true;
	for (count = 0; count < RELAY_BATCH; count++) {
		void *room = netport_room(relay->port);
		ssize_t got;

		if (!room)
			return RELAY_BUSY;
		got = read_frame(relay, room);
		if (got < 0)
			return RELAY_TAP_GONE;
		if (!got) {
			*more = false;
			return RELAY_IDLE;
		}
		netport_add(relay->port, got);
		relay->to_net++;
	}
	return RELAY_BUSY;
}

static enum relay_state carry_to_net(struct relay *relay)
{
	enum relay_state state = RELAY_IDLE;
	bool more = false;

	/* What was stopped goes first, before more is read behind it. */
	if (!relay->port_full)
		state = read_batch(relay, &more);
	if (state == RELAY_TAP_GONE)
		return state;
	switch (netport_flush(relay->port)) {
	case NETPORT_SENT:
		/* What we did not read while it was stopped is there still. */
		more |= relay->port_full;
		relay->port_full = false;
		return more ? RELAY_BUSY : RELAY_IDLE;
	case NETPORT_STOPPED:
		relay->port_full = true;
		return RELAY_IDLE;
	default:
		return RELAY_PORT_GONE;
	}
}

/* --- both --- */

enum relay_state relay_carry(struct relay *relay)
{
	enum relay_state to_host = carry_to_host(relay);
	enum relay_state to_net;

	if (to_host == RELAY_TAP_GONE)
		return to_host;
	to_net = carry_to_net(relay);
	if (to_net != RELAY_IDLE)
		return to_net;
	return to_host;
}

void relay_poll(const struct relay *relay, struct pollfd poll[RELAY_POLLS])
{
	poll[RELAY_POLL_PORT] = (struct pollfd){
		.fd = relay->port->fd,
		.events = (relay->tap_full ? 0 : POLLIN) |
			  (relay->port_full ? POLLOUT : 0),
	};
	poll[RELAY_POLL_TAP] = (struct pollfd){
		.fd = relay->tap->fd,
		.events = (relay->port_full ? 0 : POLLIN) |
			  (relay->tap_full ? POLLOUT : 0),
	};
}

/* A device that is taken away shows as an error of its file. */
static bool has_failed(const struct pollfd *poll)
{
	return poll->revents & (POLLERR | POLLHUP | POLLNVAL);
}

static enum relay_state wait_for_work(struct relay *relay)
{
	struct pollfd polls[RELAY_POLLS];
	int ready;

	netport_quiet(relay->port, false);
	relay_poll(relay, polls);
	ready = poll(polls, RELAY_POLLS, -1);
	netport_quiet(relay->port, true);
	if (ready < 0)
		return RELAY_IDLE;
	if (has_failed(&polls[RELAY_POLL_TAP]))
		return RELAY_TAP_GONE;
	if (has_failed(&polls[RELAY_POLL_PORT]))
		return RELAY_PORT_GONE;
	return RELAY_IDLE;
}

enum relay_state relay_run(struct relay *relay)
{
	enum relay_state state;

	do {
		state = relay_carry(relay);
		if (state == RELAY_IDLE)
			state = wait_for_work(relay);
	} while (state == RELAY_BUSY || state == RELAY_IDLE);
	return state;
}
