// SPDX-License-Identifier: GPL-2.0
/*
 * listen.c - prints what is said on a net, a line for each copy of a frame and
 * each that was not made, until COUNT lines are out or the net is silent for
 * SECONDS.  An example of lib/netlog.h.
 *
 *	listen FILE [COUNT [SECONDS]]
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "log.h"
#include "mac.h"
#include "netfile.h"
#include "netlog.h"
#include "netpage.h"

#define LOG_BYTES	(4 << 20)

static struct netlog listener;

static void start(const char *file)
{
	const struct netlog_wish wish = {
		.snaplen = NETLOG_SNAPLEN_MAX,
		.log_bytes = LOG_BYTES,
	};
	struct why why;
	int net = netfile_open(file, NETFILE_LISTEN, &why);

	if (net < 0 || !netlog_open(&listener, net, &wish, &why)) {
		log_error("%s", why.text);
		exit(1);
	}
	close(net);
	printf("listening\n");
}

static void print_slot(unsigned int slot)
{
	struct lguest_net_slot copy;

	if (netpage_get(listener.page, slot, &copy))
		printf("%u (%s)", slot, copy.name);
	else
		printf("%u", slot);
}

/* What has been done to it on its way. */
static void print_flags(const struct lguest_net_record *head)
{
	if (head->flags & LGUEST_RECORD_GROUP)
		printf(", group");
	if (head->flags & LGUEST_RECORD_EXTRA)
		printf(", extra");
	if (head->flags & LGUEST_RECORD_DIVERTED)
		printf(", diverted from %u", head->meant);
	if (head->flags & LGUEST_RECORD_SENT_ON)
		printf(", sent on");
}

static void print_record(const struct netlog_record *record)
{
	printf("frame %llu from ", (unsigned long long)record->head.id);
	print_slot(record->head.source);
	printf(" to ");
	if (record->head.target == LGUEST_NET_NOBODY)
		printf("nobody");
	else
		print_slot(record->head.target);
	printf(", %u bytes, kept %u", record->head.length,
	       record->head.captured);
	print_flags(&record->head);
	printf(": %s\n", netlog_verdict(record->head.verdict));
}

static bool wait_for_more(int timeout_ms)
{
	struct pollfd poll_log = { .fd = listener.fd, .events = POLLIN };

	return !netlog_may_sleep(&listener) ||
	       poll(&poll_log, 1, timeout_ms) == 1;
}

int main(int argc, char **argv)
{
	long left = argc > 2 ? atol(argv[2]) : -1;
	int timeout_ms = argc > 3 ? atoi(argv[3]) * 1000 : -1;
	struct netlog_record record;

	log_init("listen", false);
	if (argc < 2) {
		log_error("usage: listen FILE [COUNT [SECONDS]]");
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	start(argv[1]);
	do {
		while (left && netlog_next(&listener, &record)) {
			print_record(&record);
			left--;
		}
		netlog_done(&listener);
	} while (left && !listener.broken && wait_for_more(timeout_ms));
	printf("missed %llu\n", (unsigned long long)netlog_lost(&listener));
	netlog_close(&listener);
	return 0;
}
