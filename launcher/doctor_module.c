// SPDX-License-Identifier: GPL-2.0
/*
 * doctor_module.c - is lg.ko there, for this kernel and of our version; and if
 * it is not, can it be built?
 * guide: L:620
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lguest/version.h>

#include "doctor.h"
#include "file.h"

/* A module is some hundred KiB, with all that a debugger wants some MiB. */
#define MODULE_BYTES_MAX	(64 << 20)
#define DEPENDENCIES_BYTES	(4 << 20)

/* --- what a module's file says of itself --- */

/* "key=value" and a NUL, somewhere in it; false: it is not there. */
static bool find_field(const char *bytes, size_t size, const char *key,
		       char *to, size_t to_size)
{
	char pattern[32];
	size_t length = snprintf(pattern, sizeof(pattern), "%c%s=", '\0', key);
	const char *at = memmem(bytes, size, pattern, length);
	size_t left;

	if (!at)
		return false;
	at += length;
	left = bytes + size - at;
	snprintf(to, to_size, "%.*s", (int)strnlen(at, left), at);
	return true;
}

static bool read_field(const char *path, const char *key, char *to, size_t size)
{
	struct file file;
	struct why why;
	bool found = false;
	char *bytes;

	if (!file_open(&file, path, &why))
		return false;
	bytes = file.bytes < MODULE_BYTES_MAX ? malloc(file.bytes + 1) : NULL;
	if (bytes && file_read(&file, bytes, &why))
		found = find_field(bytes, file.bytes, key, to, size);
	free(bytes);
	file_close(&file);
	return found;
}

/* "6.1.0-56-cloud-amd64 SMP preempt ..." */
static bool is_for_this_kernel(const struct doctor *doctor, const char *path)
{
	char magic[256];

	if (!read_field(path, "vermagic", magic, sizeof(magic)))
		return false;
	magic[strcspn(magic, " ")] = '\0';
	return !strcmp(magic, doctor->release);
}

/* --- where it is --- */

/* Does modprobe know it? */
static bool is_listed(const struct doctor *doctor)
{
	char *text = malloc(DEPENDENCIES_BYTES);
	char path[PATH_MAX];
	bool found;

	if (!text)
		return false;
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep",
		 doctor->release);
	/* Its file may be packed: lg.ko.xz. */
	found = doctor_read(doctor, path, text, DEPENDENCIES_BYTES) &&
		(strstr(text, "/lg.ko:") || strstr(text, "/lg.ko."));
	free(text);
	return found;
}

static bool is_installed(const struct doctor *doctor)
{
	static const char *const folders[] = {
		"extra", "updates", "updates/dkms", NULL
	};
	const char *const *folder;

	for (folder = folders; *folder; folder++)
		if (!access(doctor_path(doctor, "/lib/modules/%s/%s/lg.ko",
					doctor->release, *folder), F_OK))
			return true;
	return false;
}

/* In build/, where make leaves both of us. */
static bool is_built(const struct doctor *doctor, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/lg.ko", doctor->program);
	if (is_for_this_kernel(doctor, path))
		return true;
	snprintf(path, PATH_MAX, "%s/kmod/%s/lg.ko", doctor->program,
		 doctor->release);
	return is_for_this_kernel(doctor, path);
}

enum doctor_module_place doctor_find_module(const struct doctor *doctor,
					    char path[PATH_MAX])
{
	if (doctor_has(doctor, "/sys/module/lg"))
		return DOCTOR_MODULE_LOADED;
	if (is_listed(doctor))
		return DOCTOR_MODULE_INSTALLED;
	if (is_installed(doctor))
		return DOCTOR_MODULE_UNLISTED;
	return is_built(doctor, path) ? DOCTOR_MODULE_BUILT :
					DOCTOR_MODULE_NOWHERE;
}

/* --- the checks --- */

void doctor_headers(const struct doctor *doctor, struct finding *finding)
{
	const char *headers =
		doctor_path(doctor, "/lib/modules/%s/build/include/generated/utsrelease.h",
			    doctor->release);
	char path[PATH_MAX];

	if (!access(headers, R_OK)) {
		finding_ok(finding, "/lib/modules/%s/build, to build lg.ko",
			   doctor->release);
	} else if (doctor_find_module(doctor, path) != DOCTOR_MODULE_NOWHERE) {
		finding_ok(finding, "they are not here, and not needed: lg.ko is");
	} else {
		finding_warn(finding, "there are none for %s, so lg.ko cannot be built here",
			     doctor->release);
		finding_to_do(finding, "as root: apt-get install linux-headers-%s (or what another system calls its kernel's headers)",
			      doctor->release);
	}
}

static void judge_loaded(const struct doctor *doctor, struct finding *finding)
{
	char version[64];

	doctor_read_line(doctor, "/sys/module/lg/version", version,
			 sizeof(version));
	if (!strcmp(version, LGUEST_VERSION)) {
		finding_ok(finding, "lg.ko " LGUEST_VERSION " is loaded");
		return;
	}
	finding_lack(finding, "the lg.ko that is loaded is of version %s, and lguest of " LGUEST_VERSION,
		     *version ? version : "unknown");
	finding_to_do(finding, "install both from one tree, and as root, when no guest runs: rmmod lg && modprobe lg");
}

void doctor_module(const struct doctor *doctor, struct finding *finding)
{
	char path[PATH_MAX];

	switch (doctor_find_module(doctor, path)) {
	case DOCTOR_MODULE_LOADED:
		judge_loaded(doctor, finding);
		break;
	case DOCTOR_MODULE_INSTALLED:
		finding_lack(finding, "lg.ko is installed, but not loaded");
		finding_to_do(finding, "as root: modprobe lg (should that fail, dmesg says why)");
		break;
	case DOCTOR_MODULE_UNLISTED:
		finding_lack(finding, "lg.ko is installed, but modprobe does not know it yet, and it is not loaded");
		finding_to_do(finding, "as root: depmod && modprobe lg");
		break;
	case DOCTOR_MODULE_BUILT:
		finding_lack(finding, "lg.ko is built, but not loaded");
		finding_to_do(finding, "as root: insmod '%s' (should that fail, dmesg says why)",
			      path);
		break;
	case DOCTOR_MODULE_NOWHERE:
		finding_lack(finding, "there is no lg.ko for %s",
			     doctor->release);
		finding_to_do(finding, "in lguest's tree: make && sudo make install && sudo depmod && sudo modprobe lg; or install the package lguest-dkms");
		break;
	}
}
