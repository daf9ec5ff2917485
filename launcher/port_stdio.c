// SPDX-License-Identifier: GPL-2.0
/*
 * port_stdio.c - the console on lguest's own standard input and output.
 *
 * They are shared with others (a shell, the rest of a pipeline), so O_NONBLOCK
 * must not be set on them: we open them anew for ourselves.  Where that cannot
 * be (sockets, terminals of another user), poll() says when a small transfer
 * will not wait.
 * guide: L:310
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "port.h"
#include "terminal.h"

static bool is_ready(int fd, short events)
{
	struct pollfd entry = { .fd = fd, .events = events };

	return poll(&entry, 1, 0) == 1;
}

/* The same file with O_NONBLOCK; @fd itself if that cannot be. */
static int open_anew(int fd, int mode, bool *blocks)
{
	char path[sizeof("/proc/self/fd/") + 10];
	struct stat st;
	int anew;

	*blocks = false;
	/* These never block, and have a position that others share. */
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		return fd;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	anew = open(path, mode | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (anew >= 0)
		return anew;
	*blocks = true;
	return fd;
}

static bool own_terminal(struct port *port, struct why *why)
{
	if (!isatty(STDIN_FILENO))
		return true;
	log_notice("%s: ^C three times within a second leaves",
		   port->guest_name);
	if (!terminal_make_raw(STDIN_FILENO, why))
		return false;
	port->is_terminal = true;
	return true;
}

static bool stdio_open(struct port *port, struct why *why)
{
	int in = open_anew(STDIN_FILENO, O_RDONLY, &port->in_blocks);
	int out = open_anew(STDOUT_FILENO, O_WRONLY, &port->out_blocks);

	return port_use(port, &port->in, in, EPOLLIN, why) &&
	       port_use(port, &port->out, out, EPOLLOUT, why) &&
	       own_terminal(port, why);
}

static size_t stdio_read(struct port *port, void *data, size_t bytes)
{
	ssize_t got;

	if (port->in.fd < 0 ||
	    (port->in_blocks && !is_ready(port->in.fd, POLLIN)))
		return 0;
	got = read(port->in.fd, data, bytes);
	if (got > 0)
		return got;
	/* The end of input is not the end of the guest. */
	if (!got || (errno != EAGAIN && errno != EINTR))
		port_drop(port, &port->in);
	return 0;
}

/*
 * What a file that poll() calls writable takes at once: a pipe PIPE_BUF, and
 * a terminal may promise no more than one byte.
 */
static size_t harmless(int fd)
{
	return isatty(fd) ? 1 : PIPE_BUF;
}

static size_t stdio_write(struct port *port, const void *data, size_t bytes)
{
	int fd = port->out.fd;
	size_t chunk = bytes;

	if (fd < 0)
		return bytes;
	if (port->out_blocks) {
		if (!is_ready(fd, POLLOUT))
			return 0;
		if (chunk > harmless(fd))
			chunk = harmless(fd);
	}
	return port_wrote(port, write(fd, data, chunk), bytes);
}

static void stdio_close(struct port *port)
{
	terminal_restore();
	port_drop(port, &port->in);
	port_drop(port, &port->out);
}

const struct port_kind port_stdio = {
	.name = "stdio",
	.open = stdio_open,
	.read = stdio_read,
	.write = stdio_write,
	.close = stdio_close,
};
