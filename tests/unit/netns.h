/* SPDX-License-Identifier: GPL-2.0 */
/*
 * netns.h - for tests that make network devices: a network namespace of their
 * own, in which they are root.  Where this machine lets us have none, such
 * tests are skipped.
 */
#ifndef TESTS_UNIT_NETNS_H
#define TESTS_UNIT_NETNS_H

#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

static bool has_namespace;
static bool has_users;			/* other users than root, there */

static inline void netns_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		fprintf(stderr, "cannot write %s\n", path);
	close(fd);
}

/* False: there can be none. */
static inline bool netns_enter(void)
{
	int uid = getuid(), gid = getgid();
	char map[32];

	if (access("/dev/net/tun", R_OK | W_OK))
		return false;
	if (!unshare(CLONE_NEWNET)) {
		has_namespace = has_users = true;
		return true;
	}
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return false;
	snprintf(map, sizeof(map), "0 %u 1", uid);
	netns_write("/proc/self/uid_map", map);
	netns_write("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", gid);
	netns_write("/proc/self/gid_map", map);
	has_namespace = true;
	return true;
}

static inline void need_namespace(void)
{
	if (!has_namespace)
		skip();
}

/* "ip" of iproute2 makes the tests' own devices, and tells what there is. */
static inline void ip(const char *arguments)
{
	char command[256];

	snprintf(command, sizeof(command), "ip %s", arguments);
	assert_int_equal(system(command), 0);
}

static inline bool shows(const char *command, const char *text)
{
	char line[4096] = "";
	FILE *output = popen(command, "r");
	size_t got = fread(line, 1, sizeof(line) - 1, output);

	line[got] = '\0';
	pclose(output);
	return strstr(line, text);
}

static inline bool ip_shows(const char *arguments, const char *text)
{
	char command[256];

	snprintf(command, sizeof(command), "ip %s", arguments);
	return shows(command, text);
}

#endif
