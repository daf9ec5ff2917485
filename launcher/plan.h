/* SPDX-License-Identifier: GPL-2.0 */
/*
 * plan.h - a guest on paper: its kernel read, its initrd opened, everything
 * given its place.  This is as far as --dry-run goes.
 * guide: L:120
 */
#ifndef LAUNCHER_PLAN_H
#define LAUNCHER_PLAN_H

#include <stdio.h>

#include "config.h"
#include "file.h"
#include "kernel.h"
#include "layout.h"

struct plan {
	const struct config *config;
	struct kernel kernel;
	struct file initrd;		/* fd is -1 if there is none */
	struct layout layout;
};

bool plan_make(struct plan *plan, const struct config *config,
	       unsigned int device_pages, struct why *why);
void plan_print(const struct plan *plan, FILE *file);
void plan_free(struct plan *plan);

#endif
