// SPDX-License-Identifier: GPL-2.0
/*
 * echo.c - a host process as a port of a net, as short as it gets: it sends each
 * frame that it gets back to where that came from.  With COUNT it first sends
 * so many frames (to MAC, numbered, of SIZE bytes) and waits until as many
 * have come back, in order.  An example of lib/netport.h.
 *
 *	echo FILE NAME MAC			echo for ever
 *	echo FILE NAME MAC TO COUNT SIZE	talk to an echo
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "netfile.h"
#include "netpage.h"
#include "netport.h"

#define BATCH	64

/* A type for experiments (IEEE 802 Local Experimental Ethertype 1). */
#define ETHERTYPE	0x88b5

/* What we send: the header of nets, Ethernet's, a number. */
struct packet {
	uint8_t virtio[LGUEST_FRAME_HEADER];
	uint8_t to[MAC_BYTES];
	uint8_t from[MAC_BYTES];
	uint16_t type;
	uint32_t number;
} __attribute__((packed));

/* A conversation: frames sent and come back. */
struct talk {
	struct packet packet;
	uint32_t bytes;			/* of each frame */
	uint32_t count, sent, back;
};

static struct netport port;
static uint8_t mac[MAC_BYTES];
static struct talk talk;

static void die(const struct why *why)
{
	log_error("%s", why->text);
	exit(1);
}

static void join(const char *file, const char *name)
{
	struct netport_wish wish = { .slot = -1, .name = name };
	struct why why;
	int net;

	memcpy(wish.mac, mac, sizeof(mac));
	net = netfile_open(file, NETFILE_JOIN, &why);
	if (net < 0 || !netport_open(&port, net, file, &wish, &why))
		die(&why);
	close(net);
	printf("%s has slot %u\n", name, port.slot);
	fflush(stdout);
}

static void wait_for(short events)
{
	struct pollfd poll_port = { .fd = port.fd, .events = events };

	netport_quiet(&port, false);
	poll(&poll_port, 1, -1);
	netport_quiet(&port, true);
}

/* Until receivers have room.  (Who waits for us meanwhile loses nothing.) */
static void send_all(void)
{
	enum netport_sent sent;

	while ((sent = netport_flush(&port)) == NETPORT_STOPPED)
		wait_for(POLLOUT);
	if (sent == NETPORT_FAILED) {
		log_error("cannot send: %m");
		exit(1);
	}
}

static void send_back(const struct netport_frame *frame)
{
	struct packet *packet = netport_room(&port);

	while (!packet) {
		send_all();
		packet = netport_room(&port);
	}
	netport_copy(&port, frame->iov, frame->parts);
	memcpy(packet->to, packet->from, MAC_BYTES);
	memcpy(packet->from, mac, MAC_BYTES);
}

/* Is it the next of ours? */
static void check_answer(const struct netport_frame *frame)
{
	const struct packet *packet = frame->iov[0].iov_base;

	if (frame->bytes != talk.bytes ||
	    packet->type != htons(ETHERTYPE) ||
	    packet->number != htonl(talk.back)) {
		log_error("frame %u came back as %u, %u bytes", talk.back,
			  ntohl(packet->number), frame->bytes);
		exit(1);
	}
	talk.back++;
}

/* What has come. */
static unsigned int take_batch(void (*with)(const struct netport_frame *frame))
{
	static struct netport_frame frame[BATCH];
	unsigned int count = netport_receive(&port, frame, BATCH);
	unsigned int i;

	for (i = 0; i < count; i++)
		with(&frame[i]);
	netport_release(&port, frame, count);
	return count;
}

static void echo(void)
{
	for (;;) {
		while (take_batch(send_back))
			send_all();
		wait_for(POLLIN);
	}
}

static void add_packets(void)
{
	void *room;

	while (talk.sent < talk.count && (room = netport_room(&port))) {
		talk.packet.number = htonl(talk.sent++);
		memset(room, 0, talk.bytes);
		memcpy(room, &talk.packet, sizeof(talk.packet));
		netport_add(&port, talk.bytes);
	}
}

/*
 * Not "send all, then look": with both sides waiting for room at the other,
 * neither would get any.
 */
static void converse(void)
{
	bool stopped;

	while (talk.back < talk.count) {
		add_packets();
		stopped = netport_flush(&port) == NETPORT_STOPPED;
		if (take_batch(check_answer))
			continue;
		if (stopped)
			wait_for(POLLIN | POLLOUT);
		else if (talk.sent == talk.count)
			wait_for(POLLIN);
	}
}

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
}

static void begin_talk(char **argv)
{
	uint64_t start = now_us();
	struct why why;

	if (!mac_parse(argv[0], talk.packet.to, &why))
		die(&why);
	memcpy(talk.packet.from, mac, MAC_BYTES);
	talk.packet.type = htons(ETHERTYPE);
	talk.count = atoi(argv[1]);
	talk.bytes = LGUEST_FRAME_HEADER + atoi(argv[2]);
	if (talk.bytes < sizeof(talk.packet) || talk.bytes > LGUEST_FRAME_MAX) {
		log_error("no frame has %s bytes", argv[2]);
		exit(1);
	}
	converse();
	start = now_us() - start;
	printf("%u frames there and back in %llu ms\n", talk.count,
	       (unsigned long long)start / 1000);
}

int main(int argc, char **argv)
{
	struct why why;

	log_init("echo", false);
	if (argc != 4 && argc != 7) {
		log_error("usage: echo FILE NAME MAC [TO COUNT SIZE]");
		return 1;
	}
	if (!mac_parse(argv[3], mac, &why))
		die(&why);
	join(argv[1], argv[2]);
	if (argc == 4)
		echo();
	begin_talk(argv + 4);
	netport_close(&port);
	return 0;
}
