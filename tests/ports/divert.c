// SPDX-License-Identifier: GPL-2.0
/*
 * divert.c - diverts what goes from some slots of a net to some others, both
 * ways, and sends it on; with LOSE every so manieth frame is lost instead.  At
 * SIGTERM it tells how many it has seen and lost.  A slot is a number, or * for
 * all.  An example of diversions with lib/netport.h.
 *
 *	divert FILE SLOT SLOT [LOSE]
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "netfile.h"
#include "netport.h"

#define BATCH	64
/* A signal that comes just before poll() is seen that much later. */
#define LOOK_MS	100

static struct netport port;
static volatile sig_atomic_t ended;
static unsigned long lose, diverted, lost, own;

static void end(int number)
{
	(void)number;
	ended = 1;
}

static void die(const struct why *why)
{
	log_error("%s", why->text);
	exit(1);
}

static void join(const char *file)
{
	struct netport_wish wish = { .slot = -1, .name = "divert" };
	struct why why;
	int net = netfile_open(file, NETFILE_JOIN, &why);

	mac_make(wish.mac, MAC_GUEST, "divert", file, getpid());
	if (net < 0 || !netport_open(&port, net, file, &wish, &why))
		die(&why);
	close(net);
}

static unsigned int slot_of(const char *word)
{
	return strcmp(word, "*") ? (unsigned int)atoi(word) : LGUEST_NET_NOBODY;
}

static void divert_pair(unsigned int one, unsigned int other)
{
	struct why why;

	if (!netport_divert(&port, one, other, true, &why) ||
	    !netport_divert(&port, other, one, true, &why))
		die(&why);
}

/* False: there is no room, it has to be tried again. */
static bool send_on(const struct netport_frame *frame)
{
	if (!frame->diverted) {
		own++;
		return true;
	}
	if (lose && (diverted + 1) % lose == 0)
		lost++;
	else if (!netport_copy_for(&port, frame->iov, frame->parts,
				   frame->source, frame->target))
		return false;
	diverted++;
	return true;
}

/* Until a receiver has no room; true: more is to be done now. */
static bool pass_batch(bool *stopped)
{
	static struct netport_frame frame[BATCH];
	unsigned int count = netport_receive(&port, frame, BATCH);
	unsigned int done = 0;

	while (done < count && send_on(&frame[done]))
		done++;
	netport_release(&port, frame, done);
	*stopped = netport_flush(&port) == NETPORT_STOPPED;
	return done;
}

static void pass(void)
{
	struct pollfd poll_port = { .fd = port.fd };
	bool stopped = false;

	while (!ended) {
		if (pass_batch(&stopped))
			continue;
		poll_port.events = stopped ? POLLOUT : POLLIN;
		poll(&poll_port, 1, LOOK_MS);
	}
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = end };

	log_init("divert", false);
	if (argc < 4) {
		log_error("usage: divert FILE SLOT SLOT [LOSE]");
		return 2;
	}
	sigaction(SIGTERM, &action, NULL);
	setvbuf(stdout, NULL, _IOLBF, 0);
	lose = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
	join(argv[1]);
	divert_pair(slot_of(argv[2]), slot_of(argv[3]));
	printf("diverting at slot %u\n", port.slot);
	pass();
	printf("diverted=%lu lost=%lu own=%lu\n", diverted, lost, own);
	netport_close(&port);
	return 0;
}
