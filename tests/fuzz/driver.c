// SPDX-License-Identifier: GPL-2.0
/*
 * driver.c - runs a fuzz target (fuzz.h) without more than a compiler with
 * sanitizers: inputs are its seeds, changed at random in a few places.  The
 * same seed of chance gives the same inputs.  One that makes the target fail,
 * or take too long, is left in a file for
 *
 *	fuzz_X FILE...
 *
 * which runs just those.  Else
 *
 *	fuzz_X [--runs N] [--seconds N] [--chance N]
 *	fuzz_X --write FOLDER		writes its seeds there, for other fuzzers
 */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sanitizer/common_interface_defs.h>

#include "fuzz.h"

#define INPUT_MAX	(80 << 10)
#define SEEDS_MAX	256
#define CHANGES_MAX	8
/* Time for one input. */
#define SLOW_SECONDS	20

struct input {
	uint8_t *data;
	size_t size;
};

static struct input seed[SEEDS_MAX];
static unsigned int seeds;
static const char *target;

/* What runs now; looked at when things have gone wrong. */
static uint8_t *volatile running;
static volatile size_t running_size;

static uint64_t chance = 1;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* --- chance --- */

static uint64_t random_number(void)
{
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	return chance;
}

static size_t below(size_t end)
{
	return end ? random_number() % end : 0;
}

/* --- changes --- */

static void flip_bit(struct input *input)
{
	if (input->size)
		input->data[below(input->size)] ^= 1 << below(8);
}

static void set_byte(struct input *input)
{
	static const uint8_t odd[] = {
		0, 1, 0x7f, 0x80, 0xff, '0', '9', ',', '=', '-', '"', '\n', ' ',
	};

	if (input->size)
		input->data[below(input->size)] =
			below(2) ? random_number() : odd[below(sizeof(odd))];
}

/* A length, maybe, or an offset: at either end of what it may be. */
static void set_number(struct input *input)
{
	static const uint32_t odd[] = {
		0, 1, 2, 8, 0x7f, 0xff, 0x7fff, 0x8000, 0xffff, 0x10000,
		0x7fffffff, 0x80000000, 0xffffffff,
	};
	uint32_t value = odd[below(sizeof(odd) / sizeof(odd[0]))];
	size_t bytes = below(2) ? 2 : 4;

	value += below(3) - 1;
	if (below(2))
		value = bytes == 2 ? __builtin_bswap16(value) :
				     __builtin_bswap32(value);
	if (input->size >= bytes)
		memcpy(input->data + below(input->size - bytes + 1), &value,
		       bytes);
}

static void cut(struct input *input)
{
	size_t at = below(input->size), bytes;

	if (!input->size)
		return;
	bytes = below(4) ? 1 + below(8) : input->size - at;
	if (bytes > input->size - at)
		bytes = input->size - at;
	memmove(input->data + at, input->data + at + bytes,
		input->size - at - bytes);
	input->size -= bytes;
}

/* Put some bytes, of wherever, somewhere. */
static void insert(struct input *input, const uint8_t *from, size_t bytes)
{
	size_t at = below(input->size + 1);

	if (bytes > INPUT_MAX - input->size)
		bytes = INPUT_MAX - input->size;
	memmove(input->data + at + bytes, input->data + at, input->size - at);
	memcpy(input->data + at, from, bytes);
	input->size += bytes;
}

static void repeat(struct input *input)
{
	static uint8_t copy[INPUT_MAX];
	size_t at = below(input->size), bytes;

	bytes = below(below(8) ? 16 : 4096) + 1;
	if (bytes > input->size - at)
		bytes = input->size - at;
	memcpy(copy, input->data + at, bytes);
	insert(input, copy, bytes);
}

static void insert_other(struct input *input)
{
	const struct input *other = &seed[below(seeds)];
	size_t at = below(other->size), bytes = below(other->size - at) + 1;

	if (other->size)
		insert(input, other->data + at, bytes);
}

static void insert_noise(struct input *input)
{
	uint8_t noise[16];
	size_t i;

	for (i = 0; i < sizeof(noise); i++)
		noise[i] = random_number();
	insert(input, noise, below(sizeof(noise)) + 1);
}

static void change(struct input *input)
{
	static void (*const changes[])(struct input *input) = {
		flip_bit, flip_bit, set_byte, set_byte, set_number, set_number,
		cut, repeat, insert_other, insert_noise,
	};
	size_t count = 1 + below(CHANGES_MAX);

	while (count--)
		changes[below(sizeof(changes) / sizeof(changes[0]))](input);
}

/* --- running --- */

/* Only what a signal handler may do. */
static void save_input(void)
{
	char name[256];
	int fd;

	snprintf(name, sizeof(name), "%s.failed", target);
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd >= 0 && write(fd, running, running_size) >= 0)
		dprintf(STDERR_FILENO, "\nfuzz: what did that is in %s (%zu bytes)\n",
			name, running_size);
}

static void fail(int number)
{
	save_input();
	dprintf(STDERR_FILENO, "fuzz: %s\n",
		number == SIGALRM ? "it took too long" : "it aborted");
	_exit(1);
}

static void catch_failures(void)
{
	__sanitizer_set_death_callback(save_input);
	signal(SIGABRT, fail);
	signal(SIGALRM, fail);
}

/* In memory of its size, so that a look behind it is noticed. */
static void run(const struct input *input)
{
	uint8_t *copy = malloc(input->size ? input->size : 1);

	if (!copy)
		die("malloc");
	/* The first one of a target without seeds has no memory. */
	if (input->size)
		memcpy(copy, input->data, input->size);
	running = copy;
	running_size = input->size;
	alarm(SLOW_SECONDS);
	LLVMFuzzerTestOneInput(copy, input->size);
	alarm(0);
	free(copy);
}

static void take_seeds(void)
{
	static uint8_t data[INPUT_MAX];
	size_t size;

	while (fuzz_seed && seeds < SEEDS_MAX &&
	       (size = fuzz_seed(seeds, data, sizeof(data)))) {
		seed[seeds].data = malloc(size);
		if (!seed[seeds].data)
			die("malloc");
		memcpy(seed[seeds].data, data, size);
		seed[seeds++].size = size;
	}
	if (!seeds)
		seeds = 1;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static uint64_t run_changed(uint64_t runs, double limit)
{
	static uint8_t data[INPUT_MAX];
	struct input input = { .data = data };
	double end = seconds() + limit;
	uint64_t done;

	for (done = 0; done < runs && seconds() < end; done++) {
		const struct input *from = &seed[below(seeds)];

		input.size = from->size;
		if (from->size)
			memcpy(data, from->data, from->size);
		change(&input);
		run(&input);
	}
	return done;
}

static void fuzz(uint64_t runs, double limit)
{
	unsigned int i;

	for (i = 0; i < seeds; i++)
		run(&seed[i]);
	printf("%s: %u seeds and %" PRIu64 " changed inputs\n", target, seeds,
	       run_changed(runs, limit));
}

static void run_file(const char *name)
{
	static uint8_t data[INPUT_MAX];
	struct input input = { .data = data };
	FILE *file = fopen(name, "rb");

	if (!file)
		die(name);
	input.size = fread(data, 1, sizeof(data), file);
	fclose(file);
	run(&input);
	printf("%s: nothing wrong with %s\n", target, name);
}

static void write_seeds(const char *folder)
{
	char name[4096];
	unsigned int i;
	FILE *file;

	for (i = 0; i < seeds; i++) {
		snprintf(name, sizeof(name), "%s/seed-%u", folder, i);
		file = fopen(name, "wb");
		if (!file || fwrite(seed[i].data, 1, seed[i].size, file) !=
				     seed[i].size || fclose(file))
			die(name);
	}
}

/* How long. */
struct limits {
	uint64_t runs;
	double seconds;
};

/* False: it is none of them. */
static bool take_option(const char *name, const char *value,
			struct limits *limits)
{
	if (!strcmp(name, "--runs")) {
		limits->runs = strtoull(value, NULL, 10);
	} else if (!strcmp(name, "--seconds")) {
		limits->seconds = atof(value);
	} else if (!strcmp(name, "--chance")) {
		/* 0 would stay 0. */
		chance = strtoull(value, NULL, 10) * 2 + 1;
	} else if (!strcmp(name, "--write")) {
		write_seeds(value);
		exit(0);
	} else {
		return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct limits limits = { .runs = UINT64_MAX, .seconds = 10 };

	(void)argc;
	target = *argv++;
	take_seeds();
	catch_failures();
	while (argv[0] && argv[1] && take_option(argv[0], argv[1], &limits))
		argv += 2;
	if (!*argv)
		fuzz(limits.runs, limits.seconds);
	for (; *argv; argv++)
		run_file(*argv);
	return 0;
}
