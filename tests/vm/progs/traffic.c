// SPDX-License-Identifier: GPL-2.0
/*
 * traffic.c - network traffic that is checked and timed; the same 32-bit
 * binary serves guests and the host, IPv4 and IPv6.
 *
 *	traffic sink PORT [nosum]		one TCP connection until its end
 *	traffic send ADDRESS PORT MIB [nosum]	that many MiB of TCP to a sink
 *	traffic count PORT SECONDS		datagrams, until none for SECONDS
 *	traffic blast ADDRESS PORT BYTES SECONDS [PAUSE-US]
 *						datagrams of BYTES, numbered
 *	traffic echo PORT			return datagrams, for ever
 *	traffic rtt ADDRESS PORT COUNT		round trips to an echo, one by one
 *
 * Each prints one line of name=value.  A sink and its sender print the same
 * sum if all bytes came in order; those that are timed rather than checked do
 * without, for a sum takes longer than the way.
 */
#define _GNU_SOURCE 1
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CHUNK		(128 * 1024)
#define CONNECT_SECONDS	20
#define RTT_TIMEOUT_MS	1000

static void die(const char *what)
{
	fprintf(stderr, "traffic: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static unsigned long number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (!*text || *end) {
		fprintf(stderr, "traffic: no number: %s\n", text);
		exit(2);
	}
	return value;
}

static struct sockaddr_storage address(const char *text, const char *port,
				       socklen_t *size)
{
	struct sockaddr_storage all = { 0 };
	struct sockaddr_in6 *six = (void *)&all;
	struct sockaddr_in *four = (void *)&all;

	if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons(number(port));
		*size = sizeof(*four);
		return all;
	}
	if (inet_pton(AF_INET6, text, &six->sin6_addr) != 1) {
		fprintf(stderr, "traffic: no address: %s\n", text);
		exit(2);
	}
	six->sin6_family = AF_INET6;
	six->sin6_port = htons(number(port));
	*size = sizeof(*six);
	return all;
}

/* Bound to any address, of both families. */
static int bound(int type, const char *port)
{
	struct sockaddr_in6 any = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(number(port)),
	};
	int fd = socket(AF_INET6, type, 0), on = 1, bytes = 4 << 20;

	if (fd < 0)
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (type == SOCK_DGRAM)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	if (bind(fd, (void *)&any, sizeof(any)))
		die("bind");
	return fd;
}

/* A server may take a while to be there. */
static int connected(int type, const char *text, const char *port)
{
	double end = now() + CONNECT_SECONDS;
	socklen_t size;
	struct sockaddr_storage to = address(text, port, &size);
	int fd;

	for (;;) {
		fd = socket(to.ss_family, type, 0);
		if (fd < 0)
			die("socket");
		if (!connect(fd, (void *)&to, size))
			return fd;
		if (now() > end)
			die("connect");
		close(fd);
		usleep(50000);
	}
}

/* --- TCP --- */

struct sum {
	bool wanted;
	uint32_t value;
};

static struct sum new_sum(const char *option)
{
	if (option && strcmp(option, "nosum")) {
		fprintf(stderr, "traffic: neither nosum nor nothing: %s\n",
			option);
		exit(2);
	}
	return (struct sum){ .wanted = !option };
}

static void add_sum(struct sum *sum, const uint8_t *data, size_t bytes)
{
	size_t i;

	if (!sum->wanted)
		return;
	for (i = 0; i < bytes; i++)
		sum->value = (sum->value ^ data[i]) * 16777619;	/* FNV-1a */
}

static void tell(const char *who, uint64_t bytes, const struct sum *sum,
		 double seconds)
{
	printf("%s bytes=%llu sum=%08x seconds=%.3f mbits=%.1f\n", who,
	       (unsigned long long)bytes, sum->value, seconds,
	       bytes * 8 / seconds / 1e6);
}

static int sink(char **argv)
{
	static uint8_t data[CHUNK];
	int fd = bound(SOCK_STREAM, argv[0]), peer;
	struct sum sum = new_sum(argv[1]);
	uint64_t bytes = 0;
	double start;
	ssize_t got;

	if (listen(fd, 1))
		die("listen");
	peer = accept(fd, NULL, NULL);
	if (peer < 0)
		die("accept");
	start = now();
	while ((got = read(peer, data, sizeof(data))) > 0) {
		add_sum(&sum, data, got);
		bytes += got;
	}
	if (got < 0)
		die("read");
	tell("sink", bytes, &sum, now() - start);
	return 0;
}

static void write_all(int fd, const uint8_t *data, size_t bytes)
{
	while (bytes) {
		ssize_t put = write(fd, data, bytes);

		if (put < 0)
			die("write");
		data += put;
		bytes -= put;
	}
}

static int send_tcp(char **argv)
{
	static uint8_t data[CHUNK];
	int fd = connected(SOCK_STREAM, argv[0], argv[1]);
	uint64_t left = (uint64_t)number(argv[2]) << 20, bytes = left;
	struct sum sum = new_sum(argv[3]);
	uint32_t seed = 1;
	double start = now();
	size_t i;

	for (i = 0; i < sizeof(data); i++) {
		seed = seed * 1103515245 + 12345;
		data[i] = seed >> 16;
	}
	for (; left; left -= sizeof(data)) {
		/* So that no two chunks are alike */
		memcpy(data, &left, sizeof(left));
		add_sum(&sum, data, sizeof(data));
		write_all(fd, data, sizeof(data));
	}
	shutdown(fd, SHUT_WR);
	/* Its end means that all has arrived. */
	if (read(fd, data, 1) < 0)
		die("read");
	tell("send", bytes, &sum, now() - start);
	return 0;
}

/* --- UDP --- */

static int wait_for(int fd, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	return poll(&pfd, 1, ms);
}

static int count(char **argv)
{
	int fd = bound(SOCK_DGRAM, argv[0]);
	int patience = number(argv[1]) * 1000;
	uint64_t got = 0, late = 0;
	uint32_t next = 0, sequence;
	double start = 0, end = 0;
	char data[65536];

	/* Who sends may need a moment to begin. */
	if (wait_for(fd, CONNECT_SECONDS * 1000) > 0)
		start = now();
	while (wait_for(fd, patience) > 0) {
		ssize_t bytes = recv(fd, data, sizeof(data), 0);

		if (bytes < (ssize_t)sizeof(sequence))
			continue;
		end = now();
		memcpy(&sequence, data, sizeof(sequence));
		got++;
		if (sequence < next)
			late++;
		else
			next = sequence + 1;
	}
	printf("count got=%llu lost=%llu late=%llu seconds=%.3f pps=%.0f\n",
	       (unsigned long long)got, (unsigned long long)(next - got),
	       (unsigned long long)late, end - start,
	       end > start ? got / (end - start) : 0);
	return 0;
}

static int blast(char **argv)
{
	int fd = connected(SOCK_DGRAM, argv[0], argv[1]);
	unsigned long bytes = number(argv[2]);
	double start = now(), end = start + number(argv[3]);
	unsigned long pause = argv[4] ? number(argv[4]) : 0;
	char data[65536] = { 0 };
	uint32_t sequence = 0;
	uint64_t full = 0;

	while (now() < end) {
		memcpy(data, &sequence, sizeof(sequence));
		if (send(fd, data, bytes, 0) < 0)
			full++;
		else
			sequence++;
		if (pause)
			usleep(pause);
	}
	printf("blast sent=%u failed=%llu seconds=%.3f pps=%.0f\n", sequence,
	       (unsigned long long)full, now() - start,
	       sequence / (now() - start));
	return 0;
}

static __attribute__((noreturn)) int echo(char **argv)
{
	int fd = bound(SOCK_DGRAM, argv[0]);
	struct sockaddr_storage from;
	char data[65536];

	for (;;) {
		socklen_t size = sizeof(from);
		ssize_t bytes = recvfrom(fd, data, sizeof(data), 0,
					 (void *)&from, &size);

		if (bytes >= 0)
			sendto(fd, data, bytes, 0, (void *)&from, size);
	}
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int rtt(char **argv)
{
	int fd = connected(SOCK_DGRAM, argv[0], argv[1]);
	unsigned long want = number(argv[2]), got = 0, tries;
	double *times = calloc(want, sizeof(*times));
	char data[56] = { 0 };

	if (!times)
		die("calloc");
	for (tries = 0; got < want && tries < 2 * want + 10; tries++) {
		double start = now();

		if (send(fd, data, sizeof(data), 0) < 0 ||
		    wait_for(fd, RTT_TIMEOUT_MS) <= 0 ||
		    recv(fd, data, sizeof(data), 0) < 0)
			continue;
		times[got++] = now() - start;
	}
	if (!got)
		die("no answer");
	qsort(times, got, sizeof(*times), ascending);
	printf("rtt got=%lu lost=%lu min_us=%.1f median_us=%.1f p99_us=%.1f\n",
	       got, tries - got, times[0] * 1e6, times[got / 2] * 1e6,
	       times[got * 99 / 100] * 1e6);
	return 0;
}

static const struct {
	const char *name;
	int least, most;
	int (*run)(char **argv);
} commands[] = {
	{ "sink", 1, 2, sink },
	{ "send", 3, 4, send_tcp },
	{ "count", 2, 2, count },
	{ "blast", 4, 5, blast },
	{ "echo", 1, 1, echo },
	{ "rtt", 3, 3, rtt },
};

int main(int argc, char **argv)
{
	size_t i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[1], commands[i].name) &&
		    argc - 2 >= commands[i].least &&
		    argc - 2 <= commands[i].most)
			return commands[i].run(argv + 2);
	fprintf(stderr, "usage: traffic sink|send|count|blast|echo|rtt ARGUMENTS (see its source)\n");
	return 2;
}
