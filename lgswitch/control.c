// SPDX-License-Identifier: GPL-2.0
/*
 * control.c - serves the control socket: who may be there, whose turn it is,
 * and who was too slow.  What requests mean is request.c's.  See control.h.
 *
 * Listener and clients hang on one epoll file; that and the timer hang on
 * another, the gate, which is what the switch watches.  While we rest only the
 * timer opens it.
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

#include "control.h"
#include "log.h"
#include "text.h"
#include "unixsock.h"

#define SECOND_NS	1000000000ULL
#define BACKLOG		CONTROL_CLIENTS_MAX
/* Events and newcomers that one call sees to. */
#define EVENTS_AT_ONCE	16
#define ACCEPT_AT_ONCE	8
/* Of an id that is a string; it comes back with each reply. */
#define ID_MAX		64

/* Work for this long is followed by a rest REST times as long. */
#define WORK_MIN_NS	200000
#define REST		3

/* What an epoll event says it is of: a client's number, or one of these. */
enum { IS_LISTENER = CONTROL_CLIENTS_MAX, IS_FILES, IS_TIMER };

static uint64_t now(void)
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

static void forget_watch(struct control_watch *watch)
{
	json_decref(watch->request);
	json_decref(watch->id);
	*watch = (struct control_watch){ 0 };
}

static void forget_ear(struct control_ear *ear)
{
	json_decref(ear->id);
	*ear = (struct control_ear){ 0 };
}

static void drop(struct control *control, struct control_client *client)
{
	if (client->session.fd < 0)
		return;
	forget_watch(&client->watch);
	forget_ear(&client->ear);
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

static bool watch_file(struct control *control, struct control_client *client)
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

/* --- replies */

static bool is_id(const json_t *id)
{
	return !id || json_is_null(id) || json_is_integer(id) ||
	       (json_is_string(id) && json_string_length(id) <= ID_MAX);
}

/* An id of NULL is null. */
static json_t *make_reply(json_t *id, json_t *result, const char *error)
{
	char text[sizeof(((struct why *)0)->text)];

	if (result)
		return json_pack("{s:O?,s:b,s:o}", "id", id, "ok", 1,
				 "result", result);
	/* It may quote what was sent, cut within a character. */
	text_printable(text, sizeof(text), error, sizeof(text));
	return json_pack("{s:O?,s:b,s:s}", "id", id, "ok", 0, "error", text);
}

/* False: the client is beyond help. */
static bool reply(struct control_client *client, json_t *id, json_t *result,
		  const char *error)
{
	json_t *line = make_reply(id, result, error);
	bool good = line && session_reply(&client->session, line);

	json_decref(line);
	if (good)
		return true;
	line = make_reply(id, NULL, "the reply is too large, or there is no memory for it");
	good = line && session_reply(&client->session, line);
	json_decref(line);
	return good;
}

/* --- watching */

static bool parse_interval(const json_t *interval, uint64_t *ns,
			   struct why *why)
{
	double seconds = json_number_value(interval);

	if (!json_is_number(interval) || !(seconds >= CONTROL_INTERVAL_MIN &&
					   seconds <= CONTROL_INTERVAL_MAX))
		return why_fail(why, "interval must be a number of seconds from %.1f to %.0f",
				CONTROL_INTERVAL_MIN, CONTROL_INTERVAL_MAX);
	*ns = seconds * SECOND_NS;
	return true;
}

/* It is asked once at once, so that a bad one is refused right away. */
static json_t *try_watched(struct control *control, json_t *watched,
			   struct why *why)
{
	json_t *result;

	if (!json_is_object(watched)) {
		why_fail(why, "watch needs a request: an object with a verb of its own");
		return NULL;
	}
	result = control->answerer.answer(control->answerer.context, watched,
					  true, why);
	if (!result)
		return NULL;
	json_decref(result);
	return json_object();
}

/* Is it there to be told, without a request each time? */
static bool is_told(const struct control_client *client)
{
	return client->watch.request || client->ear.listens;
}

static bool may_watch(const struct control *control,
		      const struct control_client *client, struct why *why)
{
	unsigned int i, watches = 0;

	for (i = 0; i < CONTROL_CLIENTS_MAX; i++)
		watches += is_told(&control->client[i]) &&
			   &control->client[i] != client;
	if (watches == CONTROL_WATCHES_MAX)
		return why_fail(why, "%u clients watch already, and there cannot be more",
				watches);
	return true;
}

static json_t *start_watch(struct control *control,
			   struct control_client *client, json_t *request,
			   struct why *why)
{
	json_t *interval = json_object_get(request, "interval");
	json_t *watched = json_object_get(request, "request");
	uint64_t ns = 0;
	json_t *result;

	if (!interval && !watched) {
		forget_watch(&client->watch);
		return json_object();
	}
	if (!parse_interval(interval, &ns, why) ||
	    !may_watch(control, client, why))
		return NULL;
	result = try_watched(control, watched, why);
	if (!result)
		return NULL;
	forget_watch(&client->watch);
	client->watch = (struct control_watch){
		.request = json_incref(watched),
		.id = json_incref(json_object_get(request, "id")),
		.interval_ns = ns,
		.next_ns = now() + ns,
	};
	return result;
}

static json_t *make_event(struct control_watch *watch, json_t *result,
			  const char *error, uint64_t now_ns)
{
	char text[sizeof(((struct why *)0)->text)];

	text_printable(text, sizeof(text), result ? "" : error, sizeof(text));
	return json_pack("{s:O?,s:I,s:I,s:f,s:o*,s:s*}", "id", watch->id,
			 "event", (json_int_t)watch->events, "missed",
			 (json_int_t)watch->missed, "time",
			 (double)now_ns / SECOND_NS, "result", result,
			 "error", result ? NULL : text);
}

/* Who has not taken the last one yet misses this one. */
static bool send_event(struct control *control, struct control_client *client,
		       uint64_t now_ns)
{
	struct control_watch *watch = &client->watch;
	json_t *result, *event;
	struct why why;
	bool good;

	watch->next_ns += watch->interval_ns;
	if (watch->next_ns <= now_ns)
		watch->next_ns = now_ns + watch->interval_ns;
	watch->events++;
	if (session_pending(&client->session)) {
		watch->missed++;
		return true;
	}
	result = control->answerer.answer(control->answerer.context,
					  watch->request, true, &why);
	event = make_event(watch, result, why.text, now_ns);
	client->session.active_ns = now_ns;
	good = event && session_reply(&client->session, event);
	json_decref(event);
	return good && session_send(&client->session, now_ns);
}

/* --- hearing what happens */

static json_t *set_ear(struct control *control, struct control_client *client,
		       json_t *request, struct why *why)
{
	json_t *on = json_object_get(request, "on");

	if (on && !json_is_boolean(on)) {
		why_fail(why, "'on' is neither true nor false");
		return NULL;
	}
	forget_ear(&client->ear);
	if (json_is_false(on))
		return json_object();
	if (!may_watch(control, client, why))
		return NULL;
	client->ear.listens = true;
	client->ear.id = json_incref(json_object_get(request, "id"));
	return json_object();
}

static json_t *make_news(const struct control_ear *ear, const char *what,
			 const char *port, const char *text, uint64_t now_ns)
{
	char clean[sizeof(((struct why *)0)->text)];

	text_printable(clean, sizeof(clean), text, sizeof(clean));
	return json_pack("{s:O?,s:s,s:I,s:f,s:s*,s:s}", "id", ear->id,
			 "happened", what, "missed", (json_int_t)ear->missed,
			 "time", (double)now_ns / SECOND_NS, "port", port,
			 "text", clean);
}

/* Only put down here: it is sent when its turn comes, or dropped. */
static void tell_client(struct control *control, struct control_client *client,
			const char *what, const char *port, const char *text)
{
	struct session *session = &client->session;
	json_t *news;

	if (session_pending(session) > SESSION_HOLD) {
		client->ear.missed++;
		return;
	}
	if (!session_pending(session))
		session->active_ns = now();
	news = make_news(&client->ear, what, port, text, now());
	if (!news || !session_reply(session, news))
		client->ear.missed++;
	json_decref(news);
	watch_file(control, client);
}

void control_tell(struct control *control, const char *what, const char *port,
		  const char *text)
{
	unsigned int i;

	for (i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if (control->gate >= 0 && control->client[i].ear.listens)
			tell_client(control, &control->client[i], what, port,
				    text);
}

/* --- requests */

static json_t *answer(struct control *control, struct control_client *client,
		      json_t *request, struct why *why)
{
	const char *verb = json_string_value(json_object_get(request, "verb"));

	if (verb && !strcmp(verb, "watch"))
		return start_watch(control, client, request, why);
	if (verb && !strcmp(verb, "events"))
		return set_ear(control, client, request, why);
	return control->answerer.answer(control->answerer.context, request,
					false, why);
}

static bool take_request(struct control *control,
			 struct control_client *client, json_t *request)
{
	json_t *id = json_object_get(request, "id");
	json_t *result;
	struct why why;

	if (!is_id(id))
		return reply(client, NULL, NULL,
			     "an id is an integer, or a string of up to 64 bytes");
	result = answer(control, client, request, &why);
	return reply(client, id, result, why.text);
}

static bool take_line(struct control *control, struct control_client *client,
		      const char *line, size_t bytes)
{
	json_error_t error;
	json_t *request = json_loadb(line, bytes, JSON_REJECT_DUPLICATES,
				     &error);
	struct why why;
	bool good;

	if (json_is_object(request)) {
		good = take_request(control, client, request);
	} else {
		/* jansson quotes what was sent, as UTF-8. */
		why_fail(&why, "the request is not a JSON object%s%s",
			 request ? "" : ": ", request ? "" : error.text);
		good = reply(client, NULL, NULL, why.text);
	}
	json_decref(request);
	return good;
}

/* Answer some lines, unless the client does not take its replies. */
static bool take_lines(struct control *control, struct control_client *client,
		       uint64_t now_ns)
{
	struct session *session = &client->session;
	unsigned int i;
	size_t bytes;
	char *line;

	for (i = 0; i < CONTROL_REQUESTS_AT_ONCE &&
	     session_pending(session) <= SESSION_HOLD; i++) {
		switch (session_line(session, &line, &bytes)) {
		case SESSION_NOTHING:
			return true;
		case SESSION_TOO_LONG:
			if (!reply(client, NULL, NULL, "the request is longer than 64 KiB"))
				return false;
			break;
		case SESSION_LINE:
			if (!take_line(control, client, line, bytes))
				return false;
			session_next(session, bytes);
			client->served_ns = now_ns;
			break;
		}
	}
	return true;
}

/* --- clients */

/* Has said all it wanted to, and has all its answers. */
static bool is_done(const struct control_client *client)
{
	return client->session.ended && !is_told(client) &&
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
	    !take_lines(control, client, now_ns) ||
	    !session_send(session, now_ns) || is_done(client) ||
	    events & (EPOLLERR | EPOLLHUP) || !watch_file(control, client))
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
		if (!is_told(client) &&
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
		good = send_event(control, client, now_ns) &&
		       watch_file(control, client);
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
	uint64_t end_ns = now();
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
	uint64_t now_ns = now(), times;

	if (control->gate < 0)
		return;
	if (read(control->timer, &times, sizeof(times)) > 0)
		control->timer_ns = 0;
	else if (control->resting)
		return;
	serve_files(control, now_ns);
	rest(control, now_ns, tick(control, now_ns));
}
