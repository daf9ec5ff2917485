// SPDX-License-Identifier: GPL-2.0
/*
 * control.c - serves the control socket: who may be there, whose turn it is,
 * and who was too slow.  control_answer.c answers.  See control.h.
 *
 * Listener and clients hang on one epoll file; that and the timer hang on
 * another, the gate, which is what the switch watches.  While we rest only the
 * timer opens it.
 * guide: C:380
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "control_parts.h"
#include "log.h"
#include "unixsock.h"

#define BACKLOG		CONTROL_CLIENTS_MAX
/* Events and newcomers that one call sees to. */
#define EVENTS_AT_ONCE	16
#define ACCEPT_AT_ONCE	8

/* Work for this long is followed by a rest REST times as long. */
#define WORK_MIN_NS	200000
#define REST		3

/* What an epoll event says it is of: a client's number, or one of these. */
enum { IS_LISTENER = CONTROL_CLIENTS_MAX, IS_FILES, IS_TIMER };

uint64_t control_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * SECOND_NS + time.tv_nsec;
}

static bool add_file(int epoll, int fd, uint32_t of)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = of };

	return !epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static bool open_gate(struct control *control)
{
	control->gate = epoll_create1(EPOLL_CLOEXEC);
	control->files = epoll_create1(EPOLL_CLOEXEC);
	control->timer = timerfd_create(CLOCK_MONOTONIC,
					TFD_NONBLOCK | TFD_CLOEXEC);
	control->spare = fcntl(control->files, F_DUPFD_CLOEXEC, 0);
	return control->gate >= 0 && control->files >= 0 &&
	       control->timer >= 0 && control->spare >= 0 &&
	       add_file(control->gate, control->files, IS_FILES) &&
	       add_file(control->gate, control->timer, IS_TIMER);
}

static bool open_files(struct control *control, const char *path, gid_t group,
		       struct why *why)
{
	if (!open_gate(control))
		return why_fail(why, "cannot create what the control socket needs: %m");
	control->listener = unixsock_listen(path, BACKLOG, group, why);
	if (control->listener < 0)
		return false;
	strcpy(control->path, path);
	if (!add_file(control->files, control->listener, IS_LISTENER))
		return why_fail(why, "cannot watch %s: %m", path);
	return true;
}

bool control_open(struct control *control, const char *path, gid_t group,
		  const struct control_answerer *answerer, struct why *why)
{
	unsigned int i;

	*control = (struct control){ .gate = -1, .files = -1, .listener = -1,
				     .timer = -1, .spare = -1 };
	for (i = 0; i < CONTROL_CLIENTS_MAX; i++)
		control->client[i].session.fd = -1;
	if (!*path)
		return true;
	control->answerer = *answerer;
	/* Now, while /dev/urandom may still be opened. */
	json_object_seed(0);
	if (open_files(control, path, group, why))
		return true;
	control_close(control);
	return false;
}

static void drop(struct control *control, struct control_client *client)
{
	if (client->session.fd < 0)
		return;
	control_forget(client);
	session_close(&client->session);
	control->clients--;
}

static void close_file(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void control_close(struct control *control)
{
	unsigned int i;

	for (i = 0; i < CONTROL_CLIENTS_MAX; i++)
		drop(control, &control->client[i]);
	close_file(&control->listener);
	close_file(&control->timer);
	close_file(&control->spare);
	close_file(&control->files);
	close_file(&control->gate);
	if (*control->path)
		unlink(control->path);
	*control->path = '\0';
}

int control_fd(const struct control *control)
{
	return control->gate;
}

/* --- what epoll looks for */

/*
 * What to wait for.  Lines that were left for the next turn have it as soon
 * as there is room for their replies.
 */
static uint32_t wanted(const struct control_client *client)
{
	const struct session *session = &client->session;
	uint32_t events = 0;

	if (session_pending(session) || session_has_line(session))
		events |= EPOLLOUT;
	else if (!session->ended)
		events |= EPOLLIN;
	return events;
}

bool control_watch_file(struct control *control, struct control_client *client)
{
	struct epoll_event event = {
		.events = wanted(client),
		.data.u32 = client - control->client,
	};

	if (client->events == event.events)
		return true;
	client->events = event.events;
	return !epoll_ctl(control->files, EPOLL_CTL_MOD, client->session.fd,
			  &event);
}

/* --- clients */

/* Has said all it wanted to, and has all its answers. */
static bool is_done(const struct control_client *client)
{
	return client->session.ended && !control_is_told(client) &&
	       !session_pending(&client->session) &&
	       !session_has_line(&client->session);
}

/* A client's turn; of one that has gone some last requests are still done. */
static void serve(struct control *control, struct control_client *client,
		  uint32_t events, uint64_t now_ns)
{
	struct session *session = &client->session;

	if (session->fd < 0)
		return;
	if (!session_receive(session, now_ns) ||
	    !control_take_lines(control, client, now_ns) ||
	    !session_send(session, now_ns) || is_done(client) ||
	    events & (EPOLLERR | EPOLLHUP) ||
	    !control_watch_file(control, client))
		drop(control, client);
}

/* A place for another: a free one, or that of who has idled longest. */
static struct control_client *find_place(struct control *control,
					 uint64_t now_ns)
{
	struct control_client *idlest = NULL, *client = control->client;
	unsigned int i;

	for (i = 0; i < CONTROL_CLIENTS_MAX; i++, client++) {
		if (client->session.fd < 0)
			return client;
		if (!control_is_told(client) &&
		    now_ns - client->served_ns >= CONTROL_PATIENCE_NS &&
		    (!idlest || client->served_ns < idlest->served_ns))
			idlest = client;
	}
	if (idlest) {
		drop(control, idlest);
		control->dropped++;
	}
	return idlest;
}

static void refuse(struct control *control, int fd)
{
	static const char text[] =
		"{\"id\":null,\"ok\":false,\"error\":\"there are too many clients already: try again later\"}\n";

	send(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);
	close(fd);
	control->refused++;
}

static void welcome(struct control *control, int fd, uint64_t now_ns)
{
	struct control_client *client = find_place(control, now_ns);

	if (!client) {
		refuse(control, fd);
		return;
	}
	if (!session_open(&client->session, fd, now_ns))
		return;
	control->clients++;
	client->events = EPOLLIN;
	client->served_ns = now_ns;
	if (!add_file(control->files, fd, client - control->client))
		drop(control, client);
}

/* Whoever cannot get a descriptor shall hear of it, not wait for a reply. */
static void refuse_with_spare(struct control *control)
{
	int fd;

	close_file(&control->spare);
	fd = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd >= 0)
		refuse(control, fd);
	control->spare = fcntl(control->files, F_DUPFD_CLOEXEC, 0);
}

static void take_clients(struct control *control, uint64_t now_ns)
{
	unsigned int i;
	int fd;

	for (i = 0; i < ACCEPT_AT_ONCE; i++) {
		fd = accept4(control->listener, NULL, NULL,
			     SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0)
			welcome(control, fd, now_ns);
		else if (errno == EMFILE)
			refuse_with_spare(control);
		else if (errno != ECONNABORTED && errno != EINTR)
			return;
	}
}

/* --- time */

/* When a client has to be looked at without having done anything; 0: never. */
static uint64_t due_at(const struct control_client *client)
{
	uint64_t watch = client->watch.request ? client->watch.next_ns : 0;
	uint64_t stall = 0;

	if (client->session.fd < 0)
		return 0;
	if (session_is_amid(&client->session))
		stall = client->session.active_ns + CONTROL_PATIENCE_NS;
	if (!watch || !stall)
		return watch + stall;
	return watch < stall ? watch : stall;
}

static void see_to(struct control *control, struct control_client *client,
		   uint64_t now_ns)
{
	bool good = true;

	if (session_is_amid(&client->session) &&
	    now_ns - client->session.active_ns >= CONTROL_PATIENCE_NS) {
		log_notice("dropped a client of %s that stood still in the middle of a request or reply",
			   control->path);
		control->dropped++;
		good = false;
	} else if (client->watch.request && client->watch.next_ns <= now_ns) {
		good = control_send_event(control, client, now_ns) &&
		       control_watch_file(control, client);
	}
	if (!good)
		drop(control, client);
}

static void earlier(uint64_t *first, uint64_t ns)
{
	if (ns && (!*first || ns < *first))
		*first = ns;
}

static void set_timer(struct control *control, uint64_t ns)
{
	struct itimerspec time = {
		.it_value.tv_sec = ns / SECOND_NS,
		.it_value.tv_nsec = ns % SECOND_NS,
	};

	if (ns == control->timer_ns)
		return;
	control->timer_ns = ns;
	timerfd_settime(control->timer, TFD_TIMER_ABSTIME, &time, NULL);
}

/* See to those whose time has come, and tell when the next one's comes. */
static uint64_t tick(struct control *control, uint64_t now_ns)
{
	struct control_client *client = control->client;
	unsigned int i, seen = 0;
	uint64_t first = 0, due;

	for (i = 0; i < CONTROL_CLIENTS_MAX; i++, client++) {
		due = due_at(client);
		if (due && due <= now_ns && seen < CONTROL_REQUESTS_AT_ONCE) {
			see_to(control, client, now_ns);
			seen++;
			due = due_at(client);
		}
		earlier(&first, due);
	}
	return first;
}

static void set_gate(struct control *control, bool resting)
{
	struct epoll_event event = {
		.events = resting ? 0 : EPOLLIN,
		.data.u32 = IS_FILES,
	};

	if (resting == control->resting)
		return;
	epoll_ctl(control->gate, EPOLL_CTL_MOD, control->files, &event);
	control->resting = resting;
}

/* We have worked from @begin_ns on; nothing is due before @due_ns. */
static void rest(struct control *control, uint64_t begin_ns, uint64_t due_ns)
{
	uint64_t end_ns = control_now();
	uint64_t worked_ns = end_ns - begin_ns;

	set_gate(control, worked_ns >= WORK_MIN_NS);
	set_timer(control, control->resting ? end_ns + REST * worked_ns :
					      due_ns);
}

/*
 * Clients first: a newcomer may get the place of one whose event is among
 * these.
 */
static void serve_files(struct control *control, uint64_t now_ns)
{
	struct epoll_event event[EVENTS_AT_ONCE];
	int count = epoll_wait(control->files, event, EVENTS_AT_ONCE, 0);
	bool newcomers = false;
	int i;

	for (i = 0; i < count; i++) {
		if (event[i].data.u32 == IS_LISTENER)
			newcomers = true;
		else
			serve(control, &control->client[event[i].data.u32],
			      event[i].events, now_ns);
	}
	if (newcomers)
		take_clients(control, now_ns);
}

void control_handle(struct control *control)
{
	uint64_t now_ns = control_now(), times;

	if (control->gate < 0)
		return;
	if (read(control->timer, &times, sizeof(times)) > 0)
		control->timer_ns = 0;
	else if (control->resting)
		return;
	serve_files(control, now_ns);
	rest(control, now_ns, tick(control, now_ns));
}
