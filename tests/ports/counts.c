// SPDX-License-Identifier: GPL-2.0
/*
 * counts.c - prints what went from whom to whom on a net by the counters that
 * anybody who may listen can read: a line for each that is not 0, "SOURCE
 * TARGET COUNT VERDICT", where a target of 127 is nobody.
 *
 *	counts FILE
 */
#include <stdio.h>
#include <unistd.h>

#include "log.h"
#include "netfile.h"
#include "netlog.h"

static void print_pair(const struct lguest_net_pairs *pairs, unsigned int from,
		       unsigned int to)
{
	const volatile __u64 *count = pairs->pair[from][to].count;
	unsigned int verdict;

	for (verdict = 0; verdict < LGUEST_VERDICTS; verdict++)
		if (count[verdict])
			printf("%u %u %llu %s\n", from, to,
			       (unsigned long long)count[verdict],
			       netlog_verdict(verdict));
}

int main(int argc, char **argv)
{
	const struct netlog_wish wish = { .log_bytes = 0 };
	unsigned int from, to;
	struct netlog log;
	struct why why;
	int net;

	log_init("counts", false);
	if (argc != 2) {
		log_error("usage: counts FILE");
		return 1;
	}
	net = netfile_open(argv[1], NETFILE_LISTEN, &why);
	if (net < 0 || !netlog_open(&log, net, &wish, &why)) {
		log_error("%s", why.text);
		return 1;
	}
	close(net);
	for (from = 0; from < LGUEST_NET_SLOTS; from++)
		for (to = 0; to <= LGUEST_NET_NOBODY; to++)
			print_pair(log.pairs, from, to);
	netlog_close(&log);
	return 0;
}
