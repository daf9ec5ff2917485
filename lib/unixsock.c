// SPDX-License-Identifier: GPL-2.0
/*
 * unixsock.c - makes, replaces and finds Unix sockets.  See unixsock.h.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "unixsock.h"

/* @what is what was to be done there. */
static bool make_address(const char *path, const char *what,
			 struct sockaddr_un *address, struct why *why)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (!*path)
		return why_fail(why, "cannot %s a socket whose path is empty",
				what);
	if (strlen(path) >= sizeof(address->sun_path))
		return why_fail(why, "cannot %s %s: its path has more than %zu characters",
				what, path, sizeof(address->sun_path) - 1);
	strcpy(address->sun_path, path);
	return true;
}

static int new_socket(int flags)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
}

/* A socket whose process died stays behind; only nobody answers there. */
static bool is_stale(const struct sockaddr_un *address)
{
	struct stat st;
	bool stale;
	int fd;

	if (lstat(address->sun_path, &st) || !S_ISSOCK(st.st_mode))
		return false;
	fd = new_socket(SOCK_NONBLOCK);
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

/* Nobody else's from its first moment; then the group's. */
static bool bind_for(int fd, const struct sockaddr_un *address, gid_t group,
		     struct why *why)
{
	const char *path = address->sun_path;
	mode_t mask = umask(0177);
	bool bound = bind_path(fd, address, why);

	umask(mask);
	if (!bound)
		return false;
	if (!lchown(path, -1, group) && !chmod(path, 0660))
		return true;
	why_fail(why, "cannot give %s to group %u: %m", path, group);
	unlink(path);
	return false;
}

static bool bind_and_listen(int fd, const struct sockaddr_un *address,
			    int backlog, gid_t group, struct why *why)
{
	if (group == UNIXSOCK_ANY_GROUP ? !bind_path(fd, address, why) :
	    !bind_for(fd, address, group, why))
		return false;
	if (!listen(fd, backlog))
		return true;
	why_fail(why, "cannot listen on %s: %m", address->sun_path);
	unlink(address->sun_path);
	return false;
}

int unixsock_listen(const char *path, int backlog, gid_t group,
		    struct why *why)
{
	struct sockaddr_un address;
	int fd;

	if (!make_address(path, "listen on", &address, why))
		return -1;
	fd = new_socket(SOCK_NONBLOCK);
	if (fd < 0) {
		why_fail(why, "cannot create a socket: %m");
		return -1;
	}
	if (bind_and_listen(fd, &address, backlog, group, why))
		return fd;
	close(fd);
	return -1;
}

static bool set_patience(int fd, unsigned int patience_ms)
{
	struct timeval time = {
		.tv_sec = patience_ms / 1000,
		.tv_usec = patience_ms % 1000 * 1000,
	};

	return !setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time)) &&
	       !setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
}

static bool explain(const char *path, struct why *why)
{
	switch (errno) {
	case ENOENT:
	case ECONNREFUSED:
		return why_fail(why, "cannot connect to %s: nobody listens there",
				path);
	case EAGAIN:
		return why_fail(why, "cannot connect to %s: who listens there does not answer",
				path);
	case EACCES:
		return why_fail(why, "cannot connect to %s: %m (its owner and its group may)",
				path);
	default:
		return why_fail(why, "cannot connect to %s: %m", path);
	}
}

int unixsock_connect(const char *path, unsigned int patience_ms,
		     struct why *why)
{
	struct sockaddr_un address;
	int fd;

	if (!make_address(path, "connect to", &address, why))
		return -1;
	fd = new_socket(0);
	if (fd < 0 || !set_patience(fd, patience_ms))
		why_fail(why, "cannot create a socket: %m");
	else if (connect(fd, (const void *)&address, sizeof(address)))
		explain(path, why);
	else
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}
