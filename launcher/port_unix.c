// SPDX-License-Identifier: GPL-2.0
/*
 * port_unix.c - the console on a Unix socket: one client at a time, who may
 * leave and come back.  While there is none output is lost.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "log.h"
#include "port.h"

#define BACKLOG		4

static bool make_address(const char *path, struct sockaddr_un *address,
			 struct why *why)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path))
		return why_fail(why, "cannot listen on %s: its path has more than %zu characters",
				path, sizeof(address->sun_path) - 1);
	strcpy(address->sun_path, path);
	return true;
}

static int new_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* A socket whose process died stays behind; only nobody answers there. */
static bool is_stale(const struct sockaddr_un *address)
{
	struct stat st;
	bool stale;
	int fd;

	if (lstat(address->sun_path, &st) || !S_ISSOCK(st.st_mode))
		return false;
	fd = new_socket();
	if (fd < 0)
		return false;
	stale = connect(fd, (const void *)address, sizeof(*address)) &&
		errno == ECONNREFUSED;
	close(fd);
	return stale;
}

static bool bind_path(int fd, const struct sockaddr_un *address,
		      struct why *why)
{
	const char *path = address->sun_path;

	if (!bind(fd, (const void *)address, sizeof(*address)))
		return true;
	if (errno != EADDRINUSE)
		return why_fail(why, "cannot listen on %s: %m", path);
	if (!is_stale(address))
		return why_fail(why, "cannot listen on %s: it exists and is in use (choose another path, or end who uses it)",
				path);
	if (unlink(path))
		return why_fail(why, "cannot remove %s, which nobody listens on any more: %m",
				path);
	if (bind(fd, (const void *)address, sizeof(*address)))
		return why_fail(why, "cannot listen on %s: %m", path);
	return true;
}

static bool unix_open(struct port *port, struct why *why)
{
	const char *path = port->spec.path;
	struct sockaddr_un address;
	int fd;

	if (!make_address(path, &address, why))
		return false;
	fd = new_socket();
	if (fd < 0)
		return why_fail(why, "cannot create a socket: %m");
	if (!bind_path(fd, &address, why)) {
		close(fd);
		return false;
	}
	if (listen(fd, BACKLOG)) {
		why_fail(why, "cannot listen on %s: %m", path);
		close(fd);
		unlink(path);
		return false;
	}
	return port_use(port, &port->listener, fd, EPOLLIN, why);
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
