// SPDX-License-Identifier: GPL-2.0
/*
 * device.c - taps as words ask for them.  See device.h; what makes a segment
 * reach other hosts is in overlay.c.
 */
#include <errno.h>
#include <net/if.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "device.h"
#include "link.h"
#include "mac.h"
#include "overlay.h"

#define MARK_MAX	64

static const char *mark_of(const struct device_maker *maker,
			   char mark[MARK_MAX])
{
	snprintf(mark, MARK_MAX, "lgswitch %s", maker->name);
	return mark;
}

bool device_is_ours(const struct device_maker *maker, const char *device,
		    bool *ours, struct why *why)
{
	char mark[MARK_MAX];

	*ours = false;
	return !if_nametoindex(device) ||
	       link_has_mark(maker->links, device, mark_of(maker, mark), ours,
			     why);
}

bool device_mark(const struct device_maker *maker, const char *device,
		 struct why *why)
{
	char mark[MARK_MAX];

	return link_set_mark(maker->links, device, mark_of(maker, mark), why);
}

bool device_remove_ours(const struct device_maker *maker, const char *device,
			struct why *why)
{
	bool ours;

	return device_is_ours(maker, device, &ours, why) &&
	       (!ours || link_delete(maker->links, device, why));
}

/* --- the tap --- */

static bool find_owner(const struct device_maker *maker, const char *name,
		       uid_t *user, struct why *why)
{
	const struct passwd *entry;

	*user = maker->identity.user;
	if (!*name)
		return true;
	entry = getpwnam(name);
	if (!entry)
		return why_fail(why, "there is no user %s to own a tap", name);
	*user = entry->pw_uid;
	return true;
}

/* Udev gives new devices addresses of its own, some time later. */
static bool set_new_mac(const struct device_maker *maker,
			const struct port_config *port, const struct tap *tap,
			struct why *why)
{
	uint8_t mac[MAC_BYTES];

	mac_make(mac, MAC_TAP, maker->name, tap->name, 0);
	return tap_set_mac(tap, port->has_mac ? port->mac : mac, why);
}

/* What only its maker decides. */
static bool set_up_new(const struct device_maker *maker,
		       const struct port_config *port, struct tap *tap,
		       struct why *why)
{
	uid_t user;

	return set_new_mac(maker, port, tap, why) &&
	       find_owner(maker, port->owner, &user, why) &&
	       tap_set_owner(tap, user, -1, why) &&
	       tap_set_persistent(tap, true, why) &&
	       device_mark(maker, tap->name, why);
}

static bool set_up_old(const struct device_maker *maker,
		       const struct port_config *port, const struct tap *tap,
		       struct why *why)
{
	uint8_t mac[MAC_BYTES];

	if (!port->has_mac)
		return true;
	if (!link_get_mac(maker->links, tap->name, mac, why))
		return false;
	return !memcmp(mac, port->mac, sizeof(mac)) ||
	       tap_set_mac(tap, port->mac, why);
}

/* Addresses first: whoever watches devices finds them once it is up. */
static bool set_up_any(const struct device_maker *maker,
		       struct port_config *port, struct why *why)
{
	unsigned int i;

	if (port->mtu && !link_set_mtu(maker->links, port->name, port->mtu, why))
		return false;
	for (i = 0; i < port->addresses; i++)
		if (!link_add_address(maker->links, port->name,
				      &port->address[i], why))
			return false;
	if (*port->bridge &&
	    !link_set_bridge(maker->links, port->name, port->bridge, why))
		return false;
	if (port->vxlan.is_set && !overlay_make(maker, port, why))
		return false;
	return link_set_up(maker->links, port->name, why) &&
	       link_get_mtu(maker->links, port->name, &port->mtu, why);
}

/*
 * One that exists, and is not ours, may be another user's: then the kernel is
 * to judge us by who we are, not by what we may.
 */
static bool is_to_be_wary(const struct device_maker *maker, const char *device,
			  bool *wary, struct why *why)
{
	bool ours;

	if (!device_is_ours(maker, device, &ours, why))
		return false;
	*wary = maker->is_wary && !ours && if_nametoindex(device);
	return true;
}

static bool open_tap(const struct device_maker *maker, const char *name,
		     struct tap *tap, struct why *why)
{
	bool wary, good;

	if (!is_to_be_wary(maker, name, &wary, why))
		return false;
	if (!wary)
		return tap_open(tap, name, why);
	if (!privilege_use_net_admin(false, why))
		return false;
	good = tap_open(tap, name, why);
	if (privilege_use_net_admin(true, why))
		return good;
	tap_close(tap);
	return false;
}

static bool set_up(const struct device_maker *maker, struct port_config *port,
		   struct tap *tap, struct why *why)
{
	return (tap->is_new ? set_up_new(maker, port, tap, why) :
			      set_up_old(maker, port, tap, why)) &&
	       set_up_any(maker, port, why);
}

bool device_make(const struct device_maker *maker, struct port_config *port,
		 struct tap *tap, struct why *why)
{
	struct why ignored;
	bool ours;

	if (!tap_check_name(port->name, why) ||
	    (port->vxlan.is_set && !overlay_check(maker, port, why)) ||
	    !open_tap(maker, port->name, tap, why))
		return false;
	if (set_up(maker, port, tap, why) &&
	    device_is_ours(maker, tap->name, &ours, why)) {
		tap->is_new |= ours;
		return true;
	}
	if (port->vxlan.is_set)
		overlay_unmake(maker, port, &ignored);
	if (tap->is_new)
		tap_set_persistent(tap, false, &ignored);
	tap_close(tap);
	return false;
}

bool device_unmake(const struct device_maker *maker,
		   const struct port_config *port, struct why *why)
{
	bool good = true;

	if (port->vxlan.is_set)
		good = overlay_unmake(maker, port, why);
	return device_remove_ours(maker, port->name, why) && good;
}
