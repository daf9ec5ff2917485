/* SPDX-License-Identifier: GPL-2.0 */
/*
 * events.h - what the switch waits for besides its ports: files (control
 * sockets, signals, netlink) and the passing of time.  One epoll and one timer
 * file for all.
 * guide: C:115
 */
#ifndef LGSWITCH_EVENTS_H
#define LGSWITCH_EVENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "why.h"

/* A file that is waited for; part of whoever waits, and lasts until removed. */
struct event_file {
	int fd;
	uint32_t events;		/* EPOLLIN, EPOLLOUT */
	void (*ready)(struct event_file *file, uint32_t events);
	void *context;
};

/* Something to do every so often. */
struct event_tick {
	uint64_t every_ns;		/* 0: only when it is due */
	uint64_t due_ns;		/* CLOCK_MONOTONIC; UINT64_MAX: never */
	void (*tick)(struct event_tick *tick, uint64_t now_ns);
	void *context;
	struct event_tick *next;
};

#define EVENTS_BATCH	64

struct events {
	int epoll;
	int timer;
	uint64_t armed_ns;		/* what the timer waits for */
	struct event_file timer_file;
	struct event_tick *ticks;
	uint64_t now_ns;		/* when the last wait was over */
	/* Those of the last wait, so that removed ones are not called. */
	struct epoll_event batch[EVENTS_BATCH];
	int count, next;
};

bool events_init(struct events *events, struct why *why);
void events_free(struct events *events);

bool events_add(struct events *events, struct event_file *file,
		struct why *why);
/* After file->events has changed.  Looks at the file anew. */
void events_change(struct events *events, struct event_file *file);
/* The file may be freed; its fd is still open. */
void events_remove(struct events *events, struct event_file *file);

void events_add_tick(struct events *events, struct event_tick *tick);
void events_remove_tick(struct events *events, struct event_tick *tick);

/*
 * Call what is ready or due.  With @wait sleep until something is.  False:
 * waiting itself failed, see errno.
 */
bool events_run(struct events *events, bool wait);

/* CLOCK_MONOTONIC */
uint64_t events_now(void);

#endif
