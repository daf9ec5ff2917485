// SPDX-License-Identifier: GPL-2.0
/*
 * replay.c - when to send which frame of a capture.  See replay.h.
 *
 * Frames that are due are collected in the port and sent together, at the
 * latest before we sleep.  So at full speed a call of lg.ko has many of them,
 * and one that is alone is not kept waiting.
 * guide: C:690
 */
#include <ctype.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "netlog.h"
#include "replay.h"

#define NS_PER_SECOND	1000000000ULL
#define NS_PER_MS	1000000ULL

/* A pause that people should hear of, or they take it for a fault. */
#define LONG_PAUSE_NS	(60 * NS_PER_SECOND)

/* Frames taken off the port at a time. */
#define BATCH		64

enum step {
	STEP_ON,
	STEP_END,		/* somebody wants it to end */
	STEP_FAILED,
};

bool replay_parse_speed(const char *text, double *speed, struct why *why)
{
	char *end;

	if (!strcmp(text, "max")) {
		*speed = REPLAY_FASTEST;
		return true;
	}
	/* strtod() would also take blanks, signs, "inf" and "0x1p3". */
	if (!isdigit((unsigned char)*text) || strspn(text, "0123456789.") !=
	    strlen(text))
		return why_fail(why, "'%s' is not a speed (a number as 2 or 0.5, or max)",
				text);
	*speed = strtod(text, &end);
	if (*end)
		return why_fail(why, "'%s' is not a speed (a number as 2 or 0.5, or max)",
				text);
	/* (Written so that it holds for whatever strtod() returns.) */
	if (!(*speed >= REPLAY_SPEED_MIN && *speed <= REPLAY_SPEED_MAX))
		return why_fail(why, "a speed of %s is out of range: %g to %d, or max",
				text, REPLAY_SPEED_MIN, REPLAY_SPEED_MAX);
	return true;
}

/* --- the port --- */

/* Others' frames are none of our business, but they must not wait for us. */
static void discard(struct netport *port)
{
	static struct netport_frame frame[BATCH];
	unsigned int count;

	while ((count = netport_receive(port, frame, BATCH)))
		netport_release(port, frame, count);
}

/* Events that more can be done after. */
static enum step flush(struct netport *port, short *events, struct why *why)
{
	enum netport_sent sent = netport_flush(port);

	discard(port);
	*events = sent == NETPORT_STOPPED ? POLLIN | POLLOUT : POLLIN;
	if (sent != NETPORT_FAILED)
		return STEP_ON;
	why_fail(why, "cannot send into the net: %m");
	return STEP_FAILED;
}

/* Send what there is, and let the time pass. */
static enum step pass_time(struct replay *replay, struct netport *port,
			   uint64_t until_ns, struct why *why)
{
	enum step step;
	short events;

	do {
		step = flush(port, &events, why);
		if (step != STEP_ON || replay->now_ns() >= until_ns)
			return step;
	} while (replay->wait(port, events, until_ns));
	return STEP_END;
}

/*
 * Until there is room for a frame.  If flushing makes some, we wait for no
 * time at all: who wants us to end is heard then.
 */
static enum step make_room(struct replay *replay, struct netport *port,
			   void **room, struct why *why)
{
	enum step step;
	short events;

	while (!(*room = netport_room(port))) {
		step = flush(port, &events, why);
		if (step != STEP_ON)
			return step;
		if (!replay->wait(port, events,
				  events & POLLOUT ? UINT64_MAX : 0))
			return STEP_END;
	}
	return STEP_ON;
}

/* Until all has left, or, @at_once, what can. */
static enum step finish(struct replay *replay, struct netport *port,
			bool at_once, struct why *why)
{
	enum step step;
	short events;

	do {
		step = flush(port, &events, why);
	} while (step == STEP_ON && events & POLLOUT && !at_once &&
		 replay->wait(port, events, UINT64_MAX));
	replay->left = port->given - __atomic_load_n(&port->shared->send.taken,
						     __ATOMIC_ACQUIRE);
	return step;
}

/* --- frames --- */

static bool skip(struct replay *replay, const struct capture_frame *frame)
{
	if (frame->bytes < frame->length)
		replay->skipped[REPLAY_CUT]++;
	else if (frame->bytes < LGUEST_FRAME_MIN - LGUEST_FRAME_HEADER)
		replay->skipped[REPLAY_SHORT]++;
	else if (frame->bytes > LGUEST_FRAME_MAX - LGUEST_FRAME_HEADER)
		replay->skipped[REPLAY_LONG]++;
	else
		return false;
	return true;
}

/* When it has to leave; times that go back are now. */
static uint64_t due_ns(const struct replay *replay, uint64_t time_ns)
{
	double pause;

	if (replay->speed == REPLAY_FASTEST || time_ns <= replay->first_ns)
		return replay->start_ns;
	pause = (time_ns - replay->first_ns) / replay->speed;
	if (pause >= (double)(UINT64_MAX - replay->start_ns))
		return UINT64_MAX;
	return replay->start_ns + (uint64_t)pause;
}

static void tell_of_pause(const struct replay *replay, uint64_t pause_ns)
{
	if (pause_ns > LONG_PAUSE_NS)
		replay->say("frame %llu is due in %llu s (--speed makes that shorter)",
			    (unsigned long long)replay->capture.frames,
			    (unsigned long long)(pause_ns / NS_PER_SECOND));
}

static enum step await(struct replay *replay, struct netport *port,
		       const struct capture_frame *frame, struct why *why)
{
	uint64_t due = due_ns(replay, frame->time_ns);
	uint64_t now = replay->now_ns();
	enum step step = STEP_ON;

	if (now < due) {
		tell_of_pause(replay, due - now);
		step = pass_time(replay, port, due, why);
		now = replay->now_ns();
	}
	if (replay->speed != REPLAY_FASTEST && step == STEP_ON &&
	    now - due > replay->latest_ns)
		replay->latest_ns = now - due;
	return step;
}

/* A header of zeros: nothing is left to be done about this frame. */
static void add(struct netport *port, const struct capture_frame *frame,
		uint8_t *room)
{
	memset(room, 0, LGUEST_FRAME_HEADER);
	memcpy(room + LGUEST_FRAME_HEADER, frame->data, frame->bytes);
	netport_add(port, LGUEST_FRAME_HEADER + frame->bytes);
}

static enum step send_frame(struct replay *replay, struct netport *port,
			    const struct capture_frame *frame, struct why *why)
{
	void *room;
	enum step step = await(replay, port, frame, why);

	if (step == STEP_ON)
		step = make_room(replay, port, &room, why);
	if (step != STEP_ON)
		return step;
	add(port, frame, room);
	replay->sent++;
	replay->bytes += frame->bytes;
	return STEP_ON;
}

/* --- rounds --- */

/* The file once. */
static enum step play(struct replay *replay, struct netport *port,
		      struct why *why)
{
	enum capture_result result;
	struct capture_frame frame;
	enum step step = STEP_ON;

	replay->start_ns = replay->now_ns();
	while (step == STEP_ON) {
		result = capture_next(&replay->capture, &frame, why);
		if (result == CAPTURE_END)
			return STEP_ON;
		if (result == CAPTURE_FAILED)
			return STEP_FAILED;
		if (replay->capture.frames == 1)
			replay->first_ns = frame.time_ns;
		if (!skip(replay, &frame))
			step = send_frame(replay, port, &frame, why);
	}
	return step;
}

static enum step play_all(struct replay *replay, struct netport *port,
			  struct why *why)
{
	enum step step = STEP_ON;
	uint64_t round, before;

	for (round = 0; !replay->loop || round < replay->loop; round++) {
		if (round && !capture_rewind(&replay->capture, why))
			return STEP_FAILED;
		before = replay->sent;
		step = play(replay, port, why);
		/* A file of nothing to send would be no end of nothing. */
		if (step != STEP_ON || replay->sent == before)
			break;
	}
	return step;
}

bool replay_open(struct replay *replay, struct why *why)
{
	return capture_open(&replay->capture, replay->file, why);
}

void replay_close(struct replay *replay)
{
	capture_close(&replay->capture);
}

bool replay_run(struct replay *replay, struct netport *port, struct why *why)
{
	enum step step;
	struct why late;

	replay->begin_ns = replay->now_ns();
	step = play_all(replay, port, why);
	/* What comes before an error in the file is sent all the same. */
	if (finish(replay, port, step == STEP_END,
		   step == STEP_FAILED ? &late : why) == STEP_FAILED)
		step = STEP_FAILED;
	return step != STEP_FAILED;
}

/* --- what became of it --- */

static void report_unsent(const struct replay *replay)
{
	static const char *const words[REPLAY_SKIPPED] = {
		[REPLAY_CUT] = "cut short in the file",
		[REPLAY_SHORT] = "too short for Ethernet",
		[REPLAY_LONG] = "longer than a net carries",
	};
	unsigned int i;

	for (i = 0; i < REPLAY_SKIPPED; i++)
		if (replay->skipped[i])
			replay->say("%llu frames were not sent: %s",
				    (unsigned long long)replay->skipped[i],
				    words[i]);
	if (replay->left)
		replay->say("%u of them were not taken: receivers had no room yet",
			    replay->left);
}

/* By lg.ko's counters, which are ours alone: they begin with our slot. */
static uint64_t count(const struct netport *port, unsigned int verdict)
{
	const struct lguest_net_pair *pair = port->pairs->pair[port->slot];
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i <= LGUEST_NET_NOBODY; i++)
		sum += __atomic_load_n(&pair[i].count[verdict],
				       __ATOMIC_RELAXED);
	return sum;
}

void replay_report(const struct replay *replay, const struct netport *port)
{
	uint64_t took_ns = replay->now_ns() - replay->begin_ns;
	unsigned int verdict;
	uint64_t copies;

	replay->say("%llu frames, %llu bytes, sent in %.3f s, at most %.3f ms late",
		    (unsigned long long)replay->sent,
		    (unsigned long long)replay->bytes,
		    (double)took_ns / NS_PER_SECOND,
		    (double)replay->latest_ns / NS_PER_MS);
	report_unsent(replay);
	for (verdict = 0; verdict < LGUEST_VERDICTS; verdict++) {
		copies = count(port, verdict);
		if (copies || !verdict)
			replay->say("%llu copies: %s",
				    (unsigned long long)copies,
				    netlog_verdict(verdict));
	}
}
