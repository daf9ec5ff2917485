/* SPDX-License-Identifier: GPL-2.0 */
/*
 * filter.h - filter expressions as tcpdump's, compiled by libpcap, with
 * errors that point at the word that is wrong.
 * guide: C:555
 */
#ifndef LGNETDUMP_FILTER_H
#define LGNETDUMP_FILTER_H

#include <pcap/pcap.h>

#include <stdbool.h>
#include <stdint.h>

#include "frame.h"
#include "why.h"

struct filter {
	struct bpf_program program;
	bool all;			/* the expression was empty */
};

bool filter_compile(struct filter *filter, const char *expression,
		    struct why *why);
void filter_free(struct filter *filter);

/* Bytes of a frame, from its beginning, that decide whether it matches. */
uint32_t filter_reach(const struct filter *filter);

bool filter_match(const struct filter *filter, const struct frame *frame);

#endif
