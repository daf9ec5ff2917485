// SPDX-License-Identifier: GPL-2.0
/*
 * abuse-net.c - nets used in every wrong way through /dev/lguest: calls that
 * make no sense, rings full of garbage, receivers that do not receive.  Each
 * must fail as net.h says or be counted, and others on the net go on.
 */
#define _GNU_SOURCE 1
#include <poll.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <lguest/net.h>
#include "tiny.h"

#define NET		"net0"
/* Of a port: a buffer for each descriptor to receive, then those to send. */
#define BUFFER		2048u
#define BUFFERS		(2 * LGUEST_DMA_RING)
#define PORT_BYTES	(sizeof(struct lguest_port) + BUFFERS * BUFFER)
#define FRAME		64u
#define GARBAGE_SECONDS	10

struct port {
	int fd;
	unsigned int slot;
	struct lguest_port *rings;
	uint32_t sent, received;
};

static int net_file(void)
{
	int fd = open(NET, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	CHECK(fd >= 0);
	return fd;
}

static struct lguest_net_join join_request(int file, uint8_t number)
{
	return (struct lguest_net_join) {
		.fd = file,
		.device = LGUEST_JOIN_PORT,
		.slot = -1,
		.mac = { 2, 0, 0, 0, 0, number },
		.buffer_bytes = BUFFERS * BUFFER,
	};
}

static int join(int fd, struct lguest_net_join *request)
{
	return ioctl(fd, LGUEST_NET_JOIN, request);
}

static uint32_t buffer_at(uint32_t n)
{
	return offsetof(struct lguest_port, buffer) + n * BUFFER;
}

static uint8_t *frame_at(const struct port *p, uint32_t n)
{
	return p->rings->buffer + n * BUFFER;
}

/* A port with all its buffers given. */
static void port_open(struct port *p, uint8_t number, uint16_t flags)
{
	int file = net_file();
	struct lguest_net_join request = join_request(file, number);
	uint32_t i;

	request.flags = flags;
	memset(p, 0, sizeof(*p));
	p->fd = tiny_open();
	CHECK(!join(p->fd, &request));
	close(file);
	p->slot = request.slot;
	p->rings = mmap(NULL, PORT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
			p->fd, LGUEST_MAP_OWN);
	CHECK(p->rings != MAP_FAILED);
	for (i = 0; i < LGUEST_DMA_RING; i++) {
		p->rings->receive.desc[i].address = buffer_at(i);
		p->rings->receive.desc[i].bytes = BUFFER;
	}
	__atomic_store_n(&p->rings->receive.given, LGUEST_DMA_RING,
			 __ATOMIC_RELEASE);
}

static void port_close(struct port *p)
{
	munmap(p->rings, PORT_BYTES);
	close(p->fd);
}

/* Queue a frame of some bytes to and from stations of these numbers. */
static void put(struct port *p, uint8_t to, uint8_t from, uint32_t bytes,
		uint32_t sequence)
{
	uint32_t i = p->sent++ % LGUEST_DMA_RING;
	uint8_t *frame = frame_at(p, LGUEST_DMA_RING + i);
	const uint8_t head[] = {
		2, 0, 0, 0, 0, to, 2, 0, 0, 0, 0, from, 0x88, 0xb5,
	};

	memset(frame, 0, LGUEST_FRAME_HEADER);
	memcpy(frame + LGUEST_FRAME_HEADER, head, sizeof(head));
	memcpy(frame + LGUEST_FRAME_MIN, &sequence, sizeof(sequence));
	p->rings->send.desc[i].address = buffer_at(LGUEST_DMA_RING + i);
	p->rings->send.desc[i].bytes = bytes;
	p->rings->send.desc[i].flags = 0;
	__atomic_store_n(&p->rings->send.given, p->sent, __ATOMIC_RELEASE);
}

static int kick(const struct port *p)
{
	return ioctl(p->fd, LGUEST_NET_SEND);
}

/* Take the next frame; its sequence number, -1 if there is none. */
static int64_t take(struct port *p)
{
	struct lguest_dma_ring *ring = &p->rings->receive;
	uint32_t i = p->received % LGUEST_DMA_RING, sequence;

	if (!__atomic_load_n(&ring->desc[i].used, __ATOMIC_ACQUIRE))
		return -1;
	memcpy(&sequence, frame_at(p, i) + LGUEST_FRAME_MIN, sizeof(sequence));
	ring->desc[i].used = 0;
	ring->seen = ++p->received;
	__atomic_store_n(&ring->given, p->received + LGUEST_DMA_RING,
			 __ATOMIC_RELEASE);
	__sync_synchronize();
	if (__atomic_load_n(&ring->wanted, __ATOMIC_RELAXED))
		CHECK(!ioctl(p->fd, LGUEST_NET_RESTOCK));
	return sequence;
}

static short polled(const struct port *p, int timeout_ms)
{
	struct pollfd pfd = { .fd = p->fd, .events = POLLIN | POLLOUT };

	CHECK(poll(&pfd, 1, timeout_ms) >= 0);
	return pfd.revents;
}

static const struct lguest_net_pairs *pairs_of(const struct port *p)
{
	const struct lguest_net_pairs *pairs;

	pairs = mmap(NULL, sizeof(*pairs), PROT_READ, MAP_SHARED, p->fd,
		     LGUEST_MAP_PAIRS);
	CHECK(pairs != MAP_FAILED);
	return pairs;
}

static uint64_t counted(const struct port *p, unsigned int target,
			unsigned int verdict)
{
	const struct lguest_net_pairs *pairs = pairs_of(p);
	uint64_t count = pairs->pair[p->slot][target].count[verdict];

	munmap((void *)pairs, sizeof(*pairs));
	return count;
}

/* --- the cases --- */

static void bad_files(void)
{
	int fd = tiny_open(), file, pipes[2];
	struct lguest_net_join request;
	struct lguest_net_listen listen = { .fd = -1 };

	request = join_request(-1, 1);
	CHECK_FAILS(join(fd, &request), EBADF);
	CHECK_FAILS(ioctl(fd, LGUEST_NET_LISTEN, &listen), EBADF);

	file = open(".", O_RDONLY | O_DIRECTORY);
	request = join_request(file, 1);
	listen.fd = file;
	CHECK_FAILS(join(fd, &request), EACCES);
	CHECK_FAILS(ioctl(fd, LGUEST_NET_LISTEN, &listen), EINVAL);
	close(file);

	CHECK(!pipe(pipes));
	listen.fd = pipes[0];
	CHECK_FAILS(ioctl(fd, LGUEST_NET_LISTEN, &listen), EINVAL);
	request = join_request(fd, 1);
	CHECK_FAILS(join(fd, &request), EINVAL);

	close(net_file());
	file = open(NET, O_RDONLY);
	request = join_request(file, 1);
	CHECK_FAILS(join(fd, &request), EACCES);
	close(file);
	file = open(NET, O_WRONLY);
	request = join_request(file, 1);
	listen.fd = file;
	CHECK_FAILS(join(fd, &request), EACCES);
	CHECK_FAILS(ioctl(fd, LGUEST_NET_LISTEN, &listen), EACCES);
	close(file);
	file = open(NET, O_PATH);
	listen.fd = file;
	CHECK_FAILS(ioctl(fd, LGUEST_NET_LISTEN, &listen), EBADF);
	close(file);
	close(pipes[0]);
	close(pipes[1]);
	close(fd);
}

#define REFUSED(field, value)						\
	do {								\
		request = join_request(file, 1);			\
		request.field = value;					\
		CHECK_FAILS(join(fd, &request), EINVAL);		\
	} while (0)

static void bad_joins(void)
{
	int fd = tiny_open(), file = net_file();
	struct lguest_net_join request;

	REFUSED(slot, -2);
	REFUSED(slot, LGUEST_NET_SLOTS);
	REFUSED(device, 0);
	REFUSED(device, LGUEST_DEVICE_MAX);
	REFUSED(flags, LGUEST_SLOT_USED);
	REFUSED(flags, LGUEST_SLOT_PORT);
	REFUSED(flags, 0x8000);
	REFUSED(mac[0], 1);
	REFUSED(buffer_bytes, LGUEST_PORT_MAX + 1);
	REFUSED(buffer_bytes, UINT32_MAX);
	request = join_request(file, 0);
	request.mac[0] = 0;
	CHECK_FAILS(join(fd, &request), EINVAL);
	CHECK_FAILS(ioctl(fd, LGUEST_NET_JOIN, NULL), EFAULT);
	CHECK_FAILS(ioctl(fd, LGUEST_NET_LISTEN, NULL), EFAULT);
	CHECK_FAILS(ioctl(fd, LGUEST_NET_SEND), EINVAL);
	CHECK_FAILS(ioctl(fd, LGUEST_NET_RESTOCK), EINVAL);
	CHECK_FAILS(ioctl(fd, 0x1234), ENOTTY);
	close(file);
	close(fd);
}

static void bad_listens(void)
{
	int fd = tiny_open(), file = net_file();
	struct lguest_net_listen listen = { .fd = file, .log_bytes = 4096 };

	CHECK_FAILS(ioctl(fd, LGUEST_NET_LISTEN, &listen), EINVAL);
	listen.log_bytes = LGUEST_LOG_MIN + 4096;
	CHECK_FAILS(ioctl(fd, LGUEST_NET_LISTEN, &listen), EINVAL);
	listen.log_bytes = 1u << 31;
	CHECK_FAILS(ioctl(fd, LGUEST_NET_LISTEN, &listen), EINVAL);
	listen.log_bytes = LGUEST_LOG_MIN;
	listen.delay_us = LGUEST_LOG_DELAY_MAX + 1;
	CHECK_FAILS(ioctl(fd, LGUEST_NET_LISTEN, &listen), EINVAL);
	listen.delay_us = 0;
	listen.snaplen = 1u << 16;
	CHECK_FAILS(ioctl(fd, LGUEST_NET_LISTEN, &listen), EINVAL);
	close(file);
	close(fd);
}

/* A file is one thing. */
static void one_role(void)
{
	struct lguest_req_initialize initialize;
	struct lguest_net_listen listen;
	struct lguest_net_join request;
	int file = net_file();
	struct port p;
	struct tiny t;

	port_open(&p, 1, 0);
	request = join_request(file, 2);
	CHECK_FAILS(join(p.fd, &request), EINVAL);
	listen = (struct lguest_net_listen) { .fd = file };
	CHECK_FAILS(ioctl(p.fd, LGUEST_NET_LISTEN, &listen), EINVAL);
	tiny_start(&t, tiny_work);
	initialize = tiny_request(&t);
	CHECK_FAILS(write(p.fd, &initialize, sizeof(initialize)), EINVAL);
	request = join_request(file, 2);
	CHECK_FAILS(join(t.fd, &request), EINVAL);
	request.device = 3;
	CHECK(!join(t.fd, &request));
	CHECK_FAILS(join(t.fd, &request), EBUSY);
	CHECK_FAILS(ioctl(t.fd, LGUEST_NET_LISTEN, &listen), EINVAL);
	tiny_run(&t);
	tiny_check_poweroff(&t);
	tiny_end(&t);
	port_close(&p);
	close(file);
}

static void slots(void)
{
	static struct port all[LGUEST_NET_SLOTS];
	struct lguest_net_join request;
	int fd = tiny_open(), file = net_file(), i;

	for (i = 0; i < LGUEST_NET_SLOTS; i++) {
		all[i].fd = tiny_open();
		request = join_request(file, i);
		request.buffer_bytes = 0;
		CHECK(!join(all[i].fd, &request));
		CHECK(request.slot == i);
	}
	request = join_request(file, 1);
	CHECK_FAILS(join(fd, &request), ENOSPC);
	request.slot = 5;
	CHECK_FAILS(join(fd, &request), EBUSY);
	close(all[77].fd);
	request.slot = -1;
	CHECK(!join(fd, &request));
	CHECK(request.slot == 77);
	CHECK(request.same_mac == 1);
	for (i = 0; i < LGUEST_NET_SLOTS; i++)
		if (i != 77)
			close(all[i].fd);
	close(fd);
	close(file);
}

/* Who dies in any way gives its slot back. */
static void death_frees_slot(void)
{
	struct lguest_net_join request;
	int fd = tiny_open(), file = net_file(), status, pipes[2];
	struct port p;
	char byte;
	pid_t pid;

	CHECK(!pipe(pipes));
	pid = fork();
	CHECK(pid >= 0);
	if (!pid) {
		port_open(&p, 9, 0);
		CHECK(write(pipes[1], "x", 1) == 1);
		pause();
	}
	CHECK(read(pipes[0], &byte, 1) == 1);
	request = join_request(file, 1);
	request.slot = 0;
	CHECK_FAILS(join(fd, &request), EBUSY);
	kill(pid, SIGKILL);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(!join(fd, &request));
	CHECK(request.same_mac == -1);
	close(pipes[0]);
	close(pipes[1]);
	close(file);
	close(fd);
}

/* Another name for the file is the same net, another file of its name not. */
static void names(void)
{
	struct lguest_net_join request;
	int file, fd = tiny_open();
	struct port p;

	port_open(&p, 1, 0);
	unlink("other");
	CHECK(!link(NET, "other"));
	CHECK(!unlink(NET));
	file = net_file();
	request = join_request(file, 2);
	CHECK(!join(fd, &request));
	CHECK(request.slot == 0);
	close(file);
	close(fd);
	fd = tiny_open();
	file = open("other", O_RDWR);
	CHECK(!ftruncate(file, 100000) && !ftruncate(file, 1));
	request = join_request(file, 2);
	CHECK(!join(fd, &request));
	CHECK(request.slot == 1);
	close(file);
	close(fd);
	port_close(&p);
	unlink("other");
}

static bool touch_ends_in_sigbus(volatile uint8_t *at)
{
	pid_t pid = fork();
	int status;

	CHECK(pid >= 0);
	if (!pid) {
		(void)*at;
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS;
}

#define MAP(fd, bytes, prot, flags, offset) \
	((intptr_t)mmap(NULL, bytes, prot, flags, fd, offset))

static void mappings(void)
{
	int fd = tiny_open();
	struct port p;
	uint8_t *map;

	CHECK_FAILS(MAP(fd, 4096, PROT_READ, MAP_SHARED, 0), EINVAL);
	close(fd);
	port_open(&p, 1, 0);
	CHECK_FAILS(MAP(p.fd, 4096, PROT_READ | PROT_WRITE, MAP_SHARED,
			LGUEST_MAP_PAGE), EACCES);
	CHECK_FAILS(MAP(p.fd, 4096, PROT_READ | PROT_WRITE, MAP_SHARED,
			LGUEST_MAP_PAIRS), EACCES);
	CHECK_FAILS(MAP(p.fd, 4096, PROT_READ, MAP_PRIVATE, LGUEST_MAP_PAGE),
		    EINVAL);
	CHECK_FAILS(MAP(p.fd, LGUEST_MAP_OWN + 4096ul, PROT_READ, MAP_SHARED,
			LGUEST_MAP_PAGE), EINVAL);
	map = mmap(NULL, LGUEST_MAP_OWN, PROT_READ, MAP_SHARED, p.fd, 0);
	CHECK(map != MAP_FAILED);
	CHECK(mprotect(map, 4096, PROT_READ | PROT_WRITE) && errno == EACCES);
	CHECK(!touch_ends_in_sigbus(map));
	CHECK(touch_ends_in_sigbus(map + 4096));
	CHECK(!touch_ends_in_sigbus(map + LGUEST_MAP_PAIRS));
	CHECK(touch_ends_in_sigbus(map + LGUEST_MAP_PAIRS +
				   sizeof(struct lguest_net_pairs) + 4096));
	munmap(map, LGUEST_MAP_OWN);
	map = mmap(NULL, PORT_BYTES + 16384, PROT_READ, MAP_SHARED, p.fd,
		   LGUEST_MAP_OWN);
	CHECK(map != MAP_FAILED);
	CHECK(!touch_ends_in_sigbus(map + PORT_BYTES - 1));
	CHECK(touch_ends_in_sigbus(map + PORT_BYTES + 8192));
	munmap(map, PORT_BYTES + 16384);
	port_close(&p);
}

/* Frames of any length, to anybody, from anybody. */
static void frames(void)
{
	struct port a, b;
	uint32_t i;

	port_open(&a, 1, LGUEST_SLOT_STRICT);
	port_open(&b, 2, 0);
	put(&a, 2, 1, LGUEST_FRAME_MIN - 1, 1);
	put(&a, 2, 1, 0, 2);
	put(&a, 2, 1, UINT32_MAX, 3);
	put(&a, 2, 3, FRAME, 4);
	put(&a, 9, 1, FRAME, 5);
	put(&a, 1, 1, FRAME, 6);
	put(&a, 2, 1, LGUEST_FRAME_MIN, 7);
	CHECK(!kick(&a));
	CHECK(take(&b) >= 0 && take(&b) == -1);
	CHECK(counted(&a, LGUEST_NET_NOBODY, LGUEST_DROP_MALFORMED) == 3);
	CHECK(counted(&a, LGUEST_NET_NOBODY, LGUEST_DROP_SPOOFED) == 1);
	CHECK(counted(&a, LGUEST_NET_NOBODY, LGUEST_DROP_UNKNOWN) == 2);
	CHECK(counted(&a, b.slot, LGUEST_DELIVERED) == 1);
	/* One in more parts than there may be, and one that never ends. */
	for (i = 0; i < LGUEST_FRAME_PARTS + 1; i++) {
		put(&a, 2, 1, FRAME, 8);
		a.rings->send.desc[(a.sent - 1) % LGUEST_DMA_RING].flags =
			i < LGUEST_FRAME_PARTS ? LGUEST_DMA_MORE : 0;
	}
	put(&a, 2, 1, FRAME, 9);
	a.rings->send.desc[(a.sent - 1) % LGUEST_DMA_RING].flags =
		LGUEST_DMA_MORE;
	CHECK(!kick(&a));
	CHECK(a.rings->send.taken == a.sent);
	CHECK(take(&b) == -1);
	CHECK(counted(&a, LGUEST_NET_NOBODY, LGUEST_DROP_MALFORMED) == 5);
	port_close(&b);
	port_close(&a);
}

static void bad_rings(void)
{
	struct port a, b;

	port_open(&a, 1, 0);
	port_open(&b, 2, 0);
	a.rings->send.given = LGUEST_DMA_RING + 1;
	CHECK_FAILS(kick(&a), EINVAL);
	a.rings->send.given = 0;
	put(&a, 2, 1, FRAME, 1);
	a.rings->send.desc[0].address = UINT32_MAX - 8;
	CHECK_FAILS(kick(&a), EINVAL);
	a.rings->send.desc[0].address = PORT_BYTES + 4096;
	CHECK_FAILS(kick(&a), EINVAL);
	a.rings->send.desc[0].address = buffer_at(0);
	a.rings->send.desc[0].address = buffer_at(LGUEST_DMA_RING);
	CHECK(!kick(&a));
	CHECK(take(&b) == 1);
	b.rings->receive.desc[1].address = UINT32_MAX - 8;
	put(&a, 2, 1, FRAME, 2);
	put(&a, 2, 1, FRAME, 3);
	CHECK(!kick(&a));
	CHECK(take(&b) == -1);
	CHECK(counted(&a, b.slot, LGUEST_DROP_RING) == 2);
	port_close(&b);
	port_close(&a);
}

/* Station 1 sends to station 2, which takes none, until there is no room. */
static uint32_t fill_receiver(struct port *p)
{
	uint32_t i;

	for (i = 0; i < LGUEST_DMA_RING; i++)
		put(p, 2, 1, FRAME, i);
	CHECK(!kick(p));
	return i;
}

/* Who does not receive is waited for, but not for ever; then it is again. */
static void no_receiver(void)
{
	struct port a, b;
	uint32_t i;

	port_open(&a, 1, 0);
	port_open(&b, 2, 0);
	i = fill_receiver(&a);
	put(&a, 2, 1, FRAME, i++);
	CHECK(kick(&a) == LGUEST_DMA_STOPPED);
	CHECK(!(polled(&a, 0) & POLLOUT));
	CHECK(take(&b) == 0);
	CHECK(polled(&a, 0) & POLLOUT);
	CHECK(!kick(&a));
	put(&a, 2, 1, FRAME, i++);
	CHECK(kick(&a) == LGUEST_DMA_STOPPED);
	CHECK(polled(&a, 5000) & POLLOUT);
	CHECK(!kick(&a));
	CHECK(counted(&a, b.slot, LGUEST_DROP_STUCK) == 1);
	/* Broadcasts never wait. */
	put(&a, 2, 1, FRAME, 0);
	memset(frame_at(&a, LGUEST_DMA_RING + (a.sent - 1) % LGUEST_DMA_RING) +
	       LGUEST_FRAME_HEADER, 0xff, 6);
	CHECK(!kick(&a));
	CHECK(counted(&a, b.slot, LGUEST_DROP_STUCK) == 2);
	for (i = 1; i <= LGUEST_DMA_RING; i++)
		CHECK(take(&b) == i);
	CHECK(take(&b) == -1);
	put(&a, 2, 1, FRAME, 4711);
	CHECK(!kick(&a));
	CHECK(take(&b) == 4711);
	port_close(&b);
	port_close(&a);
}

/* One that leaves while others wait for it. */
static void receiver_leaves(void)
{
	struct port a, b;
	uint32_t i;

	port_open(&a, 1, 0);
	port_open(&b, 2, 0);
	i = fill_receiver(&a);
	put(&a, 2, 1, FRAME, i);
	CHECK(kick(&a) == LGUEST_DMA_STOPPED);
	port_close(&b);
	CHECK(polled(&a, 0) & POLLOUT);
	CHECK(!kick(&a));
	CHECK(counted(&a, LGUEST_NET_NOBODY, LGUEST_DROP_UNKNOWN) == 1);
	port_close(&a);
}

static void links(void)
{
	struct lguest_net_set set = {
		.slot = 1, .mask = LGUEST_SLOT_DOWN, .flags = LGUEST_SLOT_DOWN,
	};
	struct port a, b;

	port_open(&a, 1, 0);
	port_open(&b, 2, 0);
	set.slot = b.slot;
	CHECK(!ioctl(a.fd, LGUEST_NET_SET, &set));
	put(&a, 2, 1, FRAME, 1);
	CHECK(!kick(&a));
	put(&b, 1, 2, FRAME, 2);
	CHECK(!kick(&b));
	CHECK(take(&a) == -1 && take(&b) == -1);
	CHECK(counted(&a, b.slot, LGUEST_DROP_DOWN) == 1);
	CHECK(counted(&b, LGUEST_NET_NOBODY, LGUEST_DROP_DOWN) == 1);
	set.flags = 0;
	CHECK(!ioctl(a.fd, LGUEST_NET_SET, &set));
	put(&a, 2, 1, FRAME, 3);
	CHECK(!kick(&a));
	CHECK(take(&b) == 3);
	set.slot = 5;
	CHECK_FAILS(ioctl(a.fd, LGUEST_NET_SET, &set), ENOENT);
	set.slot = LGUEST_NET_SLOTS;
	CHECK_FAILS(ioctl(a.fd, LGUEST_NET_SET, &set), EINVAL);
	set.slot = b.slot;
	set.mask = LGUEST_SLOT_USED;
	CHECK_FAILS(ioctl(a.fd, LGUEST_NET_SET, &set), EINVAL);
	port_close(&b);
	port_close(&a);
}

/* Has the contract's words about the first owner of an address. */
static void stolen_address(void)
{
	struct port a, b, thief;

	port_open(&a, 1, 0);
	port_open(&b, 2, 0);
	port_open(&thief, 2, 0);
	put(&a, 2, 1, FRAME, 1);
	CHECK(!kick(&a));
	CHECK(take(&b) == 1 && take(&thief) == -1);
	port_close(&b);
	put(&a, 2, 1, FRAME, 2);
	CHECK(!kick(&a));
	CHECK(take(&thief) == 2);
	port_close(&thief);
	port_close(&a);
}

static struct lguest_net_divert pair_of(const struct port *from,
					const struct port *to, uint8_t on)
{
	return (struct lguest_net_divert) {
		.source = from->slot, .target = to->slot, .on = on,
	};
}

#define DIVERT(p, request)	ioctl((p)->fd, LGUEST_NET_DIVERT, request)

static void bad_diversions(void)
{
	struct lguest_net_divert request;
	struct port a, b, s, other;
	int fd = tiny_open();

	port_open(&a, 1, 0);
	port_open(&b, 2, 0);
	port_open(&s, 3, 0);
	port_open(&other, 4, 0);
	request = pair_of(&a, &b, 1);
	CHECK_FAILS(DIVERT(&(struct port) { .fd = fd }, &request), EINVAL);
	CHECK_FAILS(DIVERT(&s, NULL), EFAULT);
	request.on = 2;
	CHECK_FAILS(DIVERT(&s, &request), EINVAL);
	request = pair_of(&a, &b, 1);
	request.reserved[4] = 1;
	CHECK_FAILS(DIVERT(&s, &request), EINVAL);
	request = pair_of(&a, &b, 1);
	request.source = LGUEST_NET_NOBODY + 1;
	CHECK_FAILS(DIVERT(&s, &request), EINVAL);
	request = pair_of(&a, &b, 1);
	request.target = 255;
	CHECK_FAILS(DIVERT(&s, &request), EINVAL);
	request = pair_of(&a, &a, 1);
	CHECK_FAILS(DIVERT(&s, &request), EINVAL);
	request = pair_of(&s, &a, 1);
	CHECK_FAILS(DIVERT(&s, &request), EINVAL);
	request = pair_of(&a, &s, 1);
	CHECK_FAILS(DIVERT(&s, &request), EINVAL);
	/* Whose it is it stays, whatever others say. */
	request = pair_of(&a, &b, 1);
	CHECK(!DIVERT(&s, &request) && !DIVERT(&s, &request));
	CHECK_FAILS(DIVERT(&other, &request), EBUSY);
	request.source = LGUEST_NET_NOBODY;
	request.target = LGUEST_NET_NOBODY;
	CHECK_FAILS(DIVERT(&other, &request), EBUSY);
	request.on = 0;
	CHECK(!DIVERT(&other, &request));
	put(&a, 2, 1, FRAME, 1);
	CHECK(!kick(&a));
	CHECK(take(&b) == -1 && take(&s) == 1);
	/* The failed wish for all has not left a part of itself. */
	put(&b, 1, 2, FRAME, 2);
	CHECK(!kick(&b));
	CHECK(take(&a) == 2);
	port_close(&s);
	request.on = 1;
	CHECK(!DIVERT(&other, &request));
	port_close(&other);
	port_close(&b);
	port_close(&a);
	close(fd);
}

/* Queue a frame that is to be sent on for a pair. */
static void put_for(struct port *p, uint16_t pair, uint8_t to,
		    uint32_t sequence)
{
	struct lguest_dma_desc *desc =
		&p->rings->send.desc[p->sent % LGUEST_DMA_RING];

	put(p, to, 77, FRAME, sequence);
	desc->flags = LGUEST_DMA_PAIR;
	desc->source = pair;
}

static const struct lguest_dma_desc *taken(const struct port *p)
{
	return &p->rings->receive.desc[(p->received - 1) % LGUEST_DMA_RING];
}

/* A frame goes to who diverts it, and on, STRICT or not; in between nowhere. */
static void diversions(void)
{
	struct lguest_net_divert request;
	struct port a, b, s;
	uint16_t pair;

	port_open(&a, 1, LGUEST_SLOT_STRICT);
	port_open(&b, 2, 0);
	port_open(&s, 3, LGUEST_SLOT_STRICT);
	pair = LGUEST_PAIR(a.slot, b.slot);
	request = pair_of(&a, &b, 1);
	CHECK(!DIVERT(&s, &request));
	put(&a, 2, 1, FRAME, 1);
	CHECK(!kick(&a));
	CHECK(take(&b) == -1 && take(&s) == 1);
	CHECK(taken(&s)->flags == LGUEST_DMA_PAIR && taken(&s)->source == pair);
	CHECK(counted(&a, s.slot, LGUEST_DELIVERED) == 1);
	CHECK(counted(&a, b.slot, LGUEST_DELIVERED) == 0);
	/* Whatever it says, it goes to the target. */
	put_for(&s, pair, 99, 2);
	CHECK(!kick(&s));
	CHECK(take(&b) == 2 && taken(&b)->source == a.slot);
	CHECK(taken(&b)->flags == 0);
	CHECK(counted(&a, b.slot, LGUEST_DELIVERED) == 1);
	/* So it does if its source is down or gone, but not if its target is. */
	port_close(&a);
	put_for(&s, pair, 2, 3);
	CHECK(!kick(&s));
	CHECK(take(&b) == 3);
	port_close(&b);
	put_for(&s, pair, 2, 4);
	CHECK(!kick(&s));
	port_open(&a, 1, 0);
	CHECK(LGUEST_PAIR(a.slot, 1) == pair);
	/* Slots are numbers: who has them now is meant. */
	port_open(&b, 2, 0);
	put(&a, 2, 1, FRAME, 5);
	CHECK(!kick(&a));
	CHECK(take(&b) == -1 && take(&s) == 5);
	request.on = 0;
	CHECK(!DIVERT(&s, &request));
	put(&a, 2, 1, FRAME, 6);
	CHECK(!kick(&a));
	CHECK(take(&b) == 6 && take(&s) == -1);
	port_close(&s);
	port_close(&b);
	port_close(&a);
}

/* Who does not divert a pair cannot speak for it, only for itself. */
static void sent_on_by_others(void)
{
	struct lguest_net_divert request;
	struct port a, b, s, other, bound;

	port_open(&a, 1, 0);
	port_open(&b, 2, 0);
	port_open(&s, 3, 0);
	port_open(&other, 4, 0);
	port_open(&bound, 5, LGUEST_SLOT_STRICT);
	/* Before there ever was a diversion, and then. */
	put_for(&other, LGUEST_PAIR(a.slot, b.slot), 2, 1);
	CHECK(!kick(&other));
	request = pair_of(&a, &b, 1);
	CHECK(!DIVERT(&s, &request));
	put_for(&other, LGUEST_PAIR(a.slot, b.slot), 2, 2);
	CHECK(!kick(&other));
	CHECK(counted(&other, LGUEST_NET_NOBODY, LGUEST_DROP_SPOOFED) == 2);
	/* Not even for itself, if it is STRICT. */
	put_for(&bound, LGUEST_PAIR(bound.slot, b.slot), 2, 3);
	put_for(&other, LGUEST_PAIR(other.slot, other.slot), 2, 3);
	CHECK(!kick(&bound) && !kick(&other));
	CHECK(counted(&bound, LGUEST_NET_NOBODY, LGUEST_DROP_SPOOFED) == 1);
	CHECK(counted(&other, LGUEST_NET_NOBODY, LGUEST_DROP_SPOOFED) == 3);
	put_for(&other, LGUEST_PAIR(other.slot, b.slot), 99, 9);
	CHECK(!kick(&other));
	CHECK(take(&b) == 9 && taken(&b)->source == other.slot);
	/* The wrong way, nobody's slots, slots that never were. */
	put_for(&s, LGUEST_PAIR(b.slot, a.slot), 1, 4);
	put_for(&s, LGUEST_PAIR(LGUEST_NET_NOBODY, b.slot), 2, 5);
	put_for(&s, LGUEST_PAIR(a.slot, LGUEST_NET_NOBODY), 2, 6);
	put_for(&s, 0xffff, 2, 7);
	request.source = 100;
	CHECK(!DIVERT(&s, &request));
	put_for(&s, LGUEST_PAIR(100, b.slot), 2, 8);
	CHECK(!kick(&s));
	CHECK(counted(&s, LGUEST_NET_NOBODY, LGUEST_DROP_SPOOFED) == 5);
	CHECK(take(&a) == -1 && take(&b) == -1);
	port_close(&bound);
	port_close(&other);
	port_close(&s);
	port_close(&b);
	port_close(&a);
}

/* Who has the slot of a port that has gone does not get what that diverted. */
static void diverter_leaves(void)
{
	struct lguest_net_divert request = {
		.source = LGUEST_NET_NOBODY, .target = LGUEST_NET_NOBODY,
		.on = 1,
	};
	struct port a, b, s, next;
	uint32_t i;

	port_open(&a, 1, 0);
	port_open(&b, 2, 0);
	port_open(&s, 3, 0);
	CHECK(!DIVERT(&s, &request));
	/* It is waited for as its target would have been, until it leaves. */
	i = fill_receiver(&a);
	put(&a, 2, 1, FRAME, i);
	CHECK(kick(&a) == LGUEST_DMA_STOPPED);
	port_close(&s);
	port_open(&next, 4, 0);
	CHECK(next.slot == 2);
	CHECK(polled(&a, 0) & POLLOUT);
	CHECK(!kick(&a));
	CHECK(take(&b) == i && take(&next) == -1);
	port_close(&next);
	port_close(&b);
	port_close(&a);
}

static uint16_t flags_of(const struct port *p)
{
	const struct lguest_net_page *page;
	uint16_t flags;

	page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, p->fd, LGUEST_MAP_PAGE);
	CHECK(page != MAP_FAILED);
	flags = page->slot[p->slot].flags;
	munmap((void *)page, 4096);
	return flags;
}

static bool joins_strict(uint16_t flags)
{
	struct port p;
	bool strict;

	port_open(&p, 9, flags);
	strict = flags_of(&p) & LGUEST_SLOT_STRICT;
	port_close(&p);
	return strict;
}

/* Who joins is STRICT while a port wants that, but uplinks are not. */
static void strict_joiners(void)
{
	struct lguest_net_set set = {
		.slot = LGUEST_NET_NOBODY, .mask = LGUEST_SLOT_STRICT,
		.flags = LGUEST_SLOT_STRICT,
	};
	struct port a, b;

	port_open(&a, 1, 0);
	port_open(&b, 2, 0);
	CHECK(!joins_strict(0));
	CHECK(!ioctl(a.fd, LGUEST_NET_SET, &set));
	CHECK(!ioctl(a.fd, LGUEST_NET_SET, &set));
	CHECK(!ioctl(b.fd, LGUEST_NET_SET, &set));
	CHECK(joins_strict(0) && !joins_strict(LGUEST_SLOT_UPLINK));
	CHECK(!(flags_of(&b) & LGUEST_SLOT_STRICT));
	set.flags = 0;
	CHECK(!ioctl(a.fd, LGUEST_NET_SET, &set));
	CHECK(joins_strict(0));
	port_close(&b);
	CHECK(!joins_strict(0));
	set.mask |= LGUEST_SLOT_DOWN;
	CHECK_FAILS(ioctl(a.fd, LGUEST_NET_SET, &set), EINVAL);
	set.mask = LGUEST_SLOT_PROMISC;
	CHECK_FAILS(ioctl(a.fd, LGUEST_NET_SET, &set), EINVAL);
	set.slot = LGUEST_NET_NOBODY + 1;
	set.mask = LGUEST_SLOT_STRICT;
	CHECK_FAILS(ioctl(a.fd, LGUEST_NET_SET, &set), EINVAL);
	port_close(&a);
}

static void fill_with_garbage(void *memory, size_t bytes, unsigned int *seed)
{
	uint8_t *at = memory;
	size_t i;

	for (i = 0; i < bytes; i++)
		if (!(rand_r(seed) % 4))
			at[i] = rand_r(seed);
}

/*
 * A port scribbles over its rings, from one thread, while another one sends
 * and restocks without end.
 */
static void *scribble(void *context)
{
	struct port *p = context;
	unsigned int seed = p->slot;

	for (;;) {
		fill_with_garbage(&p->rings->send, 64, &seed);
		fill_with_garbage(&p->rings->receive, 64, &seed);
		fill_with_garbage(p->rings, sizeof(*p->rings), &seed);
	}
	return NULL;
}

/* From anybody but the two that behave, to anybody. */
static void divert_at_random(const struct port *p, unsigned int *seed)
{
	struct lguest_net_divert divert = {
		.source = 2 + rand_r(seed) % 16, .target = rand_r(seed) % 16,
		.on = rand_r(seed) % 4 > 0,
	};

	DIVERT(p, &divert);
}

static void be_hostile(uint8_t number)
{
	struct lguest_net_listen listen = {
		.fd = net_file(), .snaplen = 100, .log_bytes = LGUEST_LOG_MIN,
	};
	int fd = tiny_open();
	unsigned int seed = number;
	pthread_t thread;
	struct port p;
	void *log;

	port_open(&p, number, 0);
	CHECK(!ioctl(fd, LGUEST_NET_LISTEN, &listen));
	log = mmap(NULL, 4096 + LGUEST_LOG_MIN, PROT_READ | PROT_WRITE,
		   MAP_SHARED, fd, LGUEST_MAP_OWN);
	CHECK(log != MAP_FAILED);
	CHECK(!pthread_create(&thread, NULL, scribble, &p));
	for (;;) {
		kick(&p);
		/* So that garbage is not all there is. */
		p.rings->send.given = p.rings->send.taken + 1;
		kick(&p);
		ioctl(p.fd, LGUEST_NET_RESTOCK);
		divert_at_random(&p, &seed);
		fill_with_garbage(log, 4096 + 256, &seed);
		polled(&p, 0);
	}
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Two that behave get every frame of theirs, in order, all the time. */
static void others_go_on(void)
{
	uint32_t next = 0, got = 0;
	int64_t sequence;
	pid_t pid[3];
	struct port a, b;
	double end;
	int i, status;

	port_open(&a, 1, 0);
	port_open(&b, 2, 0);
	for (i = 0; i < 3; i++) {
		pid[i] = fork();
		CHECK(pid[i] >= 0);
		if (!pid[i])
			be_hostile(10 + i);
	}
	for (end = seconds() + GARBAGE_SECONDS; seconds() < end; ) {
		for (i = 0; i < 32; i++)
			put(&a, 2, 1, FRAME, next++ | 0x40000000);
		while (kick(&a))
			polled(&a, 1000);
		while ((sequence = take(&b)) >= 0)
			/* Else it is one of theirs. */
			if (sequence == (got | 0x40000000))
				got++;
		CHECK(got == next);
		while (take(&a) >= 0)
			;
	}
	for (i = 0; i < 3; i++) {
		kill(pid[i], SIGKILL);
		CHECK(waitpid(pid[i], &status, 0) == pid[i]);
		CHECK(WTERMSIG(status) == SIGKILL);
	}
	printf("   %u frames amid garbage\n", got);
	port_close(&b);
	port_close(&a);
}

#define CASE(fn) { fn, #fn }

static const struct {
	void (*fn)(void);
	const char *name;
} cases[] = {
	CASE(bad_files), CASE(bad_joins), CASE(bad_listens), CASE(one_role),
	CASE(slots), CASE(death_frees_slot), CASE(names), CASE(mappings),
	CASE(frames), CASE(bad_rings), CASE(no_receiver),
	CASE(receiver_leaves), CASE(links), CASE(stolen_address),
	CASE(bad_diversions), CASE(diversions), CASE(sent_on_by_others),
	CASE(diverter_leaves), CASE(strict_joiners), CASE(others_go_on),
};

/* In a folder of its own, where it makes the nets' files. */
int main(void)
{
	size_t i;

	tiny_signals();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cases[i].fn();
		unlink(NET);
		printf("ok: %s\n", cases[i].name);
	}
	return 0;
}
