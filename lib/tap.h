/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tap.h - tap devices: Ethernet devices of this host whose other end is a file.
 * read() gives a frame that the host sends, write() makes it receive one, each
 * behind a struct virtio_net_hdr of 10 bytes, so that checksums and segments
 * may be left to whoever gets them: the very frames that nets carry
 * (lguest/dma.h).
 */
#ifndef LIB_TAP_H
#define LIB_TAP_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "why.h"

struct tap {
	int fd;				/* never waits */
	char name[IFNAMSIZ];
	bool is_new;			/* made by us, and gone with us */
};

/* What --tap and the like may say: a name for a network device? */
bool tap_check_name(const char *name, struct why *why);

/*
 * The tap of that name, which is created unless it exists; an empty name: a
 * new one, lg0 or the like.
 */
bool tap_open(struct tap *tap, const char *name, struct why *why);
void tap_close(struct tap *tap);

/* The address of the host's end. */
bool tap_set_mac(const struct tap *tap, const uint8_t *mac, struct why *why);

#endif
