// SPDX-License-Identifier: GPL-2.0
/*
 * flood.c - frames of BYTES into a network device, as fast as it takes them,
 * until SIGTERM; what tests/ports/pair is to a net.  Nobody has their address,
 * so whoever gets them throws them away at once.
 *
 *	flood DEVICE BYTES
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BATCH		64
#define BYTES_MAX	(64 << 10)
/* A type for experiments (IEEE 802 Local Experimental Ethertype 1). */
#define ETHERTYPE	0x88b5

static volatile sig_atomic_t over;

static void stop(int number)
{
	(void)number;
	over = 1;
}

static void die(const char *what)
{
	fprintf(stderr, "flood: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Past the queueing discipline: it would only be in the way. */
static int open_device(const char *name)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_ifindex = if_nametoindex(name),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, 0), on = 1;

	if (fd < 0 || !address.sll_ifindex ||
	    bind(fd, (void *)&address, sizeof(address)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on)))
		die(name);
	return fd;
}

static unsigned long flood(int fd, size_t bytes)
{
	static uint8_t frame[BYTES_MAX] = {
		0x02, 0, 0, 0, 0, 0x02, 0x02, 0, 0, 0, 0, 0x01,
		ETHERTYPE >> 8, ETHERTYPE & 0xff,
	};
	struct iovec iov = { .iov_base = frame, .iov_len = bytes };
	struct mmsghdr batch[BATCH] = { 0 };
	unsigned long sent = 0;
	int i, done;

	for (i = 0; i < BATCH; i++) {
		batch[i].msg_hdr.msg_iov = &iov;
		batch[i].msg_hdr.msg_iovlen = 1;
	}
	while (!over) {
		done = sendmmsg(fd, batch, BATCH, 0);
		if (done > 0)
			sent += done;
		else if (errno != EINTR && errno != ENOBUFS)
			die("cannot send");
	}
	return sent;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = stop };
	int bytes = argc == 3 ? atoi(argv[2]) : 0, fd;

	if (bytes < ETH_HLEN || bytes > BYTES_MAX) {
		fprintf(stderr, "usage: flood DEVICE BYTES\n");
		return 2;
	}
	sigaction(SIGTERM, &action, NULL);
	fd = open_device(argv[1]);
	printf("flooding\n");
	fflush(stdout);
	printf("flood sent=%lu\n", flood(fd, bytes));
	return 0;
}
