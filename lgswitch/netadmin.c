// SPDX-License-Identifier: GPL-2.0
/*
 * netadmin.c - serves requests for network devices.  See netadmin.h.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "array.h"
#include "device.h"
#include "liveness.h"
#include "log.h"
#include "netadmin.h"
#include "tap.h"

/* Changes of the kernel's come in bursts: look once for those of that time. */
#define SETTLING_MS	50

struct netadmin {
	int requests, events;
	bool has_settled;
	struct links links;
	struct device_maker maker;
	struct liveness liveness;
	struct netadmin_request request;
	struct netadmin_answer answer;
};

/* --- requests --- */

static bool is_text(const char *text, size_t size)
{
	return memchr(text, '\0', size);
}

/* Any other byte there would be neither true nor false. */
static bool is_bool(const bool *value)
{
	return *(const uint8_t *)value <= 1;
}

static bool is_address(const struct link_address *address)
{
	return (address->family == AF_INET && address->prefix <= 32) ||
	       (address->family == AF_INET6 && address->prefix <= 128);
}

static bool are_addresses(const struct link_address *address,
			  unsigned int count, unsigned int max)
{
	unsigned int i;

	for (i = 0; i < count && count <= max; i++)
		if (!is_address(&address[i]))
			return false;
	return count <= max;
}

static bool is_vxlan(const struct vxlan_config *vxlan)
{
	return !vxlan->is_set ||
	       (is_address(&vxlan->local) &&
		are_addresses(vxlan->remote, vxlan->remotes,
			      CONFIG_REMOTES_MAX));
}

bool netadmin_check(const struct netadmin_request *request, size_t bytes,
		    struct why *why)
{
	const struct port_config *port = &request->port;

	if (bytes != sizeof(*request))
		return why_fail(why, "a request for devices has %zu bytes, not %zu",
				sizeof(*request), bytes);
	if (!is_text(port->name, sizeof(port->name)) ||
	    !is_text(port->bridge, sizeof(port->bridge)) ||
	    !is_text(port->owner, sizeof(port->owner)) ||
	    !is_bool(&port->has_mac) || !is_bool(&port->vxlan.is_set) ||
	    !are_addresses(port->address, port->addresses,
			   CONFIG_ADDRESSES_MAX) ||
	    !is_vxlan(&port->vxlan))
		return why_fail(why, "a request for devices makes no sense");
	if (request->verb == NETADMIN_SETTLE)
		return true;
	return tap_check_name(port->name, why) &&
	       (!*port->bridge || tap_check_name(port->bridge, why));
}

static bool settle(struct netadmin *admin, struct why *why)
{
	if (admin->has_settled)
		return why_fail(why, "privileges are given up already");
	admin->has_settled = privilege_drop(&admin->maker.identity,
					    PRIVILEGE_NET_ADMIN, why) &&
			     privilege_filter(PRIVILEGE_NETADMIN, why);
	admin->maker.is_wary = true;
	return admin->has_settled;
}

static bool make(struct netadmin *admin, struct port_config *port,
		 struct tap *tap, struct why *why)
{
	struct why ignored;

	if (!device_make(&admin->maker, port, tap, why))
		return false;
	if (!port->vxlan.is_set)
		return true;
	if (liveness_add(&admin->liveness, port, why))
		return true;
	tap_close(tap);
	device_unmake(&admin->maker, port, &ignored);
	return false;
}

static bool unmake(struct netadmin *admin, const struct port_config *port,
		   struct why *why)
{
	liveness_remove(&admin->liveness, port->name);
	return device_unmake(&admin->maker, port, why);
}

static bool carry_out(struct netadmin *admin, struct port_config *port,
		      struct tap *tap, struct why *why)
{
	switch (admin->request.verb) {
	case NETADMIN_MAKE:
		return make(admin, port, tap, why);
	case NETADMIN_UNMAKE:
		return unmake(admin, port, why);
	case NETADMIN_SETTLE:
		return settle(admin, why);
	default:
		return why_fail(why, "a request for devices has no verb %d",
				admin->request.verb);
	}
}

/* The tap's file is the switch's, from then on. */
static bool send_answer(const struct netadmin *admin)
{
	const struct netadmin_answer *answer = &admin->answer;
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec iov = { (void *)answer, sizeof(*answer) };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (answer->tap.fd >= 0) {
		message.msg_control = control.room;
		message.msg_controllen = sizeof(control.room);
		control.head.cmsg_level = SOL_SOCKET;
		control.head.cmsg_type = SCM_RIGHTS;
		control.head.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.head), &answer->tap.fd, sizeof(int));
	}
	return sendmsg(admin->requests, &message, MSG_NOSIGNAL) >= 0;
}

/* False: the switch is gone. */
static bool serve_request(struct netadmin *admin)
{
	struct netadmin_answer *answer = &admin->answer;
	ssize_t got = recv(admin->requests, &admin->request,
			   sizeof(admin->request), MSG_TRUNC);
	bool sent;

	if (got < 0 && errno == EINTR)
		return true;
	if (got <= 0)
		return false;
	memset(answer, 0, sizeof(*answer));
	answer->tap.fd = -1;
	answer->good = netadmin_check(&admin->request, got, &answer->why);
	if (answer->good)
		answer->good = carry_out(admin, &admin->request.port,
					 &answer->tap, &answer->why);
	answer->mtu = admin->request.port.mtu;
	sent = send_answer(admin);
	tap_close(&answer->tap);
	return sent;
}

/* --- events --- */

/* If the switch does not read them it has other troubles: it is told once. */
static void tell(void *context, const char *tap, bool carrier,
		 const char *text)
{
	const struct netadmin *admin = context;
	struct uplink_event event = { .carrier = carrier };

	snprintf(event.tap, sizeof(event.tap), "%s", tap);
	snprintf(event.text, sizeof(event.text), "%.*s",
		 (int)sizeof(event.text) - 1, text);
	send(admin->events, &event, sizeof(event), MSG_DONTWAIT | MSG_NOSIGNAL);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int64_t max_ms(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static bool has_request(struct pollfd *polls, unsigned int count, int64_t ms)
{
	polls[0].revents = 0;
	return poll(polls, count, ms) > 0 && polls[0].revents;
}

/* Until there is a request; meanwhile watch over segments. */
static void wait_for_request(struct netadmin *admin)
{
	struct pollfd polls[2] = {
		{ .fd = admin->requests, .events = POLLIN },
		{ .fd = liveness_fd(&admin->liveness), .events = POLLIN },
	};
	int64_t next = now_ms();

	while (liveness_is_needed(&admin->liveness)) {
		bool is_due = now_ms() >= next;

		if (is_due)
			next += LIVENESS_PERIOD_MS;
		liveness_look(&admin->liveness, is_due);
		if (has_request(polls, 1, SETTLING_MS) ||
		    has_request(polls, 2, max_ms(next - now_ms(), 0)))
			return;
	}
}

static void ignore_signals(void)
{
	static const int ours[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1,
				    SIGUSR2, SIGPIPE };
	unsigned int i;

	/* They are for the switch, and with it we end. */
	for (i = 0; i < ARRAY_SIZE(ours); i++)
		signal(ours[i], SIG_IGN);
}

static bool init(struct netadmin *admin, struct why *why)
{
	if (!links_open(&admin->links, why))
		return false;
	admin->maker.links = &admin->links;
	admin->liveness.changed = tell;
	admin->liveness.context = admin;
	return liveness_init(&admin->liveness, &admin->links, why);
}

int netadmin_serve(int requests, int events, const char *name,
		   const struct identity *identity)
{
	/* Too big for a stack of any size; there is one per process. */
	static struct netadmin admin;
	struct why why;

	ignore_signals();
	prctl(PR_SET_NAME, "lgswitch-links");
	admin.requests = requests;
	admin.events = events;
	admin.maker.name = name;
	admin.maker.identity = *identity;
	if (!init(&admin, &why)) {
		log_error("%s", why.text);
		return 1;
	}
	do
		wait_for_request(&admin);
	while (serve_request(&admin));
	return 0;
}
