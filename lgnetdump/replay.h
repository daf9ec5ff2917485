/* SPDX-License-Identifier: GPL-2.0 */
/*
 * replay.h - sends the frames of a capture into a net, from a slot of our own,
 * with the pauses that they had when they were captured.
 *
 * A frame's time is that of the first one and what was between them, whatever
 * it takes to send, so that delays do not add up.  Receivers without room make
 * us wait, as they do guests; nothing is thrown away to be on time.
 * guide: C:685
 */

/*
 * A capture that is replayed has frames only, not what a sender left to be
 * done to them.  A TCP super-frame comes as one frame of 64 KiB, which a
 * receiver with a usual MTU does not want.  It could be cut by lib/segment.h,
 * or go out with a header that says how, if the file told the size of its
 * segments.
 * guide: M:260
 */

#ifndef LGNETDUMP_REPLAY_H
#define LGNETDUMP_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "capture.h"
#include "netport.h"
#include "why.h"

/* As fast as receivers take it; else a factor: 2 is twice as fast as it was. */
#define REPLAY_FASTEST		0
#define REPLAY_SPEED_MIN	0.000001
#define REPLAY_SPEED_MAX	1000000

/* Frames of a file that were not sent. */
enum replay_skipped {
	REPLAY_CUT,		/* the file has only its beginning */
	REPLAY_SHORT,		/* no Ethernet header */
	REPLAY_LONG,		/* more than a net can carry */
	REPLAY_SKIPPED,
};

struct replay {
	/* Set by the caller; zeros else. */
	const char *file;	/* "-": standard input */
	double speed;		/* or REPLAY_FASTEST */
	uint64_t loop;		/* how often; 0: for ever */
	/*
	 * A clock that never goes back; and wait until then, or for any of
	 * the events at the port.  False: end, whatever was planned.
	 */
	uint64_t (*now_ns)(void);
	bool (*wait)(struct netport *port, short events, uint64_t until_ns);
	void (*say)(const char *format, ...)	/* log_notice() */
		__attribute__((format(printf, 1, 2)));
	/* Results, also of a replay that failed. */
	uint64_t sent, bytes;
	uint32_t left;		/* of them, that receivers had no room for yet */
	uint64_t skipped[REPLAY_SKIPPED];
	uint64_t latest_ns;	/* that a frame was given later than due */
	/* Its own. */
	struct capture capture;
	uint64_t begin_ns;
	uint64_t start_ns, first_ns;	/* of this round: now, in the file */
};

/* A number, or "max". */
bool replay_parse_speed(const char *text, double *speed, struct why *why);

/* The file, to be closed if that succeeds. */
bool replay_open(struct replay *replay, struct why *why);
void replay_close(struct replay *replay);

/*
 * Until the file's end, as often as asked, or replay->wait tells.  Frames that
 * come to @port meanwhile are thrown away.  Once for each open.
 */
bool replay_run(struct replay *replay, struct netport *port, struct why *why);

/* What was done until now, and by the net's counters what became of it. */
void replay_report(const struct replay *replay, const struct netport *port);

#endif
