// SPDX-License-Identifier: GPL-2.0
/*
 * diskio.c - how long a disk, or a file, takes for a request, past the page
 * cache and one request at a time; the same 32-bit binary serves guests and
 * the host.
 *
 *	diskio FILE read|write seq|random BYTES MILLISECONDS
 *
 * Requests are of BYTES each, for about as long as said; what was written is
 * flushed before the clock is stopped.  Prints a line of name=value.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ALIGNMENT	4096
#define NS_PER_S	1000000000ull
#define NS_PER_MS	1000000ull

struct job {
	int fd;
	bool writes, random;
	size_t bytes;		/* of a request */
	uint64_t places;	/* for one in the file */
	void *data;
};

static void __attribute__((noreturn)) die(const char *what)
{
	fprintf(stderr, "diskio: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void __attribute__((noreturn)) usage(void)
{
	fprintf(stderr, "usage: diskio FILE read|write seq|random BYTES MILLISECONDS\n");
	exit(2);
}

static uint64_t now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * NS_PER_S + time.tv_nsec;
}

/* Which of two words it is. */
static bool is_second(const char *word, const char *first, const char *second)
{
	if (strcmp(word, first) && strcmp(word, second))
		usage();
	return !strcmp(word, second);
}

static unsigned long number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || !value)
		usage();
	return value;
}

static void open_file(struct job *job, const char *path)
{
	off64_t end;

	job->fd = open(path, O_DIRECT | O_LARGEFILE |
			     (job->writes ? O_RDWR : O_RDONLY));
	if (job->fd < 0)
		die(path);
	end = lseek64(job->fd, 0, SEEK_END);
	if (end < (off64_t)job->bytes) {
		fprintf(stderr, "diskio: %s is too small\n", path);
		exit(1);
	}
	job->places = end / job->bytes;
	errno = posix_memalign(&job->data, ALIGNMENT, job->bytes);
	if (errno)
		die("memory");
	memset(job->data, 0xa5, job->bytes);
}

static void request(const struct job *job, uint64_t n)
{
	uint64_t place = (job->random ? (uint64_t)rand() : n) % job->places;
	off64_t offset = place * job->bytes;
	ssize_t done = job->writes ?
		pwrite64(job->fd, job->data, job->bytes, offset) :
		pread64(job->fd, job->data, job->bytes, offset);

	if (done != (ssize_t)job->bytes)
		die(job->writes ? "write" : "read");
}

int main(int argc, char **argv)
{
	uint64_t start, taken, n = 0;
	struct job job;
	uint64_t wanted;

	if (argc != 6)
		usage();
	job.writes = is_second(argv[2], "read", "write");
	job.random = is_second(argv[3], "seq", "random");
	job.bytes = number(argv[4]);
	wanted = number(argv[5]) * NS_PER_MS;
	open_file(&job, argv[1]);
	start = now_ns();
	do {
		request(&job, n++);
	} while (now_ns() - start < wanted);
	if (job.writes && fdatasync(job.fd))
		die("fdatasync");
	taken = now_ns() - start;
	printf("diskio requests=%llu ns=%.0f\n", (unsigned long long)n,
	       (double)taken / n);
	return 0;
}
