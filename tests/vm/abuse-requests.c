// SPDX-License-Identifier: GPL-2.0
/*
 * abuse-requests.c - /dev/lguest used in every wrong way: requests that make
 * no sense, calls at the wrong time, by the wrong process, from too many
 * threads.  Each must fail as chardev.h says and harm nobody.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include "tiny.h"

/* An address that is never mapped, and which the compiler cannot see through. */
static void *volatile nowhere;

#define NOBODY		65534
#define KERNEL_ADDRESS	0xffff888000000000ULL
/* Says to the program itself, executed anew: descriptor N is of a guest. */
#define AFTER_EXEC	"--after-exec"

/* Run fn in a child process; it exits with 0 if it found all in order. */
static void in_child(void (*fn)(struct tiny *), struct tiny *t)
{
	int status;
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (!pid) {
		fn(t);
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static int try_irq(int fd, uint32_t irq)
{
	struct lguest_req_irq req = { LGUEST_REQ_IRQ, irq };

	return write(fd, &req, sizeof(req));
}

static int try_eventfd(int fd, uint32_t device, int event)
{
	struct lguest_req_eventfd req = {
		.type = LGUEST_REQ_EVENTFD, .device = device, .fd = event,
	};

	return write(fd, &req, sizeof(req));
}

static int try_read(int fd)
{
	struct lguest_exit end;

	return read(fd, &end, sizeof(end));
}

static void sizes_and_types(void)
{
	static const uint32_t types[] = {
		0, LGUEST_REQ_INITIALIZE, LGUEST_REQ_IRQ, LGUEST_REQ_EVENTFD,
		4, 0x80000000, 0xffffffff,
	};
	uint32_t buffer[64] = { 0 };
	int fd = tiny_open();
	size_t i, size;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		buffer[0] = types[i];
		for (size = 0; size <= sizeof(buffer); size++)
			if (size != sizeof(struct lguest_req_eventfd) ||
			    types[i] != LGUEST_REQ_EVENTFD)
				CHECK_FAILS(write(fd, buffer, size), EINVAL);
	}
	CHECK_FAILS(write(fd, nowhere, sizeof(struct lguest_req_irq)), EFAULT);
	CHECK_FAILS(write(fd, (void *)KERNEL_ADDRESS, 8), EFAULT);
	close(fd);
}

/* One field of a good request made bad. */
#define BAD(t, field, value, expected)					\
	do {								\
		struct lguest_req_initialize _req = tiny_request(t);	\
									\
		_req.field = (value);					\
		CHECK_FAILS(write((t)->fd, &_req, sizeof(_req)), expected); \
	} while (0)

static void bad_initialize(void)
{
	struct tiny t = { .fd = tiny_open() };

	tiny_memory(&t, tiny_poweroff, sizeof(tiny_poweroff));
	BAD(&t, abi, 0, EINVAL);
	BAD(&t, abi, LGUEST_ABI + 1, EINVAL);
	BAD(&t, memory_bytes, 0, EINVAL);
	BAD(&t, memory_bytes, 1, EINVAL);
	BAD(&t, memory_bytes, TINY_BYTES + 1, EINVAL);
	BAD(&t, memory_bytes, LGUEST_MEMORY_MAX + 4096, EINVAL);
	BAD(&t, memory_bytes, 1ULL << 32, EINVAL);
	BAD(&t, memory_bytes, (1ULL << 32) + TINY_BYTES, EINVAL);
	BAD(&t, memory_bytes, ~0ULL << 12, EINVAL);
	BAD(&t, memory, (uintptr_t)t.memory + 1, EINVAL);
	BAD(&t, memory, KERNEL_ADDRESS, EINVAL);
	BAD(&t, memory, ~0ULL << 12, EINVAL);
	BAD(&t, memory, ~0ULL - TINY_BYTES + 1, EINVAL);
	BAD(&t, memory, 1ULL << 63, EINVAL);
	BAD(&t, memory, (1ULL << 56) - 4096, EINVAL);
	BAD(&t, entry, TINY_BYTES, EINVAL);
	BAD(&t, entry, 0xffffffff, EINVAL);

	/* After all that a good one still works; and then no more. */
	tiny_initialize(&t);
	BAD(&t, type, LGUEST_REQ_INITIALIZE, EBUSY);
	tiny_run(&t);
	tiny_check_poweroff(&t);
	BAD(&t, type, LGUEST_REQ_INITIALIZE, EBUSY);
	tiny_end(&t);
}

/* Memory that is not there is found out when the guest touches it. */
static void no_memory(void)
{
	struct tiny t;

	tiny_start(&t, tiny_poweroff);
	munmap(t.memory, TINY_BYTES);
	tiny_run(&t);
	tiny_check_killed(&t, "memory");
	close(t.fd);
	close(t.memfd);
}

static void too_early(void)
{
	int fd = tiny_open();

	CHECK_FAILS(try_read(fd), EINVAL);
	CHECK_FAILS(try_irq(fd, 1), EINVAL);
	/* This one may come before. */
	CHECK(try_eventfd(fd, 0, -1) > 0);
	close(fd);
}

static void bad_irq_and_eventfd(void)
{
	struct tiny t;
	int event = eventfd(0, EFD_CLOEXEC), i;

	tiny_start(&t, tiny_spin);
	CHECK_FAILS(try_irq(t.fd, LGUEST_IRQS), EINVAL);
	CHECK_FAILS(try_irq(t.fd, 0xffffffff), EINVAL);
	for (i = 0; i < LGUEST_IRQS; i++)
		CHECK(try_irq(t.fd, i) > 0);
	CHECK_FAILS(try_eventfd(t.fd, LGUEST_DEVICE_MAX, event), EINVAL);
	CHECK_FAILS(try_eventfd(t.fd, 0xffffffff, event), EINVAL);
	CHECK_FAILS(try_eventfd(t.fd, 0, 999), EBADF);
	CHECK_FAILS(try_eventfd(t.fd, 0, -2), EBADF);
	CHECK_FAILS(try_eventfd(t.fd, 0, t.memfd), EINVAL);
	CHECK_FAILS(try_eventfd(t.fd, 0, t.fd), EINVAL);
	/* Named many times, taken away twice. */
	for (i = 0; i < 1000; i++)
		CHECK(try_eventfd(t.fd, i % LGUEST_DEVICE_MAX, event) > 0);
	CHECK(try_eventfd(t.fd, 0, -1) > 0);
	CHECK(try_eventfd(t.fd, 0, -1) > 0);
	close(event);
	tiny_end(&t);
}

static void bad_read(void)
{
	struct tiny t;
	struct lguest_exit first;

	tiny_start(&t, tiny_dies);
	CHECK_FAILS(read(t.fd, &first, sizeof(first) - 1), EINVAL);
	CHECK_FAILS(read(t.fd, &first, 0), EINVAL);
	/* The guest ends; the message gets lost on its way, but not for good. */
	do {
		CHECK(read(t.fd, nowhere, sizeof(first)) == -1);
	} while (errno == EINTR);
	CHECK(errno == EFAULT);
	tiny_run(&t);
	tiny_check_killed(&t, "");
	first = t.exit;
	tiny_run(&t);
	CHECK(!memcmp(&first, &t.exit, sizeof(first)));
	CHECK(strnlen(first.message, sizeof(first.message)) <
	      sizeof(first.message));
	/* And a dead guest's lines may still be raised. */
	CHECK(try_irq(t.fd, 1) > 0);
	tiny_end(&t);
}

/* Whatever else one can do with a file. */
static void other_calls(void)
{
	struct tiny t;
	struct pollfd p;
	char byte;
	int pipes[2];

	tiny_start(&t, tiny_spin);
	CHECK(ioctl(t.fd, 0x5401, &byte) == -1);
	CHECK(lseek(t.fd, 1, SEEK_SET) == -1);
	CHECK(pread(t.fd, &byte, 1, 4096) == -1);
	CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, t.fd, 0) == MAP_FAILED);
	CHECK(ftruncate(t.fd, 0) == -1);
	CHECK(!pipe(pipes));
	CHECK(splice(t.fd, NULL, pipes[1], NULL, 4096, 0) == -1);
	CHECK(splice(pipes[0], NULL, t.fd, NULL, 4096, SPLICE_F_NONBLOCK) == -1);
	CHECK(sendfile(pipes[1], t.fd, NULL, 4096) == -1);
	p = (struct pollfd) { .fd = t.fd, .events = POLLIN | POLLOUT };
	CHECK(poll(&p, 1, 0) >= 0);
	close(pipes[0]);
	close(pipes[1]);
	tiny_end(&t);
}

/*
 * Whoever is the second gets EBUSY.  That may be either thread: work that the
 * kernel has for a thread ends its read() like a signal.
 */
static void two_threads(void)
{
	struct sigaction action = { .sa_handler = tiny_nothing };
	struct tiny t;
	bool busy;

	tiny_start(&t, tiny_spin);
	tiny_run_thread(&t);
	tiny_wait_progress(&t);
	CHECK(try_irq(t.fd, 3) > 0);
	CHECK(try_eventfd(t.fd, 3, -1) > 0);
	CHECK(!sigaction(SIGALRM, &action, NULL));
	alarm(2);
	CHECK(try_read(t.fd) == -1);
	busy = errno == EBUSY;
	CHECK(busy || errno == EINTR);
	if (!busy)
		busy = try_read(t.fd) == -1 && errno == EBUSY;
	alarm(0);
	tiny_stop_thread(&t);
	CHECK(busy || t.error == EBUSY);
	tiny_end(&t);
}

/* --- other processes --- */

static void expect_eperm(struct tiny *t)
{
	CHECK_FAILS(try_read(t->fd), EPERM);
	CHECK_FAILS(try_irq(t->fd, 1), EPERM);
	CHECK_FAILS(try_eventfd(t->fd, 1, -1), EPERM);
}

static void child_of_fork(void)
{
	struct tiny t;

	tiny_start(&t, tiny_spin);
	in_child(expect_eperm, &t);
	tiny_run_thread(&t);
	tiny_wait_progress(&t);
	in_child(expect_eperm, &t);
	/* The child's exit has not ended the guest. */
	tiny_wait_progress(&t);
	tiny_stop_thread(&t);
	tiny_end(&t);
}

static void initialize_here(struct tiny *t)
{
	tiny_memory(t, tiny_poweroff, sizeof(tiny_poweroff));
	tiny_initialize(t);
}

/* A child initializes, and takes its memory away with it. */
static void child_initializes(void)
{
	struct tiny t = { .fd = tiny_open() };

	in_child(initialize_here, &t);
	expect_eperm(&t);
	close(t.fd);
}

static void run_self(struct tiny *t)
{
	char number[16];

	CHECK(!fcntl(t->fd, F_SETFD, 0));
	snprintf(number, sizeof(number), "%d", t->fd);
	execl("/proc/self/exe", "abuse-requests", AFTER_EXEC, number, NULL);
	CHECK(!"exec failed");
}

/* exec gives a process another address space. */
static void initialize_and_exec(struct tiny *t)
{
	tiny_start(t, tiny_spin);
	run_self(t);
}

static void after_exec(void)
{
	struct tiny t = { 0 };

	in_child(initialize_and_exec, &t);
}

static void send_fd(int socket, int fd)
{
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	char byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	CHECK(sendmsg(socket, &msg, 0) == 1);
}

static int receive_fd(int socket)
{
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	char byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	int fd;

	CHECK(recvmsg(socket, &msg, 0) == 1);
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return fd;
}

/* The receiver has not been forked after, so shares nothing but the fd. */
static void passed_over_socket(void)
{
	int pair[2], status;
	struct tiny t;
	pid_t pid;

	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	pid = fork();
	if (!pid) {
		struct tiny received = { .fd = receive_fd(pair[1]) };

		expect_eperm(&received);
		_exit(0);
	}
	tiny_start(&t, tiny_spin);
	send_fd(pair[0], t.fd);
	tiny_end(&t);		/* the other process has the last reference */
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	close(pair[0]);
	close(pair[1]);
}

static int run_shared(void *t)
{
	tiny_run(t);
	return 0;
}

/* A task of its own that shares the address space may. */
static void shares_address_space(void)
{
	static char stack[1 << 16] __attribute__((aligned(16)));
	struct tiny t;
	int status;
	pid_t pid;

	tiny_start(&t, tiny_poweroff);
	pid = clone(run_shared, stack + sizeof(stack), CLONE_VM | SIGCHLD, &t);
	CHECK(pid > 0);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	tiny_check_poweroff(&t);
	tiny_end(&t);
}

/* --- life and death --- */

static void close_while_running(void)
{
	struct tiny t;
	int fd;

	tiny_start(&t, tiny_spin);
	fd = t.fd;
	tiny_run_thread(&t);
	tiny_wait_progress(&t);
	close(fd);
	/*
	 * read() has its own reference, so the guest runs until it returns.
	 * The kernel may have made it return by itself in the meantime.
	 */
	while (tiny_count(&t) < 1000000 && !t.error)
		usleep(1000);
	tiny_stop_thread(&t);
	CHECK(t.got == -1);
	close(t.memfd);
	munmap(t.memory, TINY_BYTES);
}

static void exit_while_running(struct tiny *t)
{
	tiny_start(t, tiny_spin);
	tiny_run_thread(t);
	tiny_wait_progress(t);
	_exit(0);
}

static void process_exits(void)
{
	struct tiny t;
	int i;

	for (i = 0; i < 20; i++)
		in_child(exit_while_running, &t);
}

/* Hundreds of guests at once, most of which never run. */
static void many_guests(void)
{
	static struct tiny t[200];
	size_t i, n = sizeof(t) / sizeof(t[0]);

	for (i = 0; i < n; i++)
		tiny_start(&t[i], tiny_poweroff);
	for (i = 0; i < n; i += 7) {
		tiny_run(&t[i]);
		tiny_check_poweroff(&t[i]);
	}
	for (i = 0; i < n; i++)
		tiny_end(&t[i]);
}

/* Signals every 100 us: the guest still gets on. */
static void signal_storm(void)
{
	struct itimerval often = { { 0, 100 }, { 0, 100 } }, never = { 0 };
	struct sigaction action = { .sa_handler = tiny_nothing };
	struct tiny t;
	int interrupted = 0;

	tiny_start(&t, tiny_work);
	CHECK(!sigaction(SIGALRM, &action, NULL));
	CHECK(!setitimer(ITIMER_REAL, &often, NULL));
	while ((t.got = read(t.fd, &t.exit, sizeof(t.exit))) < 0) {
		CHECK(errno == EINTR);
		interrupted++;
	}
	CHECK(!setitimer(ITIMER_REAL, &never, NULL));
	tiny_check_poweroff(&t);
	printf("   %d signals\n", interrupted);
	tiny_end(&t);
}

/* Interrupt lines raised as fast as possible at a guest without a handler. */
static void irq_storm(void)
{
	struct tiny t;
	int i;

	tiny_start(&t, tiny_spin);
	tiny_run_thread(&t);
	tiny_wait_progress(&t);
	for (i = 0; i < 100000; i++)
		CHECK(try_irq(t.fd, i % LGUEST_IRQS) > 0);
	tiny_wait_progress(&t);
	tiny_stop_thread(&t);
	tiny_end(&t);
}

/* --- with fewer rights --- */

static void as_nobody(struct tiny *t)
{
	t->fd = tiny_open();
	CHECK(!setgid(NOBODY) && !setuid(NOBODY));
	CHECK(open(LGUEST_CHARDEV, O_RDWR) == -1 && errno == EACCES);
	tiny_memory(t, tiny_poweroff, sizeof(tiny_poweroff));
	tiny_initialize(t);
	tiny_run(t);
	tiny_check_poweroff(t);
}

static void ordinary_user(void)
{
	struct tiny t = { 0 };

	in_child(as_nobody, &t);
}

/* Strict mode allows read(), write() and exit(), and running a guest is one. */
static void in_strict_seccomp(struct tiny *t)
{
	tiny_start(t, tiny_work);
	CHECK(!prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT));
	tiny_run(t);
	syscall(SYS_exit, t->exit.reason != LGUEST_EXIT_POWEROFF);
}

static void seccomp(void)
{
	struct tiny t;

	in_child(in_strict_seccomp, &t);
}

#define CASE(fn) { fn, #fn }

static const struct {
	void (*fn)(void);
	const char *name;
} cases[] = {
	CASE(sizes_and_types), CASE(bad_initialize), CASE(no_memory),
	CASE(too_early), CASE(bad_irq_and_eventfd), CASE(bad_read),
	CASE(other_calls), CASE(two_threads), CASE(child_of_fork),
	CASE(child_initializes), CASE(after_exec), CASE(passed_over_socket),
	CASE(shares_address_space), CASE(close_while_running),
	CASE(process_exits), CASE(many_guests), CASE(signal_storm),
	CASE(irq_storm), CASE(ordinary_user), CASE(seccomp),
};

int main(int argc, char **argv)
{
	size_t i;

	tiny_signals();
	if (argc == 3 && !strcmp(argv[1], AFTER_EXEC)) {
		struct tiny t = { .fd = atoi(argv[2]) };

		expect_eperm(&t);
		return 0;
	}
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cases[i].fn();
		printf("ok: %s\n", cases[i].name);
	}
	return 0;
}
