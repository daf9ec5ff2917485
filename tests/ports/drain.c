// SPDX-License-Identifier: GPL-2.0
/*
 * drain.c - listens to a net, whole frames, and throws them away: what a
 * listener costs at the least.  At SIGTERM it tells how many records it saw
 * and how many it missed.
 *
 *	drain FILE
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "log.h"
#include "netfile.h"
#include "netlog.h"

#define LOG_BYTES	(32 << 20)
/* A signal that comes just before poll() is seen that much later. */
#define LOOK_MS		100

static volatile sig_atomic_t ended;

static void end(int number)
{
	(void)number;
	ended = 1;
}

static bool open_log(struct netlog *log, const char *file, struct why *why)
{
	const struct netlog_wish wish = {
		.snaplen = NETLOG_SNAPLEN_MAX,
		.log_bytes = LOG_BYTES,
		.delay_us = NETLOG_DELAY_US,
	};
	int net = netfile_open(file, NETFILE_LISTEN, why);
	bool opened;

	if (net < 0)
		return false;
	opened = netlog_open(log, net, &wish, why);
	close(net);
	return opened;
}

static unsigned long long drain(struct netlog *log)
{
	struct pollfd poll_log = { .fd = log->fd, .events = POLLIN };
	struct netlog_record record;
	unsigned long long seen = 0;

	while (!ended && !log->broken) {
		while (netlog_next(log, &record))
			seen++;
		netlog_done(log);
		if (netlog_may_sleep(log))
			poll(&poll_log, 1, LOOK_MS);
	}
	return seen;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = end };
	unsigned long long seen;
	struct netlog log;
	struct why why;

	log_init("drain", false);
	if (argc != 2) {
		log_error("usage: drain FILE");
		return 2;
	}
	sigaction(SIGTERM, &action, NULL);
	if (!open_log(&log, argv[1], &why)) {
		log_error("%s", why.text);
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("draining\n");
	seen = drain(&log);
	printf("drained seen=%llu missed=%llu\n", seen,
	       (unsigned long long)netlog_lost(&log));
	netlog_close(&log);
	return 0;
}
