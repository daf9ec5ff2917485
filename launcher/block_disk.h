/* SPDX-License-Identifier: GPL-2.0 */
/*
 * block_disk.h - a disk as --block asks for it, and what a request does to it.
 * guide: L:420
 */
#ifndef LAUNCHER_BLOCK_DISK_H
#define LAUNCHER_BLOCK_DISK_H

#include <limits.h>

#include "block_file.h"
#include "block_overlay.h"
#include "block_ring.h"

/* --block=FILE[,ro][,overlay] */
struct block_spec {
	char path[PATH_MAX];
	bool readonly;
	bool overlay;
};

bool block_parse(const char *text, struct block_spec *spec, struct why *why);

struct block_disk {
	const struct block_spec *spec;
	struct block_file file;
	struct block_overlay overlay;	/* if the spec says so */
	uint32_t flags;			/* LGUEST_BLOCK_READONLY... */
};

/* @spec has to last. */
bool block_disk_open(struct block_disk *disk, const struct block_spec *spec,
		     struct why *why);
void block_disk_close(struct block_disk *disk);

/* What the guest is told of it. */
void block_disk_describe(const struct block_disk *disk,
			 struct lguest_block *page);

/* Waits until it is done; LGUEST_BLOCK_OK... */
uint32_t block_disk_do(struct block_disk *disk,
		       const struct block_request *request);

#endif
