// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_capture.c - capture files of any bytes, as --replay reads them: each
 * byte of each frame is looked at, and what is read twice is twice the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
