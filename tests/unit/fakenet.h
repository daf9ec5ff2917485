/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fakenet.h - a stand-in for lg.ko's side of a port, in the same memory: it
 * fills receive buffers, takes what is sent, and answers the ioctl()s, which
 * it gets instead of the kernel.  It minds the contract (lguest/dma.h) where
 * lg.ko would: what it is given has to lie in the buffers.
 */
#ifndef TESTS_UNIT_FAKENET_H
#define TESTS_UNIT_FAKENET_H

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "netport.h"
#include "test.h"

/* No file has it. */
#define FAKENET_FD	1000

struct fakenet {
	struct lguest_port *shared;
	size_t bytes;
	uint32_t received, sent;	/* descriptors used */
	unsigned int send_room;		/* frames that receivers still take */
	unsigned int sends, restocks;	/* ioctl()s */
	int error;			/* that the next call fails with */
	struct lguest_net_divert divert;	/* the last one */
	struct lguest_net_set set;
	/* The last frames that went out, numbered through. */
	uint32_t frames;
	struct {
		uint32_t bytes;
		uint16_t flags, source;	/* of its descriptor */
		uint8_t data[64];	/* its beginning */
	} frame[2 * LGUEST_DMA_RING];
};

static struct fakenet fakenet;

static inline void fakenet_open(struct netport *port)
{
	size_t bytes = netport_bytes();

	free(fakenet.shared);
	fakenet = (struct fakenet){
		.shared = aligned_alloc(4096, bytes),
		.bytes = bytes,
		.send_room = ~0U,
	};
	memset(fakenet.shared, 0, bytes);
	*port = (struct netport){ .fd = FAKENET_FD };
	netport_set_up(port, fakenet.shared, bytes);
}

static inline uint8_t *fakenet_at(uint32_t address, uint32_t bytes)
{
	assert_true(address >= sizeof(struct lguest_port));
	assert_true(bytes <= fakenet.bytes && address <= fakenet.bytes - bytes);
	return (uint8_t *)fakenet.shared + address;
}

static inline struct lguest_dma_desc *
fakenet_desc(struct lguest_dma_ring *ring, uint32_t index)
{
	return &ring->desc[index % LGUEST_DMA_RING];
}

/* A frame for the port, of bytes that count up from @seed. */
static inline bool fakenet_deliver_as(uint32_t bytes, uint8_t seed,
				      unsigned int source, uint16_t flags)
{
	struct lguest_dma_ring *ring = &fakenet.shared->receive;
	uint32_t room = 0, buffers = 0, done = 0, i;

	assert_true(ring->given - fakenet.received <= LGUEST_DMA_RING);
	for (; room < bytes; buffers++) {
		if (fakenet.received + buffers == ring->given) {
			ring->wanted = 1;
			return false;
		}
		room += fakenet_desc(ring, fakenet.received + buffers)->bytes;
	}
	for (i = 0; i < buffers; i++) {
		struct lguest_dma_desc *desc =
			fakenet_desc(ring, fakenet.received + i);
		uint32_t here = bytes - done < desc->bytes ? bytes - done :
							     desc->bytes;
		uint8_t *to = fakenet_at(desc->address, desc->bytes);
		uint32_t j;

		assert_int_equal(desc->used, 0);
		for (j = 0; j < here; j++)
			to[j] = seed + done + j;
		desc->flags = flags | (i + 1 < buffers ? LGUEST_DMA_MORE : 0);
		desc->source = source;
		desc->used = here;
		done += here;
	}
	fakenet.received += buffers;
	ring->taken = fakenet.received;
	return true;
}

static inline bool fakenet_deliver(uint32_t bytes, uint8_t seed,
				   unsigned int source)
{
	return fakenet_deliver_as(bytes, seed, source, 0);
}

static inline bool fakenet_poll_in(void)
{
	return fakenet.received != fakenet.shared->receive.seen;
}

static inline bool fakenet_fails(void)
{
	if (!fakenet.error)
		return false;
	errno = fakenet.error;
	fakenet.error = 0;
	return true;
}

static inline int fakenet_send(void)
{
	struct lguest_dma_ring *ring = &fakenet.shared->send;

	fakenet.sends++;
	assert_true(ring->given - fakenet.sent <= LGUEST_DMA_RING);
	while (fakenet.sent != ring->given && fakenet.send_room) {
		struct lguest_dma_desc *desc = fakenet_desc(ring, fakenet.sent);
		uint8_t *data = fakenet_at(desc->address, desc->bytes);
		uint32_t i = fakenet.frames++ % ARRAY_SIZE(fakenet.frame);

		assert_true(desc->bytes <= LGUEST_FRAME_MAX);
		assert_int_equal(desc->flags & ~LGUEST_DMA_PAIR, 0);
		fakenet.frame[i].flags = desc->flags;
		fakenet.frame[i].source = desc->source;
		fakenet.frame[i].bytes = desc->bytes;
		memcpy(fakenet.frame[i].data, data, desc->bytes < 64 ?
		       desc->bytes : 64);
		fakenet.send_room--;
		fakenet.sent++;
		ring->taken = fakenet.sent;
	}
	return fakenet.sent == ring->given ? 0 : LGUEST_DMA_STOPPED;
}

/* What a test that joins wants to see of it; NULL: it does not join. */
static int (*fakenet_join)(struct lguest_net_join *join);

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	assert_int_equal(fd, FAKENET_FD);
	switch (request) {
	case LGUEST_NET_SEND:
		return fakenet_fails() ? -1 : fakenet_send();
	case LGUEST_NET_DIVERT:
		memcpy(&fakenet.divert, arg, sizeof(fakenet.divert));
		return fakenet_fails() ? -1 : 0;
	case LGUEST_NET_SET:
		memcpy(&fakenet.set, arg, sizeof(fakenet.set));
		return fakenet_fails() ? -1 : 0;
	case LGUEST_NET_RESTOCK:
		fakenet.restocks++;
		fakenet.shared->receive.wanted = 0;
		return 0;
	case LGUEST_NET_JOIN:
		return fakenet_join(arg);
	}
	errno = ENOTTY;
	return -1;
}

#endif
