/* SPDX-License-Identifier: GPL-2.0 */
/*
 * list.h - --list: nets, who is there, and what they have sent and received.
 * guide: C:520
 */
#ifndef LGNETDUMP_LIST_H
#define LGNETDUMP_LIST_H

#include "options.h"
#include "why.h"

/* The nets of options, or all that nets.h finds. */
bool list_run(const struct options *options, struct why *why);

#endif
