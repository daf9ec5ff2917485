// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_describe.c - any bytes as a frame that is printed, in every way: the
 * line stays within its bounds, and a terminal can show it.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "describe.h"
#include "frame_seeds.h"
#include "fuzz.h"

static void check(const struct line *line)
{
	size_t i;

	if (line->used >= sizeof(line->text) || line->text[line->used])
		abort();
	for (i = 0; i < line->used; i++)
		if ((unsigned char)line->text[i] < 0x20 ||
		    (unsigned char)line->text[i] == 0x7f)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Seeds begin with a virtio_net_hdr. */
	size_t skip = size < FRAME_VNET ? size : FRAME_VNET;
	unsigned int how;

	for (how = 0; how < 8; how++) {
		struct describe describe = {
			.link_level = how & 1, .quick = how & 2,
			.numeric = how & 4,
		};
		struct line line = { 0 };

		describe_frame(&line, &describe, data + skip, size - skip);
		check(&line);
	}
	return 0;
}
