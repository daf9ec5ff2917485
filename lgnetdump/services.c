// SPDX-License-Identifier: GPL-2.0
/*
 * services.c - looks up names of ports.  See services.h.
 */
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

#include "services.h"

/* The longest that is shown; longer ones are cut off. */
#define NAME_BYTES	20
/* Debian has some 300. */
#define SERVICES_MAX	2048

static struct {
	char name[NAME_BYTES];
} names[SERVICES_MAX];
static unsigned int count;

/* Of a port of either protocol: its name's place, counted from 1; 0: none */
static uint16_t place[2][65536];

static void add(const struct servent *service)
{
	bool tcp = !strcmp(service->s_proto, "tcp");
	uint16_t *to = &place[tcp][ntohs(service->s_port)];

	if ((!tcp && strcmp(service->s_proto, "udp")) || *to ||
	    count == SERVICES_MAX)
		return;
	strncpy(names[count].name, service->s_name, NAME_BYTES - 1);
	*to = ++count;
}

static void read_all(void)
{
	struct servent *service;

	setservent(1);
	while ((service = getservent()))
		add(service);
	endservent();
}

const char *services_name(uint16_t port, bool tcp)
{
	static bool is_read;

	if (!is_read)
		read_all();
	is_read = true;
	return place[tcp][port] ? names[place[tcp][port] - 1].name : NULL;
}
