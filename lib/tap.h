/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap.h - tap devices: Ethernet devices of this host whose other end is a file.
 * read() gives a frame that the host sends, write() makes it receive one, each
 * behind a struct virtio_net_hdr of 10 bytes, so that checksums and segments
 * may be left to whoever gets them: the very frames that nets carry
 * (lguest/dma.h).
 * guide: L:540
 */
#ifndef LIB_TAP_H
#define LIB_TAP_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "why.h"

/* What a tap's host may leave to us (and so hand us), as struct tap says. */
#define TAP_CHECKSUMS	1U		/* TCP's and UDP's */
#define TAP_SEGMENTS	2U		/* of TCP over IPv4 and IPv6 */
/*
 * The same of UDP: kernels from 6.2 on.  Guests' kernel is older and does not
 * know it, so what goes to them its host had better split.
 */
#define TAP_DATAGRAMS	4U

struct tap {
	int fd;				/* never waits */
	char name[IFNAMSIZ];
	bool is_new;			/* made by us, and gone with us */
	unsigned int offloads;		/* TAP_* that are on */
};

/* What --tap and the like may say: a name for a network device? */
bool tap_check_name(const char *name, struct why *why);

/*
 * The tap of that name, which is created unless it exists; an empty name: a
 * new one, lg0 or the like.  It has TAP_CHECKSUMS and TAP_SEGMENTS where its
 * host knows of them.
 */
bool tap_open(struct tap *tap, const char *name, struct why *why);
void tap_close(struct tap *tap);

/* What it has of @wanted (TAP_*) at most: tap->offloads tells. */
bool tap_set_offloads(struct tap *tap, unsigned int wanted, struct why *why);

/* Does it stay when we go?  The next one to open it finds it as it is. */
bool tap_set_persistent(struct tap *tap, bool persistent, struct why *why);

/* Who may open it without CAP_NET_ADMIN; (uid_t)-1, (gid_t)-1: as it is. */
bool tap_set_owner(const struct tap *tap, uid_t user, gid_t group,
		   struct why *why);

/* Is something plugged in, as its host sees it? */
bool tap_set_carrier(const struct tap *tap, bool carrier, struct why *why);

/* The address of the host's end. */
bool tap_set_mac(const struct tap *tap, const uint8_t *mac, struct why *why);

#endif
