/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nets.h - finds the nets of this host, for those who did not say which: the
 * files in /var/lg, and what LGNETDUMP_NETS names (with colons in between).
 */
#ifndef LGNETDUMP_NETS_H
#define LGNETDUMP_NETS_H

#include <stdbool.h>

#define NETS_FOLDER	"/var/lg"
#define NETS_VARIABLE	"LGNETDUMP_NETS"
#define NETS_MAX	256

struct nets {
	char *path[NETS_MAX];
	unsigned int count;
};

/* In order of their names, each file once; none is no error. */
void nets_find(struct nets *nets);
void nets_free(struct nets *nets);

/* What people call a net: its file's name without folders. */
const char *nets_name(const char *path);

#endif
