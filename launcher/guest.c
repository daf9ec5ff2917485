// SPDX-License-Identifier: GPL-2.0
/*
 * guest.c - creates a guest, runs it and takes it away.  The guest's memory is
 * a nameless file that only we have open, mapped shared, so the host can find
 * its pages whatever happens to this process's own ones.
 * guide: L:200
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "boot.h"
#include "guest.h"
#include "log.h"

/* What Linux takes for a thread's name, with its NUL. */
#define THREAD_NAME_MAX	16

/*
 * A guest cannot be saved, restored or moved to another host.  All of its
 * memory is one file of the launcher's, and its registers are one struct in
 * lg.ko, so most of the work is in between: what a device has under way,
 * timers, and the clock that the guest reads from the TSC by itself.
 * guide: M:130
 */

static bool map_memory(struct guest *guest, struct why *why)
{
	char name[sizeof("lguest-") + TEXT_NAME_MAX];
	void *memory = MAP_FAILED;
	int fd;

	snprintf(name, sizeof(name), "lguest-%s", guest->name);
	fd = memfd_create(name, MFD_CLOEXEC);
	if (fd < 0)
		return why_fail(why, "cannot create the guest's memory: %m");
	if (!ftruncate(fd, guest->bytes))
		memory = mmap(NULL, guest->bytes, PROT_READ | PROT_WRITE,
			      MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED) {
		why_fail(why, "cannot map %llu KiB for the guest's memory: %m",
			 (unsigned long long)(guest->bytes / KIB));
		close(fd);
		return false;
	}
	/* The mapping keeps the file. */
	close(fd);
	guest->memory = memory;
	return true;
}

static bool fill_memory(struct guest *guest, const struct plan *plan,
			struct why *why)
{
	struct boot boot = {
		.layout = &plan->layout,
		.kernel = &plan->kernel,
		.cmdline = plan->config->cmdline,
	};

	if (getrandom(boot.seed, sizeof(boot.seed), 0) != sizeof(boot.seed))
		return why_fail(why, "cannot get random numbers for the guest: %m");
	boot_write(&boot, guest->memory);
	if (plan->initrd.fd < 0)
		return true;
	return file_read(&plan->initrd, guest->memory + plan->layout.initrd,
			 why);
}

static bool initialize(struct guest *guest, const struct plan *plan,
		       struct why *why)
{
	struct lguest_req_initialize request = {
		.type = LGUEST_REQ_INITIALIZE,
		.abi = LGUEST_ABI,
		.memory = (uintptr_t)guest->memory,
		.memory_bytes = guest->bytes,
		.entry = plan->kernel.program.entry,
		.boot_params = LAYOUT_BOOT_PARAMS,
	};

	ssize_t put;

	do {
		put = write(guest->fd, &request, sizeof(request));
	} while (put < 0 && errno == EINTR);
	if (put == sizeof(request))
		return true;
	if (errno == EINVAL)
		return why_fail(why, LGUEST_CHARDEV " refuses the guest: %m (is lg.ko of the same build as lguest? ours speaks ABI %d)",
				LGUEST_ABI);
	return why_fail(why, LGUEST_CHARDEV " refuses the guest: %m");
}

static bool build(struct guest *guest, const struct plan *plan,
		  struct why *why)
{
	guest->bytes = plan->layout.bytes;
	return map_memory(guest, why) && fill_memory(guest, plan, why) &&
	       initialize(guest, plan, why) &&
	       device_attach(guest->devices, guest->fd, guest->memory,
			     plan->layout.devices, why);
}

bool guest_create(struct guest *guest, int fd, const struct config *config,
		  struct device_list *devices, struct why *why)
{
	struct plan plan;
	bool good;

	*guest = (struct guest){
		.name = config->name,
		.devices = devices,
		.fd = fd,
		.ended = -1,
	};
	good = plan_make(&plan, config, device_pages(devices), why);
	if (good) {
		if (config->verbose) {
			plan_print(&plan, stderr);
			device_print(devices, stderr);
		}
		good = build(guest, &plan, why);
		plan_free(&plan);
	}
	if (!good)
		guest_destroy(guest);
	return good;
}

static void *run(void *context)
{
	struct guest *guest = context;
	ssize_t got;

	do {
		got = read(guest->fd, &guest->exit, sizeof(guest->exit));
	} while (got < 0 && errno == EINTR);
	if (got != sizeof(guest->exit))
		guest->error = got < 0 ? errno : EIO;
	eventfd_write(guest->ended, 1);
	return NULL;
}

/* Devices stay attached: what they still hold is to be drained first. */
static void ended(void *context)
{
	struct guest *guest = context;

	if (guest->has_ended)
		return;
	pthread_join(guest->thread, NULL);
	device_detach(guest->devices);
	guest->has_ended = true;
}

bool guest_start(struct guest *guest, struct loop *loop, struct why *why)
{
	char name[THREAD_NAME_MAX];
	int error;

	guest->ended = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (guest->ended < 0)
		return why_fail(why, "cannot create an eventfd: %m");
	guest->watch = (struct watch){
		.fd = guest->ended,
		.events = EPOLLIN,
		.changed = ended,
		.context = guest,
	};
	if (!loop_add(loop, &guest->watch, why))
		return false;
	error = pthread_create(&guest->thread, NULL, run, guest);
	if (error) {
		errno = error;
		return why_fail(why, "cannot create a thread for the guest: %m");
	}
	snprintf(name, sizeof(name), "%.*s", THREAD_NAME_MAX - 1, guest->name);
	pthread_setname_np(guest->thread, name);
	return true;
}

void guest_destroy(struct guest *guest)
{
	device_release(guest->devices);
	if (guest->ended >= 0)
		close(guest->ended);
	close(guest->fd);
	if (guest->memory)
		munmap(guest->memory, guest->bytes);
}
