/* SPDX-License-Identifier: GPL-2.0 */
/*
 * control.h - the control socket: programs and people (lgswitch ctl) connect
 * to it to look at a running switch and to change it.
 *
 * The protocol: each line is a JSON object.  A request has a member "verb",
 * may have an "id" (a string or an integer), and otherwise what the verb
 * takes; request.h lists the verbs.  Each request gets one reply, in order,
 * with the same id (null if there was none):
 *
 *	> {"id": 1, "verb": "ping"}
 *	< {"id": 1, "ok": true, "result": {}}
 *	> {"id": 2, "verb": "del", "port": "tap9"}
 *	< {"id": 2, "ok": false, "error": "there is no port tap9"}
 *
 * The verb watch is answered here.  Its request holds another one, which must
 * only look, and an interval in seconds; after the reply there is an event per
 * interval, until a watch without interval or the end of the connection:
 *
 *	> {"id": 3, "verb": "watch", "interval": 1, "request": {"verb": "ports"}}
 *	< {"id": 3, "ok": true, "result": {}}
 *	< {"id": 3, "event": 1, "missed": 0, "time": 12.000, "result": {...}}
 *
 * time is in seconds, of a clock that only goes forward.  A client that does
 * not take its events misses some; how many is told.
 *
 * So is the verb events: after its reply, what happens to the switch comes as
 * it happens, until the same verb with "on": false.  What happened is one of
 * port-added, port-removed, port-changed, slot-changed (who is on a net),
 * same-mac (two have one address) and loop; port may be missing.
 *
 *	> {"id": 4, "verb": "events"}
 *	< {"id": 4, "ok": true, "result": {}}
 *	< {"id": 4, "happened": "port-added", "missed": 0, "time": 13.400,
 *	   "port": "lg1", "text": "port lg1 has been added"}
 *
 * Limits: a request has up to 64 KiB (a longer one is answered with an error,
 * and skipped), there are up to 64 clients, and a client that leaves replies
 * lying gets no more of them, and its requests are not read.  One that stands
 * still in the middle of a request or of a reply is dropped after 10 seconds.
 * When there are 64, the one whose last request is longest ago, 10 seconds at
 * least, makes room for the next; those who watch, or hear events, stay, up to 32.
 *
 * Nothing here waits, because it is the switch's own thread that calls: each
 * call does a bounded amount of work, and then leaves three times as long to
 * the switch.
 * guide: C:375
 */
#ifndef LGSWITCH_CONTROL_H
#define LGSWITCH_CONTROL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "session.h"
#include "why.h"

#define CONTROL_CLIENTS_MAX	64
/* Of one client before another has its turn; of watches before the switch has. */
#define CONTROL_REQUESTS_AT_ONCE	4
/* Who watch or hear events. */
#define CONTROL_WATCHES_MAX	32
#define CONTROL_PATIENCE_NS	10000000000ULL
/* Limits for the interval of a watch, in seconds. */
#define CONTROL_INTERVAL_MIN	0.1
#define CONTROL_INTERVAL_MAX	3600.0

/* Who knows the answers. */
struct control_answerer {
	/*
	 * The result of a request, which the caller owns; NULL: it failed.
	 * @looking: it may only look, and a request to change something fails.
	 */
	json_t *(*answer)(void *context, json_t *request, bool looking,
			  struct why *why);
	void *context;
};

/* A client that hears what happens. */
struct control_ear {
	bool listens;
	json_t *id;
	uint64_t missed;
};

/* A client that watches. */
struct control_watch {
	json_t *request;		/* NULL: none */
	json_t *id;
	uint64_t interval_ns;
	uint64_t next_ns;		/* CLOCK_MONOTONIC */
	uint64_t events, missed;
};

struct control_client {
	struct session session;
	struct control_watch watch;
	struct control_ear ear;
	uint64_t served_ns;		/* when it connected, or had a reply */
	uint32_t events;		/* that epoll looks for */
};

struct control {
	struct control_answerer answerer;
	char path[108];
	int gate;			/* the files and the timer, in one */
	int files;			/* listener and clients, in one */
	int listener;
	int timer;
	int spare;			/* to refuse one when there are no more */
	uint64_t timer_ns;		/* what it is set to; 0: not */
	bool resting;			/* the gate is shut until the timer */
	struct control_client client[CONTROL_CLIENTS_MAX];
	unsigned int clients;
	uint64_t refused, dropped;	/* clients: for want of room, too slow */
};

/*
 * Listen at @path, for the owner and @group (UNIXSOCK_ANY_GROUP: as the umask
 * says); an empty path: no control socket, and all else does nothing.
 */
bool control_open(struct control *control, const char *path, gid_t group,
		  const struct control_answerer *answerer, struct why *why);

/* Removes the socket, too. */
void control_close(struct control *control);

/* For poll() or epoll, POLLIN: control_handle() has something to do. -1: none. */
int control_fd(const struct control *control);

void control_handle(struct control *control);

/*
 * Something has happened: @what in one word, to @port (NULL: to none), and as
 * a sentence.  May be called from within an answer.
 */
void control_tell(struct control *control, const char *what, const char *port,
		  const char *text);

#endif
