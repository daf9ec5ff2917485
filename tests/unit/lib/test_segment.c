// SPDX-License-Identifier: GPL-2.0
/* Super-frames become the frames that would be on a wire. */
#include <stdio.h>
#include <unistd.h>

#include "frames.h"
#include "iovec.h"
#include "segment.h"

/* gso_type */
#define TCPV4		1
#define UDP_FRAGMENTS	3
#define TCPV6		4
#define UDP_L4		5
#define ECN		0x80

/* TCP flags */
#define FIN		0x01
#define SYN		0x02
#define RST		0x04
#define PSH		0x08
#define ACK		0x10
#define URG		0x20
#define CWR		0x80

static const struct frame_wish wishes[] = {
	{ .protocol = FRAME_TCP, .type = TCPV4, .size = 1448, .payload = 65483,
	  .tcp_options = 12, .tcp_flags = ACK | PSH },
	{ .protocol = FRAME_TCP, .type = TCPV4 | ECN, .size = 1000,
	  .payload = 3000, .tcp_flags = CWR | ACK | PSH | FIN, .tags = 1 },
	{ .protocol = FRAME_TCP, .type = TCPV4, .size = 999, .payload = 5000,
	  .tcp_flags = ACK, .tags = 2, .ip_options = 40, .tcp_options = 40 },
	{ .protocol = FRAME_TCP, .type = TCPV4, .size = 1448, .payload = 10,
	  .tcp_flags = ACK | PSH },
	{ .protocol = FRAME_TCP, .type = TCPV4, .size = 1448,
	  .tcp_flags = ACK | FIN },
	{ .ipv6 = true, .protocol = FRAME_TCP, .type = TCPV6, .size = 1428,
	  .payload = 65000, .tcp_options = 12, .tcp_flags = ACK | FIN },
	{ .ipv6 = true, .protocol = FRAME_TCP, .type = TCPV6 | ECN,
	  .size = 1221, .payload = 7777, .extensions = 2, .tags = 1,
	  .tcp_flags = ACK | CWR },
	{ .ipv6 = true, .protocol = FRAME_TCP, .type = TCPV6, .size = 1221,
	  .payload = 7777, .extensions = 1, .routing = true, .tcp_flags = ACK },
	{ .protocol = FRAME_UDP, .type = UDP_L4, .size = 1472,
	  .payload = 44 * 1472 },
	{ .protocol = FRAME_UDP, .type = UDP_L4, .size = 8, .payload = 801,
	  .tags = 1 },
	{ .ipv6 = true, .protocol = FRAME_UDP, .type = UDP_L4, .size = 1111,
	  .payload = 12345, .extensions = 1 },
	{ .protocol = FRAME_TCP, .type = TCPV4, .size = SEGMENT_SIZE_MIN,
	  .payload = SEGMENT_SIZE_MIN * SEGMENT_COUNT_MAX, .tcp_flags = ACK },
};

static struct test_frame whole, part;
static struct segment segment;

/* The next one, in one piece; false: there is none. */
static bool next_frame(void)
{
	struct iovec piece[SEGMENT_PARTS];
	unsigned int count = segment_next(&segment, piece);

	assert_true(count <= SEGMENT_PARTS);
	if (!count)
		return false;
	part.bytes = iovec_bytes(piece, count);
	assert_true(part.bytes <= sizeof(part.data));
	assert_true(iovec_read(piece, count, 0, part.data, part.bytes));
	part.ip = whole.ip;
	part.transport = whole.transport;
	part.payload = whole.payload;
	return true;
}

static void judge_tcp(const struct frame_wish *wish, uint32_t done, bool last)
{
	const uint8_t *before = whole.data + whole.transport;
	const uint8_t *after = part.data + part.transport;
	uint8_t flags = wish->tcp_flags;

	assert_int_equal(frame_get32(after + 4),
			 (uint32_t)(frame_get32(before + 4) + done));
	if (done)
		flags &= ~CWR;
	if (!last)
		flags &= ~(FIN | PSH);
	assert_int_equal(after[13], flags);
	/* Ports, acknowledgment, window, options are the same. */
	assert_memory_equal(after, before, 4);
	assert_memory_equal(after + 8, before + 8, 5);
	assert_memory_equal(after + 14, before + 14, 2);
	assert_memory_equal(after + 18, before + 18, 2 + wish->tcp_options);
}

static void judge_headers(const struct frame_wish *wish, uint32_t index)
{
	static const uint8_t zeros[FRAME_VNET];

	assert_memory_equal(part.data, zeros, sizeof(zeros));
	assert_memory_equal(part.data + FRAME_VNET, whole.data + FRAME_VNET,
			    whole.ip - FRAME_VNET);
	if (!wish->ipv6)
		assert_int_equal(frame_get16(part.data + part.ip + 4),
				 (0xfffe + index) % 65536);
}

static void judge_all(const struct frame_wish *wish)
{
	uint32_t done = 0, index = 0, here;

	while (next_frame()) {
		here = part.bytes - part.payload;
		assert_true(here == wish->size || done + here == wish->payload);
		assert_memory_equal(part.data + part.payload,
				    whole.data + whole.payload + done, here);
		frame_judge(&part, wish);
		judge_headers(wish, index);
		if (wish->protocol == FRAME_TCP)
			judge_tcp(wish, done, done + here == wish->payload);
		done += here;
		index++;
	}
	assert_int_equal(done, wish->payload);
	assert_true(index > 0);
	assert_false(next_frame());
}

static void super_frames_become_frames(void **state)
{
	struct iovec iov;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wishes); i++) {
		frame_build(&whole, &wishes[i]);
		iov = (struct iovec){ whole.data, whole.bytes };
		assert_true(segment_is_due(&iov, 1));
		assert_int_equal(segment_start(&segment, &iov, 1),
				 SEGMENT_GOOD);
		judge_all(&wishes[i]);
	}
}

static void it_does_not_matter_how_they_are_cut(void **state)
{
	struct iovec iov[SEGMENT_SOURCE_PARTS];
	unsigned int max, parts;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wishes) - 1; i++)
		for (max = 2; max <= ARRAY_SIZE(iov); max += 31) {
			frame_build(&whole, &wishes[i]);
			parts = frame_cut(whole.data, whole.bytes, iov, max);
			assert_int_equal(segment_start(&segment, iov, parts),
					 SEGMENT_GOOD);
			judge_all(&wishes[i]);
		}
}

static void the_source_is_not_written_to(void **state)
{
	static uint8_t before[FRAME_ROOM];
	struct iovec iov;

	(void)state;
	frame_build(&whole, &wishes[0]);
	memcpy(before, whole.data, whole.bytes);
	iov = (struct iovec){ whole.data, whole.bytes };
	assert_int_equal(segment_start(&segment, &iov, 1), SEGMENT_GOOD);
	while (next_frame())
		;
	assert_memory_equal(before, whole.data, whole.bytes);
}

static void padding_behind_the_packet_is_left_out(void **state)
{
	struct iovec iov;

	(void)state;
	frame_build(&whole, &wishes[1]);
	frame_fill(&whole, 33, 0xee);
	iov = (struct iovec){ whole.data, whole.bytes };
	assert_int_equal(segment_start(&segment, &iov, 1), SEGMENT_GOOD);
	judge_all(&wishes[1]);
}

/* What is no super-frame passes as one frame, with its checksum. */
static void plain_frames_get_their_checksum(void **state)
{
	struct frame_wish wish = { .protocol = FRAME_TCP, .payload = 1001,
				   .tcp_flags = ACK };
	struct iovec iov[SEGMENT_SOURCE_PARTS];
	unsigned int max, parts;

	(void)state;
	for (max = 1; max <= ARRAY_SIZE(iov); max++) {
		frame_build(&whole, &wish);
		parts = frame_cut(whole.data, whole.bytes, iov, max);
		assert_false(segment_is_due(iov, parts));
		assert_int_equal(segment_start(&segment, iov, parts),
				 SEGMENT_GOOD);
		assert_true(next_frame());
		assert_int_equal(part.bytes, whole.bytes);
		frame_judge(&part, &wish);
		assert_int_equal(part.data[0], 0);
		assert_memory_equal(part.data + part.payload,
				    whole.data + whole.payload, wish.payload);
		assert_false(next_frame());
	}
}

static void frames_of_any_protocol_pass_as_they_are(void **state)
{
	uint8_t data[FRAME_VNET + 14] = { [20] = 1, [22] = 0x88, 0xcc };
	struct iovec iov = { data, sizeof(data) };

	(void)state;
	/* The receiver's word on checksums does not go along. */
	data[0] = 2;
	assert_int_equal(segment_start(&segment, &iov, 1), SEGMENT_GOOD);
	assert_true(next_frame());
	assert_int_equal(part.bytes, sizeof(data));
	assert_int_equal(part.data[0], 0);
	assert_memory_equal(part.data + FRAME_VNET, data + FRAME_VNET, 14);
	assert_false(next_frame());
}

/* --- what is refused; nothing comes of it --- */

static enum segment_verdict verdict_of(uint32_t bytes)
{
	/* So that a look behind its end is noticed. */
	uint8_t *copy = malloc(bytes ? bytes : 1);
	struct iovec iov = { copy, bytes };
	enum segment_verdict verdict;

	memcpy(copy, whole.data, bytes);
	verdict = segment_start(&segment, &iov, 1);
	if (verdict != SEGMENT_GOOD)
		assert_false(next_frame());
	free(copy);
	return verdict;
}

static void frames_that_are_cut_off_are_refused(void **state)
{
	uint32_t bytes;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wishes); i++) {
		frame_build(&whole, &wishes[i]);
		for (bytes = 0; bytes < whole.bytes;
		     bytes += bytes < 300 ? 1 : 997)
			assert_int_equal(verdict_of(bytes), SEGMENT_SHORT);
	}
}

/* A good one, but for a byte at @at of one of its headers. */
static enum segment_verdict with_byte(const struct frame_wish *wish,
				      const uint32_t *header, uint32_t at,
				      uint8_t value)
{
	frame_build(&whole, wish);
	whole.data[*header + at] = value;
	return verdict_of(whole.bytes);
}

static const uint32_t vnet;

static void other_kinds_of_super_frames_are_refused(void **state)
{
	const struct frame_wish *tcp = &wishes[0], *udp = &wishes[8];

	(void)state;
	assert_int_equal(with_byte(udp, &vnet, 1, UDP_FRAGMENTS), SEGMENT_TYPE);
	assert_int_equal(with_byte(tcp, &vnet, 1, 2), SEGMENT_TYPE);
	assert_int_equal(with_byte(tcp, &vnet, 1, ECN), SEGMENT_TYPE);
	assert_int_equal(with_byte(tcp, &vnet, 1, 0x7f), SEGMENT_TYPE);
	assert_int_equal(with_byte(tcp, &vnet, 1, TCPV6), SEGMENT_PROTOCOL);
	assert_int_equal(with_byte(&wishes[5], &vnet, 1, TCPV4),
			 SEGMENT_PROTOCOL);
	assert_int_equal(with_byte(tcp, &vnet, 1, UDP_L4), SEGMENT_PROTOCOL);
	assert_int_equal(with_byte(udp, &vnet, 1, TCPV4), SEGMENT_PROTOCOL);
	/* ARP; ICMP; IPv6 in an Ethernet frame of IPv4 */
	assert_int_equal(with_byte(tcp, &vnet, 23, 6), SEGMENT_PROTOCOL);
	assert_int_equal(with_byte(tcp, &whole.ip, 9, 1), SEGMENT_PROTOCOL);
	assert_int_equal(with_byte(tcp, &whole.ip, 0, 0x65), SEGMENT_HEADER);
}

static void headers_that_make_no_sense_are_refused(void **state)
{
	const struct frame_wish *v4 = &wishes[0], *v6 = &wishes[6];

	(void)state;
	assert_int_equal(with_byte(v4, &whole.ip, 0, 0x44), SEGMENT_HEADER);
	assert_int_equal(with_byte(v4, &whole.transport, 12, 0x40),
			 SEGMENT_HEADER);
	assert_int_equal(with_byte(v4, &whole.transport, 13, SYN),
			 SEGMENT_HEADER);
	assert_int_equal(with_byte(v4, &whole.transport, 13, RST | ACK),
			 SEGMENT_HEADER);
	assert_int_equal(with_byte(v4, &whole.transport, 13, URG),
			 SEGMENT_HEADER);
	assert_int_equal(with_byte(v6, &whole.ip, 0, 0x40), SEGMENT_HEADER);
	/* An extension header that reaches far behind the headers' room. */
	assert_int_equal(with_byte(v6, &whole.ip, 41, 255), SEGMENT_LONG);
	frame_build(&whole, v6);
	frame_set16(&whole, whole.ip + 4, 0);
	assert_int_equal(verdict_of(whole.bytes), SEGMENT_HEADER);
	/* IP says that it ends within TCP's header. */
	frame_build(&whole, v4);
	frame_set16(&whole, whole.ip + 2, 20 + 31);
	assert_int_equal(verdict_of(whole.bytes), SEGMENT_HEADER);
	frame_set16(&whole, whole.ip + 2, 19);
	assert_int_equal(verdict_of(whole.bytes), SEGMENT_HEADER);
	/* VLAN tags without end */
	frame_build(&whole, v4);
	for (uint32_t at = FRAME_VNET + 12; at < 1000; at += 4)
		frame_set16(&whole, at, 0x8100);
	assert_int_equal(verdict_of(whole.bytes), SEGMENT_LONG);
}

static void fragments_are_refused(void **state)
{
	const struct frame_wish *v4 = &wishes[0], *v6 = &wishes[5];

	(void)state;
	assert_int_equal(with_byte(v4, &whole.ip, 6, 0x20), SEGMENT_FRAGMENT);
	assert_int_equal(with_byte(v4, &whole.ip, 7, 1), SEGMENT_FRAGMENT);
	assert_int_equal(with_byte(v6, &whole.ip, 6, 44), SEGMENT_FRAGMENT);
	assert_int_equal(with_byte(v6, &whole.ip, 6, 50), SEGMENT_FRAGMENT);
	assert_int_equal(with_byte(v6, &whole.ip, 6, 51), SEGMENT_FRAGMENT);
}

static void set_size(uint16_t size)
{
	memcpy(whole.data + 4, &size, 2);
}

static void sizes_that_make_floods_are_refused(void **state)
{
	(void)state;
	frame_build(&whole, &wishes[0]);
	set_size(0);
	assert_int_equal(verdict_of(whole.bytes), SEGMENT_SIZE);
	set_size(SEGMENT_SIZE_MIN - 1);
	assert_int_equal(verdict_of(whole.bytes), SEGMENT_SIZE);
	set_size(SEGMENT_SIZE_MIN);
	assert_int_equal(verdict_of(whole.bytes), SEGMENT_SIZE);
	set_size(65535);
	assert_int_equal(verdict_of(whole.bytes), SEGMENT_GOOD);
}

static void checksums_elsewhere_are_refused(void **state)
{
	const struct frame_wish *tcp = &wishes[0];

	(void)state;
	assert_int_equal(with_byte(tcp, &vnet, 0, 0), SEGMENT_CHECKSUM);
	assert_int_equal(with_byte(tcp, &vnet, 0, 2), SEGMENT_CHECKSUM);
	assert_int_equal(with_byte(tcp, &vnet, 6, 33), SEGMENT_CHECKSUM);
	assert_int_equal(with_byte(tcp, &vnet, 8, 6), SEGMENT_CHECKSUM);
	/* And of one that is not to be split. */
	frame_build(&whole, &(struct frame_wish){ .protocol = FRAME_TCP });
	whole.data[8] = 255;
	assert_int_equal(verdict_of(whole.bytes), SEGMENT_CHECKSUM);
}

static void too_many_pieces_are_refused_but_empty_ones_do_not_count(void **state)
{
	struct iovec iov[SEGMENT_SOURCE_PARTS + 1];
	unsigned int parts;

	(void)state;
	frame_build(&whole, &wishes[0]);
	parts = frame_cut(whole.data, whole.bytes, iov, ARRAY_SIZE(iov));
	assert_int_equal(parts, ARRAY_SIZE(iov));
	assert_int_equal(segment_start(&segment, iov, parts), SEGMENT_LONG);
	assert_false(next_frame());
	parts = frame_cut(whole.data, whole.bytes, iov, ARRAY_SIZE(iov) - 1);
	iov[parts++] = (struct iovec){ NULL, 0 };
	assert_int_equal(segment_start(&segment, iov, parts), SEGMENT_GOOD);
	judge_all(&wishes[0]);
}

static void every_verdict_has_words(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i <= SEGMENT_VERDICTS; i++)
		assert_non_null(segment_verdict(i));
}

/* --- what Wireshark says of them --- */

static void write_capture(FILE *file)
{
	static const uint32_t head[] = { 0xa1b2c3d4, 4 << 16 | 2, 0, 0, 262144, 1 };
	struct iovec iov;
	size_t i;

	fwrite(head, sizeof(head), 1, file);
	for (i = 0; i < ARRAY_SIZE(wishes); i++) {
		frame_build(&whole, &wishes[i]);
		iov = (struct iovec){ whole.data, whole.bytes };
		assert_int_equal(segment_start(&segment, &iov, 1),
				 SEGMENT_GOOD);
		while (next_frame()) {
			uint32_t bytes = part.bytes - FRAME_VNET;
			uint32_t record[] = { i, 0, bytes, bytes };

			fwrite(record, sizeof(record), 1, file);
			fwrite(part.data + FRAME_VNET, bytes, 1, file);
		}
	}
	assert_int_equal(fclose(file), 0);
}

/* Lines that tshark prints of the frames that a filter selects. */
static unsigned int count_frames(const char *name, const char *filter)
{
	char command[512], line[256];
	unsigned int lines = 0;
	FILE *pipe;

	snprintf(command, sizeof(command),
		 "ASAN_OPTIONS= tshark -n -r %s -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE -Y '%s' -T fields -e frame.number 2> /dev/null",
		 name, filter);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	while (fgets(line, sizeof(line), pipe))
		lines++;
	assert_int_equal(pclose(pipe), 0);
	return lines;
}

static unsigned int frames_expected(void)
{
	unsigned int count = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wishes); i++)
		count += wishes[i].payload ?
				 (wishes[i].payload + wishes[i].size - 1) /
					 wishes[i].size : 1;
	return count;
}

static void wireshark_finds_all_checksums_good(void **state)
{
	char name[] = "/tmp/lguest-segment-XXXXXX";
	unsigned int count = frames_expected();
	int fd;

	(void)state;
	if (system("tshark --version > /dev/null 2>&1"))
		skip();
	fd = mkstemp(name);
	assert_true(fd >= 0);
	write_capture(fdopen(fd, "w"));
	assert_int_equal(count_frames(name, "frame"), count);
	assert_int_equal(count_frames(name, "tcp.checksum.status == 1 || udp.checksum.status == 1"),
			 count);
	assert_int_equal(count_frames(name, "ip.checksum.status == 0 || _ws.malformed"),
			 0);
	unlink(name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(super_frames_become_frames),
		cmocka_unit_test(it_does_not_matter_how_they_are_cut),
		cmocka_unit_test(the_source_is_not_written_to),
		cmocka_unit_test(padding_behind_the_packet_is_left_out),
		cmocka_unit_test(plain_frames_get_their_checksum),
		cmocka_unit_test(frames_of_any_protocol_pass_as_they_are),
		cmocka_unit_test(frames_that_are_cut_off_are_refused),
		cmocka_unit_test(other_kinds_of_super_frames_are_refused),
		cmocka_unit_test(headers_that_make_no_sense_are_refused),
		cmocka_unit_test(fragments_are_refused),
		cmocka_unit_test(sizes_that_make_floods_are_refused),
		cmocka_unit_test(checksums_elsewhere_are_refused),
		cmocka_unit_test(too_many_pieces_are_refused_but_empty_ones_do_not_count),
		cmocka_unit_test(every_verdict_has_words),
		cmocka_unit_test(wireshark_finds_all_checksums_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
