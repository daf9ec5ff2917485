// SPDX-License-Identifier: GPL-2.0
/*
 * doctor_place.c - is there room for guests: memory, and the folder in which
 * nets are kept by habit?
 * guide: L:650
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>
#include <sys/stat.h>
#include <unistd.h>

#include "array.h"
#include "doctor.h"
#include "text.h"

/* A guest of 64 MiB, which is idle with a quarter of that. */
#define ENOUGH		(96 * MIB)
#define TOO_LITTLE	(24 * MIB)
/* What lguest itself takes of addresses, and such a guest. */
#define ADDRESSES	(192 * MIB)

#define NETS		"/var/lg"

/* --- memory --- */

/* "MemAvailable:    123 kB"; UINT64_MAX if nobody tells. */
static uint64_t available(const struct doctor *doctor)
{
	char text[4096], value[64];

	if (!doctor_read(doctor, "/proc/meminfo", text, sizeof(text)) ||
	    !doctor_value(text, "MemAvailable", value, sizeof(value)))
		return UINT64_MAX;
	return strtoull(value, NULL, 10) * KIB;
}

/* What is in a file of a control group; "max" and nothing are no limit. */
static uint64_t group_number(const struct doctor *doctor, const char *group,
			     const char *file)
{
	char path[PATH_MAX], text[64];

	snprintf(path, sizeof(path), "/sys/fs/cgroup%s/%s", group, file);
	if (!doctor_read_line(doctor, path, text, sizeof(text)) ||
	    *text < '0' || *text > '9')
		return UINT64_MAX;
	return strtoull(text, NULL, 10);
}

/*
 * What the kernel takes back from a group before it refuses it anything: caches
 * of files and the like (memory.stat, Documentation/admin-guide/cgroup-v2.rst).
 */
static uint64_t reclaimable(const struct doctor *doctor, const char *group)
{
	static const char *const keys[] = {
		"active_file", "inactive_file", "slab_reclaimable",
	};
	char path[PATH_MAX], text[8192], *line, *rest = text;
	uint64_t bytes = 0;
	size_t i, length;

	snprintf(path, sizeof(path), "/sys/fs/cgroup%s/memory.stat", group);
	if (!doctor_read(doctor, path, text, sizeof(text)))
		return 0;
	while ((line = strsep(&rest, "\n"))) {
		for (i = 0; i < ARRAY_SIZE(keys); i++) {
			length = strlen(keys[i]);
			if (!strncmp(line, keys[i], length) &&
			    line[length] == ' ')
				bytes += strtoull(line + length, NULL, 10);
		}
	}
	return bytes;
}

/* What is left for the group of processes that we are in, a container say. */
static uint64_t left_of_group(const struct doctor *doctor)
{
	char text[4096], group[1024] = "";
	uint64_t limit, used;

	if (doctor_read(doctor, "/proc/self/cgroup", text, sizeof(text)))
		doctor_value(text, "0:", group, sizeof(group));
	if (!strcmp(group, "/"))
		*group = '\0';
	limit = group_number(doctor, group, "memory.max");
	used = group_number(doctor, group, "memory.current");
	if (limit == UINT64_MAX || used == UINT64_MAX)
		return UINT64_MAX;
	used -= MIN(used, reclaimable(doctor, group));
	return used < limit ? limit - used : 0;
}

void doctor_memory(const struct doctor *doctor, struct finding *finding)
{
	uint64_t machine = available(doctor);
	uint64_t group = left_of_group(doctor);
	bool is_group = group < machine;
	uint64_t free = is_group ? group : machine;
	const char *whose = is_group ? "its control group allows" :
				       "this machine has";
	unsigned long long mib = free / MIB;

	if (doctor->address_limit < ADDRESSES) {
		finding_lack(finding, "this shell limits a program's memory to %llu MiB, too little for a guest",
			     (unsigned long long)(doctor->address_limit / MIB));
		finding_to_do(finding, "ulimit -v unlimited; or where that limit comes from, /etc/security/limits.conf by habit");
	} else if (free == UINT64_MAX) {
		finding_warn(finding, "/proc/meminfo does not tell how much there is");
		finding_to_do(finding, "as root: mount -t proc none /proc");
	} else if (free < TOO_LITTLE) {
		finding_lack(finding, "%s %llu MiB more, too little for a guest",
			     whose, mib);
		finding_to_do(finding, "end something, or add swap; an idle guest takes 15 MiB");
	} else if (free < ENOUGH) {
		finding_warn(finding, "%s %llu MiB more, tight for a guest of 64 MiB",
			     whose, mib);
		finding_to_do(finding, "give guests less, as in: lguest 32m");
	} else {
		finding_ok(finding, "%s %llu MiB more", whose, mib);
	}
}

/* --- the folder of nets --- */

void doctor_nets(const struct doctor *doctor, struct finding *finding)
{
	const char *path = doctor_path(doctor, NETS);
	struct stat st;

	if (stat(path, &st)) {
		finding_warn(finding, NETS ", where nets are kept by habit, is not there");
		finding_to_do(finding, "as root: install -d -m 3770 -g lguest " NETS "; or keep nets elsewhere");
	} else if (!S_ISDIR(st.st_mode)) {
		finding_warn(finding, NETS ", where nets are kept by habit, is no folder");
		finding_to_do(finding, "move it away, then as root: install -d -m 3770 -g lguest " NETS);
	} else if (!doctor->may(path, R_OK | W_OK | X_OK)) {
		finding_warn(finding, "%s may not create nets in " NETS,
			     doctor->user);
		finding_to_do(finding, "as root: chgrp lguest " NETS " && chmod 3770 " NETS " (and be in that group); or keep nets elsewhere");
	} else {
		finding_ok(finding, "%s may create nets in " NETS,
			   doctor->user);
	}
}
