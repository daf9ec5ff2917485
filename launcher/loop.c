// SPDX-License-Identifier: GPL-2.0
/*
 * loop.c - one epoll file and what hangs on it.  See loop.h.
 */
#include <errno.h>
#include <unistd.h>

#include "loop.h"

bool loop_open(struct loop *loop, struct why *why)
{
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll < 0)
		return why_fail(why, "cannot create an epoll file: %m");
	return true;
}

void loop_close(struct loop *loop)
{
	close(loop->epoll);
	loop->epoll = -1;
}

bool loop_add(struct loop *loop, struct watch *watch, struct why *why)
{
	struct epoll_event event = {
		.events = watch->events | EPOLLRDHUP | EPOLLET,
		.data.ptr = watch,
	};

	/* EPERM: a file that cannot make anybody wait. */
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, watch->fd, &event) &&
	    errno != EPERM)
		return why_fail(why, "cannot watch a file: %m");
	return true;
}

void loop_remove(struct loop *loop, struct watch *watch)
{
	epoll_ctl(loop->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
}

/*
 * One event at a time, so that a watcher may remove any watch without leaving
 * an event of it behind.  epoll goes round by itself.
 */
void loop_once(struct loop *loop, int timeout_ms)
{
	struct epoll_event event;
	struct watch *watch;

	if (epoll_wait(loop->epoll, &event, 1, timeout_ms) != 1)
		return;
	watch = event.data.ptr;
	watch->changed(watch->context);
}
