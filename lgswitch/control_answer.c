// SPDX-License-Identifier: GPL-2.0
/*
 * control_answer.c - what a client of the control socket says, line by line,
 * and what it is told: replies, events of a watch, what happens.  What requests
 * mean is request.c's.  See control.h.
 * guide: C:395
 */
#include <string.h>

#include "control_parts.h"
#include "text.h"

/* Of an id that is a string; it comes back with each reply. */
#define ID_MAX		64

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

void control_forget(struct control_client *client)
{
	forget_watch(&client->watch);
	forget_ear(&client->ear);
}

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

bool control_is_told(const struct control_client *client)
{
	return client->watch.request || client->ear.listens;
}

static bool may_watch(const struct control *control,
		      const struct control_client *client, struct why *why)
{
	unsigned int i, watches = 0;

	for (i = 0; i < CONTROL_CLIENTS_MAX; i++)
		watches += control_is_told(&control->client[i]) &&
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
		.next_ns = control_now() + ns,
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

bool control_send_event(struct control *control, struct control_client *client,
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
		session->active_ns = control_now();
	news = make_news(&client->ear, what, port, text, control_now());
	if (!news || !session_reply(session, news))
		client->ear.missed++;
	json_decref(news);
	control_watch_file(control, client);
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

bool control_take_lines(struct control *control, struct control_client *client,
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
