// SPDX-License-Identifier: GPL-2.0
/*
 * drop.c - why frames end in the switch, in words.  See port.h.
 * guide: C:215
 */
#include "port.h"

static const struct {
	const char *word, *text;
} reasons[DROP_REASONS] = {
	[DROP_MALFORMED] = { "malformed", "no Ethernet frame" },
	[DROP_VLAN] = { "vlan", "of a VLAN that the port is not in" },
	[DROP_DOWN] = { "down", "link down" },
	[DROP_STORM] = { "storm", "above the storm limit" },
	[DROP_CONTROL] = { "control", "control frame (LLDP, STP...)" },
	[DROP_STATIC] = { "static", "source is fixed to another port" },
	[DROP_ISOLATED] = { "isolated", "between isolated ports" },
	[DROP_MIRROR] = { "mirror", "port is for a mirror's copies only" },
	[DROP_NO_ROOM] = { "no-room", "receiver had no room" },
	[DROP_REFUSED] = { "refused", "refused by the host's kernel" },
	[DROP_LOSS] = { "loss", "fault: lost" },
	[DROP_RATE] = { "rate", "fault: queue of its rate was full" },
};

const char *drop_word(enum drop_reason reason)
{
	return reasons[reason].word;
}

const char *drop_text(enum drop_reason reason)
{
	return reasons[reason].text;
}
