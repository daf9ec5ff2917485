// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_print.c - frames of any bytes as lines, in each of the styles: the line
 * ends where it says, and has nothing that a terminal would obey.
 */
#include <stdlib.h>
#include <string.h>

#include "describe.h"
#include "fuzz.h"

static const uint8_t arp[] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6,
	0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1,
	0, 0, 0, 0, 0, 0, 10, 0, 0, 2,
};

static const uint8_t vlan_tcp[] = {
	2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x81, 0, 0, 7, 8, 0,
	0x46, 0, 0, 48, 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
	1, 1, 1, 0, 0x13, 0x88, 0, 80, 0, 0, 0, 1, 0, 0, 0, 2, 0x60, 0x18,
	1, 0, 0, 0, 0, 0, 2, 4, 5, 180,
};

static const uint8_t icmpv6[] = {
	0x33, 0x33, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0x86, 0xdd,
	0x60, 0, 0, 0, 0, 32, 0, 1,
	0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	58, 0, 5, 2, 0, 0, 1, 0, 135, 0, 0, 0, 0, 0, 0, 0,
	0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
};

static const uint8_t lldp[] = {
	1, 0x80, 0xc2, 0, 0, 0xe, 2, 0, 0, 0, 0, 1, 0x88, 0xcc,
	2, 7, 4, 2, 0, 0, 0, 0, 1, 4, 3, 5, 'e', '1', 6, 2, 0, 120,
	8, 2, 'p', '1', 10, 2, 'r', '1', 0, 0,
};

static const uint8_t stp[] = {
	1, 0x80, 0xc2, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 38, 0x42, 0x42, 3,
	0, 0, 0, 0, 0, 0x80, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 4,
	0x80, 0, 2, 0, 0, 0, 0, 2,
};

static const struct {
	const uint8_t *data;
	size_t bytes;
} seeds[] = {
	{ arp, sizeof(arp) },
	{ vlan_tcp, sizeof(vlan_tcp) },
	{ icmpv6, sizeof(icmpv6) },
	{ lldp, sizeof(lldp) },
	{ stp, sizeof(stp) },
};

size_t fuzz_seed(unsigned int number, uint8_t *data, size_t max)
{
	if (number >= sizeof(seeds) / sizeof(seeds[0]) ||
	    seeds[number].bytes > max)
		return 0;
	memcpy(data, seeds[number].data, seeds[number].bytes);
	return seeds[number].bytes;
}

static void check(const struct line *line)
{
	size_t i;

	if (!line->used || line->used >= sizeof(line->text) ||
	    strlen(line->text) != line->used)
		abort();
	for (i = 0; i < line->used; i++)
		if (line->text[i] < 0x20 || line->text[i] > 0x7e)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned int style;

	for (style = 0; style < 8; style++) {
		const struct describe how = {
			.link_level = style & 1,
			.quick = style & 2,
			.numeric = style & 4,
		};
		struct line line = { .used = 0 };

		describe_frame(&line, &how, data, size);
		check(&line);
	}
	return 0;
}
