/* SPDX-License-Identifier: GPL-2.0 */
/*
 * device.h - makes the network devices that a port's words ask for, and
 * removes them.  Those that we have made bear a mark, the switch's name; what
 * has been left by a switch of that name is taken over as it is, or set right.
 *
 *	a tap: "lg0"
 *	with a VXLAN of number 42:	lgbr42, a bridge with the ports
 *		lg0, the tap, and
 *		lgvtep42, the VXLAN device
 * guide: C:320
 */
#ifndef LGSWITCH_DEVICE_H
#define LGSWITCH_DEVICE_H

#include "config.h"
#include "links.h"
#include "privilege.h"
#include "tap.h"

/* For whom they are made. */
struct device_maker {
	struct links *links;
	const char *name;		/* of the switch */
	struct identity identity;	/* may open the taps again */
	/*
	 * Whoever asks may be not ourselves any more: of taps that we have not
	 * made, only those that the user may open anyway.
	 */
	bool is_wary;
};

/*
 * The port's tap and all that belongs to it, or nothing; port->mtu becomes
 * what it is if it was 0.
 */
bool device_make(const struct device_maker *maker, struct port_config *port,
		 struct tap *tap, struct why *why);

/* Remove what we have made for it; what is not there is removed already. */
bool device_unmake(const struct device_maker *maker,
		   const struct port_config *port, struct why *why);

#endif
