/* SPDX-License-Identifier: GPL-2.0 */
/*
 * host.h - a stand-in for lg.ko and a guest on it, to try the whole launcher
 * without either.  The launcher's /dev/lguest is one end of a socket pair that
 * keeps messages apart; a thread at the other end takes its requests and plays
 * a guest, in the memory that it was given, until it says how the guest ends.
 *
 * The launcher runs in a child process, since it takes over signals and
 * terminal and expects to exit.
 */
#ifndef TESTS_UNIT_HOST_H
#define TESTS_UNIT_HOST_H

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lguest/chardev.h>
#include <lguest/device.h>

#include "config.h"
#include "image.h"
#include "log.h"
#include "run.h"
#include "test.h"

/* Longer than anything takes here; then the launcher is told to go. */
#define HOST_PATIENCE_S	20

struct host {
	int fd;
	struct lguest_req_initialize init;
	struct lguest_req_eventfd doorbell;
	uint8_t *memory;
	struct lguest_device_page *devices;
	struct lguest_console *console;
	unsigned int interrupts;
};

/* What the guest does; the number of guests before it is in @life. */
typedef void (*host_guest)(struct host *host, unsigned int life);

static host_guest host_guest_main;
static unsigned int host_lives;

/* A test in a child process cannot use cmocka's checks. */
#define HOST_CHECK(condition)						\
	do {								\
		if (!(condition)) {					\
			fprintf(stderr, "%s:%d: not so: %s\n",		\
				__FILE__, __LINE__, #condition);	\
			_exit(99);					\
		}							\
	} while (0)

static inline void host_wait_interrupt(struct host *host)
{
	struct lguest_req_irq irq;

	ssize_t got = recv(host->fd, &irq, sizeof(irq), 0);

	/* The launcher has given up this guest. */
	if (!got)
		pthread_exit(NULL);
	HOST_CHECK(got == sizeof(irq));
	HOST_CHECK(irq.type == LGUEST_REQ_IRQ);
	HOST_CHECK(irq.irq == 1);
	host->interrupts++;
}

static inline void host_ring(struct host *host, __u32 *wait)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (__atomic_exchange_n(wait, 0, __ATOMIC_RELAXED))
		eventfd_write(host->doorbell.fd, 1);
}

/* Sleep for an interrupt unless @blocked changes once we said we wait. */
static inline void host_sleep(struct host *host, __u32 *wait, __u32 *index,
			      __u32 seen)
{
	__atomic_store_n(wait, 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (__atomic_load_n(index, __ATOMIC_ACQUIRE) == seen)
		host_wait_interrupt(host);
}

static inline void host_print(struct host *host, const void *data,
			      size_t bytes)
{
	struct lguest_console *c = host->console;
	size_t i;

	for (i = 0; i < bytes; i++) {
		__u32 tail;

		while (tail = __atomic_load_n(&c->out_tail, __ATOMIC_ACQUIRE),
		       c->out_head - tail == LGUEST_CONSOLE_OUT) {
			host_ring(host, &c->out_wait);
			host_sleep(host, &c->out_room, &c->out_tail, tail);
		}
		c->out[c->out_head % LGUEST_CONSOLE_OUT] =
			((const uint8_t *)data)[i];
		__atomic_store_n(&c->out_head, c->out_head + 1,
				 __ATOMIC_RELEASE);
	}
	host_ring(host, &c->out_wait);
}

/* At least one byte, waiting for it. */
static inline size_t host_read(struct host *host, uint8_t *data, size_t bytes)
{
	struct lguest_console *c = host->console;
	size_t i = 0;

	while (c->in_tail == __atomic_load_n(&c->in_head, __ATOMIC_ACQUIRE))
		host_sleep(host, &c->in_wait, &c->in_head, c->in_tail);
	while (i < bytes && c->in_tail !=
	       __atomic_load_n(&c->in_head, __ATOMIC_ACQUIRE)) {
		data[i++] = c->in[c->in_tail % LGUEST_CONSOLE_IN];
		__atomic_store_n(&c->in_tail, c->in_tail + 1,
				 __ATOMIC_RELEASE);
	}
	host_ring(host, &c->in_room);
	return i;
}

/* Give back what comes in, up to and without @end. */
static inline void host_echo_until(struct host *host, uint8_t end)
{
	uint8_t data[256];
	uint8_t *found;
	size_t bytes;

	do {
		bytes = host_read(host, data, sizeof(data));
		found = memchr(data, end, bytes);
		host_print(host, data, found ? (size_t)(found - data) : bytes);
	} while (!found);
}

static inline void host_end(struct host *host, unsigned int reason,
			    const char *message)
{
	struct lguest_exit end = { .reason = reason };

	snprintf(end.message, sizeof(end.message), "%s", message);
	HOST_CHECK(send(host->fd, &end, sizeof(end), 0) == sizeof(end));
}

static inline void *host_thread(void *context)
{
	struct host host = { .fd = (intptr_t)context };

	/* A launcher that fails before it gets here closes its end. */
	if (recv(host.fd, &host.init, sizeof(host.init), 0) !=
	    sizeof(host.init) ||
	    recv(host.fd, &host.doorbell, sizeof(host.doorbell), 0) !=
	    sizeof(host.doorbell))
		return NULL;
	HOST_CHECK(host.init.type == LGUEST_REQ_INITIALIZE);
	HOST_CHECK(host.doorbell.type == LGUEST_REQ_EVENTFD);
	host.memory = (uint8_t *)(uintptr_t)host.init.memory;
	host.devices = (void *)(host.memory + host.init.memory_bytes -
				2 * LGUEST_PAGE_SIZE);
	host.console = (void *)(host.devices + 1);
	host_guest_main(&host, host_lives++);
	return NULL;
}

static inline int host_open(struct why *why)
{
	pthread_t thread;
	int pair[2];

	(void)why;
	HOST_CHECK(!socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair));
	HOST_CHECK(!pthread_create(&thread, NULL, host_thread,
				   (void *)(intptr_t)pair[1]));
	pthread_detach(thread);
	return pair[0];
}

/* A launcher in a child, with the other ends of its standard files. */
struct launcher {
	pid_t pid;
	int in, out, err;
	char said[4096];		/* on stderr */
};

#define HOST_FOLDER	"/tmp/lguest-test-XXXXXX"

static char host_folder[sizeof(HOST_FOLDER)];

static inline const char *host_path(const char *name)
{
	static char path[8][128];
	static unsigned int next;
	char *p = path[next++ % 8];

	snprintf(p, sizeof(path[0]), "%s/%s", host_folder, name);
	return p;
}

static inline int host_set_up(void **state)
{
	struct image image = image_good();
	FILE *file;

	(void)state;
	strcpy(host_folder, HOST_FOLDER);
	if (!mkdtemp(host_folder))
		return -1;
	file = fopen(host_path("vmlinux"), "w");
	fwrite(&image, sizeof(image), 1, file);
	return fclose(file);
}

static inline int host_tear_down(void **state)
{
	(void)state;
	unlink(host_path("vmlinux"));
	return rmdir(host_folder);
}

static inline void host_be_launcher(host_guest guest, char **options)
{
	char *words[16] = { "lguest", "8m", (char *)host_path("vmlinux") };
	struct config config;
	struct why why;
	int i;

	for (i = 3; *options; i++)
		words[i] = *options++;
	host_guest_main = guest;
	alarm(HOST_PATIENCE_S);
	log_init("lguest", false);
	if (!config_parse(words, &config, &why)) {
		fprintf(stderr, "%s\n", why.text);
		_exit(98);
	}
	_exit(run(&config, host_open));
}

/* With standard files as given; the options end with a NULL. */
static inline pid_t host_fork(host_guest guest, char **options, int in,
			      int out, int err)
{
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	for (fd = STDERR_FILENO + 1; fd < 64; fd++)
		close(fd);
	host_be_launcher(guest, options);
	return -1;
}

/* With pipes as standard files. */
static inline struct launcher host_launch(host_guest guest, ...)
{
	char *options[12] = { NULL };
	struct launcher launcher;
	int in[2], out[2], err[2];
	va_list args;
	int i = 0;

	va_start(args, guest);
	do
		options[i] = va_arg(args, char *);
	while (options[i++]);
	va_end(args);
	assert_int_equal(pipe(in) | pipe(out) | pipe(err), 0);
	launcher = (struct launcher){
		.pid = host_fork(guest, options, in[0], out[1], err[1]),
		.in = in[1],
		.out = out[0],
		.err = err[0],
	};
	close(in[0]);
	close(out[1]);
	close(err[1]);
	return launcher;
}

/* The guest, then the launcher's options. */
#define HOST_LAUNCH(...)	host_launch(__VA_ARGS__, (char *)NULL)

/* Up to the end of the file, or until it is full; adds a NUL. */
static inline size_t host_read_all(int fd, char *text, size_t size)
{
	size_t used = 0;
	ssize_t got = 1;

	while (got > 0 && used < size - 1) {
		got = read(fd, text + used, size - 1 - used);
		used += got > 0 ? got : 0;
	}
	text[used] = '\0';
	return used;
}

/* Read until @end has come. */
static inline void host_read_until(int fd, const char *end, char *text,
				   size_t size)
{
	size_t used = 0;

	do {
		if (used == size - 1 || read(fd, text + used, 1) != 1)
			fail_msg("'%s' never came, but '%s'", end, text);
		text[++used] = '\0';
	} while (!strstr(text, end));
}

/* Its exit status; what it said on stderr is there afterwards. */
static inline int host_wait(struct launcher *launcher)
{
	int status;

	host_read_all(launcher->err, launcher->said, sizeof(launcher->said));
	close(launcher->err);
	close(launcher->out);
	if (launcher->in >= 0)
		close(launcher->in);
	assert_int_equal(waitpid(launcher->pid, &status, 0), launcher->pid);
	if (!WIFEXITED(status))
		fail_msg("died of signal %d: %s", WTERMSIG(status),
			 launcher->said);
	return WEXITSTATUS(status);
}

static inline void host_expect(struct launcher *launcher, int expected)
{
	int status = host_wait(launcher);

	if (status != expected)
		fail_msg("status %d instead of %d; it said: %s", status,
			 expected, launcher->said);
}

#endif
