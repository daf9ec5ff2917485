// SPDX-License-Identifier: GPL-2.0
/*
 * ctl_link.c - talks to a switch over its control socket.  See ctl_link.h.
 */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ctl_link.h"
#include "session.h"
#include "text.h"
#include "unixsock.h"

#define READ_AT_ONCE	(64 << 10)

/* --- finding a switch */

/* What was found so far in the folder. */
struct search {
	struct ctl_link *link;
	unsigned int found, refused;
	char names[256];		/* of those that run, for people */
	struct why why;			/* of the last one that refused */
};

static void found(struct search *search, const char *path, const char *name,
		  int fd)
{
	size_t used = strlen(search->names);

	snprintf(search->names + used, sizeof(search->names) - used, "%s%s",
		 search->found ? ", " : "", name);
	if (search->found++) {
		close(fd);
		return;
	}
	search->link->fd = fd;
	snprintf(search->link->path, sizeof(search->link->path), "%s", path);
}

static void try_entry(struct search *search, const char *folder,
		      const char *entry)
{
	size_t length = strlen(entry), suffix = strlen(FOLDER_SUFFIX);
	char path[sizeof(search->link->path)], name[sizeof(path)];
	int fd;

	if (length <= suffix ||
	    strcmp(entry + length - suffix, FOLDER_SUFFIX) ||
	    snprintf(path, sizeof(path), "%s/%s", folder, entry) >=
	    (int)sizeof(path))
		return;
	snprintf(name, sizeof(name), "%.*s", (int)(length - suffix), entry);
	fd = unixsock_connect(path, search->link->patience_ms, &search->why);
	if (fd >= 0)
		found(search, path, name, fd);
	else if (errno == EACCES)
		search->refused++;
}

static bool conclude(struct search *search, struct why *why)
{
	if (search->found == 1)
		return true;
	if (search->found)
		return why_fail(why, "several switches run: %s (choose with --name=NAME)",
				search->names);
	if (search->refused)
		return why_fail(why, "%s", search->why.text);
	return why_fail(why, "no switch is running, as far as %s tells (--control=SOCKET if it has one elsewhere)",
			FOLDER_HOST);
}

static void look_into(struct search *search, const char *folder)
{
	struct dirent *entry;
	DIR *dir = opendir(folder);

	if (!dir)
		return;
	while ((entry = readdir(dir)))
		try_entry(search, folder, entry->d_name);
	closedir(dir);
}

static bool find_only(struct ctl_link *link, const struct folders *folders,
		      struct why *why)
{
	struct search search = { .link = link };
	unsigned int i;

	for (i = 0; i < folders->count; i++)
		look_into(&search, folders->path[i]);
	return conclude(&search, why);
}

static bool open_path(struct ctl_link *link, const char *path,
		      struct why *why)
{
	snprintf(link->path, sizeof(link->path), "%s", path);
	link->fd = unixsock_connect(path, link->patience_ms, why);
	return link->fd >= 0;
}

/* Of several reasons the first, that of the host's folder, is told. */
static bool open_name(struct ctl_link *link, const struct folders *folders,
		      const char *name, struct why *why)
{
	char path[sizeof(link->path)];
	struct why other;
	unsigned int i;

	for (i = 0; i < folders->count; i++) {
		if (strchr(name, '/') ||
		    snprintf(path, sizeof(path), "%s/%s" FOLDER_SUFFIX,
			     folders->path[i], name) >= (int)sizeof(path))
			return why_fail(why, "'%.60s' is no name of a switch",
					name);
		if (open_path(link, path, i ? &other : why))
			return true;
	}
	return false;
}

void ctl_link_use(struct ctl_link *link, int fd, unsigned int patience_ms)
{
	*link = (struct ctl_link){ .fd = fd, .patience_ms = patience_ms,
				   .path = "the socket" };
}

bool ctl_link_open(struct ctl_link *link, const char *path, const char *name,
		   const struct folders *folders, unsigned int patience_ms,
		   struct why *why)
{
	ctl_link_use(link, -1, patience_ms);
	if (path)
		return open_path(link, path, why);
	if (name)
		return open_name(link, folders, name, why);
	if (find_only(link, folders, why))
		return true;
	ctl_link_close(link);
	return false;
}

void ctl_link_close(struct ctl_link *link)
{
	if (link->fd >= 0)
		close(link->fd);
	free(link->in);
	*link = (struct ctl_link){ .fd = -1 };
}

/* --- lines */

static bool send_all(struct ctl_link *link, const char *text, size_t bytes,
		     struct why *why)
{
	ssize_t sent;

	while (bytes) {
		sent = send(link->fd, text, bytes, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		/* Who was refused may still read why. */
		if (sent < 0 && errno == EPIPE)
			return true;
		if (sent < 0 && errno == EAGAIN)
			return why_fail(why, "the switch at %s does not answer",
					link->path);
		if (sent < 0)
			return why_fail(why, "cannot send to the switch at %s: %m",
					link->path);
		text += sent;
		bytes -= sent;
	}
	return true;
}

static bool send_request(struct ctl_link *link, const json_t *request,
			 struct why *why)
{
	char *text = json_dumps(request, JSON_COMPACT);
	size_t bytes;
	bool good;

	if (!text)
		return why_fail(why, "the request is not UTF-8 text, or there is not enough memory");
	bytes = strlen(text);
	text[bytes] = '\n';
	if (bytes + 1 > SESSION_LINE_MAX)
		good = why_fail(why, "the request is too long");
	else
		good = send_all(link, text, bytes + 1, why);
	free(text);
	return good;
}

static bool wait_input(struct ctl_link *link, unsigned int patience_ms,
		       struct why *why)
{
	struct pollfd entry = { .fd = link->fd, .events = POLLIN };
	int ready;

	do {
		ready = poll(&entry, 1, patience_ms);
	} while (ready < 0 && errno == EINTR);
	if (ready > 0)
		return true;
	return why_fail(why, "the switch at %s does not answer", link->path);
}

static bool make_room(struct ctl_link *link, struct why *why)
{
	size_t room = link->bytes + READ_AT_ONCE;
	char *in;

	if (link->bytes > SESSION_REPLY_MAX)
		return why_fail(why, "what listens at %s is no switch: its line is too long",
				link->path);
	if (room <= link->room)
		return true;
	in = realloc(link->in, room);
	if (!in)
		return why_fail(why, "there is not enough memory for a reply");
	link->in = in;
	link->room = room;
	return true;
}

static bool receive(struct ctl_link *link, unsigned int patience_ms,
		    struct why *why)
{
	ssize_t got;

	if (!make_room(link, why) || !wait_input(link, patience_ms, why))
		return false;
	got = recv(link->fd, link->in + link->bytes, READ_AT_ONCE,
		   MSG_DONTWAIT);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (got < 0)
		return why_fail(why, "cannot hear from the switch at %s: %m",
				link->path);
	if (!got)
		return why_fail(why, "the switch at %s has ended the connection",
				link->path);
	link->bytes += got;
	return true;
}

static void forget_line(struct ctl_link *link)
{
	if (!link->line)
		return;
	link->bytes -= link->line;
	memmove(link->in, link->in + link->line, link->bytes);
	link->line = 0;
}

/* Have a whole line at the front. */
static bool receive_line(struct ctl_link *link, unsigned int patience_ms,
			 struct why *why)
{
	size_t looked = 0;
	char *end = NULL;

	forget_line(link);
	while (!end) {
		if (looked == link->bytes &&
		    !receive(link, patience_ms, why))
			return false;
		if (link->bytes > looked)
			end = memchr(link->in + looked, '\n',
				     link->bytes - looked);
		looked = link->bytes;
	}
	link->line = end + 1 - link->in;
	return true;
}

json_t *ctl_link_next(struct ctl_link *link, unsigned int patience_ms,
		      struct why *why)
{
	json_error_t error;
	json_t *line;

	if (!receive_line(link, patience_ms, why))
		return NULL;
	line = json_loadb(link->in, link->line, 0, &error);
	if (json_is_object(line))
		return line;
	json_decref(line);
	why_fail(why, "what listens at %s is no switch: it does not answer in JSON",
		 link->path);
	return NULL;
}

/* --- calls */

/* What a reply says: its result, or an error. */
static json_t *take_reply(const struct ctl_link *link, json_t *reply,
			  struct why *why)
{
	json_t *result = json_object_get(reply, "result");
	const char *error =
		json_string_value(json_object_get(reply, "error"));
	char clean[sizeof(why->text)];

	if (json_is_true(json_object_get(reply, "ok")) &&
	    json_is_object(result))
		return json_incref(result);
	text_printable(clean, sizeof(clean), error ? error : "",
		       sizeof(clean));
	if (error)
		why_fail(why, "%s", clean);
	else
		why_fail(why, "what listens at %s is no switch: its reply makes no sense",
			 link->path);
	return NULL;
}

/* Our reply; who refuses us does so without knowing our id. */
static bool is_reply(const struct ctl_link *link, json_t *reply)
{
	json_t *id = json_object_get(reply, "id");

	if (json_object_get(reply, "event"))
		return false;
	return json_is_null(id) || json_integer_value(id) == link->id;
}

static json_t *get_reply(struct ctl_link *link, struct why *why)
{
	json_t *reply, *result;

	while ((reply = ctl_link_next(link, link->patience_ms, why))) {
		if (is_reply(link, reply)) {
			result = take_reply(link, reply, why);
			json_decref(reply);
			return result;
		}
		json_decref(reply);
	}
	return NULL;
}

static json_t *call(struct ctl_link *link, json_t *request, struct why *why)
{
	json_object_set_new(request, "id", json_integer(++link->id));
	if (!send_request(link, request, why))
		return NULL;
	return get_reply(link, why);
}

json_t *ctl_link_call(struct ctl_link *link, json_t *request, struct why *why)
{
	json_t *result;

	if (!request) {
		why_fail(why, "the request is not UTF-8 text, or there is not enough memory");
		return NULL;
	}
	result = call(link, request, why);
	json_decref(request);
	return result;
}

/* Add a page's rows to those before; false: it has none, or was the last. */
static bool add_page(json_t *all, json_t *page, const char *rows,
		     json_t *request)
{
	json_t *next = json_object_get(page, "next");
	json_t *more = json_object_get(page, rows);

	if (all != page)
		json_array_extend(json_object_get(all, rows), more);
	if (!json_is_integer(next) || !json_array_size(more) ||
	    json_integer_value(next) <=
	    json_integer_value(json_object_get(request, "from")))
		return false;
	json_object_set(request, "from", next);
	return true;
}

json_t *ctl_link_call_pages(struct ctl_link *link, json_t *request,
			    const char *rows, struct why *why)
{
	json_t *all = ctl_link_call(link, json_incref(request), why);
	json_t *page = json_incref(all);

	while (page && add_page(all, page, rows, request)) {
		json_decref(page);
		page = ctl_link_call(link, json_incref(request), why);
	}
	json_decref(request);
	if (!page) {
		json_decref(all);
		return NULL;
	}
	json_decref(page);
	json_object_del(all, "next");
	return all;
}
