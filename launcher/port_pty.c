// SPDX-License-Identifier: GPL-2.0
/*
 * port_pty.c - the console on a pseudo-terminal that a terminal program may
 * attach to and leave again.  While nobody is attached output is lost, as on a
 * serial line without a terminal, for a guest must not wait for that.
 * guide: L:340
 */
#define _GNU_SOURCE 1
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "log.h"
#include "port.h"

/* How long a reader may take for what is left at the end. */
#define GRACE_MS	1000
#define QUIET_MS	50
#define STEP_MS		5

/*
 * Raw, for the guest does its own echo and line editing.  Opening the other
 * end once and closing it makes "nobody is there" visible to poll().
 */
static bool prepare(int fd, char *path, size_t size, struct why *why)
{
	struct termios settings;
	int other;

	if (grantpt(fd) || unlockpt(fd) || ptsname_r(fd, path, size))
		return why_fail(why, "cannot set up a pseudo-terminal: %m");
	other = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (other < 0)
		return why_fail(why, "cannot open %s: %m", path);
	if (tcgetattr(other, &settings)) {
		close(other);
		return why_fail(why, "cannot set up %s: %m", path);
	}
	cfmakeraw(&settings);
	tcsetattr(other, TCSANOW, &settings);
	close(other);
	return true;
}

static bool pty_open(struct port *port, struct why *why)
{
	char path[PATH_MAX];
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return why_fail(why, "cannot create a pseudo-terminal: %m");
	if (!prepare(fd, path, sizeof(path), why)) {
		close(fd);
		return false;
	}
	log_notice("%s: the console is %s", port->guest_name, path);
	return port_use(port, &port->out, fd, EPOLLIN | EPOLLOUT, why);
}

static size_t pty_read(struct port *port, void *data, size_t bytes)
{
	ssize_t got = read(port->out.fd, data, bytes);

	/* EIO is "nobody is there"; somebody may come. */
	return got > 0 ? got : 0;
}

static bool has_nobody(int fd)
{
	struct pollfd entry = { .fd = fd };

	return poll(&entry, 1, 0) == 1 && entry.revents & POLLHUP;
}

static size_t pty_write(struct port *port, const void *data, size_t bytes)
{
	ssize_t put;

	if (has_nobody(port->out.fd))
		return bytes;
	put = write(port->out.fd, data, bytes);
	return put > 0 ? put : 0;
}

/*
 * Closing our end throws away what the other end has not read yet, which may
 * be a panic's last words: give its reader some time.  poll() at that end says
 * whether anything is left; as the kernel moves bytes between its buffers now
 * and then, only a while of nothing is nothing.
 */
static void let_read(int fd)
{
	struct pollfd other = { .events = POLLIN };
	int waited, quiet = 0;

	if (has_nobody(fd))
		return;
	other.fd = ioctl(fd, TIOCGPTPEER,
			 O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (other.fd < 0)
		return;
	for (waited = 0; waited < GRACE_MS && quiet < QUIET_MS;
	     waited += STEP_MS) {
		quiet = poll(&other, 1, 0) ? 0 : quiet + STEP_MS;
		poll(NULL, 0, STEP_MS);
	}
	close(other.fd);
}

static void pty_close(struct port *port)
{
	if (port->out.fd >= 0)
		let_read(port->out.fd);
	port_drop(port, &port->out);
}

const struct port_kind port_pty = {
	.name = "pty",
	.open = pty_open,
	.read = pty_read,
	.write = pty_write,
	.close = pty_close,
};
