/* SPDX-License-Identifier: GPL-2.0 */
/*
 * frames.h - frames for tests, built byte by byte from what a test wants in
 * them, and a slow judge of frames that shares nothing with lib/: it reads
 * big-endian words one after the other, as the RFCs have it.
 */
#ifndef TESTS_UNIT_FRAMES_H
#define TESTS_UNIT_FRAMES_H

#include <stdbool.h>
#include <stdlib.h>
#include <sys/uio.h>

#include "test.h"

#define FRAME_VNET		10
#define FRAME_ROOM		(FRAME_VNET + 14 + 8 + 65535 + 64)

#define FRAME_TCP		6
#define FRAME_UDP		17

/* What is wanted. */
struct frame_wish {
	bool ipv6;
	uint8_t protocol;		/* FRAME_TCP, FRAME_UDP */
	unsigned int tags;		/* VLAN */
	unsigned int ip_options;	/* bytes of IPv4 options */
	unsigned int extensions;	/* IPv6 headers of 8 bytes each */
	bool routing;			/* the last of which leads elsewhere */
	unsigned int tcp_options;	/* bytes */
	uint8_t tcp_flags;
	uint32_t payload;
	uint16_t size;			/* gso_size; 0: no super-frame */
	uint8_t type;			/* gso_type */
};

/* A frame, and where its parts begin. */
struct test_frame {
	uint8_t data[FRAME_ROOM];
	uint32_t bytes, ip, transport, payload;
};

static inline void frame_put(struct test_frame *frame, const void *data, size_t bytes)
{
	memcpy(frame->data + frame->bytes, data, bytes);
	frame->bytes += bytes;
}

static inline void frame_fill(struct test_frame *frame, size_t bytes, uint8_t with)
{
	memset(frame->data + frame->bytes, with, bytes);
	frame->bytes += bytes;
}

static inline void frame_set16(struct test_frame *frame, uint32_t at, uint32_t value)
{
	frame->data[at] = value >> 8;
	frame->data[at + 1] = value;
}

static inline uint32_t frame_get16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

static inline uint32_t frame_get32(const uint8_t *at)
{
	return frame_get16(at) << 16 | frame_get16(at + 2);
}

/* Ones' complement addition, word by word. */
static inline uint32_t frame_sum(uint32_t sum, const uint8_t *at, uint32_t bytes)
{
	for (; bytes > 1; bytes -= 2, at += 2) {
		sum += frame_get16(at);
		if (sum > 0xffff)
			sum -= 0xffff;
	}
	if (bytes)
		sum += at[0] << 8;
	return sum > 0xffff ? sum - 0xffff : sum;
}

static inline void frame_ethernet(struct test_frame *frame,
				  const struct frame_wish *wish)
{
	static const uint8_t stations[] = {
		2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1,
	};
	unsigned int i;

	frame_put(frame, stations, sizeof(stations));
	for (i = 0; i < wish->tags; i++)
		frame_put(frame, (uint8_t[]){ i + 1 < wish->tags ? 0x88 : 0x81,
					      i + 1 < wish->tags ? 0xa8 : 0,
					      0, 42 + i }, 4);
	frame_put(frame, wish->ipv6 ? "\x86\xdd" : "\x08\x00", 2);
}

static inline void frame_ipv4(struct test_frame *frame, const struct frame_wish *wish)
{
	uint8_t head[20] = {
		0x45, 0, 0, 0, 0xff, 0xfe, 0x40, 0, 64, wish->protocol, 0, 0,
		10, 1, 2, 3, 10, 4, 5, 6,
	};

	head[0] += wish->ip_options / 4;
	frame->ip = frame->bytes;
	frame_put(frame, head, sizeof(head));
	frame_fill(frame, wish->ip_options, 1);
}

static inline void frame_ipv6(struct test_frame *frame, const struct frame_wish *wish)
{
	static const uint8_t addresses[32] = {
		0x20, 1, 0xd, 0xb8, [15] = 1, 0x20, 1, 0xd, 0xb8, [31] = 2,
	};
	uint8_t first = wish->extensions ? 0 : wish->routing ? 43 :
			wish->protocol;
	unsigned int i;

	frame->ip = frame->bytes;
	frame_put(frame, (uint8_t[]){ 0x60, 0, 0, 0, 0, 0, first, 64 }, 8);
	frame_put(frame, addresses, sizeof(addresses));
	for (i = 0; i < wish->extensions; i++) {
		/* Hop-by-hop, then destination options: of padding. */
		uint8_t next = i + 1 < wish->extensions ? 60 :
			       wish->routing ? 43 : wish->protocol;

		frame_put(frame, (uint8_t[]){ next, 0, 1, 4, 0, 0, 0, 0 }, 8);
	}
	if (wish->routing) {
		uint8_t routing[24] = { wish->protocol, 2, 2, 1, [8] = 0x20, 1,
					0xd, 0xb8, [23] = 9 };

		frame_put(frame, routing, sizeof(routing));
	}
}

static inline void frame_transport(struct test_frame *frame,
				   const struct frame_wish *wish)
{
	frame->transport = frame->bytes;
	if (wish->protocol == FRAME_UDP) {
		frame_put(frame, "\x04\xd2\0\x09\0\0\0\0", 8);
	} else {
		uint8_t head[20] = {
			4, 0xd2, 0, 80, 0xff, 0xff, 0xf0, 0, 1, 2, 3, 4,
			(20 + wish->tcp_options) << 2, wish->tcp_flags,
			0x20, 0,
		};

		frame_put(frame, head, sizeof(head));
		frame_fill(frame, wish->tcp_options, 1);
	}
	frame->payload = frame->bytes;
}

/* The pseudo header's sum; @bytes of the transport. */
static inline uint32_t frame_pseudo(const struct test_frame *frame, bool ipv6,
				    bool routing, uint8_t protocol,
				    uint32_t bytes)
{
	const uint8_t *ip = frame->data + frame->ip;
	uint32_t sum = protocol + bytes % 65536;

	if (!ipv6)
		return frame_sum(sum, ip + 12, 8);
	if (!routing)
		return frame_sum(sum, ip + 8, 32);
	/* Its last stop is where it goes. */
	return frame_sum(frame_sum(sum, ip + 8, 16),
			 frame->data + frame->transport - 16, 16);
}

static inline uint32_t frame_checksum_at(const struct test_frame *frame,
					 uint8_t protocol)
{
	return frame->transport + (protocol == FRAME_TCP ? 16 : 6);
}

/* A frame whose checksum is left to be done, with all lengths in it. */
static inline void frame_build(struct test_frame *frame,
			       const struct frame_wish *wish)
{
	uint32_t i, length;

	memset(frame->data, 0, FRAME_VNET);
	frame->bytes = FRAME_VNET;
	frame_ethernet(frame, wish);
	if (wish->ipv6)
		frame_ipv6(frame, wish);
	else
		frame_ipv4(frame, wish);
	frame_transport(frame, wish);
	for (i = 0; i < wish->payload; i++)
		frame->data[frame->bytes++] = i * 7 + i / 256;
	length = frame->bytes - frame->ip;
	if (wish->ipv6) {
		frame_set16(frame, frame->ip + 4, length - 40);
	} else {
		frame_set16(frame, frame->ip + 2, length);
		frame_set16(frame, frame->ip + 10,
			    ~frame_sum(0, frame->data + frame->ip,
				       20 + wish->ip_options));
	}
	length = frame->bytes - frame->transport;
	if (wish->protocol == FRAME_UDP)
		frame_set16(frame, frame->transport + 4, length);
	frame_set16(frame, frame_checksum_at(frame, wish->protocol),
		    frame_pseudo(frame, wish->ipv6, wish->routing,
				 wish->protocol, length));
	/* struct virtio_net_hdr, in the order of this machine. */
	frame->data[0] = 1;
	frame->data[1] = wish->type;
	memcpy(frame->data + 4, &wish->size, 2);
	memcpy(frame->data + 6, &(uint16_t){ frame->transport - FRAME_VNET }, 2);
	memcpy(frame->data + 8, &(uint16_t){ wish->protocol == FRAME_TCP ?
					     16 : 6 }, 2);
}

/* Lengths and checksums of a frame built like that, which now has all. */
static inline void frame_judge(const struct test_frame *frame,
			       const struct frame_wish *wish)
{
	uint32_t bytes = frame->bytes - frame->transport;
	uint32_t length = frame->bytes - frame->ip;
	const uint8_t *ip = frame->data + frame->ip;
	uint32_t sum;

	if (wish->ipv6) {
		assert_int_equal(frame_get16(ip + 4), length - 40);
	} else {
		assert_int_equal(frame_get16(ip + 2), length);
		assert_int_equal(frame_sum(0, ip, 20 + wish->ip_options),
				 0xffff);
	}
	sum = frame_pseudo(frame, wish->ipv6, wish->routing, wish->protocol,
			   bytes);
	assert_int_equal(frame_sum(sum, frame->data + frame->transport, bytes),
			 0xffff);
	if (wish->protocol == FRAME_UDP) {
		assert_int_equal(frame_get16(frame->data + frame->transport + 4),
				 bytes);
		assert_int_not_equal(frame_get16(frame->data +
						 frame->transport + 6), 0);
	}
}

/* The same bytes in pieces of odd sizes; how many. */
static inline unsigned int frame_cut(const uint8_t *data, uint32_t bytes,
				     struct iovec *iov, unsigned int max)
{
	uint32_t size = 1, at = 0;
	unsigned int parts;

	for (parts = 0; parts < max && at < bytes; parts++) {
		uint32_t here = parts + 1 < max && size < bytes - at ?
					size : bytes - at;

		iov[parts].iov_base = (uint8_t *)data + at;
		iov[parts].iov_len = here;
		at += here;
		size += 2;
	}
	return parts;
}

#endif
