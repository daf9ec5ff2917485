// SPDX-License-Identifier: GPL-2.0
/*
 * hostile-net.c - a guest's side of nets used in every wrong way: devices that
 * are on no net, rings where none can be, and rings full of garbage.  The
 * guest dies with a reason, or its frames are dropped and counted; others on
 * its net go on.
 *
 * Its first net is device 1.  Where there is a device 2, that is best on the
 * same net, so that the guest does all this to itself, too.
 */
#include <lguest/device.h>
#include <lguest/dma.h>
#include "guest.h"

#define NET	1u
#define NETS	2u
#define RING	((u32)sizeof(struct lguest_dma_ring))

/* Frames that are received, even far too long ones, hit nothing else. */
#define SANDBOX	(256u << 10)
/* Where in it buffers begin. */
#define SANDBOX_STARTS	(SANDBOX / 2)

static u8 sandbox[SANDBOX] __attribute__((aligned(4096)));

/* A device's side of its net. */
static struct net {
	u32 device;
	struct lguest_dma_ring *send, *receive;
	u32 given;
} nets[NETS];
static u32 net_count;

static struct lguest_dma_ring rings[2 * NETS] __attribute__((aligned(4096)));

/* The first bytes of frames to send, one place per descriptor. */
static u8 head[LGUEST_DMA_RING][LGUEST_FRAME_MIN + 40];

static const struct lguest_device_page *devices(void)
{
	return at(ram_end());
}

static void bind(u32 device, u32 send, u32 receive)
{
	hcall(LHCALL_BIND_DMA, device, send, receive);
}

static void bind_rings(struct net *net)
{
	memset(net->send, 0, RING);
	memset(net->receive, 0, RING);
	net->given = 0;
	bind(net->device, pa(net->send), pa(net->receive));
}

static void setup_nets(void)
{
	u32 i;

	CHECK_EQ(devices()->dev[NET].type, LGUEST_DEVICE_NET);
	for (i = 0; i < NETS; i++) {
		if (devices()->dev[NET + i].type != LGUEST_DEVICE_NET)
			break;
		nets[i].device = NET + i;
		nets[i].send = &rings[2 * i];
		nets[i].receive = &rings[2 * i + 1];
		bind_rings(&nets[i]);
		net_count++;
	}
}

/* Give the host a descriptor more to send; false: there is no place. */
static bool add(struct net *net, u32 address, u32 bytes, u32 flags)
{
	struct lguest_dma_desc *desc;

	if (net->given - READ(net->send->taken) == LGUEST_DMA_RING)
		return false;
	desc = &net->send->desc[net->given % LGUEST_DMA_RING];
	WRITE(desc->address, address);
	WRITE(desc->bytes, bytes);
	WRITE(desc->flags, flags);
	barrier();
	WRITE(net->send->given, ++net->given);
	return true;
}

static u32 send(struct net *net)
{
	return hcall(LHCALL_SEND_DMA, net->device, 0, 0);
}

/* --- calls that make no sense --- */

static void no_net(void)
{
	hcall(parameter("call", 0), parameter("device", 0), pa(rings),
	      pa(rings + 1));
}

static void bad_ring(void)
{
	const u32 wild[] = {
		1, 8, pa(rings) + 8, 0, memory_end(), memory_end() - RING + 16,
		0x80000000, 0xfffffff0, 0xffffe000, 0u - RING,
	};
	u32 ring = wild[parameter("way", 0) % ARRAY_SIZE(wild)];

	if (parameter("receive", 0))
		bind(NET, pa(rings), ring);
	else
		bind(NET, ring, pa(rings));
}

static void send_unbound(void)
{
	CHECK_EQ(hcall(LHCALL_SEND_DMA, NET, 0, 0), 0);
}

/* That does no harm; twice neither. */
static void unbind(void)
{
	u32 i;

	hcall(LHCALL_RESTOCK_DMA, NET, 0, 0);
	bind(NET, 0, 0);
	setup_nets();
	for (i = 0; i < 1000; i++) {
		bind(NET, 0, 0);
		bind(NET, 0, 0);
		hcall(LHCALL_RESTOCK_DMA, NET, 0, 0);
		bind_rings(&nets[0]);
		send(&nets[0]);
	}
}

static u32 set_net(u32 low, u32 high)
{
	return hcall(LHCALL_SET_NET, NET, low, high);
}

static void addresses(void)
{
	setup_nets();
	CHECK_EQ(set_net(0, 0), 1);
	CHECK_EQ(set_net(1, 0), 1);
	CHECK_EQ(set_net(0xffffffff, 0xffff), 1);
	CHECK_EQ(set_net(0x00000002, 0x77000000), 0);
	CHECK_EQ(set_net(0x00000002, 0xffff), 0);
	CHECK_EQ(set_net(0x00000002, LGUEST_NET_PROMISC), 0);
	CHECK_EQ(set_net(0x00000002, 0), 0);
}

/* --- rings that make no sense --- */

static void too_many_given(void)
{
	setup_nets();
	WRITE(nets[0].send->given, parameter("given", 0));
	send(&nets[0]);
}

static void bad_address(void)
{
	const u32 wild[] = {
		memory_end(), memory_end() - 100, 0x80000000, 0xffffffff,
		0xffffff00,
	};

	setup_nets();
	add(&nets[0], wild[parameter("way", 0) % ARRAY_SIZE(wild)], 200, 0);
	send(&nets[0]);
}

/* What the host drops.  (A listener on the net can count them.) */
static void malformed(void)
{
	const u32 lengths[] = {
		0, 1, LGUEST_FRAME_HEADER, LGUEST_FRAME_MIN - 1,
		LGUEST_FRAME_MAX + 1, 0x7fffffff, 0xffffffff,
	};
	struct net *net = &nets[0];
	u32 i;

	setup_nets();
	for (i = 0; i < ARRAY_SIZE(lengths); i++)
		add(net, pa(sandbox), lengths[i], 0);
	CHECK_EQ(send(net), 0);
	CHECK_EQ(READ(net->send->taken), ARRAY_SIZE(lengths));
	/* One in too many parts, one that never ends. */
	for (i = 0; i <= LGUEST_FRAME_PARTS; i++)
		add(net, pa(sandbox), 60,
		    i < LGUEST_FRAME_PARTS ? LGUEST_DMA_MORE : 0);
	CHECK_EQ(send(net), 0);
	for (i = 0; i < LGUEST_DMA_RING; i++)
		add(net, pa(sandbox), 60, LGUEST_DMA_MORE);
	CHECK_EQ(send(net), 0);
	CHECK_EQ(READ(net->send->taken), net->given);
}

/*
 * Frames in memory that nobody has touched yet, which the host has to bring in:
 * behind a part without bytes, and where a frame is a byte too long.
 */
static void untouched(void)
{
	struct net *net = &nets[0];
	u32 page = (ram_end() - (1u << 20)) & ~(PAGE_SIZE - 1);

	setup_nets();
	add(net, pa(head[0]), sizeof(head[0]), LGUEST_DMA_MORE);
	if (parameter("way", 0)) {
		add(net, page - LGUEST_FRAME_MAX, 0xffffffff, 0);
	} else {
		add(net, 0, 0, LGUEST_DMA_MORE);
		add(net, page, 100, 0);
	}
	CHECK_EQ(send(net), 0);
	CHECK_EQ(READ(net->send->taken), net->given);
}

/*
 * Rings at odd places, which the host writes to as it must: at the end of
 * memory, over each other, over the guest's own vital parts.
 */
static void odd_rings(void)
{
	u32 end = memory_end(), i;
	const u32 place[][2] = {
		{ end - RING, end - 2 * RING },
		{ end - RING, end - RING },
		{ pa(rings), pa(rings) + 64 },
		{ pa(rings) + 64, pa(rings) },
		{ pa(sandbox), ram_end() },
		{ pa(&lguest_data), pa(rings) },
		{ pa(rings), pa(&lguest_data) },
		{ pa(trap_stack), pa(stack) },
		{ PAGE_SIZE, 2 * PAGE_SIZE },
	};
	u32 way = parameter("way", 0) % ARRAY_SIZE(place);

	for (i = 0; i < 200; i++) {
		bind(NET, place[way][0], place[way][1]);
		hcall(LHCALL_SEND_DMA, NET, 0, 0);
		hcall(LHCALL_RESTOCK_DMA, NET, 0, 0);
	}
}

/*
 * A ring whose first fields are in two pages: what the host writes there has to
 * be in the guest's second one, not behind the first one in its own memory.
 */
static void ring_across_pages(void)
{
	u32 start = parameter("start", 16), i;

	for (i = 0; i < SANDBOX / PAGE_SIZE - 3; i++) {
		struct lguest_dma_ring *ring =
			at(pa(sandbox) + (i + 1) * PAGE_SIZE - start);

		WRITE(ring->link, 0);
		bind(NET, pa(rings), pa(ring));
		CHECK_EQ(READ(ring->link), 1);
		bind(NET, 0, 0);
	}
}

/* --- garbage --- */

/* An address of a station or group, as likely to be somebody's as not. */
static void random_mac(u8 *to)
{
	const struct lguest_net_config *config;
	u32 number;

	memset(to, 0, 6);
	switch (random() % 8) {
	case 0:
		memset(to, 0xff, 6);
		break;
	case 1:
		to[0] = 0x33;
		to[1] = 0x33;
		to[5] = random();
		break;
	case 2:
	case 3:
		number = nets[random() % net_count].device;
		config = at(devices()->dev[number].pfn * PAGE_SIZE);
		memcpy(to, config->mac, 6);
		break;
	case 4:
		number = random();
		memcpy(to, &number, 4);
		break;
	default:
		/* Of those that behave */
		to[0] = 2;
		to[5] = 1 + random() % 4;
	}
}

static u32 random_length(void)
{
	static const u32 likely[] = {
		0, 1, 10, 23, 24, 60, 70, 1514, 1524, 4096,
		LGUEST_FRAME_MAX - 1, LGUEST_FRAME_MAX, LGUEST_FRAME_MAX + 1,
		0xffffffff,
	};
	u32 n = random();

	if (n % 4 == 0)
		return (n >> 8) % LGUEST_FRAME_MAX;
	return likely[(n >> 8) % ARRAY_SIZE(likely)];
}

/* The virtio_net_hdr is garbage, too: what it means is between guests. */
static u32 random_head(const struct net *net)
{
	u8 *bytes = head[net->given % LGUEST_DMA_RING];
	u32 i;

	for (i = 0; i < sizeof(head[0]); i++)
		bytes[i] = random() % 3 ? 0 : random();
	random_mac(bytes + LGUEST_FRAME_HEADER);
	return pa(bytes);
}

/* Bytes that are there, from anywhere. */
static void add_random_part(struct net *net, u32 flags)
{
	add(net, random() % (memory_end() - LGUEST_FRAME_MAX - 1),
	    random_length(), flags | (random() % 16 ? 0 : random() << 1));
}

static void add_random_frame(struct net *net)
{
	u32 parts = random() % 8 ? random() % 3 :
				   random() % (2 * LGUEST_FRAME_PARTS);

	add(net, random_head(net),
	    parts || random() % 4 ? sizeof(head[0]) : random() % sizeof(head[0]),
	    parts ? LGUEST_DMA_MORE : 0);
	while (parts--)
		add_random_part(net, parts ? LGUEST_DMA_MORE : 0);
}

static void random_buffer(struct net *net, struct lguest_dma_desc *desc)
{
	u32 n = random();

	WRITE(desc->used, 0);
	WRITE(desc->bytes, random_length());
	if (n % 64 == 0) {
		/* There is no such memory. */
		WRITE(desc->address, random() | 0x80000000);
	} else if (n % 64 == 1) {
		/* Frames that overwrite the ring that they come by */
		WRITE(desc->bytes, 1 + random() % 64);
		WRITE(desc->address, pa(net->receive) + random() % 512);
	} else {
		WRITE(desc->address, pa(sandbox) + random() % SANDBOX_STARTS);
	}
}

static void random_receive(struct net *net)
{
	struct lguest_dma_ring *ring = net->receive;
	u32 i;

	for (i = 0; i < 64; i++)
		random_buffer(net, &ring->desc[random() % LGUEST_DMA_RING]);
	WRITE(ring->given, READ(ring->taken) +
			   random() % (LGUEST_DMA_RING + 2));
	WRITE(ring->quiet, random() % 2);
	WRITE(ring->wanted, random());
	hcall(LHCALL_RESTOCK_DMA, net->device, 0, 0);
}

static void random_address(const struct net *net)
{
	u8 mac[6];
	u32 low;

	random_mac(mac);
	memcpy(&low, mac, 4);
	hcall(LHCALL_SET_NET, net->device, low,
	      mac[4] | mac[5] << 8 | (random() & LGUEST_NET_PROMISC));
}

static bool time_is_over(u64 start)
{
	return elapsed_ms(start) >= parameter("seconds", 1) * 1000;
}

/* With touched=1 the host need not bring in pages amid the garbage. */
static void touch_memory(void)
{
	u32 page;

	for (page = 0; parameter("touched", 0) && page < memory_end();
	     page += PAGE_SIZE)
		try_read(page);
}

static void begin_garbage(void)
{
	seed_random();
	touch_memory();
	setup_nets();
}

/* Its send rings make sense, so that it goes on; nothing else does. */
static void garbage_frames(void)
{
	u64 start = now();
	struct net *net;
	u32 i;

	begin_garbage();
	while (!time_is_over(start)) {
		for (i = 0; i < 200; i++) {
			net = &nets[random() % net_count];
			if (random() % 100 == 0)
				random_address(net);
			if (random() % 100 == 0)
				bind_rings(net);
			if (random() % 4 == 0)
				random_receive(net);
			add_random_frame(net);
			if (random() % 4 == 0)
				send(net);
		}
	}
}

/* Somewhere in the sandbox, both rings. */
static void bind_anywhere(struct net *net)
{
	net->send = at(pa(sandbox) + random() % SANDBOX_STARTS / 64 * 64);
	net->receive = at(pa(sandbox) + random() % SANDBOX_STARTS / 64 * 64);
	bind(net->device, pa(net->send), pa(net->receive));
}

/*
 * Rings over each other, their fields changed at random, and filled by frames
 * that come: the host may find them to be nonsense at any time.
 */
static void garbage_rings(void)
{
	u64 start = now();
	u32 i;

	begin_garbage();
	while (!time_is_over(start)) {
		for (i = 0; i < 200; i++) {
			struct net *net = &nets[random() % net_count];

			if (random() % 10 == 0)
				bind_anywhere(net);
			random_receive(net);
			net->given = READ(net->send->taken) + random() % 8;
			add_random_frame(net);
			send(net);
		}
	}
}

static member *const members[] = {
	no_net, bad_ring, send_unbound, unbind, addresses,		/* 0 */
	too_many_given, bad_address, malformed, odd_rings,		/* 5 */
	garbage_frames, garbage_rings, untouched, ring_across_pages,	/* 9 */
};

static void test(void)
{
	setup();
	RUN_MEMBER(members);
}
