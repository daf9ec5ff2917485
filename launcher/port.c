// SPDX-License-Identifier: GPL-2.0
/*
 * port.c - chooses the kind of console port, and what all kinds share.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "log.h"
#include "port.h"

static const struct port_kind *const kinds[] = {
	&port_stdio, &port_pty, &port_unix, &port_file, &port_null,
};

static const struct port_kind *find(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strlen(kinds[i]->name) == length &&
		    !memcmp(kinds[i]->name, name, length))
			return kinds[i];
	return NULL;
}

bool port_parse(const char *text, struct port_spec *spec, struct why *why)
{
	size_t length = strcspn(text, ":");
	const char *path = text[length] ? text + length + 1 : NULL;
	const struct port_kind *kind = find(text, length);

	if (!kind)
		return why_fail(why, "'%s' is none of stdio, pty, unix:PATH, file:PATH and null",
				text);
	if (kind->has_path && (!path || !*path))
		return why_fail(why, "'%s' needs a path: %s:PATH", text,
				kind->name);
	if (!kind->has_path && path)
		return why_fail(why, "'%s' takes no path", kind->name);
	spec->kind = kind;
	spec->path = path;
	return true;
}

bool port_open(struct port *port, struct why *why)
{
	port->in.fd = port->out.fd = port->listener.fd = -1;
	return port->spec.kind->open(port, why);
}

void port_close(struct port *port)
{
	port->spec.kind->close(port);
}

size_t port_read(struct port *port, void *data, size_t bytes)
{
	return port->spec.kind->read(port, data, bytes);
}

size_t port_write(struct port *port, const void *data, size_t bytes)
{
	return port->spec.kind->write(port, data, bytes);
}

bool port_use(struct port *port, struct watch *watch, int fd, uint32_t events,
	      struct why *why)
{
	*watch = (struct watch){
		.fd = fd,
		.events = events,
		.changed = port->changed,
		.context = port->context,
	};
	return loop_add(port->loop, watch, why);
}

void port_drop(struct port *port, struct watch *watch)
{
	if (watch->fd < 0)
		return;
	loop_remove(port->loop, watch);
	/* The standard files are not ours to close. */
	if (watch->fd > STDERR_FILENO)
		close(watch->fd);
	watch->fd = -1;
}

size_t port_wrote(struct port *port, ssize_t status, size_t bytes)
{
	if (status >= 0)
		return status;
	if (errno == EAGAIN || errno == EINTR)
		return 0;
	/* A reader that went away is everyday life; a full disk is not. */
	if (errno != EPIPE && errno != ECONNRESET)
		log_error("%s: cannot write the console's output, it is lost from here: %m",
			  port->guest_name);
	port_drop(port, &port->out);
	return bytes;
}
