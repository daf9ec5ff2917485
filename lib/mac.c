// SPDX-License-Identifier: GPL-2.0
/*
 * mac.c - parses, shows and makes up MAC addresses.  See mac.h.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mac.h"

static bool parse_byte(const char *text, uint8_t *byte)
{
	char digits[3] = { text[0], text[0] ? text[1] : '\0' };

	if (!isxdigit((unsigned char)digits[0]) ||
	    !isxdigit((unsigned char)digits[1]))
		return false;
	*byte = strtoul(digits, NULL, 16);
	return true;
}

static bool parse_bytes(const char *text, uint8_t *mac)
{
	int i;

	for (i = 0; i < MAC_BYTES; i++) {
		char end = i + 1 < MAC_BYTES ? ':' : '\0';

		if (!parse_byte(text, &mac[i]) || text[2] != end)
			return false;
		text += 3;
	}
	return true;
}

bool mac_parse(const char *text, uint8_t *mac, struct why *why)
{
	static const uint8_t zero[MAC_BYTES];

	if (!parse_bytes(text, mac))
		return why_fail(why, "'%s' is not a MAC address (as in 02:12:34:56:78:9a)",
				text);
	if (mac[0] & 1)
		return why_fail(why, "%s is an address of a group; the first number must be even",
				text);
	if (!memcmp(mac, zero, MAC_BYTES))
		return why_fail(why, "%s is nobody's address", text);
	return true;
}

const char *mac_format(const uint8_t *mac, char text[MAC_TEXT])
{
	snprintf(text, MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
		 mac[1], mac[2], mac[3], mac[4], mac[5]);
	return text;
}

/* FNV-1a. The NUL counts, so that words do not run together. */
static uint64_t hash_bytes(uint64_t hash, const void *data, size_t bytes)
{
	const uint8_t *byte = data;

	while (bytes--)
		hash = (hash ^ *byte++) * 0x100000001b3ULL;
	return hash;
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
	return hash_bytes(hash, text, strlen(text) + 1);
}

void mac_make(uint8_t *mac, uint8_t first, const char *owner, const char *net,
	      unsigned int index)
{
	uint64_t hash = 0xcbf29ce484222325ULL;
	int i;

	hash = hash_text(hash, owner);
	hash = hash_text(hash, net);
	hash = hash_bytes(hash, &index, sizeof(index));
	/* Names differ in their last letters mostly: let those count, too. */
	hash ^= hash >> 33;
	hash *= 0xff51afd7ed558ccdULL;
	hash ^= hash >> 33;
	mac[0] = first;
	for (i = 1; i < MAC_BYTES; i++, hash >>= 8)
		mac[i] = hash;
}
