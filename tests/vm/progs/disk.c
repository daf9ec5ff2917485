// SPDX-License-Identifier: GPL-2.0
/*
 * disk.c - writes to a disk, or any file, from several processes at once and
 * looks whether it keeps what it got.  Each sector holds its number, a
 * generation and what follows from both, so that a lost, torn or misplaced
 * write shows.
 *
 *	disk hammer FILE WORKERS ROUNDS	fill all of it, then write and read at
 *				random, past the cache; prints a sum of all
 *				sectors' generations
 *	disk check FILE		read all of it, print that sum
 *	disk zero DEVICE OFFSET BYTES	have zeros there
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECTOR		512
#define WORDS		(SECTOR / 4)
#define MOST_SECTORS	512	/* in one read() or write() */
#define MOST_WORKERS	64

/* What one process has of the disk. */
struct region {
	int fd;
	uint32_t first, sectors;
	uint32_t *generation;
	uint32_t *data;
};

static void die(const char *what)
{
	printf("disk: FAILED: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint32_t mix(uint32_t a, uint32_t b)
{
	a = (a ^ b * 0x9e3779b9) * 0x85ebca6b;
	return a ^ a >> 15;
}

static void fill(uint32_t *word, uint32_t sector, uint32_t generation)
{
	uint32_t seed = mix(sector + 1, generation);
	unsigned int i;

	word[0] = sector;
	word[1] = generation;
	for (i = 2; i < WORDS; i++)
		word[i] = seed += 0x6b43a9b5;
}

/* The generation of a sector that is as fill() made it. */
static uint32_t generation_of(const uint32_t *word, uint32_t sector)
{
	uint32_t want[WORDS];

	fill(want, sector, word[1]);
	if (!memcmp(want, word, SECTOR))
		return word[1];
	printf("disk: FAILED: sector %u has number %u, generation %u and wrong data\n",
	       sector, word[0], word[1]);
	exit(1);
}

static void transfer(struct region *r, int writes, uint32_t at,
		     uint32_t sectors)
{
	off_t offset = (off_t)(r->first + at) * SECTOR;
	size_t bytes = (size_t)sectors * SECTOR;
	ssize_t done = writes ? pwrite(r->fd, r->data, bytes, offset) :
				pread(r->fd, r->data, bytes, offset);

	if (done != (ssize_t)bytes)
		die(writes ? "pwrite" : "pread");
}

static void do_write(struct region *r, uint32_t at, uint32_t sectors)
{
	uint32_t i;

	for (i = 0; i < sectors; i++)
		fill(r->data + i * WORDS, r->first + at + i,
		     ++r->generation[at + i]);
	transfer(r, 1, at, sectors);
}

static void do_read(struct region *r, uint32_t at, uint32_t sectors)
{
	uint32_t i, got;

	transfer(r, 0, at, sectors);
	for (i = 0; i < sectors; i++) {
		got = generation_of(r->data + i * WORDS, r->first + at + i);
		if (got == r->generation[at + i])
			continue;
		printf("disk: FAILED: sector %u has generation %u, not %u\n",
		       r->first + at + i, got, r->generation[at + i]);
		exit(1);
	}
}

static void in_steps(struct region *r,
		     void (*step)(struct region *, uint32_t, uint32_t))
{
	uint32_t at, sectors;

	for (at = 0; at < r->sectors; at += sectors) {
		sectors = r->sectors - at;
		if (sectors > MOST_SECTORS)
			sectors = MOST_SECTORS;
		step(r, at, sectors);
	}
}

/* Mostly small, and seldom aligned to more than a sector. */
static void at_random(struct region *r)
{
	uint32_t most = rand() % 4 ? 16 : MOST_SECTORS;
	uint32_t at = rand() % r->sectors;
	uint32_t sectors = rand() % most + 1;

	if (sectors > r->sectors - at)
		sectors = r->sectors - at;
	if (rand() % 3)
		do_write(r, at, sectors);
	else
		do_read(r, at, sectors);
}

static uint32_t sum_of(const struct region *r)
{
	uint32_t i, sum = 0;

	for (i = 0; i < r->sectors; i++)
		sum ^= mix(r->first + i, r->generation[i]);
	return sum;
}

static void prepare(struct region *r, const char *path, int flags)
{
	void *data;

	r->fd = open(path, flags);
	if (r->fd < 0)
		die(path);
	r->generation = calloc(r->sectors, sizeof(*r->generation));
	if (!r->generation ||
	    posix_memalign(&data, SECTOR, MOST_SECTORS * SECTOR))
		die("memory");
	r->data = data;
}

static uint32_t work(struct region *r, const char *path, unsigned int rounds)
{
	/* Files in a tmpfs do not know O_DIRECT. */
	int direct = strncmp(path, "/dev/", 5) ? 0 : O_DIRECT;

	prepare(r, path, O_RDWR | direct);
	srand(r->first);
	in_steps(r, do_write);
	while (rounds--)
		at_random(r);
	if (fsync(r->fd))
		die("fsync");
	in_steps(r, do_read);
	return sum_of(r);
}

static uint32_t sectors_of(const char *path)
{
	int fd = open(path, O_RDONLY);
	off_t end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);

	if (end < 0)
		die(path);
	close(fd);
	return end / SECTOR;
}

static int hammer(const char *path, unsigned int workers, unsigned int rounds)
{
	uint32_t all = sectors_of(path), sum = 0;
	uint32_t *sums = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status, bad = 0;
	unsigned int i;

	if (!workers || workers > MOST_WORKERS || sums == MAP_FAILED)
		die("arguments");
	for (i = 0; i < workers; i++) {
		struct region r = {
			.first = all / workers * i,
			.sectors = i < workers - 1 ? all / workers :
				   all - all / workers * i,
		};

		if (fork())
			continue;
		sums[i] = work(&r, path, rounds);
		exit(0);
	}
	while (wait(&status) > 0)
		bad |= status;
	for (i = 0; i < workers; i++)
		sum ^= sums[i];
	if (!bad)
		printf("disk: sum %08x\n", sum);
	return bad != 0;
}

static void note(struct region *r, uint32_t at, uint32_t sectors)
{
	uint32_t i;

	transfer(r, 0, at, sectors);
	for (i = 0; i < sectors; i++)
		r->generation[at + i] = generation_of(r->data + i * WORDS,
						      at + i);
}

static int check(const char *path)
{
	struct region r = { .sectors = sectors_of(path) };

	prepare(&r, path, O_RDONLY);
	in_steps(&r, note);
	printf("disk: sum %08x\n", sum_of(&r));
	return 0;
}

static int zero(const char *path, uint64_t offset, uint64_t bytes)
{
	uint64_t range[] = { offset, bytes };
	int fd = open(path, O_RDWR);

	if (fd < 0 || ioctl(fd, BLKZEROOUT, range))
		die(path);
	printf("disk: zeroed\n");
	return 0;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 5 && !strcmp(argv[1], "hammer"))
		return hammer(argv[2], atoi(argv[3]), atoi(argv[4]));
	if (argc == 3 && !strcmp(argv[1], "check"))
		return check(argv[2]);
	if (argc == 5 && !strcmp(argv[1], "zero"))
		return zero(argv[2], atoi(argv[3]), atoi(argv[4]));
	printf("usage: disk hammer FILE WORKERS ROUNDS | disk check FILE | disk zero DEVICE OFFSET BYTES\n");
	return 2;
}
