/* SPDX-License-Identifier: GPL-2.0 */
/*
 * console.h - the guest's console: the rings in its page on one side, a port
 * of the host on the other.  The port outlives a guest that restarts.
 */
#ifndef LAUNCHER_CONSOLE_H
#define LAUNCHER_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>

#include "device.h"
#include "escape.h"
#include "port.h"
#include "ring.h"

/*
 * Typed ahead of the guest: more than a person types or pastes at one that
 * hangs before giving up, as ^C is not seen behind more than this.
 */
#define CONSOLE_HELD_MAX	65536

struct console {
	struct device device;
	struct port port;
	struct ring ring;		/* ring.page is NULL: no guest yet */
	struct escape escape;
	bool user_leaves;		/* three ^C */
	uint8_t held[CONSOLE_HELD_MAX];	/* read, but not in the ring yet */
	size_t held_bytes;
};

/* Enter it in the list of devices; nothing is opened. */
void console_init(struct console *console, struct device_list *list);

/* Open the port that @spec asks for. */
bool console_open(struct console *console, const struct port_spec *spec,
		  const char *guest_name, struct loop *loop, struct why *why);

/* Restores the terminal. */
void console_close(struct console *console);

/* Move what can be moved, both ways. */
void console_pump(struct console *console);

/*
 * The end is near: what the guest has written until now is all there will be.
 * Pump until it is drained.
 */
void console_finish(struct console *console);
bool console_is_drained(struct console *console);

#endif
