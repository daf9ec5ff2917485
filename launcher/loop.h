/* SPDX-License-Identifier: GPL-2.0 */
/*
 * loop.h - waits for several files at once and calls whoever watches one when
 * something changed there.  "Changed" is edge-triggered: a watcher does all it
 * can and is called again when it could do more; so a file that stays ready
 * without anybody caring costs nothing.
 * guide: L:240
 */
#ifndef LAUNCHER_LOOP_H
#define LAUNCHER_LOOP_H

#include <stdint.h>
#include <sys/epoll.h>

#include "why.h"

struct loop {
	int epoll;
};

struct watch {
	int fd;
	uint32_t events;		/* EPOLLIN, EPOLLOUT */
	void (*changed)(void *context);
	void *context;
};

bool loop_open(struct loop *loop, struct why *why);
void loop_close(struct loop *loop);

/*
 * Watch until loop_remove() or the file is closed; @watch has to last.  Files
 * that are always ready (regular ones) never change: that is no error.
 */
bool loop_add(struct loop *loop, struct watch *watch, struct why *why);
void loop_remove(struct loop *loop, struct watch *watch);

/* Call one watcher, or wait for that; at most @timeout_ms unless it is -1. */
void loop_once(struct loop *loop, int timeout_ms);

#endif
