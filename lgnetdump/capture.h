/* SPDX-License-Identifier: GPL-2.0 */
/*
 * capture.h - reading the frames of a capture file, pcap or pcapng, compressed
 * by gzip or not.  Such files come from anywhere, so nothing that they hold is
 * taken for granted: what cannot be is an error that names the file and the
 * frame, and the frames before it have been read all the same.
 *
 *	struct capture capture;
 *	struct capture_frame frame;
 *
 *	capture_open(&capture, "net0.pcapng", &why);
 *	while (capture_next(&capture, &frame, &why) == CAPTURE_FRAME)
 *		... frame.data, frame.bytes ...
 *	capture_close(&capture);
 *
 * A file is read as it is needed, so its size does not matter.
 * guide: C:675
 */
#ifndef LGNETDUMP_CAPTURE_H
#define LGNETDUMP_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pcap/pcap.h>
#include <zlib.h>

#include "why.h"

struct capture {
	const char *path;	/* as given, for messages */
	int fd;
	gzFile zip;		/* reads what is not compressed, too */
	pcap_t *pcap;
	uint64_t frames;	/* given so far, since the file's beginning */
	char trouble[128];	/* zlib's own words, if it could not read */
};

/* An Ethernet frame.  Its data lasts until the next call. */
struct capture_frame {
	uint64_t time_ns;	/* since 1970; wrong ones are 0 or the largest */
	const uint8_t *data;
	uint32_t bytes;		/* that the file has of it */
	uint32_t length;	/* that it had on its net: bytes, or more */
};

enum capture_result {
	CAPTURE_FRAME,
	CAPTURE_END,		/* of the file, which was well up to there */
	CAPTURE_FAILED,
};

/* "-" is the standard input.  @path has to last. */
bool capture_open(struct capture *capture, const char *path, struct why *why);

enum capture_result capture_next(struct capture *capture,
				 struct capture_frame *frame, struct why *why);

/* Back to the first frame.  Not of a pipe. */
bool capture_rewind(struct capture *capture, struct why *why);

void capture_close(struct capture *capture);

#endif
