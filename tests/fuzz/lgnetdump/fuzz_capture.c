// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_capture.c - capture files of any bytes, as --replay reads them: each
 * byte of each frame is looked at, and what is read twice is twice the same.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture.h"
#include "fuzz.h"
#include "pcapng.h"

/* Frames of a file that are worth a look. */
#define FRAMES_MAX	1000

struct sum {
	uint64_t frames, bytes, data;
	enum capture_result end;
};

static struct sum read_all(struct capture *capture)
{
	struct sum sum = { 0 };
	struct capture_frame frame;
	struct why why;
	uint32_t i;

	while (sum.frames < FRAMES_MAX) {
		sum.end = capture_next(capture, &frame, &why);
		if (sum.end != CAPTURE_FRAME)
			break;
		if (frame.length < frame.bytes)
			abort();
		sum.frames++;
		sum.bytes += frame.bytes;
		for (i = 0; i < frame.bytes; i++)
			sum.data = sum.data * 31 + frame.data[i];
	}
	return sum;
}

static void read_file(const char *path)
{
	struct capture capture;
	struct sum first, second;
	struct why why;

	if (!capture_open(&capture, path, &why))
		return;
	first = read_all(&capture);
	if (!capture_rewind(&capture, &why))
		abort();
	second = read_all(&capture);
	if (first.frames != second.frames || first.bytes != second.bytes ||
	    first.data != second.data || first.end != second.end)
		abort();
	capture_close(&capture);
}

/* Two frames of 60 bytes in a file of each kind. */
static size_t make_pcap(uint8_t *data)
{
	static const uint32_t head[] = {
		0xa1b2c3d4, 4 << 16 | 2, 0, 0, 262144, 1,
	};
	static const uint32_t record[] = { 1, 2, 60, 60 };
	size_t bytes = sizeof(head);
	unsigned int i;

	memcpy(data, head, sizeof(head));
	for (i = 0; i < 2; i++) {
		memcpy(data + bytes, record, sizeof(record));
		bytes += sizeof(record);
		memset(data + bytes, i, 60);
		bytes += 60;
	}
	return bytes;
}

static size_t make_pcapng(uint8_t *data)
{
	static const uint8_t frame[60];
	const struct pcapng_interface interface = {
		.name = "r1", .description = "a guest", .snaplen = 65535,
	};
	const struct pcapng_packet packet = {
		.data = frame, .captured = 60, .length = 1514, .id = 1,
		.comment = "dropped",
	};
	const struct pcapng_statistics statistics = { .received = 2 };
	size_t bytes = pcapng_section(data, "fuzz");

	bytes += pcapng_interface(data + bytes, &interface);
	bytes += pcapng_packet(data + bytes, &packet);
	bytes += pcapng_packet(data + bytes, &packet);
	return bytes + pcapng_statistics(data + bytes, &statistics);
}

size_t fuzz_seed(unsigned int number, uint8_t *data, size_t max)
{
	if (max < 1 << 14)
		return 0;
	switch (number) {
	case 0:
		return make_pcap(data);
	case 1:
		return make_pcapng(data);
	default:
		return 0;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[32];
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	read_file(path);
	close(fd);
	return 0;
}
