// SPDX-License-Identifier: GPL-2.0
/*
 * events.c - waits for files and for the passing of time.  See events.h.
 */
#include <errno.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "events.h"

#define SECOND_NS	1000000000ULL
#define NEVER		UINT64_MAX

uint64_t events_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND_NS + now.tv_nsec;
}

/* --- files --- */

bool events_add(struct events *events, struct event_file *file,
		struct why *why)
{
	struct epoll_event event = {
		.events = file->events, .data.ptr = file,
	};

	if (!epoll_ctl(events->epoll, EPOLL_CTL_ADD, file->fd, &event))
		return true;
	return why_fail(why, "cannot wait for a file: %m");
}

void events_change(struct events *events, struct event_file *file)
{
	struct epoll_event event = {
		.events = file->events, .data.ptr = file,
	};

	/* It is there, so this cannot fail but for lack of memory. */
	epoll_ctl(events->epoll, EPOLL_CTL_MOD, file->fd, &event);
}

void events_remove(struct events *events, struct event_file *file)
{
	int i;

	epoll_ctl(events->epoll, EPOLL_CTL_DEL, file->fd, NULL);
	for (i = events->next; i < events->count; i++)
		if (events->batch[i].data.ptr == file)
			events->batch[i].data.ptr = NULL;
}

static void call_ready(struct events *events)
{
	while (events->next < events->count) {
		struct epoll_event *event = &events->batch[events->next++];
		struct event_file *file = event->data.ptr;

		if (file)
			file->ready(file, event->events);
	}
}

/* --- time --- */

void events_add_tick(struct events *events, struct event_tick *tick)
{
	tick->next = events->ticks;
	events->ticks = tick;
}

void events_remove_tick(struct events *events, struct event_tick *tick)
{
	struct event_tick **link = &events->ticks;

	while (*link && *link != tick)
		link = &(*link)->next;
	if (*link)
		*link = tick->next;
}

static struct event_tick *first_due(const struct events *events)
{
	struct event_tick *first = events->ticks, *tick;

	for (tick = first; tick; tick = tick->next)
		if (tick->due_ns < first->due_ns)
			first = tick;
	return first;
}

/* Each tick once at most, whatever it sets its next time to. */
static void call_due(struct events *events)
{
	struct event_tick *tick = first_due(events);
	uint64_t now_ns = events->now_ns;

	for (; tick && tick->due_ns <= now_ns; tick = first_due(events)) {
		tick->due_ns = tick->every_ns ? now_ns + tick->every_ns : NEVER;
		tick->tick(tick, now_ns);
		/* One that wants to be called at once is, but not for ever. */
		if (tick == first_due(events) && tick->due_ns <= now_ns)
			return;
	}
}

static void set_timer(struct events *events)
{
	const struct event_tick *tick = first_due(events);
	uint64_t due_ns = tick ? tick->due_ns : NEVER;
	struct itimerspec when = { 0 };

	if (due_ns == events->armed_ns)
		return;
	if (due_ns != NEVER) {
		when.it_value.tv_sec = due_ns / SECOND_NS;
		when.it_value.tv_nsec = due_ns % SECOND_NS;
		/* All zeros would mean: never. */
		if (!due_ns)
			when.it_value.tv_nsec = 1;
	}
	timerfd_settime(events->timer, TFD_TIMER_ABSTIME, &when, NULL);
	events->armed_ns = due_ns;
}

static void timer_ready(struct event_file *file, uint32_t happened)
{
	struct events *events = file->context;
	uint64_t times;

	(void)happened;
	if (read(file->fd, &times, sizeof(times)) > 0)
		events->armed_ns = NEVER;
}

/* --- both --- */

bool events_init(struct events *events, struct why *why)
{
	*events = (struct events){
		.epoll = epoll_create1(EPOLL_CLOEXEC),
		.timer = timerfd_create(CLOCK_MONOTONIC,
					TFD_CLOEXEC | TFD_NONBLOCK),
		.armed_ns = NEVER,
	};
	events->timer_file = (struct event_file){
		.fd = events->timer, .events = EPOLLIN,
		.ready = timer_ready, .context = events,
	};
	if (events->epoll < 0 || events->timer < 0) {
		why_fail(why, "cannot wait for files and time: %m");
		events_free(events);
		return false;
	}
	if (events_add(events, &events->timer_file, why))
		return true;
	events_free(events);
	return false;
}

void events_free(struct events *events)
{
	if (events->epoll >= 0)
		close(events->epoll);
	if (events->timer >= 0)
		close(events->timer);
	events->epoll = events->timer = -1;
}

bool events_run(struct events *events, bool wait)
{
	if (wait)
		set_timer(events);
	events->next = 0;
	events->count = epoll_wait(events->epoll, events->batch, EVENTS_BATCH,
				   wait ? -1 : 0);
	events->now_ns = events_now();
	if (events->count < 0) {
		events->count = 0;
		return errno == EINTR;
	}
	call_ready(events);
	call_due(events);
	return true;
}
