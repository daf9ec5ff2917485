/* SPDX-License-Identifier: GPL-2.0 */
/*
 * configfile.h - the configuration file of a switch: the words of the command
 * line without their dashes, one to a line.
 *
 *	# who is joined to whom
 *	net=/var/lib/lguest/net0,strict
 *	tap lg0,addr=192.168.19.1/24
 *	no-control-frames
 *
 * A word and its value stand apart by "=" or blanks.  Blanks around both do
 * not count, nor do empty lines, nor what follows a "#" that begins a line or
 * stands behind a blank.
 * guide: C:045
 */
#ifndef LGSWITCH_CONFIGFILE_H
#define LGSWITCH_CONFIGFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "why.h"

/* Bytes that a file may have. */
#define CONFIGFILE_MAX	(4 << 20)

/*
 * Add what the file says to @config.  Reasons begin with the file's name and
 * the line's number.
 */
bool configfile_load(const char *path, struct switch_config *config,
		     struct why *why);

/*
 * All words of a switch: those of the command line (options.h), and of the file
 * that they may name.  What can be said once only and is in both is as the
 * command line says.  @config has its defaults before that.
 */
bool configfile_read(char **words, struct switch_config *config,
		     struct why *why);

/* What configfile_load() reads, from memory; @text ends with a NUL at @bytes, and is cut up. */
bool configfile_parse(const char *name, char *text, size_t bytes,
		      struct switch_config *config, struct why *why);

#endif
