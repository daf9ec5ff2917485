// SPDX-License-Identifier: GPL-2.0
/*
 * doctor_guest.c - is there a kernel for guests, and does a guest run?  The one
 * that is tried has a few instructions only: it asks its host to power it off.
 * That takes a moment and shows that module, device and CPU do what they
 * should.
 * guide: L:640
 */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <lguest/chardev.h>

#include "array.h"
#include "chardev.h"
#include "doctor.h"
#include "kernel.h"

/* --- the guest's kernel --- */

#define BANNER		"Linux version "
#define OURS		"-lguest"

/* What it says as it boots: its version, which names us. */
static bool find_version(const struct kernel *kernel, char *to, size_t size)
{
	const struct program *program = &kernel->program;
	unsigned int i;

	for (i = 0; i < program->count; i++) {
		const char *start = (const char *)kernel->elf +
				    program->segment[i].file_offset;
		size_t bytes = program->segment[i].file_bytes;
		const char *at = memmem(start, bytes, BANNER, strlen(BANNER));

		if (!at)
			continue;
		at += strlen(BANNER);
		bytes -= at - start;
		snprintf(to, size, "%.*s", (int)strnlen(at, bytes), at);
		to[strcspn(to, " ")] = '\0';
		return true;
	}
	return false;
}

static void judge_kernel(const char *path, struct finding *finding)
{
	struct kernel kernel;
	char version[128] = "";
	struct why why;

	if (!kernel_load(path, &kernel, &why)) {
		finding_lack(finding, "%s", why.text);
		finding_to_do(finding, "name another one by --kernel=FILE, or make it anew: make guest-kernel");
		return;
	}
	if (!find_version(&kernel, version, sizeof(version)) ||
	    !strstr(version, OURS)) {
		finding_lack(finding, "%s (%s) was not built for lguest", path,
			     *version ? version : "of unknown version");
		finding_to_do(finding, "use the one that lguest's tree builds: make guest-kernel");
	} else {
		finding_ok(finding, "%s, Linux %s", path, version);
	}
	kernel_free(&kernel);
}

/* The last of those that match, which is the newest version. */
static bool last_match(const char *pattern, char path[PATH_MAX])
{
	glob_t found;
	bool any = !glob(pattern, 0, NULL, &found) && found.gl_pathc;

	if (any)
		snprintf(path, PATH_MAX, "%s",
			 found.gl_pathv[found.gl_pathc - 1]);
	globfree(&found);
	return any;
}

/* As make leaves it, or make install. */
static bool find_kernel(const struct doctor *doctor, char path[PATH_MAX])
{
	static const char *const beside[] = {
		"guest/vmlinux", "../lib/lguest/vmlinux", "../lib/lguest/vmlinux-*",
	};
	static const char *const installed[] = {
		"/usr/local/lib/lguest/vmlinux*", "/usr/lib/lguest/vmlinux*",
	};
	char pattern[PATH_MAX];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(beside); i++) {
		snprintf(pattern, sizeof(pattern), "%s/%s", doctor->program,
			 beside[i]);
		if (last_match(pattern, path))
			return true;
	}
	for (i = 0; i < ARRAY_SIZE(installed); i++)
		if (last_match(doctor_path(doctor, "%s", installed[i]), path))
			return true;
	return false;
}

void doctor_guest_kernel(const struct doctor *doctor, struct finding *finding)
{
	char path[PATH_MAX];

	if (doctor->kernel) {
		judge_kernel(doctor->kernel, finding);
	} else if (find_kernel(doctor, path)) {
		judge_kernel(path, finding);
	} else {
		finding_lack(finding, "there is no kernel for guests in %s/guest or lib/lguest",
			     doctor->program);
		finding_to_do(finding, "in lguest's tree: make guest-kernel; or install the package lguest-guest-kernel; or name one by --kernel=FILE");
	}
}

/* --- a guest --- */

#define MEMORY_BYTES	(64 << 10)

/*
 * mov $LHCALL_SHUTDOWN, %eax; xor %edx, %edx (no message);
 * mov $LGUEST_SHUTDOWN_POWEROFF, %ebx; int $LGUEST_TRAP_ENTRY
 */
static const uint8_t code[] = {
	0xb8, LHCALL_SHUTDOWN, 0, 0, 0,
	0x31, 0xd2,
	0xbb, LGUEST_SHUTDOWN_POWEROFF, 0, 0, 0,
	0xcd, LGUEST_TRAP_ENTRY,
};

static bool initialize(int fd, const void *memory, struct why *why)
{
	struct lguest_req_initialize request = {
		.type = LGUEST_REQ_INITIALIZE,
		.abi = LGUEST_ABI,
		.memory = (uintptr_t)memory,
		.memory_bytes = MEMORY_BYTES,
	};

	if (write(fd, &request, sizeof(request)) == sizeof(request))
		return true;
	return why_fail(why, LGUEST_CHARDEV " refuses a guest: %m");
}

static bool run_to_end(int fd, struct why *why)
{
	struct lguest_exit end;
	ssize_t got;

	do {
		got = read(fd, &end, sizeof(end));
	} while (got < 0 && errno == EINTR);
	if (got != sizeof(end))
		return why_fail(why, "the guest does not run: %m");
	end.message[sizeof(end.message) - 1] = '\0';
	if (end.reason != LGUEST_EXIT_POWEROFF)
		return why_fail(why, "the guest ended otherwise than it should: %s",
				end.message);
	return true;
}

static bool run_code(int fd, struct why *why)
{
	void *memory = mmap(NULL, MEMORY_BYTES, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool good;

	if (memory == MAP_FAILED)
		return why_fail(why, "there is no memory for a guest: %m");
	memcpy(memory, code, sizeof(code));
	good = initialize(fd, memory, why) && run_to_end(fd, why);
	munmap(memory, MEMORY_BYTES);
	return good;
}

bool doctor_try_guest(struct why *why)
{
	int fd = chardev_open(why);
	bool good;

	if (fd < 0)
		return false;
	good = run_code(fd, why);
	close(fd);
	return good;
}

void doctor_guest(const struct doctor *doctor, struct finding *finding)
{
	const char *path = doctor_path(doctor, "%s", LGUEST_CHARDEV);
	struct why why;

	if (!doctor->may(path, R_OK | W_OK)) {
		finding_lack(finding, "no guest can be tried without " LGUEST_CHARDEV);
		finding_to_do(finding, "see device");
	} else if (doctor->try_guest(&why)) {
		finding_ok(finding, "one of four instructions ran, and powered itself off");
	} else {
		finding_lack(finding, "%s", why.text);
		finding_to_do(finding, "have lg.ko and lguest from the same build; if they are, dmesg may tell more");
	}
}
