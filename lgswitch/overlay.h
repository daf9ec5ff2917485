/* SPDX-License-Identifier: GPL-2.0 */
/*
 * overlay.h - makes a tap's segment reach other hosts: a VXLAN device, and the
 * bridge that joins the two.  Part of device.h.
 * guide: C:325
 */
#ifndef LGSWITCH_OVERLAY_H
#define LGSWITCH_OVERLAY_H

#include "device.h"
#include "vxlan.h"

/* What lib/vxlan.h knows of it. */
void overlay_vxlan(const struct vxlan_config *config, struct vxlan *vxlan);

/* lgvtep42 and lgbr42 */
void overlay_names(uint32_t vni, char vxlan[IFNAMSIZ], char bridge[IFNAMSIZ]);

/*
 * Can it be?  port->mtu becomes what the way to the other hosts leaves, if it
 * is 0; one that does not fit is refused.
 */
bool overlay_check(const struct device_maker *maker, struct port_config *port,
		   struct why *why);

/* The tap is there, with its MTU. */
bool overlay_make(const struct device_maker *maker,
		  const struct port_config *port, struct why *why);
bool overlay_unmake(const struct device_maker *maker,
		    const struct port_config *port, struct why *why);

/* Of device.c: is the device one of this switch's making (and there)? */
bool device_is_ours(const struct device_maker *maker, const char *device,
		    bool *ours, struct why *why);
bool device_mark(const struct device_maker *maker, const char *device,
		 struct why *why);
bool device_remove_ours(const struct device_maker *maker, const char *device,
			struct why *why);

#endif
