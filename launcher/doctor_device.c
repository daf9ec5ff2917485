// SPDX-License-Identifier: GPL-2.0
/*
 * doctor_device.c - may this user open /dev/lguest, and make taps?  Who may not
 * hears which of the several steps to that is missing.
 * guide: L:630
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lguest/chardev.h>
#include <linux/capability.h>

#include "doctor.h"

#define GROUP		"lguest"
#define GROUPS_BYTES	(1 << 20)
#define TUN		"/dev/net/tun"

/* --- the group --- */

struct group_entry {
	bool exists;
	gid_t gid;
	bool has_user;		/* by the file; a session may be older */
};

/* "name:password:gid:user,user" */
static void parse_group(const char *line, const char *user,
			struct group_entry *group)
{
	const char *field = line + strlen(GROUP) + 1;
	size_t length;

	field += strcspn(field, ":\n");
	if (*field != ':')
		return;
	group->exists = true;
	group->gid = strtoul(++field, NULL, 10);
	field += strcspn(field, ":\n");
	while (*field == ':' || *field == ',') {
		length = strcspn(++field, ",\n");
		if (length == strlen(user) && !memcmp(field, user, length))
			group->has_user = true;
		field += length;
	}
}

static void find_group(const struct doctor *doctor, struct group_entry *group)
{
	char *text = malloc(GROUPS_BYTES);
	const char *line;

	*group = (struct group_entry){ 0 };
	if (text && doctor_read(doctor, "/etc/group", text, GROUPS_BYTES))
		for (line = text; *line; line += *line == '\n') {
			if (!strncmp(line, GROUP ":", strlen(GROUP) + 1))
				parse_group(line, doctor->user, group);
			line += strcspn(line, "\n");
		}
	free(text);
}

static bool is_in_session(const struct doctor *doctor, gid_t gid)
{
	int i;

	for (i = 0; i < doctor->groups_count; i++)
		if (doctor->groups[i] == gid)
			return true;
	return false;
}

/* --- /dev/lguest --- */

static void explain_absence(const struct doctor *doctor,
			    struct finding *finding)
{
	if (!doctor_has(doctor, "/sys/module/lg")) {
		finding_lack(finding, LGUEST_CHARDEV " is not there, as lg.ko is not loaded");
		finding_to_do(finding, "load lg.ko (see module)");
		return;
	}
	finding_lack(finding, LGUEST_CHARDEV " is not there, though lg.ko is loaded");
	finding_to_do(finding, "as root: mknod -m 600 " LGUEST_CHARDEV " c $(tr : ' ' < /sys/class/misc/lguest/dev); in a container, have its host pass the device on");
}

static bool is_groups(const struct stat *st, const struct group_entry *group)
{
	return group->exists && st->st_gid == group->gid &&
	       (st->st_mode & 060) == 060;
}

/* The first step to permission that has not been made. */
static void explain_refusal(const struct doctor *doctor, const struct stat *st,
			    struct finding *finding)
{
	struct group_entry group;

	find_group(doctor, &group);
	if (!group.exists) {
		finding_lack(finding, LGUEST_CHARDEV " is root's (mode %03o), and there is no group " GROUP " for others",
			     st->st_mode & 0777);
		finding_to_do(finding, "as root: groupadd --system " GROUP " && usermod -aG " GROUP " %s && chgrp " GROUP " " LGUEST_CHARDEV " && chmod 660 " LGUEST_CHARDEV "; what make install installs does so for good, with systemd-sysusers and udevadm control --reload; then log out and in again",
			      doctor->user);
	} else if (!is_groups(st, &group)) {
		finding_lack(finding, LGUEST_CHARDEV " is not open to group " GROUP " (mode %03o): its udev rule did not apply",
			     st->st_mode & 0777);
		finding_to_do(finding, "as root: udevadm control --reload && udevadm trigger --name-match=lguest; without udev: chgrp " GROUP " " LGUEST_CHARDEV " && chmod 660 " LGUEST_CHARDEV);
	} else if (group.has_user && !is_in_session(doctor, group.gid)) {
		finding_lack(finding, "%s is in group " GROUP ", but since after this session began",
			     doctor->user);
		finding_to_do(finding, "log out and in again, or for this shell alone: newgrp " GROUP);
	} else {
		finding_lack(finding, "%s may not open " LGUEST_CHARDEV ": that is for root and group " GROUP,
			     doctor->user);
		finding_to_do(finding, "as root: usermod -aG " GROUP " %s; then log out and in again",
			      doctor->user);
	}
}

void doctor_device(const struct doctor *doctor, struct finding *finding)
{
	const char *path = doctor_path(doctor, "%s", LGUEST_CHARDEV);
	struct stat st;

	if (stat(path, &st))
		explain_absence(doctor, finding);
	else if (!doctor->may(path, R_OK | W_OK))
		explain_refusal(doctor, &st, finding);
	else
		finding_ok(finding, "%s may open " LGUEST_CHARDEV,
			   doctor->user);
}

/* --- taps --- */

static bool may_make_taps(const struct doctor *doctor)
{
	return doctor->capabilities & 1ULL << CAP_NET_ADMIN;
}

void doctor_tap(const struct doctor *doctor, struct finding *finding)
{
	const char *path = doctor_path(doctor, TUN);

	if (access(path, F_OK)) {
		finding_warn(finding, TUN " is not there: no guest can reach this host by a tap");
		finding_to_do(finding, "as root: modprobe tun; if that does not help: mkdir -p /dev/net && mknod -m 666 " TUN " c 10 200");
	} else if (!doctor->may(path, R_OK | W_OK)) {
		finding_warn(finding, "%s may not open " TUN ": no guest can reach this host by a tap",
			     doctor->user);
		finding_to_do(finding, "as root: chmod 666 " TUN " (what it lets do still depends on capabilities)");
	} else if (!may_make_taps(doctor)) {
		finding_warn(finding, "%s may use taps, but not make them (CAP_NET_ADMIN)",
			     doctor->user);
		finding_to_do(finding, "as root: ip tuntap add dev lg0 mode tap vnet_hdr user %s && ip addr add 192.168.19.1/24 dev lg0 && ip link set lg0 up; then lguest --tunnet=192.168.19.1/24,tap=lg0",
			      doctor->user);
	} else {
		finding_ok(finding, "%s may make taps, for --tunnet and lgswitch",
			   doctor->user);
	}
}
