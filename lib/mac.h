/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mac.h - MAC addresses: as people write them, and made up so that they stay
 * the same for whoever asks with the same words.
 * guide: L:510
 */
#ifndef LIB_MAC_H
#define LIB_MAC_H

#include <stdbool.h>
#include <stdint.h>

#include "why.h"

#define MAC_BYTES	6
#define MAC_TEXT	sizeof("02:00:00:00:00:00")

/* First byte of made up addresses: locally administered, for one station. */
#define MAC_GUEST	0x02
/* A bridge takes the least of its ports' addresses for its own: not a tap's. */
#define MAC_TAP		0xfe

/* Six hexadecimal numbers with colons; of a station, not of a group. */
bool mac_parse(const char *text, uint8_t *mac, struct why *why);
const char *mac_format(const uint8_t *mac, char text[MAC_TEXT]);

/*
 * An address that begins with @first and is the same for the same @owner (a
 * guest's name), @net and @index (which of the owner's devices there).
 */
void mac_make(uint8_t *mac, uint8_t first, const char *owner, const char *net,
	      unsigned int index);

#endif
