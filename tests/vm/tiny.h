/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tiny.h - for programs that abuse /dev/lguest: the smallest launcher there
 * can be, guests of a few bytes of machine code, and checks.
 *
 * The guests need neither paging nor lguest_data: they run in ring 1 with
 * linear addresses equal to physical ones, from TINY_ENTRY on.
 */
#ifndef _TINY_H
#define _TINY_H

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <lguest/chardev.h>
#include <lguest/device.h>

#define TINY_BYTES	(4u << 20)
#define TINY_ENTRY	0x100000u
/* The page of a counter that guests increment. */
#define TINY_COUNTER	0x2000u
/* The range that the toucher writes to, one word per page. */
#define TINY_TOUCH	0x200000u
#define TINY_TOUCH_END	0x300000u

#define CHECK(condition)						\
	do {								\
		if (!(condition)) {					\
			printf("FAILED: %s:%d: not so: %s (errno %d, %s)\n", \
			       __FILE__, __LINE__, #condition, errno,	\
			       strerror(errno));			\
			exit(1);					\
		}							\
	} while (0)

/* A call that must fail, with the errno that the contract says. */
#define CHECK_FAILS(call, expected)					\
	do {								\
		errno = 0;						\
		if ((call) != -1 || errno != (expected)) {		\
			printf("FAILED: %s:%d: %s: errno %d, not %s\n",	\
			       __FILE__, __LINE__, #call, errno,	\
			       #expected);				\
			exit(1);					\
		}							\
	} while (0)

/* incl TINY_COUNTER, for ever */
static const uint8_t tiny_spin[] = {
	0xff, 0x05, 0x00, 0x20, 0x00, 0x00,	/* 1: incl 0x2000 */
	0xeb, 0xf8,				/* jmp 1b */
};

/* LHCALL_SHUTDOWN without a message, POWEROFF */
static const uint8_t tiny_poweroff[] = {
	0xb8, LHCALL_SHUTDOWN, 0, 0, 0,		/* movl $2, %eax */
	0x31, 0xd2,				/* xorl %edx, %edx */
	0xbb, LGUEST_SHUTDOWN_POWEROFF, 0, 0, 0,	/* movl $1, %ebx */
	0xcd, LGUEST_TRAP_ENTRY,		/* int $0x1f */
};

/* Count to some tens of millions, then power off. */
static const uint8_t tiny_work[] = {
	0xb9, 0x00, 0x00, 0x00, 0x02,		/* movl $0x2000000, %ecx */
	0xe2, 0xfe,				/* 1: loop 1b */
	0xb8, LHCALL_SHUTDOWN, 0, 0, 0,
	0x31, 0xd2,
	0xbb, LGUEST_SHUTDOWN_POWEROFF, 0, 0, 0,
	0xcd, LGUEST_TRAP_ENTRY,
};

/* Increment a word of each page from TINY_TOUCH to TINY_TOUCH_END, and on. */
static const uint8_t tiny_touch[] = {
	0xb8, 0x00, 0x00, 0x20, 0x00,		/* 1: movl $0x200000, %eax */
	0xff, 0x00,				/* 2: incl (%eax) */
	0x05, 0x00, 0x10, 0x00, 0x00,		/* addl $0x1000, %eax */
	0x3d, 0x00, 0x00, 0x30, 0x00,		/* cmpl $0x300000, %eax */
	0x72, 0xf2,				/* jb 2b */
	0xff, 0x05, 0x00, 0x20, 0x00, 0x00,	/* incl 0x2000 */
	0xeb, 0xe5,				/* jmp 1b */
};

/* LHCALL_READ_CLOCK without lguest_data: the host kills it for that. */
static const uint8_t tiny_dies[] = {
	0xb8, LHCALL_READ_CLOCK, 0, 0, 0,
	0xcd, LGUEST_TRAP_ENTRY,
};

struct tiny {
	int fd;			/* of /dev/lguest */
	int memfd;
	uint8_t *memory;
	/* what tiny_run() or the thread has come to */
	pthread_t thread;
	struct lguest_exit exit;
	ssize_t got;		/* of the last read() */
	volatile int error;	/* its errno */
	volatile bool stop;	/* the thread gives up at the next EINTR */
};

static inline int tiny_open(void)
{
	int fd = open(LGUEST_CHARDEV, O_RDWR | O_CLOEXEC);

	CHECK(fd >= 0);
	return fd;
}

/* A guest's memory that is shared, with the code in place. */
static inline void tiny_memory(struct tiny *t, const void *code, size_t n)
{
	t->memfd = memfd_create("tiny", MFD_CLOEXEC);
	CHECK(t->memfd >= 0);
	CHECK(!ftruncate(t->memfd, TINY_BYTES));
	t->memory = mmap(NULL, TINY_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
			 t->memfd, 0);
	CHECK(t->memory != MAP_FAILED);
	memcpy(t->memory + TINY_ENTRY, code, n);
}

static inline struct lguest_req_initialize tiny_request(const struct tiny *t)
{
	return (struct lguest_req_initialize) {
		.type = LGUEST_REQ_INITIALIZE,
		.abi = LGUEST_ABI,
		.memory = (uintptr_t)t->memory,
		.memory_bytes = TINY_BYTES,
		.entry = TINY_ENTRY,
	};
}

static inline void tiny_initialize(struct tiny *t)
{
	struct lguest_req_initialize req = tiny_request(t);

	ssize_t put;

	do {
		put = write(t->fd, &req, sizeof(req));
	} while (put < 0 && errno == EINTR);
	CHECK(put == sizeof(req));
}

#define tiny_start(t, code) tiny_start_code(t, code, sizeof(code))

static inline void tiny_start_code(struct tiny *t, const void *code, size_t n)
{
	memset(t, 0, sizeof(*t));
	t->fd = tiny_open();
	tiny_memory(t, code, n);
	tiny_initialize(t);
}

static inline void tiny_end(struct tiny *t)
{
	close(t->fd);
	close(t->memfd);
	munmap(t->memory, TINY_BYTES);
}

/* Run until the guest has ended or, if told to stop, a signal comes. */
static inline void tiny_run(struct tiny *t)
{
	do {
		t->got = read(t->fd, &t->exit, sizeof(t->exit));
		t->error = errno;
	} while (t->got < 0 && t->error == EINTR && !t->stop);
}

static inline void *tiny_thread(void *t)
{
	tiny_run(t);
	return NULL;
}

static inline void tiny_nothing(int sig)
{
	(void)sig;
}

/* SIGUSR1 does nothing but end a read(). */
static inline void tiny_signals(void)
{
	struct sigaction action = { .sa_handler = tiny_nothing };

	CHECK(!sigaction(SIGUSR1, &action, NULL));
	setvbuf(stdout, NULL, _IOLBF, 0);
}

static inline void tiny_run_thread(struct tiny *t)
{
	CHECK(!pthread_create(&t->thread, NULL, tiny_thread, t));
}

static inline uint32_t tiny_count(const struct tiny *t)
{
	return *(volatile uint32_t *)(t->memory + TINY_COUNTER);
}

/* Is it running?  Wait until it has counted on. */
static inline void tiny_wait_progress(const struct tiny *t)
{
	uint32_t count = tiny_count(t);

	while (tiny_count(t) == count)
		usleep(1000);
}

static inline void tiny_stop_thread(struct tiny *t)
{
	t->stop = true;
	while (pthread_tryjoin_np(t->thread, NULL) == EBUSY) {
		pthread_kill(t->thread, SIGUSR1);
		usleep(1000);
	}
}

/* The thread ends because the guest has. */
static inline void tiny_join(struct tiny *t)
{
	CHECK(!pthread_join(t->thread, NULL));
	CHECK(t->got == sizeof(t->exit));
}

static inline void tiny_check_poweroff(const struct tiny *t)
{
	if (t->got != sizeof(t->exit) ||
	    t->exit.reason != LGUEST_EXIT_POWEROFF) {
		printf("FAILED: expected a power-off, got %zd (errno %d), %u \"%s\"\n",
		       t->got, t->error, t->exit.reason, t->exit.message);
		exit(1);
	}
}

static inline void tiny_check_killed(const struct tiny *t, const char *reason)
{
	CHECK(t->got == sizeof(t->exit));
	if (t->exit.reason != LGUEST_EXIT_KILLED ||
	    !strstr(t->exit.message, reason)) {
		printf("FAILED: expected death by \"%s\", got %u \"%s\"\n",
		       reason, t->exit.reason, t->exit.message);
		exit(1);
	}
}

#endif /* _TINY_H */
