// SPDX-License-Identifier: GPL-2.0
/*
 * abuse-memory.c - a launcher that meddles with its guest's memory while the
 * guest runs: takes it away, protects, moves, replaces, copies and merges it.
 * The guest goes on with what is there, or dies when nothing is; the host
 * never follows a stale page.
 */
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include "tiny.h"

#define TOUCH_BYTES	(TINY_TOUCH_END - TINY_TOUCH)
#define NO_MEMORY	"no writable memory"

static uint8_t *touched(const struct tiny *t)
{
	return t->memory + TINY_TOUCH;
}

/* A guest that is busy writing to all of its pages. */
static void start_touching(struct tiny *t)
{
	tiny_start(t, tiny_touch);
	tiny_run_thread(t);
	tiny_wait_progress(t);
}

static void check_goes_on(struct tiny *t)
{
	volatile uint32_t *last;
	uint32_t before;

	last = (uint32_t *)(t->memory + TINY_TOUCH_END - 4096);
	before = *last;
	tiny_wait_progress(t);
	tiny_wait_progress(t);
	tiny_wait_progress(t);
	CHECK(*last != before);
}

static void stop(struct tiny *t)
{
	check_goes_on(t);
	tiny_stop_thread(t);
	tiny_end(t);
}

static void check_dies(struct tiny *t)
{
	tiny_join(t);
	tiny_check_killed(t, NO_MEMORY);
	tiny_end(t);
}

/* --- what ends the guest --- */

static void unmap(void)
{
	struct tiny t;

	start_touching(&t);
	CHECK(!munmap(touched(&t), TOUCH_BYTES));
	check_dies(&t);
}

static void unmap_one_page(void)
{
	struct tiny t;

	start_touching(&t);
	CHECK(!munmap(touched(&t) + 4096, 4096));
	check_dies(&t);
}

static void protect(int prot)
{
	struct tiny t;

	start_touching(&t);
	CHECK(!mprotect(touched(&t), TOUCH_BYTES, prot));
	check_dies(&t);
}

static void protect_read(void)
{
	protect(PROT_READ);
}

static void protect_none(void)
{
	protect(PROT_NONE);
}

static void move_away(void)
{
	struct tiny t;
	void *to;

	start_touching(&t);
	to = mremap(touched(&t), TOUCH_BYTES, TOUCH_BYTES,
		    MREMAP_MAYMOVE | MREMAP_FIXED,
		    t.memory + (64 << 20));
	CHECK(to != MAP_FAILED);
	check_dies(&t);
	munmap(to, TOUCH_BYTES);
}

static void truncate_file(void)
{
	struct tiny t;

	start_touching(&t);
	CHECK(!ftruncate(t.memfd, TINY_TOUCH + 8192));
	check_dies(&t);
}

/* Code is memory, too. */
static void unmap_code(void)
{
	struct tiny t;

	start_touching(&t);
	CHECK(!munmap(t.memory + TINY_ENTRY, 4096));
	check_dies(&t);
}

/* Pages that are no ordinary memory: the kernel's own, of the vdso. */
static void kernel_pages(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long from = 0, to = 0;
	struct tiny t = { .fd = tiny_open() };
	struct lguest_req_initialize req;
	char line[256];

	CHECK(maps);
	while (fgets(line, sizeof(line), maps))
		if (strstr(line, "[vvar]"))
			CHECK(sscanf(line, "%lx-%lx", &from, &to) == 2);
	fclose(maps);
	CHECK(from);
	t.memory = (uint8_t *)from;
	req = tiny_request(&t);
	req.memory_bytes = to - from;
	req.entry = 0;
	CHECK(write(t.fd, &req, sizeof(req)) == sizeof(req));
	tiny_run(&t);
	tiny_check_killed(&t, NO_MEMORY);
	close(t.fd);
}

static void read_only_file(void)
{
	struct tiny t = { .fd = tiny_open() };

	t.memfd = open("/proc/self/exe", O_RDONLY);
	CHECK(t.memfd >= 0);
	t.memory = mmap(NULL, TINY_BYTES, PROT_READ, MAP_SHARED, t.memfd, 0);
	CHECK(t.memory != MAP_FAILED);
	tiny_initialize(&t);
	tiny_run(&t);
	tiny_check_killed(&t, NO_MEMORY);
	tiny_end(&t);
}

/* --- what the guest does not notice --- */

#define ROUNDS 200

/* Protected and back again while the guest is elsewhere. */
static void protect_and_back(void)
{
	struct tiny t;
	int i;

	start_touching(&t);
	tiny_stop_thread(&t);
	for (i = 0; i < ROUNDS; i++)
		CHECK(!mprotect(touched(&t), TOUCH_BYTES, PROT_NONE) &&
		      !mprotect(touched(&t), TOUCH_BYTES,
				PROT_READ | PROT_WRITE));
	t.stop = false;
	tiny_run_thread(&t);
	stop(&t);
}

static void advise(int advice)
{
	struct tiny t;
	int i;

	start_touching(&t);
	for (i = 0; i < ROUNDS; i++) {
		int err = madvise(touched(&t), TOUCH_BYTES, advice);

		if (err && errno == EINVAL) {
			printf("   this kernel has no madvise %d\n", advice);
			break;
		}
		CHECK(!err);
	}
	stop(&t);
}

static void dont_need(void)
{
	advise(MADV_DONTNEED);
}

static void remove_pages(void)
{
	advise(MADV_REMOVE);
}

static void page_out(void)
{
	advise(MADV_PAGEOUT);
}

static void cold(void)
{
	advise(MADV_COLD);
}

static void huge(void)
{
	advise(MADV_HUGEPAGE);
}

/* The file shrinks and grows while nobody runs. */
static void truncate_and_back(void)
{
	struct tiny t;
	int i;

	start_touching(&t);
	tiny_stop_thread(&t);
	for (i = 0; i < ROUNDS; i++)
		CHECK(!ftruncate(t.memfd, TINY_TOUCH) &&
		      !ftruncate(t.memfd, TINY_BYTES));
	t.stop = false;
	tiny_run_thread(&t);
	stop(&t);
}

/* Other pages at the same address: the guest must see these. */
static void replace(void)
{
	struct tiny t;
	int i;

	start_touching(&t);
	for (i = 0; i < ROUNDS; i++) {
		volatile uint32_t *word = (uint32_t *)touched(&t);
		void *at = mmap(touched(&t), TOUCH_BYTES,
				PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

		CHECK(at == touched(&t));
		tiny_wait_progress(&t);
		tiny_wait_progress(&t);
		CHECK(*word != 0);
	}
	stop(&t);
}

/* Private memory, copied on write by a fork: guest and child go apart. */
static void fork_private(void)
{
	struct tiny t;
	volatile uint32_t *word;
	int i, status;

	start_touching(&t);
	CHECK(mmap(touched(&t), TOUCH_BYTES, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
	      touched(&t));
	word = (uint32_t *)touched(&t);
	for (i = 0; i < 20; i++) {
		pid_t pid;
		uint32_t seen;

		tiny_wait_progress(&t);
		pid = fork();
		if (!pid) {
			/* This copy stands still. */
			seen = *word;
			usleep(20000);
			_exit(seen != *word);
		}
		CHECK(pid > 0);
		seen = *word;
		tiny_wait_progress(&t);
		tiny_wait_progress(&t);
		CHECK(*word != seen);
		CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	}
	stop(&t);
}

/* The kernel merges what is equal, read-only, behind everybody's back. */
static void merge(void)
{
	struct tiny t;
	volatile uint32_t *word;
	int ksm = open("/sys/kernel/mm/ksm/run", O_WRONLY);

	start_touching(&t);
	CHECK(mmap(touched(&t), TOUCH_BYTES, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
	      touched(&t));
	if (ksm < 0 || madvise(touched(&t), TOUCH_BYTES, MADV_MERGEABLE)) {
		printf("   this kernel does not merge pages\n");
	} else {
		CHECK(write(ksm, "1", 1) == 1);
		usleep(500000);
		CHECK(write(ksm, "2", 1) == 1);
	}
	close(ksm);
	word = (uint32_t *)touched(&t);
	CHECK(*word != 0);
	stop(&t);
}

/* Pages that somebody else has to deliver, who never does. */
static void waits_for_ever(struct tiny *t)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.range = { (uintptr_t)touched(t), TOUCH_BYTES },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int uffd = syscall(SYS_userfaultfd, O_CLOEXEC);

	if (uffd < 0 || ioctl(uffd, UFFDIO_API, &api)) {
		printf("   this kernel has no userfaultfd\n");
		_exit(0);
	}
	CHECK(mmap(touched(t), TOUCH_BYTES, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
	      touched(t));
	CHECK(!ioctl(uffd, UFFDIO_REGISTER, &reg));
	tiny_run(t);
	CHECK(!"the guest ended");
}

static void userfault(void)
{
	struct tiny t = { .fd = tiny_open() };
	int status;
	pid_t pid;

	tiny_memory(&t, tiny_touch, sizeof(tiny_touch));
	pid = fork();
	if (!pid) {
		tiny_initialize(&t);
		waits_for_ever(&t);
	}
	CHECK(pid > 0);
	usleep(500000);
	kill(pid, SIGKILL);
	CHECK(waitpid(pid, &status, 0) == pid);
	tiny_end(&t);
}

/* All of it locked, and unlocked, over and over. */
static void lock(void)
{
	struct tiny t;
	int i;

	start_touching(&t);
	for (i = 0; i < ROUNDS; i++)
		CHECK(!mlock(touched(&t), TOUCH_BYTES) &&
		      !munlock(touched(&t), TOUCH_BYTES));
	stop(&t);
}

/* The launcher writes to a page in the very moment that the guest does. */
static void write_together(void)
{
	struct tiny t;
	int i;

	start_touching(&t);
	for (i = 0; i < 1000000; i++)
		__atomic_fetch_add((uint32_t *)touched(&t), 1,
				   __ATOMIC_RELAXED);
	stop(&t);
}

#define CASE(fn) { fn, #fn }

static const struct {
	void (*fn)(void);
	const char *name;
} cases[] = {
	CASE(unmap), CASE(unmap_one_page), CASE(protect_read),
	CASE(protect_none), CASE(move_away), CASE(truncate_file),
	CASE(unmap_code), CASE(kernel_pages), CASE(read_only_file),
	CASE(protect_and_back), CASE(dont_need), CASE(remove_pages),
	CASE(page_out), CASE(cold), CASE(huge), CASE(truncate_and_back),
	CASE(replace), CASE(fork_private), CASE(merge), CASE(userfault),
	CASE(lock), CASE(write_together),
};

int main(void)
{
	size_t i;

	tiny_signals();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cases[i].fn();
		printf("ok: %s\n", cases[i].name);
	}
	return 0;
}
