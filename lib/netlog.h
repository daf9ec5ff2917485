/* SPDX-License-Identifier: GPL-2.0 */
/*
 * netlog.h - listening to a net (lguest/net.h): every copy of every frame, and
 * every one that was not made, with the reason.  Those who talk never wait for
 * us; what we are too slow for is counted.
 *
 *	struct netlog_wish wish = {
 *		.snaplen = NETLOG_SNAPLEN_MAX,
 *		.log_bytes = 1 << 20,
 *		.delay_us = NETLOG_DELAY_US,
 *	};
 *	struct netlog log;
 *	struct netlog_record record;
 *
 *	net = netfile_open("/run/lab/net0", NETFILE_LISTEN, &why);
 *	netlog_open(&log, net, &wish, &why);
 *	close(net);
 *	for (;;) {
 *		while (netlog_next(&log, &record))
 *			... record.head, record.data ...
 *		netlog_done(&log);
 *		if (netlog_may_sleep(&log))
 *			poll() for POLLIN on log.fd
 *	}
 *
 * None of the calls waits.  They are for one thread at a time.
 * guide: C:495
 */
#ifndef LIB_NETLOG_H
#define LIB_NETLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lguest/net.h>

#include "why.h"

/* What a record can hold of a frame: a few bytes less than the longest. */
#define NETLOG_SNAPLEN_MAX	65535
/* A delay that nobody who looks on notices, and that costs talkers little. */
#define NETLOG_DELAY_US		50000

struct netlog_wish {
	/* Keep up to so many bytes of each frame; its virtio_net_hdr counts. */
	uint32_t snaplen;
	/*
	 * A power of two, LGUEST_LOG_MIN to LGUEST_LOG_MAX; with 0 there are
	 * the page and the counters only, and none of the calls that have to
	 * do with records may be used.
	 */
	uint32_t log_bytes;
	/* How long the first news may wait before poll() tells of it. */
	uint32_t delay_us;
};

struct netlog {
	int fd;				/* for poll() */
	const struct lguest_net_page *page;	/* see netpage.h */
	const struct lguest_net_pairs *pairs;
	struct lguest_net_log *shared;	/* NULL: only page and counters */
	uint32_t bytes;			/* of the log's data */
	uint64_t secret;		/* of the records' marks */
	uint64_t read;			/* position behind what is done with */
	uint64_t next;			/* behind what was given */
	bool broken;			/* the log is nonsense: nothing more */
};

/* A record: a copy of its head, and what was kept of the frame. */
struct netlog_record {
	struct lguest_net_record head;
	const uint8_t *data;		/* head.captured bytes */
};

bool netlog_open(struct netlog *log, int net, const struct netlog_wish *wish,
		 struct why *why);
void netlog_close(struct netlog *log);

/* The next record; false: there is none now.  Its data lasts until done. */
bool netlog_next(struct netlog *log, struct netlog_record *record);

/* All that netlog_next() gave may be overwritten. */
void netlog_done(struct netlog *log);

/*
 * Nothing is there; poll() tells POLLIN when something is.  (A log that is
 * broken stays so: give up.)
 */
bool netlog_may_sleep(struct netlog *log);

/* Records so far that we have missed. */
uint64_t netlog_lost(const struct netlog *log);

/* Why a frame was not delivered, for people: head.verdict in words. */
const char *netlog_verdict(unsigned int verdict);

/* For tests: read @shared, which has @bytes of data. */
void netlog_set_up(struct netlog *log, struct lguest_net_log *shared,
		   uint32_t bytes);

#endif
