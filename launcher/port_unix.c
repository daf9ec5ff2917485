// SPDX-License-Identifier: GPL-2.0
/*
 * port_unix.c - the console on a Unix socket: one client at a time, who may
 * leave and come back.  While there is none output is lost.
 * guide: L:350
 */
#define _GNU_SOURCE 1
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"
#include "port.h"
#include "unixsock.h"

#define BACKLOG		4

static bool unix_open(struct port *port, struct why *why)
{
	int fd = unixsock_listen(port->spec.path, BACKLOG, UNIXSOCK_ANY_GROUP,
				 why);

	return fd >= 0 && port_use(port, &port->listener, fd, EPOLLIN, why);
}

/* Both directions are shut, not just the client's sending. */
static bool has_left(int fd)
{
	struct pollfd entry = { .fd = fd };

	return poll(&entry, 1, 0) == 1 && entry.revents & (POLLHUP | POLLERR);
}

static void refuse(int fd)
{
	static const char text[] = "lguest: this console has a client already\r\n";

	send(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);
	close(fd);
}

static void welcome(struct port *port, int fd)
{
	struct why why;

	if (port_use(port, &port->out, fd, EPOLLIN | EPOLLOUT, &why))
		return;
	log_error("%s: %s", port->guest_name, why.text);
	port_drop(port, &port->out);
}

/* Take whoever came; the first one stays if there is nobody yet. */
static void take_clients(struct port *port)
{
	int fd;

	while ((fd = accept4(port->listener.fd, NULL, NULL,
			     SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		if (port->out.fd < 0)
			welcome(port, fd);
		else
			refuse(fd);
	}
}

static size_t unix_read(struct port *port, void *data, size_t bytes)
{
	ssize_t got = 0;

	if (port->out.fd >= 0) {
		got = read(port->out.fd, data, bytes);
		if (got <= 0 && has_left(port->out.fd))
			port_drop(port, &port->out);
	}
	take_clients(port);
	return got > 0 ? got : 0;
}

static size_t unix_write(struct port *port, const void *data, size_t bytes)
{
	take_clients(port);
	if (port->out.fd < 0)
		return bytes;
	return port_wrote(port, write(port->out.fd, data, bytes), bytes);
}

static void unix_close(struct port *port)
{
	port_drop(port, &port->out);
	if (port->listener.fd < 0)
		return;
	port_drop(port, &port->listener);
	unlink(port->spec.path);
}

const struct port_kind port_unix = {
	.name = "unix",
	.has_path = true,
	.open = unix_open,
	.read = unix_read,
	.write = unix_write,
	.close = unix_close,
};
