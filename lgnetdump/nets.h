/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nets.h - which nets this machine has.  A net is a file, and nobody keeps a
 * list of those; but people put them below one folder, NETS_FOLDER, and name
 * others in an environment variable, NETS_VARIABLE: files, or folders of such,
 * with colons in between.
 *
 * In a folder, files of more than a page are taken for something else (disks,
 * kernels), and so are hidden ones.  Folders in it are looked into, too, but
 * not endlessly.  Files that may not be read are left out: there is nothing
 * that could be heard of them.
 * guide: C:515
 */
#ifndef LGNETDUMP_NETS_H
#define LGNETDUMP_NETS_H

#include <stdbool.h>

#include <lguest/net.h>

#define NETS_FOLDER	"/var/lg"
#define NETS_VARIABLE	"LGNETDUMP_NETS"

/* More than that, and they are of no use in a list. */
#define NETS_MAX	256

struct nets {
	unsigned int count;
	char *path[NETS_MAX];	/* sorted, absolute, each file once */
};

/* What is not there is not there, and no error. */
void nets_find(struct nets *nets);
void nets_free(struct nets *nets);

/* The same with another folder, and a list that may be NULL. */
void nets_find_in(struct nets *nets, const char *folder, const char *list);

/* What people call a net: its file's name without folders. */
const char *nets_name(const char *path);

/* Who is on a net, now; false: that cannot be told (no lg.ko, say). */
bool nets_look(const char *path, struct lguest_net_page *page);

#endif
