/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ctl_link.h - the client's end of the control socket: finds a switch, sends
 * it requests, and gets its replies.  Who listens there may not be a switch,
 * so replies are checked, and none is waited for too long.
 * guide: C:450
 */
#ifndef LGSWITCH_CTL_LINK_H
#define LGSWITCH_CTL_LINK_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "folder.h"
#include "why.h"

struct ctl_link {
	int fd;
	char path[FOLDER_PATH];
	unsigned int patience_ms;
	json_int_t id;			/* of the last request */
	/* What came and was not looked at: */
	char *in;
	size_t bytes, room;
	size_t line;			/* bytes of a line that was given */
};

/*
 * @path, or else the switch of that @name, or else (both NULL) the only one
 * that runs and can be found in @folders.
 */
bool ctl_link_open(struct ctl_link *link, const char *path, const char *name,
		   const struct folders *folders, unsigned int patience_ms,
		   struct why *why);
/* A socket that is connected. */
void ctl_link_use(struct ctl_link *link, int fd, unsigned int patience_ms);
void ctl_link_close(struct ctl_link *link);

/*
 * Ask; takes @request over.  The result is the caller's; NULL: it failed, also
 * because the switch says so.
 */
json_t *ctl_link_call(struct ctl_link *link, json_t *request,
		      struct why *why);

/* The same, for a table by the name of @rows: all of its pages. */
json_t *ctl_link_call_pages(struct ctl_link *link, json_t *request,
			    const char *rows, struct why *why);

/* The next line, of a watch; waits up to @patience_ms. */
json_t *ctl_link_next(struct ctl_link *link, unsigned int patience_ms,
		      struct why *why);

#endif
