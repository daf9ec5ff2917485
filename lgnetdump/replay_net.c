// SPDX-License-Identifier: GPL-2.0
/*
 * replay_net.c - joins a net and replays a capture there by the real clock.
 * See replay_net.h.
 */
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "netfile.h"
#include "netport.h"
#include "replay.h"
#include "replay_net.h"
#include "signals.h"

#define NS_PER_SECOND	1000000000ULL

/* --- time --- */

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

/* There is one, and a signal asks for its counts. */
static struct replay replay;

static bool wait_until(struct netport *port, short events, uint64_t until_ns)
{
	struct pollfd poll_port = { .fd = port->fd, .events = events };
	uint64_t now = now_ns();
	int64_t pause = until_ns > now ? until_ns - now : 0;

	netport_quiet(port, false);
	/* (What is too far away for an int64_t is for ever, as -1 is.) */
	signals_poll(&poll_port, 1, pause);
	netport_quiet(port, true);
	if (signals_take(SIGUSR1))
		replay_report(&replay, port);
	return !signals_ended() && !signals_take(SIGHUP);
}

/* --- all of it --- */

static bool join(const struct replay_net *wish, struct netport *port,
		 struct why *why)
{
	struct netport_wish as = { .slot = wish->slot, .name = wish->name };
	char net_name[PATH_MAX];
	int net;
	bool good;

	netfile_identity(wish->net, net_name, sizeof(net_name));
	if (wish->has_mac)
		memcpy(as.mac, wish->mac, sizeof(as.mac));
	else
		mac_make(as.mac, MAC_GUEST, wish->name, net_name, 0);
	net = netfile_open(wish->net, NETFILE_JOIN, why);
	if (net < 0)
		return false;
	good = netport_open(port, net, wish->net, &as, why);
	close(net);
	return good;
}

static bool send_all(const struct replay_net *wish, struct why *why)
{
	struct netport port;
	bool good;

	if (!join(wish, &port, why))
		return false;
	log_notice("slot %u of %s replays %s", port.slot, wish->net,
		   replay.capture.path);
	/* A timer's default slack would make every frame late. */
	prctl(PR_SET_TIMERSLACK, 1);
	good = replay_run(&replay, &port, why);
	replay_report(&replay, &port);
	netport_close(&port);
	return good;
}

bool replay_net_run(const struct replay_net *wish, struct why *why)
{
	bool good;

	signals_init();
	replay = (struct replay){
		.file = wish->file, .speed = wish->speed, .loop = wish->loop,
		.now_ns = now_ns, .wait = wait_until, .say = log_notice,
	};
	/* First: nobody shall see us come and go for nothing. */
	if (!replay_open(&replay, why))
		return false;
	good = send_all(wish, why);
	replay_close(&replay);
	return good;
}
