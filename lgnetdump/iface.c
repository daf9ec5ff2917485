// SPDX-License-Identifier: GPL-2.0
/*
 * iface.c - Wireshark's names of nets and slots, there and back.  See iface.h.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iface.h"
#include "netpage.h"
#include "nets.h"
#include "text.h"

#define PREFIX		IFACE_ANY "-"
#define FOLDER		NETS_FOLDER "/"

static bool is_plain(unsigned char c)
{
	return isascii(c) && (isalnum(c) || strchr("._-", c));
}

/* The path below NETS_FOLDER, or all of it. */
static const char *short_path(const char *path)
{
	return strncmp(path, FOLDER, strlen(FOLDER)) ? path :
						       path + strlen(FOLDER);
}

static char *encode(char *to, const char *from)
{
	for (; *from; from++)
		if (is_plain(*from))
			*to++ = *from;
		else
			to += sprintf(to, "%%%02X", (unsigned char)*from);
	*to = '\0';
	return to;
}

void iface_name(const struct iface *iface, char name[IFACE_NAME])
{
	if (!*iface->net) {
		strcpy(name, IFACE_ANY);
		return;
	}
	name = encode(stpcpy(name, PREFIX), short_path(iface->net));
	if (*iface->slot)
		encode(stpcpy(name, ":"), iface->slot);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One byte off the front of @from, or -1. */
static int decode_byte(const char **from)
{
	const char *p = *from;

	if (*p != '%') {
		(*from)++;
		return is_plain(*p) ? *p : -1;
	}
	if (digit(p[1]) < 0 || digit(p[2]) < 0)
		return -1;
	*from += 3;
	return digit(p[1]) << 4 | digit(p[2]);
}

/* Up to @end, which is not plain, or the end. */
static bool decode(const char **from, char end, char *to, size_t size)
{
	size_t used = 0;
	int byte;

	while (**from && **from != end) {
		byte = decode_byte(from);
		/* 0 would end the name earlier than people see. */
		if (byte <= 0 || used + 1 == size)
			return false;
		to[used++] = byte;
	}
	to[used] = '\0';
	return used;
}

static bool parse(const char *name, struct iface *iface)
{
	char path[PATH_MAX];

	if (strncmp(name, PREFIX, strlen(PREFIX)))
		return false;
	name += strlen(PREFIX);
	if (!decode(&name, ':', path, sizeof(path)) ||
	    snprintf(iface->net, sizeof(iface->net), "%s%s",
		     *path == '/' ? "" : FOLDER, path) >=
	    (int)sizeof(iface->net))
		return false;
	if (!*name)
		return true;
	name++;
	return decode(&name, '\0', iface->slot, sizeof(iface->slot));
}

bool iface_parse(const char *name, struct iface *iface, struct why *why)
{
	*iface = (struct iface){ 0 };
	if (!strcmp(name, IFACE_ANY) || parse(name, iface))
		return true;
	return why_fail(why, "there is no interface %.100s (lgnetdump --extcap-interfaces lists them)",
			name);
}

/* What Wireshark reads: no braces, which end what they hold. */
static void show(char *to, size_t size, const char *from)
{
	text_printable(to, size, from, size);
	for (; *to; to++)
		if (strchr("{}", *to))
			*to = '?';
}

void iface_title(const struct iface *iface, char title[IFACE_NAME])
{
	char net[PATH_MAX], slot[LGUEST_NET_NAME];
	bool number = isdigit((unsigned char)*iface->slot) &&
		      !iface->slot[strspn(iface->slot, "0123456789")];

	if (!*iface->net) {
		strcpy(title, "lguest: a net by its file");
		return;
	}
	show(net, sizeof(net), short_path(iface->net));
	show(slot, sizeof(slot), iface->slot);
	snprintf(title, IFACE_NAME, "lguest %s%s%s%s", net,
		 *slot ? ": " : "", number ? "slot " : "", slot);
}

bool iface_set_slot(struct iface *iface, const struct lguest_net_page *page,
		    unsigned int slot)
{
	struct lguest_net_slot copy;

	if (!netpage_get(page, slot, &copy))
		return false;
	if (isdigit((unsigned char)*copy.name) || strchr(copy.name, '?') ||
	    netpage_find_name(page, copy.name) != (int)slot || !*copy.name)
		snprintf(iface->slot, sizeof(iface->slot), "%u", slot);
	else
		memcpy(iface->slot, copy.name, sizeof(iface->slot));
	return true;
}
