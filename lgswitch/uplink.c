// SPDX-License-Identifier: GPL-2.0
/*
 * uplink.c - asks the process that sets up network devices.  See uplink.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "netadmin.h"
#include "uplink.h"

/* There is one for the process: it is where its privileges have gone. */
static struct {
	bool is_started;
	pid_t pid;
	int requests, events;
	struct netadmin_request request;
	struct netadmin_answer answer;
} helper = { .requests = -1, .events = -1 };

/* --- its life --- */

static void close_pair(int pair[2])
{
	close(pair[0]);
	close(pair[1]);
}

static bool make_sockets(int requests[2], int events[2], struct why *why)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, requests))
		return why_fail(why, "cannot create a pair of sockets: %m");
	if (!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, events))
		return true;
	why_fail(why, "cannot create a pair of sockets: %m");
	close_pair(requests);
	return false;
}

bool uplink_start(const char *name, const struct identity *identity,
		  struct why *why)
{
	int requests[2], events[2];

	if (!make_sockets(requests, events, why))
		return false;
	helper.pid = fork();
	if (helper.pid < 0) {
		close_pair(requests);
		close_pair(events);
		return why_fail(why, "cannot create a process: %m");
	}
	if (!helper.pid) {
		close(requests[0]);
		close(events[0]);
		_exit(netadmin_serve(requests[1], events[1], name, identity));
	}
	close(requests[1]);
	close(events[1]);
	helper.requests = requests[0];
	helper.events = events[0];
	fcntl(helper.events, F_SETFL, O_NONBLOCK);
	helper.is_started = true;
	return true;
}

void uplink_stop(void)
{
	if (!helper.is_started)
		return;
	helper.is_started = false;
	/* That is what it ends by. */
	close(helper.requests);
	close(helper.events);
	helper.requests = -1;
	helper.events = -1;
	while (waitpid(helper.pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* --- asking it --- */

static bool send_request(void)
{
	ssize_t done;

	do {
		done = send(helper.requests, &helper.request,
			    sizeof(helper.request), MSG_NOSIGNAL);
	} while (done < 0 && errno == EINTR);
	return done == sizeof(helper.request);
}

static void take_file(struct msghdr *message)
{
	struct cmsghdr *head = CMSG_FIRSTHDR(message);

	helper.answer.tap.fd = -1;
	if (head && head->cmsg_level == SOL_SOCKET &&
	    head->cmsg_type == SCM_RIGHTS)
		memcpy(&helper.answer.tap.fd, CMSG_DATA(head), sizeof(int));
}

static bool receive_answer(void)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec iov = { &helper.answer, sizeof(helper.answer) };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof(control.room),
	};
	ssize_t got;

	do {
		got = recvmsg(helper.requests, &message, MSG_CMSG_CLOEXEC);
	} while (got < 0 && errno == EINTR);
	if (got != sizeof(helper.answer))
		return false;
	take_file(&message);
	return true;
}

/* The answer is in helper.answer. */
static bool ask(enum netadmin_verb verb, const struct port_config *port,
		struct why *why)
{
	memset(&helper.request, 0, sizeof(helper.request));
	helper.request.verb = verb;
	if (port)
		helper.request.port = *port;
	if (!send_request() || !receive_answer())
		return why_fail(why, "the process that sets up network devices is gone: no device can be added or removed until lgswitch is started again");
	if (!helper.answer.good)
		*why = helper.answer.why;
	return helper.answer.good;
}

/* --- without it, at once --- */

static bool do_now(enum netadmin_verb verb, struct port_config *port,
		   struct tap *tap, struct why *why)
{
	struct links links;
	struct device_maker maker = {
		.links = &links,
		.name = "here",
		.identity = { .user = geteuid(), .group = getegid() },
	};
	bool good;

	if (!links_open(&links, why))
		return false;
	if (verb == NETADMIN_MAKE)
		good = device_make(&maker, port, tap, why);
	else
		good = device_unmake(&maker, port, why);
	links_close(&links);
	return good;
}

/* --- what it is asked for --- */

bool uplink_open(const struct port_config *port, struct tap *tap,
		 unsigned int *mtu, struct why *why)
{
	struct port_config made = *port;

	if (!helper.is_started) {
		if (!do_now(NETADMIN_MAKE, &made, tap, why))
			return false;
		*mtu = made.mtu;
		return true;
	}
	if (!ask(NETADMIN_MAKE, port, why))
		return false;
	if (helper.answer.tap.fd < 0)
		return why_fail(why, "tap device %s came without its file",
				port->name);
	*tap = helper.answer.tap;
	*mtu = helper.answer.mtu;
	return true;
}

bool uplink_remove(const struct port_config *port, struct why *why)
{
	struct port_config copy = *port;

	if (!helper.is_started)
		return do_now(NETADMIN_UNMAKE, &copy, NULL, why);
	return ask(NETADMIN_UNMAKE, port, why);
}

bool uplink_settle(struct why *why)
{
	return !helper.is_started || ask(NETADMIN_SETTLE, NULL, why);
}

int uplink_events(void)
{
	return helper.events;
}

bool uplink_next(struct uplink_event *event)
{
	return helper.is_started &&
	       recv(helper.events, event, sizeof(*event), MSG_DONTWAIT) ==
		       sizeof(*event);
}
