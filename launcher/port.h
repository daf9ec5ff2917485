/* SPDX-License-Identifier: GPL-2.0 */
/*
 * port.h - where a guest's console goes to on the host, as --console says: the
 * terminal or pipe that lguest was started on, a pseudo-terminal, a socket, a
 * file, or nowhere.  Nothing here ever waits.
 * guide: L:300
 */
#ifndef LAUNCHER_PORT_H
#define LAUNCHER_PORT_H

#include <stddef.h>
#include <sys/types.h>

#include "loop.h"
#include "why.h"

struct port;

struct port_kind {
	const char *name;
	bool has_path;
	bool (*open)(struct port *port, struct why *why);
	/* As port_read() and port_write(). */
	size_t (*read)(struct port *port, void *data, size_t bytes);
	size_t (*write)(struct port *port, const void *data, size_t bytes);
	void (*close)(struct port *port);
};

/* What --console=KIND or --console=KIND:PATH says. */
struct port_spec {
	const struct port_kind *kind;
	const char *path;
};

struct port {
	/* Its owner says: */
	struct port_spec spec;
	const char *guest_name;		/* for messages */
	struct loop *loop;
	/* There may be more to read or room to write. */
	void (*changed)(void *context);
	void *context;
	/* The port itself: */
	bool is_terminal;		/* a person types here, raw */
	bool in_blocks, out_blocks;	/* could not be made non-blocking */
	struct watch in, out, listener;
};

extern const struct port_kind port_stdio, port_pty, port_unix, port_file,
			      port_null;

bool port_parse(const char *text, struct port_spec *spec, struct why *why);

bool port_open(struct port *port, struct why *why);
void port_close(struct port *port);

/* What there is to read; 0: nothing now, and perhaps never more. */
size_t port_read(struct port *port, void *data, size_t bytes);

/*
 * Bytes dealt with, 0: it can take none now.  Where nobody is (or listens
 * any more), output counts as dealt with.
 */
size_t port_write(struct port *port, const void *data, size_t bytes);

/* For kinds of port: */

/* Use @fd for a direction, and watch it. */
bool port_use(struct port *port, struct watch *watch, int fd, uint32_t events,
	      struct why *why);
void port_drop(struct port *port, struct watch *watch);

/* What became of a write() to port->out: as port_write(). */
size_t port_wrote(struct port *port, ssize_t status, size_t bytes);

#endif
