// SPDX-License-Identifier: GPL-2.0
/*
 * pair.c - two ports of a net that behave: one sends numbered frames to the
 * other, without end, and that one must get each of them, in order, whatever
 * else comes.  At SIGTERM it prints how many those were, and how many frames
 * of others came in between.  Frames have BYTES, without their virtio header,
 * or 256.  With WINDOW no more than so many are on their way, so that nobody
 * has to wait for the receiver, however slow this machine is.
 *
 *	pair FILE SENDER-MAC RECEIVER-MAC [BYTES [WINDOW]]
 */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "netfile.h"
#include "netport.h"

#define BATCH		64
#define BYTES		256
/* A type for experiments (IEEE 802 Local Experimental Ethertype 1). */
#define ETHERTYPE	0x88b5
#define STALLED_MS	5000

struct packet {
	uint8_t virtio[LGUEST_FRAME_HEADER];
	uint8_t to[MAC_BYTES];
	uint8_t from[MAC_BYTES];
	uint16_t type;
	uint32_t number;
} __attribute__((packed));

static struct netport sender, receiver;
static struct packet packet;
static uint32_t frame_bytes = LGUEST_FRAME_HEADER + BYTES;
static uint32_t window = UINT32_MAX;
static uint32_t sent, got;
static unsigned long others;
static volatile sig_atomic_t over;

static void stop(int signal)
{
	(void)signal;
	over = 1;
}

static void die(const struct why *why)
{
	log_error("%s", why->text);
	exit(1);
}

static void join(struct netport *port, const char *file, const char *name,
		 const char *mac)
{
	struct netport_wish wish = { .slot = -1, .name = name };
	struct why why;
	int net;

	if (!mac_parse(mac, wish.mac, &why))
		die(&why);
	net = netfile_open(file, NETFILE_JOIN, &why);
	if (net < 0 || !netport_open(port, net, file, &wish, &why))
		die(&why);
	close(net);
	memcpy(port == &sender ? packet.from : packet.to, wish.mac, MAC_BYTES);
}

static void send_some(void)
{
	int batch = BATCH;
	void *room;

	while (batch-- && sent - got < window && (room = netport_room(&sender))) {
		packet.number = htonl(sent++);
		memset(room, 0, frame_bytes);
		memcpy(room, &packet, sizeof(packet));
		netport_add(&sender, frame_bytes);
	}
	if (netport_flush(&sender) == NETPORT_FAILED) {
		log_error("cannot send: %m");
		exit(1);
	}
}

static void check(const struct netport_frame *frame)
{
	const struct packet *seen = frame->iov[0].iov_base;

	if (frame->source != sender.slot) {
		others++;
		return;
	}
	if (frame->bytes != frame_bytes || seen->number != htonl(got)) {
		log_error("instead of frame %u came %u, %u bytes", got,
			  ntohl(seen->number), frame->bytes);
		exit(1);
	}
	got++;
}

/* What others send to the sender is no more than in its way. */
static bool receive_all(struct netport *port)
{
	static struct netport_frame frame[BATCH];
	bool some = false;
	unsigned int count, i;

	while ((count = netport_receive(port, frame, BATCH))) {
		for (i = 0; i < count && port == &receiver; i++)
			check(&frame[i]);
		netport_release(port, frame, count);
		some = true;
	}
	return some;
}

static void wait_for_frames(void)
{
	struct pollfd ports[] = {
		{ .fd = receiver.fd, .events = POLLIN },
		{ .fd = sender.fd, .events = POLLIN },
	};

	if (sent - got < window)
		ports[1].events |= POLLOUT;
	if (!poll(ports, 2, STALLED_MS)) {
		log_error("nothing came in %d s", STALLED_MS / 1000);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = stop };

	log_init("pair", false);
	if (argc >= 5)
		frame_bytes = LGUEST_FRAME_HEADER + atoi(argv[4]);
	if (argc == 6)
		window = atoi(argv[5]);
	if (argc < 4 || argc > 6 || !window || frame_bytes < sizeof(packet) ||
	    frame_bytes > LGUEST_FRAME_MAX) {
		log_error("usage: pair FILE SENDER-MAC RECEIVER-MAC [BYTES [WINDOW]]");
		return 1;
	}
	packet.type = htons(ETHERTYPE);
	sigaction(SIGTERM, &action, NULL);
	join(&sender, argv[1], "sender", argv[2]);
	join(&receiver, argv[1], "receiver", argv[3]);
	printf("slots %u and %u\n", sender.slot, receiver.slot);
	fflush(stdout);
	while (!over || got != sent) {
		if (!over)
			send_some();
		else
			netport_flush(&sender);
		receive_all(&sender);
		if (!receive_all(&receiver))
			wait_for_frames();
	}
	printf("%u frames, all there; %lu of others\n", got, others);
	netport_close(&receiver);
	netport_close(&sender);
	return 0;
}
