// SPDX-License-Identifier: GPL-2.0
/*
 * format.c - decides on a capture's format.  See format.h.
 */
#include <string.h>

#include "format.h"

#define GZIP_END	".gz"

static bool ends_with(const char *name, size_t length, const char *end)
{
	size_t bytes = strlen(end);

	return length > bytes && !memcmp(name + length - bytes, end, bytes);
}

bool format_compressed(const char *name)
{
	return ends_with(name, strlen(name), GZIP_END);
}

enum options_format format_of(const struct options *options)
{
	size_t length = strlen(options->write);

	if (options->format)
		return options->format;
	if (format_compressed(options->write))
		length -= strlen(GZIP_END);
	if (ends_with(options->write, length, ".pcapng"))
		return OPTIONS_PCAPNG;
	if (ends_with(options->write, length, ".pcap") ||
	    ends_with(options->write, length, ".cap"))
		return OPTIONS_PCAP;
	return options->nets == 1 && options->slots == 1 ? OPTIONS_PCAP :
							   OPTIONS_PCAPNG;
}
