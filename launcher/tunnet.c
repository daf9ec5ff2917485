// SPDX-License-Identifier: GPL-2.0
/*
 * tunnet.c - connects a guest with the host.  See tunnet.h.
 *
 * The port has the MAC address of the tap, and gets what is for nobody, too:
 * so the guest is made to wait when the host cannot take more, rather than
 * losing frames.
 * guide: L:530
 */
#include <errno.h>
#include <string.h>

#include "log.h"
#include "netfile.h"
#include "tunnet.h"

/* What the host's other end is called on the net. */
#define HOST_NAME	"host"

/* Addresses first: whoever watches devices finds them once it is up. */
static bool set_up_tap(const struct tunnet *tunnet, struct links *links,
		       struct why *why)
{
	const struct netspec *spec = tunnet->spec;
	const char *tap = tunnet->tap.name;

	if (spec->address.family &&
	    !link_add_address(links, tap, &spec->address, why))
		return false;
	if (*spec->bridge && !link_set_bridge(links, tap, spec->bridge, why))
		return false;
	return link_set_up(links, tap, why);
}

/* An existing tap keeps the address that it has. */
static bool choose_mac(struct tunnet *tunnet, struct links *links,
		       const uint8_t *mac, struct netport_wish *wish,
		       struct why *why)
{
	if (!tunnet->tap.is_new)
		return link_get_mac(links, tunnet->tap.name, wish->mac, why);
	memcpy(wish->mac, mac, sizeof(wish->mac));
	return tap_set_mac(&tunnet->tap, mac, why);
}

static bool open_tap(struct tunnet *tunnet, const uint8_t *mac,
		     struct netport_wish *wish, struct why *why)
{
	struct links links;
	bool good;

	if (!tap_open(&tunnet->tap, tunnet->spec->tap, why) ||
	    !links_open(&links, why))
		return false;
	good = choose_mac(tunnet, &links, mac, wish, why) &&
	       set_up_tap(tunnet, &links, why);
	links_close(&links);
	return good;
}

static void *carry(void *context)
{
	struct tunnet *tunnet = context;
	enum relay_state state = relay_run(&tunnet->relay);

	if (state == RELAY_TAP_GONE)
		log_error("%s: tap device %s is gone; the guest's --tunnet %s leads nowhere from here",
			  tunnet->guest_name, tunnet->tap.name,
			  tunnet->spec->net);
	else
		log_error("%s: cannot go on with --tunnet %s: %m",
			  tunnet->guest_name, tunnet->spec->net);
	/* Who sends to us need not wait for us. */
	netport_close(&tunnet->port);
	tap_close(&tunnet->tap);
	return NULL;
}

static bool start(struct tunnet *tunnet, struct why *why)
{
	relay_init(&tunnet->relay, &tunnet->port, &tunnet->tap);
	errno = pthread_create(&tunnet->thread, NULL, carry, tunnet);
	if (errno)
		return why_fail(why, "cannot create a thread for --tunnet: %m");
	pthread_setname_np(tunnet->thread, tunnet->tap.name);
	log_info("%s: --tunnet %s is tap device %s", tunnet->guest_name,
		 tunnet->spec->net, tunnet->tap.name);
	return true;
}

bool tunnet_open(struct tunnet *tunnet, const struct netspec *spec,
		 const char *guest_name, const uint8_t *mac, struct why *why)
{
	struct netport_wish wish = {
		.flags = LGUEST_SLOT_UPLINK,
		.slot = -1,
		.name = HOST_NAME,
	};

	tunnet->spec = spec;
	tunnet->guest_name = guest_name;
	tunnet->net = netfile_private(why);
	return tunnet->net >= 0 && open_tap(tunnet, mac, &wish, why) &&
	       netport_open(&tunnet->port, tunnet->net, spec->net, &wish,
			    why) &&
	       start(tunnet, why);
}
