/* SPDX-License-Identifier: GPL-2.0 */
/*
 * install.h - makes lgnetdump one of Wireshark's external captures: a link to
 * this program in the folder where Wireshark looks for those.  It knows by
 * itself which folders that are (tshark -G folders): root's is everybody's,
 * anybody else has one of their own.
 * guide: C:670
 */
#ifndef LGNETDUMP_INSTALL_H
#define LGNETDUMP_INSTALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "why.h"

/* What the link is called. */
#define INSTALL_NAME	"lgnetdump"

/* Both say on @to what they did. */
bool install_extcap(FILE *to, struct why *why);
bool uninstall_extcap(FILE *to, struct why *why);

/* --- for tests: what is behind them --- */

/* The folder, by what tshark says in @from. */
bool install_folder(FILE *from, bool everybody, char *to, size_t size,
		    struct why *why);
/* @changed: false if it was so before. */
bool install_link(const char *folder, const char *program, bool *changed,
		  struct why *why);
bool install_unlink(const char *folder, bool *changed, struct why *why);

#endif
