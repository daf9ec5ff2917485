/* SPDX-License-Identifier: GPL-2.0 */
/*
 * format.h - what a capture is written as: pcap has frames only, pcapng also
 * tells who sent them, what became of them, and what is missing.
 * guide: C:620
 */
#ifndef LGNETDUMP_FORMAT_H
#define LGNETDUMP_FORMAT_H

#include <stdbool.h>

#include "options.h"

/*
 * By --format; else by the end of the file's name (before .gz); else pcap for
 * frames of one slot of one net, and pcapng for all others.
 */
enum options_format format_of(const struct options *options);

/* Does the name end with .gz? */
bool format_compressed(const char *name);

#endif
