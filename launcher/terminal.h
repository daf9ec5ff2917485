/* SPDX-License-Identifier: GPL-2.0 */
/*
 * terminal.h - the user's terminal while it belongs to the guest.  It is raw
 * then, and made as it was before on every way out of the program, crashes
 * included.
 * guide: L:320
 */
#ifndef LAUNCHER_TERMINAL_H
#define LAUNCHER_TERMINAL_H

#include "why.h"

bool terminal_make_raw(int fd, struct why *why);

/* Does nothing if it is not raw. */
void terminal_restore(void);

#endif
