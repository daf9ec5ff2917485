// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_pcapng.c - any bytes as names, comments and frames that go into a pcapng
 * file: blocks keep within the sizes that they promise, and a reader (libpcap's)
 * gets the same frame out again.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture.h"
#include "fuzz.h"
#include "pcapng.h"

#define FRAME_BYTES	65536

struct file {
	uint8_t data[PCAPNG_SECTION_MAX + PCAPNG_INTERFACE_MAX +
		     PCAPNG_STATISTICS_MAX + PCAPNG_PACKET_EXTRA + FRAME_BYTES];
	size_t bytes;
};

static void grow(struct file *file, size_t bytes, size_t max)
{
	if (bytes > max || bytes % 4)
		abort();
	file->bytes += bytes;
}

static uint64_t number_of(const char *text)
{
	uint64_t number = 0;

	memcpy(&number, text, strnlen(text, sizeof(number)));
	return number;
}

static void add_all(struct file *file, const char *text,
		    const struct pcapng_packet *packet)
{
	struct pcapng_interface interface = {
		.name = text, .description = text, .filter = text,
		.mac = (const uint8_t *)"\2\0\0\0\0\1",
		.snaplen = FRAME_BYTES,
	};
	struct pcapng_statistics statistics = {
		.time_ns = number_of(text), .received = number_of(text),
		.comment = text,
	};

	grow(file, pcapng_section(file->data, text), PCAPNG_SECTION_MAX);
	grow(file, pcapng_interface(file->data + file->bytes, &interface),
	     PCAPNG_INTERFACE_MAX);
	grow(file, pcapng_packet(file->data + file->bytes, packet),
	     PCAPNG_PACKET_EXTRA + packet->captured);
	grow(file, pcapng_statistics(file->data + file->bytes, &statistics),
	     PCAPNG_STATISTICS_MAX);
}

static void read_again(const char *path, const struct pcapng_packet *packet)
{
	struct capture capture;
	struct capture_frame frame;
	struct why why;

	if (!capture_open(&capture, path, &why))
		abort();
	if (capture_next(&capture, &frame, &why) != CAPTURE_FRAME ||
	    frame.bytes != packet->captured || frame.length != packet->length ||
	    memcmp(frame.data, packet->data, frame.bytes))
		abort();
	if (capture_next(&capture, &frame, &why) != CAPTURE_END)
		abort();
	capture_close(&capture);
}

size_t fuzz_seed(unsigned int number, uint8_t *data, size_t max)
{
	static const char text[] = "a name of some length, and what is a frame";

	if (number > 1 || max < 3000)
		return 0;
	memset(data, 'x', 3000);
	memcpy(data, text, sizeof(text));
	return number ? 3000 : sizeof(text);
}

/* Up to the first 0 it is text, behind that a frame. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct file file;
	char *text = strndup((const char *)data, size);
	size_t used = strlen(text);
	struct pcapng_packet packet = {
		.data = data + used, .captured = size - used,
		.length = size - used + size % 3, .comment = text,
		.direction = size % 3, .id = number_of(text),
		.lost = number_of(text), .verdict = number_of(text),
	};
	char path[32];
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	file.bytes = 0;
	if (packet.captured > FRAME_BYTES)
		packet.captured = FRAME_BYTES;
	add_all(&file, text, &packet);
	if (fd < 0 || write(fd, file.data, file.bytes) != (ssize_t)file.bytes)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	read_again(path, &packet);
	close(fd);
	free(text);
	return 0;
}
