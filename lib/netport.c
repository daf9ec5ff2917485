// SPDX-License-Identifier: GPL-2.0
/*
 * netport.c - a port's rings and buffers.  See netport.h.
 *
 * The memory that is shared with lg.ko: the two rings, then a buffer for each
 * descriptor of the receive ring, always the same one, then the send area.
 * That is used round and round; each frame is in one piece there, so it takes
 * one descriptor, and read() from a file can fill it directly.
 * guide: C:025
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "chardev.h"
#include "netjoin.h"
#include "netport.h"

#define PAGE		4096U

/* A receive buffer; the longest frame takes 17, less than may be. */
#define BUFFER_BYTES	PAGE
/* Some of the longest frames. */
#define AREA_BYTES	(1U << 20)

/* Offsets in the shared memory. */
#define BUFFERS_AT	((sizeof(struct lguest_port) + PAGE - 1) / PAGE * PAGE)
#define AREA_AT		(BUFFERS_AT + LGUEST_DMA_RING * BUFFER_BYTES)
#define SHARED_BYTES	(AREA_AT + AREA_BYTES)

/* What frames in the area are rounded up to: whole cache lines. */
#define FRAME_ALIGN	64U
#define ROUND_UP(bytes)	(((bytes) + FRAME_ALIGN - 1) / FRAME_ALIGN * FRAME_ALIGN)
#define FRAME_ROOM	ROUND_UP(LGUEST_FRAME_MAX)

_Static_assert(BUFFER_BYTES * LGUEST_FRAME_PARTS >= LGUEST_FRAME_MAX,
	       "the longest frame fits into its parts");

static struct lguest_dma_desc *desc_of(struct lguest_dma_ring *ring,
				       uint32_t index)
{
	return &ring->desc[index % LGUEST_DMA_RING];
}

static uint8_t *buffer_of(const struct netport *port, uint32_t index)
{
	return (uint8_t *)port->shared + BUFFERS_AT +
	       index % LGUEST_DMA_RING * BUFFER_BYTES;
}

static uint8_t *area_of(const struct netport *port)
{
	return (uint8_t *)port->shared + AREA_AT;
}

/* --- joining --- */

void netport_set_up(struct netport *port, struct lguest_port *shared,
		    size_t bytes)
{
	struct lguest_dma_ring *ring = &shared->receive;
	uint32_t i;

	port->shared = shared;
	port->shared_bytes = bytes;
	port->next = 0;
	port->given = port->taken = 0;
	port->head = port->tail = 0;
	for (i = 0; i < LGUEST_DMA_RING; i++) {
		ring->desc[i].address = BUFFERS_AT + i * BUFFER_BYTES;
		ring->desc[i].bytes = BUFFER_BYTES;
		ring->desc[i].used = 0;
	}
	__atomic_store_n(&ring->given, LGUEST_DMA_RING, __ATOMIC_RELEASE);
}

size_t netport_bytes(void)
{
	return SHARED_BYTES;
}

static bool map_all(struct netport *port, struct why *why)
{
	void *shared = NULL;

	if (!chardev_map(port->fd, LGUEST_MAP_PAGE, sizeof(*port->page),
			 false, (void **)&port->page, why) ||
	    !chardev_map(port->fd, LGUEST_MAP_PAIRS, sizeof(*port->pairs),
			 false, (void **)&port->pairs, why) ||
	    !chardev_map(port->fd, LGUEST_MAP_OWN, SHARED_BYTES, true, &shared,
			 why))
		return false;
	netport_set_up(port, shared, SHARED_BYTES);
	return true;
}

static bool join(struct netport *port, int net, const char *name,
		 const struct netport_wish *wish, struct why *why)
{
	struct lguest_net_join join = {
		.fd = net,
		.device = LGUEST_JOIN_PORT,
		.slot = wish->slot,
		.flags = wish->flags,
		.buffer_bytes = SHARED_BYTES - sizeof(struct lguest_port),
	};

	memcpy(join.mac, wish->mac, sizeof(join.mac));
	netjoin_set_name(&join, wish->name);
	if (!netjoin(port->fd, &join, name, why))
		return false;
	port->slot = join.slot;
	port->same_mac = join.same_mac;
	return true;
}

bool netport_open(struct netport *port, int net, const char *name,
		  const struct netport_wish *wish, struct why *why)
{
	*port = (struct netport){ .fd = chardev_open(why) };
	if (port->fd < 0)
		return false;
	if (join(port, net, name, wish, why) && map_all(port, why))
		return true;
	netport_close(port);
	return false;
}

void netport_close(struct netport *port)
{
	if (port->fd < 0)
		return;
	chardev_unmap(port->page, sizeof(*port->page));
	chardev_unmap(port->pairs, sizeof(*port->pairs));
	chardev_unmap(port->shared, port->shared_bytes);
	close(port->fd);
	*port = (struct netport){ .fd = -1 };
}

/* --- receiving --- */

/* Whose frame it is; of a diverted one also for whom it was meant. */
static void take_slots(struct netport_frame *frame,
		       const struct lguest_dma_desc *desc)
{
	frame->diverted = desc->flags & LGUEST_DMA_PAIR;
	frame->source = desc->source;
	frame->target = 0;
	if (frame->diverted) {
		frame->source = LGUEST_PAIR_SOURCE(desc->source);
		frame->target = LGUEST_PAIR_TARGET(desc->source);
	}
}

/* One buffer's part of a frame; false: nothing is in it yet. */
static bool add_part(const struct netport *port, uint32_t index,
		     struct netport_frame *frame, bool *more)
{
	struct lguest_dma_desc *desc = desc_of(&port->shared->receive, index);
	uint32_t used = __atomic_load_n(&desc->used, __ATOMIC_ACQUIRE);

	if (!used)
		return false;
	if (used > BUFFER_BYTES)
		used = BUFFER_BYTES;
	frame->iov[frame->parts].iov_base = buffer_of(port, index);
	frame->iov[frame->parts].iov_len = used;
	frame->parts++;
	frame->bytes += used;
	take_slots(frame, desc);
	*more = desc->flags & LGUEST_DMA_MORE;
	return true;
}

static bool get_frame(const struct netport *port, uint32_t index,
		      struct netport_frame *frame)
{
	bool more = true;

	frame->parts = 0;
	frame->bytes = 0;
	while (more && frame->parts < LGUEST_FRAME_PARTS)
		if (!add_part(port, index + frame->parts, frame, &more))
			return false;
	return true;
}

unsigned int netport_receive(struct netport *port, struct netport_frame *frame,
			     unsigned int max)
{
	uint32_t index = port->next;
	unsigned int count = 0;

	/* After a round of the whole ring its first frame would come again. */
	while (count < max && index - port->next < LGUEST_DMA_RING &&
	       get_frame(port, index, &frame[count]))
		index += frame[count++].parts;
	__atomic_store_n(&port->shared->receive.seen, index, __ATOMIC_RELEASE);
	return count;
}

void netport_release(struct netport *port, const struct netport_frame *frame,
		     unsigned int count)
{
	struct lguest_dma_ring *ring = &port->shared->receive;
	uint32_t end = port->next;

	if (!count)
		return;
	while (count--)
		end += frame++->parts;
	for (; port->next != end; port->next++)
		__atomic_store_n(&desc_of(ring, port->next)->used, 0,
				 __ATOMIC_RELAXED);
	__atomic_store_n(&ring->given, end + LGUEST_DMA_RING,
			 __ATOMIC_RELEASE);
	/* The buffers first, then look whether anybody waits for some. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (__atomic_load_n(&ring->wanted, __ATOMIC_RELAXED))
		ioctl(port->fd, LGUEST_NET_RESTOCK);
}

void netport_quiet(struct netport *port, bool quiet)
{
	__atomic_store_n(&port->shared->receive.quiet, quiet,
			 __ATOMIC_RELAXED);
	if (!quiet)
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* --- sending --- */

/* Take back what has left. */
static void reclaim(struct netport *port)
{
	uint32_t taken = __atomic_load_n(&port->shared->send.taken,
					 __ATOMIC_ACQUIRE);

	if (taken - port->taken > port->given - port->taken)
		return;
	if (taken != port->taken)
		port->tail = port->end[(taken - 1) % LGUEST_DMA_RING];
	port->taken = taken;
	if (port->taken == port->given)
		port->head = port->tail = 0;
}

/*
 * A frame's worth of the area that is free and in one piece.  Free is from
 * head to tail around the end; head meets tail only when all is free.
 */
static bool find_room(struct netport *port)
{
	if (port->given - port->taken == LGUEST_DMA_RING)
		return false;
	port->room = port->head;
	if (port->head < port->tail)
		return port->tail - port->head > FRAME_ROOM;
	if (AREA_BYTES - port->head >= FRAME_ROOM)
		return true;
	port->room = 0;
	return port->tail > FRAME_ROOM;
}

void *netport_room(struct netport *port)
{
	if (!find_room(port)) {
		reclaim(port);
		if (!find_room(port))
			return NULL;
	}
	return area_of(port) + port->room;
}

static void add(struct netport *port, uint32_t bytes, uint16_t flags,
		uint16_t pair)
{
	struct lguest_dma_ring *ring = &port->shared->send;
	struct lguest_dma_desc *desc = desc_of(ring, port->given);

	desc->address = AREA_AT + port->room;
	desc->bytes = bytes;
	desc->flags = flags;
	desc->source = pair;
	port->head = port->room + ROUND_UP(bytes);
	port->end[port->given++ % LGUEST_DMA_RING] = port->head;
}

void netport_add(struct netport *port, uint32_t bytes)
{
	add(port, bytes, 0, 0);
}

void netport_add_for(struct netport *port, uint32_t bytes, unsigned int source,
		     unsigned int target)
{
	add(port, bytes, LGUEST_DMA_PAIR, LGUEST_PAIR(source, target));
}

/* Into the room.  False: there is none, or it is too long. */
static bool gather(struct netport *port, const struct iovec *iov,
		   unsigned int parts, uint32_t *bytes)
{
	uint8_t *room = netport_room(port);

	*bytes = 0;
	if (!room)
		return false;
	for (; parts--; iov++) {
		if (iov->iov_len > LGUEST_FRAME_MAX - *bytes)
			return false;
		memcpy(room + *bytes, iov->iov_base, iov->iov_len);
		*bytes += iov->iov_len;
	}
	return true;
}

bool netport_copy(struct netport *port, const struct iovec *iov,
		  unsigned int parts)
{
	uint32_t bytes;

	if (!gather(port, iov, parts, &bytes))
		return false;
	netport_add(port, bytes);
	return true;
}

bool netport_copy_for(struct netport *port, const struct iovec *iov,
		      unsigned int parts, unsigned int source,
		      unsigned int target)
{
	uint32_t bytes;

	if (!gather(port, iov, parts, &bytes))
		return false;
	netport_add_for(port, bytes, source, target);
	return true;
}

enum netport_sent netport_flush(struct netport *port)
{
	struct lguest_dma_ring *ring = &port->shared->send;
	int status;

	__atomic_store_n(&ring->given, port->given, __ATOMIC_RELEASE);
	if (port->given == __atomic_load_n(&ring->taken, __ATOMIC_ACQUIRE))
		return NETPORT_SENT;
	do {
		status = ioctl(port->fd, LGUEST_NET_SEND);
	} while (status < 0 && errno == EINTR);
	if (status < 0)
		return NETPORT_FAILED;
	return status & LGUEST_DMA_STOPPED ? NETPORT_STOPPED : NETPORT_SENT;
}

/* --- what a port may do to others --- */

static const char *divert_hint(void)
{
	switch (errno) {
	case EBUSY:
		return " (another port diverts it already)";
	case EINVAL:
		return " (it takes two slots, none of them our own)";
	case ENOTTY:
		return " (is lg.ko older than this program?)";
	default:
		return "";
	}
}

bool netport_divert(struct netport *port, unsigned int source,
		    unsigned int target, bool on, struct why *why)
{
	struct lguest_net_divert divert = {
		.source = source, .target = target, .on = on,
	};

	/* Larger ones would be cut to what fits. */
	if (source > LGUEST_NET_NOBODY || target > LGUEST_NET_NOBODY)
		return why_fail(why, "cannot divert slot %u to %u: there are %d slots",
				source, target, LGUEST_NET_SLOTS);
	if (!ioctl(port->fd, LGUEST_NET_DIVERT, &divert))
		return true;
	return why_fail(why, "cannot divert what goes from slot %u to %u: %m%s",
			source, target, divert_hint());
}

bool netport_set_flags(struct netport *port, unsigned int slot, uint16_t mask,
		       uint16_t flags, struct why *why)
{
	struct lguest_net_set set = {
		.slot = slot, .mask = mask, .flags = flags,
	};

	if (!ioctl(port->fd, LGUEST_NET_SET, &set))
		return true;
	return why_fail(why, "cannot set flags of slot %u: %m%s", slot,
			errno == ENOENT ? " (nobody has that slot)" : "");
}
