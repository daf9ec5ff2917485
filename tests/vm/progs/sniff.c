// SPDX-License-Identifier: GPL-2.0
/*
 * sniff.c - what tcpdump would write in a guest, which has none: the frames of
 * a network device as pcap, until SIGTERM.
 *
 *	sniff DEVICE in|out done|raw FILE
 *
 * Those that come in or go out; with checksums done that are left to a device
 * (which tcpdump could not do), or as they are.  It prints "sniffing" when
 * frames are no longer missed, and in the end how many there were and how many
 * the kernel had no room for.  Frames are kept as the device has them: merging
 * (GRO) is turned off.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* Of the socket: as much as a conversation of a few MiB. */
#define ROOM		(24 << 20)
/* A frame with its header, and more. */
#define FRAME_MAX	(80 << 10)

static volatile sig_atomic_t over;

static void stop(int number)
{
	(void)number;
	over = 1;
}

static void die(const char *what)
{
	fprintf(stderr, "sniff: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* --- the device --- */

static void turn_off_merging(int fd, const char *device)
{
	struct ethtool_value gro = { .cmd = ETHTOOL_SGRO };
	struct ifreq request = { 0 };

	strncpy(request.ifr_name, device, IFNAMSIZ - 1);
	request.ifr_data = (void *)&gro;
	if (ioctl(fd, SIOCETHTOOL, &request))
		die("cannot turn off GRO");
}

static int open_socket(const char *device)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(device),
	};
	/* A signal that comes just before we sleep is seen that much later. */
	const struct timeval look = { .tv_usec = 100000 };
	int fd = socket(AF_PACKET, SOCK_RAW, 0), room = ROOM, on = 1;

	if (fd < 0 || !address.sll_ifindex)
		die(device);
	turn_off_merging(fd, device);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &look, sizeof(look)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) ||
	    bind(fd, (void *)&address, sizeof(address)))
		die("cannot listen");
	return fd;
}

/* --- checksums --- */

/* The sum of what is there, the pseudo-header's in the field included. */
static void complete(uint8_t *frame, size_t bytes,
		     const struct virtio_net_hdr *head)
{
	size_t start = head->csum_start, at = start + head->csum_offset, i;
	uint32_t sum = 0;

	if (!(head->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM))
		return;
	if (at + 2 > bytes) {
		fprintf(stderr, "sniff: checksum beyond the frame\n");
		exit(1);
	}
	for (i = start; i < bytes; i++)
		sum += (i - start) % 2 ? frame[i] : frame[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	sum = ~sum & 0xffff;
	/* UDP says 0 for none at all. */
	if (!sum)
		sum = 0xffff;
	frame[at] = sum >> 8;
	frame[at + 1] = sum;
}

/* --- the file --- */

static void put(FILE *file, const void *data, size_t bytes)
{
	if (fwrite(data, 1, bytes, file) != bytes)
		die("cannot write");
}

static FILE *begin_file(const char *path)
{
	const uint32_t head[] = {
		0xa1b2c3d4, 2 | 4 << 16, 0, 0, FRAME_MAX, 1,
	};
	FILE *file = fopen(path, "wb");

	if (!file)
		die(path);
	put(file, head, sizeof(head));
	return file;
}

static void put_frame(FILE *file, const uint8_t *frame, uint32_t bytes)
{
	struct timeval now;
	uint32_t head[4];

	gettimeofday(&now, NULL);
	head[0] = now.tv_sec;
	head[1] = now.tv_usec;
	head[2] = head[3] = bytes;
	put(file, head, sizeof(head));
	put(file, frame, bytes);
}

/* --- frames --- */

/* One off the socket; false: none is left, and we are to end. */
static bool take(int fd, bool out, bool done, FILE *file,
		 unsigned long *frames)
{
	static uint8_t data[sizeof(struct virtio_net_hdr) + FRAME_MAX];
	struct virtio_net_hdr *head = (void *)data;
	struct sockaddr_ll from;
	socklen_t size = sizeof(from);
	ssize_t got = recvfrom(fd, data, sizeof(data), over ? MSG_DONTWAIT : 0,
			       (void *)&from, &size);

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return !over || errno == EINTR;
	if (got < (ssize_t)(sizeof(*head) + ETH_HLEN))
		die("cannot receive");
	if ((from.sll_pkttype == PACKET_OUTGOING) != out)
		return true;
	got -= sizeof(*head);
	if (done)
		complete(data + sizeof(*head), got, head);
	put_frame(file, data + sizeof(*head), got);
	++*frames;
	return true;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = stop };
	struct tpacket_stats stats = { 0 };
	socklen_t size = sizeof(stats);
	unsigned long frames = 0;
	FILE *file;
	int fd;

	if (argc != 5 || (strcmp(argv[2], "in") && strcmp(argv[2], "out")) ||
	    (strcmp(argv[3], "done") && strcmp(argv[3], "raw"))) {
		fprintf(stderr, "usage: sniff DEVICE in|out done|raw FILE\n");
		return 2;
	}
	sigaction(SIGTERM, &action, NULL);
	fd = open_socket(argv[1]);
	file = begin_file(argv[4]);
	printf("sniffing\n");
	fflush(stdout);
	while (take(fd, !strcmp(argv[2], "out"), !strcmp(argv[3], "done"),
		    file, &frames))
		;
	if (fclose(file))
		die("cannot write");
	getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size);
	printf("sniff frames=%lu lost=%u\n", frames, stats.tp_drops);
	return 0;
}
