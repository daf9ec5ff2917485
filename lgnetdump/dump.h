/* SPDX-License-Identifier: GPL-2.0 */
/*
 * dump.h - a capture from begin to end: takes frames from nets and writes or
 * shows them, until it is told to end.
 */
#ifndef LGNETDUMP_DUMP_H
#define LGNETDUMP_DUMP_H

#include "options.h"
#include "why.h"

/*
 * Capture as options say.  SIGINT, SIGTERM, --count, --duration and a reader
 * who went away end it well.
 */
bool dump_run(const struct options *options, struct why *why);

#endif
