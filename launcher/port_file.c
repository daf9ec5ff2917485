// SPDX-License-Identifier: GPL-2.0
/*
 * port_file.c - the console's output into a file, or into nothing.  There is
 * no input.
 * guide: L:360
 */
#include <fcntl.h>
#include <unistd.h>

#include "port.h"

static bool file_open_output(struct port *port, struct why *why)
{
	/* O_NONBLOCK: should it be a pipe, full is not to be fatal. */
	int fd = open(port->spec.path, O_WRONLY | O_APPEND | O_CREAT |
		      O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666);

	if (fd < 0)
		return why_fail(why, "cannot open %s for the console's output: %m",
				port->spec.path);
	return port_use(port, &port->out, fd, EPOLLOUT, why);
}

static bool null_open(struct port *port, struct why *why)
{
	(void)port;
	(void)why;
	return true;
}

static size_t no_input(struct port *port, void *data, size_t bytes)
{
	(void)port;
	(void)data;
	(void)bytes;
	return 0;
}

static size_t file_write(struct port *port, const void *data, size_t bytes)
{
	if (port->out.fd < 0)
		return bytes;
	return port_wrote(port, write(port->out.fd, data, bytes), bytes);
}

static void file_close_output(struct port *port)
{
	port_drop(port, &port->out);
}

const struct port_kind port_file = {
	.name = "file",
	.has_path = true,
	.open = file_open_output,
	.read = no_input,
	.write = file_write,
	.close = file_close_output,
};

/* A file port that has no file. */
const struct port_kind port_null = {
	.name = "null",
	.open = null_open,
	.read = no_input,
	.write = file_write,
	.close = file_close_output,
};
