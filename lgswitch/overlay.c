// SPDX-License-Identifier: GPL-2.0
/*
 * overlay.c - VXLANs as words ask for them.  See overlay.h.
 */
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "bridge.h"
#include "overlay.h"
#include "route.h"

/* Least MTU of an Ethernet segment that carries IPv6, and IPv4 alone. */
#define MTU_MIN		576

void overlay_vxlan(const struct vxlan_config *config, struct vxlan *vxlan)
{
	unsigned int i;

	*vxlan = (struct vxlan){
		.vni = config->vni,
		.port = config->port,
		.local = config->local,
		.remotes = config->remotes,
	};
	for (i = 0; i < config->remotes && i < VXLAN_REMOTES; i++)
		vxlan->remote[i] = config->remote[i];
}

void overlay_names(uint32_t vni, char vxlan[IFNAMSIZ], char bridge[IFNAMSIZ])
{
	snprintf(vxlan, IFNAMSIZ, "lgvtep%u", vni % (VXLAN_VNI_MAX + 1));
	snprintf(bridge, IFNAMSIZ, "lgbr%u", vni % (VXLAN_VNI_MAX + 1));
}

/* --- how long frames may be --- */

/* The narrowest of the ways to the other hosts. */
struct narrowest {
	unsigned int mtu;		/* 0: none found */
	char device[IFNAMSIZ];
	struct link_address to;
};

static void narrow(struct narrowest *so_far, const struct route *route,
		   const struct link_address *to)
{
	if (so_far->mtu && so_far->mtu <= route->mtu)
		return;
	so_far->mtu = route->mtu;
	so_far->to = *to;
	memcpy(so_far->device, route->device, sizeof(so_far->device));
}

static bool is_own_address(struct links *links,
			   const struct link_address *address,
			   struct route *route, struct why *why)
{
	char text[LINK_ADDRESS_TEXT];

	if (route_find(links, address, address, route, why) && route->is_local)
		return true;
	return why_fail(why, "local address %s is not one of this host's",
			link_format_address(address, text));
}

/*
 * A host that cannot be reached now, may be later: that is no reason not to
 * start.
 */
static bool find_narrowest(struct links *links, const struct vxlan *vxlan,
			   struct narrowest *narrowest, struct why *why)
{
	struct route route;
	struct why unreachable;
	char text[LINK_ADDRESS_TEXT];
	unsigned int i;

	*narrowest = (struct narrowest){ 0 };
	if (!is_own_address(links, &vxlan->local, &route, why))
		return false;
	for (i = 0; i < vxlan->remotes; i++) {
		if (!route_find(links, &vxlan->local, &vxlan->remote[i],
				&route, &unreachable))
			continue;
		if (route.is_local)
			return why_fail(why, "VXLAN %u: remote %s is an address of this very host",
					vxlan->vni,
					link_format_address(&vxlan->remote[i], text));
		narrow(narrowest, &route, &vxlan->remote[i]);
	}
	return true;
}

static bool fit(struct port_config *port, const struct vxlan *vxlan,
		const struct narrowest *narrowest, struct why *why)
{
	unsigned int overhead = vxlan_overhead(vxlan);
	char text[LINK_ADDRESS_TEXT];
	unsigned int fits;

	if (narrowest->mtu < overhead + MTU_MIN)
		return why_fail(why, "VXLAN %u: %s is reached by %s with an MTU of %u, which is too small",
				vxlan->vni,
				link_format_address(&narrowest->to, text),
				narrowest->device, narrowest->mtu);
	fits = narrowest->mtu - overhead;
	if (!port->mtu)
		port->mtu = fits;
	if (port->mtu <= fits)
		return true;
	return why_fail(why, "VXLAN %u: an MTU of %u does not fit: %s is reached by %s with %u, which leaves %u (say mtu=%u, or give %s and what is behind it %u)",
			vxlan->vni, port->mtu,
			link_format_address(&narrowest->to, text),
			narrowest->device, narrowest->mtu, fits, fits,
			narrowest->device, port->mtu + overhead);
}

static bool check_taken(const struct device_maker *maker, const char *device,
			struct why *why)
{
	bool ours;

	if (!if_nametoindex(device))
		return true;
	if (!device_is_ours(maker, device, &ours, why))
		return false;
	return ours || why_fail(why, "network device %s exists already, and was not made by switch %s",
				device, maker->name);
}

bool overlay_check(const struct device_maker *maker, struct port_config *port,
		   struct why *why)
{
	char device[IFNAMSIZ], bridge[IFNAMSIZ];
	struct narrowest narrowest;
	struct vxlan vxlan;

	overlay_vxlan(&port->vxlan, &vxlan);
	overlay_names(port->vxlan.vni, device, bridge);
	if (*port->bridge)
		return why_fail(why, "VXLAN %u has a bridge of its own: bridge=%s cannot be",
				vxlan.vni, port->bridge);
	if (port->addresses)
		return why_fail(why, "VXLAN %u: its tap cannot have an address (give one to another tap of this switch)",
				vxlan.vni);
	if (!vxlan_check(&vxlan, why) ||
	    !check_taken(maker, device, why) ||
	    !check_taken(maker, bridge, why) ||
	    !find_narrowest(maker->links, &vxlan, &narrowest, why))
		return false;
	/* None can be reached: what is made now has to fit the usual. */
	if (!narrowest.mtu) {
		narrowest.mtu = 1500;
		narrowest.to = vxlan.remote[0];
		strcpy(narrowest.device, "nothing yet");
	}
	return fit(port, &vxlan, &narrowest, why);
}

/* --- the devices --- */

static bool make_bridge(const struct device_maker *maker, const char *bridge,
			struct why *why)
{
	return if_nametoindex(bridge) ||
	       (bridge_add(maker->links, bridge, why) &&
		device_mark(maker, bridge, why) &&
		link_set_silent(maker->links, bridge, why));
}

/* One that was left behind by other words goes. */
static bool drop_other(const struct device_maker *maker, const char *device,
		       const struct vxlan *vxlan, struct why *why)
{
	bool same;

	if (!if_nametoindex(device))
		return true;
	return vxlan_is_same(maker->links, device, vxlan, &same, why) &&
	       (same || link_delete(maker->links, device, why));
}

static bool make_vxlan(const struct device_maker *maker, const char *device,
		       const struct vxlan *vxlan, struct why *why)
{
	return drop_other(maker, device, vxlan, why) &&
	       (if_nametoindex(device) ||
		(vxlan_add(maker->links, device, vxlan, why) &&
		 device_mark(maker, device, why) &&
		 link_set_silent(maker->links, device, why))) &&
	       vxlan_set_remotes(maker->links, device, vxlan, why);
}

static bool join(const struct device_maker *maker, const char *device,
		 const char *bridge, unsigned int mtu, struct why *why)
{
	return link_set_silent(maker->links, device, why) &&
	       link_set_mtu(maker->links, device, mtu, why) &&
	       bridge_add_wire(maker->links, device, bridge, why);
}

bool overlay_make(const struct device_maker *maker,
		  const struct port_config *port, struct why *why)
{
	char device[IFNAMSIZ], bridge[IFNAMSIZ];
	struct vxlan vxlan;

	overlay_vxlan(&port->vxlan, &vxlan);
	overlay_names(port->vxlan.vni, device, bridge);
	return make_bridge(maker, bridge, why) &&
	       make_vxlan(maker, device, &vxlan, why) &&
	       join(maker, device, bridge, port->mtu, why) &&
	       join(maker, port->name, bridge, port->mtu, why) &&
	       link_set_mtu(maker->links, bridge, port->mtu, why) &&
	       link_set_up(maker->links, device, why) &&
	       link_set_up(maker->links, bridge, why);
}

bool overlay_unmake(const struct device_maker *maker,
		    const struct port_config *port, struct why *why)
{
	char device[IFNAMSIZ], bridge[IFNAMSIZ];
	bool good;

	overlay_names(port->vxlan.vni, device, bridge);
	good = device_remove_ours(maker, device, why);
	return device_remove_ours(maker, bridge, why) && good;
}
