/* SPDX-License-Identifier: GPL-2.0 */
/*
 * session.h - one connection to the control socket: bytes that come in become
 * lines, and replies wait here until the client takes them.  Whoever connects
 * may send anything and read nothing, so both have limits, and no call waits.
 * guide: C:390
 */
#ifndef LGSWITCH_SESSION_H
#define LGSWITCH_SESSION_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a request with its line end. */
#define SESSION_LINE_MAX	(64 << 10)
/* With more than this not taken yet, a client gets no further replies. */
#define SESSION_HOLD		(64 << 10)
/* Bytes of a reply; more is not made (see request.h about pages). */
#define SESSION_REPLY_MAX	(4 << 20)

/* How lines are written: a double is as exact as it is, without noise behind. */
#define SESSION_JSON	(JSON_COMPACT | JSON_REAL_PRECISION(14))

struct session {
	int fd;				/* -1: none */
	/* What came and is not answered. */
	char *in;			/* SESSION_LINE_MAX */
	size_t in_bytes;
	bool skipping;			/* within a line that is too long */
	bool ended;			/* the client sends no more */
	/* What waits to be taken. */
	char *out;
	size_t out_bytes, out_taken;
	/* When the client last did something that got it on. */
	uint64_t active_ns;
};

/* What session_line() found. */
enum session_line {
	SESSION_NOTHING,		/* no whole line */
	SESSION_LINE,
	SESSION_TOO_LONG,		/* a line that was, and is skipped */
};

/* Takes @fd over, which must never wait; false: no memory. */
bool session_open(struct session *session, int fd, uint64_t now_ns);
void session_close(struct session *session);

/* Take in what the client has sent, as far as there is room; false: it is gone. */
bool session_receive(struct session *session, uint64_t now_ns);

/*
 * The first line, without its end; done with by session_next().  One that does
 * not fit is told of once, and then skipped.
 */
enum session_line session_line(struct session *session, char **line,
			       size_t *bytes);
void session_next(struct session *session, size_t bytes);

/* Is there a whole line, or one that is too long? */
bool session_has_line(const struct session *session);

/* Add a line; false: no memory, or more than is ever held. */
bool session_reply(struct session *session, const json_t *reply);

/* Give what the client takes; false: it is gone. */
bool session_send(struct session *session, uint64_t now_ns);

size_t session_pending(const struct session *session);

/* Its client is in the middle of something: sending a line, or reading. */
bool session_is_amid(const struct session *session);

#endif
