// SPDX-License-Identifier: GPL-2.0
/*
 * session.c - lines in and replies out for one client of the control socket.
 * See session.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "session.h"

bool session_open(struct session *session, int fd, uint64_t now_ns)
{
	*session = (struct session){ .fd = fd, .active_ns = now_ns };
	session->in = malloc(SESSION_LINE_MAX);
	if (session->in)
		return true;
	session->fd = -1;
	close(fd);
	return false;
}

void session_close(struct session *session)
{
	if (session->fd < 0)
		return;
	close(session->fd);
	free(session->in);
	free(session->out);
	*session = (struct session){ .fd = -1 };
}

/* The last line may lack its end. */
static void end(struct session *session)
{
	session->ended = true;
	if (session->in_bytes && session->in[session->in_bytes - 1] != '\n')
		session->in[session->in_bytes++] = '\n';
}

bool session_receive(struct session *session, uint64_t now_ns)
{
	size_t room = SESSION_LINE_MAX - session->in_bytes;
	ssize_t got;

	if (!room || session->ended)
		return true;
	got = recv(session->fd, session->in + session->in_bytes, room, 0);
	if (got < 0)
		return errno == EAGAIN || errno == EINTR;
	if (!got)
		end(session);
	session->in_bytes += got;
	session->active_ns = now_ns;
	return true;
}

void session_next(struct session *session, size_t bytes)
{
	session->in_bytes -= bytes + 1;
	memmove(session->in, session->in + bytes + 1, session->in_bytes);
}

/* Forget the rest of a line that is too long; false: its end has not come. */
static bool skip(struct session *session)
{
	char *end = memchr(session->in, '\n', session->in_bytes);

	if (!end) {
		session->in_bytes = 0;
		return false;
	}
	session_next(session, end - session->in);
	session->skipping = false;
	return true;
}

enum session_line session_line(struct session *session, char **line,
			       size_t *bytes)
{
	char *end;

	if (session->skipping && !skip(session))
		return SESSION_NOTHING;
	end = memchr(session->in, '\n', session->in_bytes);
	if (end) {
		*line = session->in;
		*bytes = end - session->in;
		return SESSION_LINE;
	}
	if (session->in_bytes < SESSION_LINE_MAX)
		return SESSION_NOTHING;
	session->skipping = true;
	session->in_bytes = 0;
	return SESSION_TOO_LONG;
}

bool session_has_line(const struct session *session)
{
	return session->in_bytes == SESSION_LINE_MAX ||
	       memchr(session->in, '\n', session->in_bytes);
}

/* Room for @bytes more; what was taken is forgotten first. */
static bool make_room(struct session *session, size_t bytes)
{
	size_t pending = session_pending(session);
	char *out;

	if (pending + bytes > SESSION_REPLY_MAX + SESSION_HOLD)
		return false;
	if (session->out_taken)
		memmove(session->out, session->out + session->out_taken,
			pending);
	session->out_taken = 0;
	session->out_bytes = pending;
	out = realloc(session->out, pending + bytes);
	if (!out)
		return false;
	session->out = out;
	return true;
}

bool session_reply(struct session *session, const json_t *reply)
{
	size_t bytes = json_dumpb(reply, NULL, 0, SESSION_JSON);
	char *to;

	if (!bytes || bytes >= SESSION_REPLY_MAX ||
	    !make_room(session, bytes + 1))
		return false;
	to = session->out + session->out_bytes;
	json_dumpb(reply, to, bytes, SESSION_JSON);
	to[bytes] = '\n';
	session->out_bytes += bytes + 1;
	return true;
}

static void forget_out(struct session *session)
{
	free(session->out);
	session->out = NULL;
	session->out_bytes = 0;
	session->out_taken = 0;
}

bool session_send(struct session *session, uint64_t now_ns)
{
	size_t pending = session_pending(session);
	ssize_t sent;

	if (!pending)
		return true;
	sent = send(session->fd, session->out + session->out_taken, pending,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent < 0)
		return errno == EAGAIN || errno == EINTR;
	session->active_ns = now_ns;
	session->out_taken += sent;
	if (!session_pending(session))
		forget_out(session);
	return true;
}

size_t session_pending(const struct session *session)
{
	return session->out_bytes - session->out_taken;
}

bool session_is_amid(const struct session *session)
{
	return session->in_bytes || session->skipping ||
	       session_pending(session);
}
