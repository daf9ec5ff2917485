/* SPDX-License-Identifier: GPL-2.0 */
/*
 * options.h - what the command line asks for, checked.  The letters are
 * tcpdump's, each option has a long name besides.
 */
#ifndef LGNETDUMP_OPTIONS_H
#define LGNETDUMP_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "replay_net.h"
#include "why.h"

/* Nets that one run may capture from. */
#define OPTIONS_NETS_MAX	16
/* Words of --slot, --src and --dst together. */
#define OPTIONS_SLOTS_MAX	64
/* tcpdump's snapshot length: no frame is as long. */
#define OPTIONS_SNAPLEN_MAX	262144
/* Room for a filter expression. */
#define OPTIONS_FILTER_MAX	8192

enum options_action {
	OPTIONS_DUMP,
	OPTIONS_LIST,
	OPTIONS_REPLAY,
	OPTIONS_INSTALL,
	OPTIONS_UNINSTALL,
	OPTIONS_HELP,
	OPTIONS_VERSION,
};

enum options_format {
	OPTIONS_ANY_FORMAT,		/* by the file's name, see format.h */
	OPTIONS_PCAP,
	OPTIONS_PCAPNG,
};

enum options_end {
	OPTIONS_EITHER_END,		/* --slot */
	OPTIONS_SOURCE,			/* --src */
	OPTIONS_TARGET,			/* --dst */
	OPTIONS_ENDS,
};

/* A slot that is asked for, which need not be there yet. */
struct options_slot {
	enum options_end end;
	const char *word;		/* its number, name or MAC address */
};

struct options {
	enum options_action action;
	/* From where */
	const char *net[OPTIONS_NETS_MAX];
	unsigned int nets;
	struct options_slot slot[OPTIONS_SLOTS_MAX];
	unsigned int slots;		/* none: all */
	bool dropped;			/* only what was not delivered */
	bool copies;			/* each copy of a frame */
	bool wait;			/* for the nets' files to be there */
	uint32_t ring_bytes;		/* a power of two */
	char filter[OPTIONS_FILTER_MAX];	/* empty: everything */
	/* What of it */
	uint32_t snaplen;		/* bytes of a frame, Ethernet header first */
	bool raw_checksum;		/* partial checksums stay so */
	bool segment;			/* split super-frames */
	/* Until when; 0: for ever */
	uint64_t count;			/* frames */
	uint32_t duration;		/* seconds */
	/* To where */
	const char *write;		/* a file, "-", or NULL: lines for people */
	enum options_format format;
	bool flush;			/* write each batch at once */
	uint64_t file_bytes;		/* the next file after that many; 0: never */
	uint32_t file_seconds;		/* the next file every; 0: never */
	uint32_t file_count;		/* files; 0: any number */
	bool print;			/* lines as well as a file */
	/* How lines look */
	bool numeric;
	bool link_level;
	bool hex;
	bool quick;
	bool json;			/* of --list */
	/* The other way */
	struct replay_net replay;
};

/* @argv as main() has it; the options point into it. */
bool options_parse(char **argv, struct options *options, struct why *why);

void options_help(FILE *file);

#endif
