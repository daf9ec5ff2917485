// SPDX-License-Identifier: GPL-2.0
/*
 * notified.c - stands in for a service manager:
 *
 *	notified FILE COMMAND [ARGUMENT...]
 *
 * becomes COMMAND, with a NOTIFY_SOCKET whose messages a child of ours writes
 * to FILE, a line each ("READY=1"), as long as COMMAND runs.  With
 * WATCHDOG_USEC set it is for COMMAND.
 */
#define _GNU_SOURCE 1
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(127);
}

static int open_socket(char *shown, size_t size)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int length = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1,
			      "notified-%d", getpid());

	/* An abstract name, so there is nothing to clean up. */
	if (fd < 0 || bind(fd, (void *)&name,
			   offsetof(struct sockaddr_un, sun_path) + 1 + length))
		die("notified: socket");
	snprintf(shown, size, "@notified-%d", getpid());
	return fd;
}

/*
 * COMMAND has the other end of @life for as long as it lives.  (A signal for
 * its death would not reach us from one that has become another user.)
 */
static void listen_for(int fd, int life, const char *path)
{
	struct pollfd polls[2] = {
		{ .fd = fd, .events = POLLIN }, { .fd = life },
	};
	FILE *file = fopen(path, "w");
	char text[4096];
	ssize_t got;

	if (!file)
		die(path);
	signal(SIGINT, SIG_IGN);
	setvbuf(file, NULL, _IOLBF, 0);
	for (;;) {
		poll(polls, 2, -1);
		got = recv(fd, text, sizeof(text), MSG_DONTWAIT);
		if (got >= 0)
			fprintf(file, "%.*s\n", (int)got, text);
		else if (polls[1].revents)
			exit(0);
	}
}

int main(int argc, char **argv)
{
	int fd, life[2];
	char shown[64];

	if (argc < 3) {
		fprintf(stderr, "usage: notified FILE COMMAND [ARGUMENT...]\n");
		return 2;
	}
	fd = open_socket(shown, sizeof(shown));
	if (pipe(life))
		die("notified: pipe");
	if (!fork()) {
		close(life[1]);
		listen_for(fd, life[0], argv[1]);
	}
	close(life[0]);
	setenv("NOTIFY_SOCKET", shown, 1);
	unsetenv("WATCHDOG_PID");
	execvp(argv[2], argv + 2);
	die(argv[2]);
}
