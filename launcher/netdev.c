// SPDX-License-Identifier: GPL-2.0
/*
 * netdev.c - network devices of a guest.  See netdev.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "log.h"
#include "netdev.h"
#include "netfile.h"
#include "netjoin.h"

#define MTU		1500
/* The longest IP packet that fits into a frame. */
#define MTU_MAX		65521

void netdev_own(struct netdev_owner *owner, const char *guest_name,
		bool is_named)
{
	uint64_t number = 0;

	*owner = (struct netdev_owner){ .guest_name = guest_name };
	if (!is_named && getrandom(&number, sizeof(number), 0) < 0)
		number = (uintptr_t)owner;
	snprintf(owner->secret, sizeof(owner->secret), "%.*s/%llx",
		 LGUEST_NET_NAME * 2, guest_name, (unsigned long long)number);
}

/* --- for the guest's driver --- */

static void reset(void *context, void *pages)
{
	const struct netdev *netdev = context;
	struct lguest_net_config *config = pages;

	if (!pages)
		return;
	memcpy(config->mac, netdev->mac, sizeof(config->mac));
	config->mtu = MTU;
	config->mtu_max = MTU_MAX;
	snprintf(config->net, sizeof(config->net), "%.*s",
		 (int)sizeof(config->net) - 1, netdev->spec->net);
}

static const char *name_of(const struct netdev *netdev)
{
	return *netdev->spec->name ? netdev->spec->name :
				     netdev->owner->guest_name;
}

static void warn_once(struct netdev *netdev, int other)
{
	char text[MAC_TEXT];

	if (other < 0 || netdev->has_warned)
		return;
	netdev->has_warned = true;
	log_notice("%s: net %s: slot %d has our MAC address %s, too, and is the one to get frames for it (mac= chooses another)",
		   netdev->owner->guest_name, netdev->spec->net, other,
		   mac_format(netdev->mac, text));
}

/* At the slot that is asked for; else where it was before, if that is free. */
static bool join(struct netdev *netdev, int guest,
		 struct lguest_net_join *join, struct why *why)
{
	if (netjoin(guest, join, netdev->spec->net, why))
		return true;
	if (errno != EBUSY || netdev->spec->slot >= 0 || join->slot < 0)
		return false;
	join->slot = -1;
	return netjoin(guest, join, netdev->spec->net, why);
}

static bool attach(void *context, int guest, struct why *why)
{
	struct netdev *netdev = context;
	struct lguest_net_join request = {
		.fd = netdev->net,
		.device = netdev->device.number,
		.slot = netdev->slot,
	};

	memcpy(request.mac, netdev->mac, sizeof(request.mac));
	netjoin_set_name(&request, name_of(netdev));
	if (!join(netdev, guest, &request, why))
		return false;
	netdev->slot = request.slot;
	warn_once(netdev, request.same_mac);
	return true;
}

/* --- */

static void describe(void *context, FILE *file)
{
	const struct netdev *netdev = context;
	char text[MAC_TEXT];

	fprintf(file, "network, --%s=%s, MAC %s",
		netdev->spec->is_tunnet ? "tunnet" : "sharenet",
		netdev->spec->net, mac_format(netdev->mac, text));
	if (netdev->spec->is_tunnet)
		fprintf(file, ", %s %s\n",
			*netdev->spec->tap ? "tap device" : "a new tap device",
			netdev->spec->tap);
	else if (netdev->spec->slot >= 0)
		fprintf(file, ", slot %d as %s\n", netdev->spec->slot,
			name_of(netdev));
	else
		fprintf(file, ", any slot as %s\n", name_of(netdev));
}

/* What a net is called, whichever way it was named. */
static void identify(const struct netspec *spec, char *to, size_t size)
{
	if (spec->is_tunnet)
		snprintf(to, size, "tunnet:%s", spec->net);
	else
		netfile_identity(spec->net, to, size);
}

/* How many of the devices before this one are on the same net? */
static unsigned int count_before(const struct device_list *list,
				 const char *identity)
{
	char other[sizeof(((struct netspec *)0)->net) + 16];
	unsigned int count = 0;
	unsigned int i;

	for (i = 0; i < list->count; i++) {
		const struct device *device = list->device[i];

		if (device->type != LGUEST_DEVICE_NET)
			continue;
		identify(((struct netdev *)device->context)->spec, other,
			 sizeof(other));
		count += !strcmp(other, identity);
	}
	return count;
}

static void choose_mac(struct netdev *netdev, const struct device_list *list)
{
	char identity[sizeof(netdev->spec->net) + 16];

	identify(netdev->spec, identity, sizeof(identity));
	netdev->index = count_before(list, identity);
	if (netdev->spec->has_mac)
		memcpy(netdev->mac, netdev->spec->mac, sizeof(netdev->mac));
	else
		mac_make(netdev->mac, MAC_GUEST, netdev->owner->secret,
			 identity, netdev->index);
}

void netdev_init(struct netdev *netdev, const struct netdev_owner *owner,
		 const struct netspec *spec, struct device_list *list)
{
	*netdev = (struct netdev){
		.device = {
			.type = LGUEST_DEVICE_NET,
			.pages = 1,
			.reset = reset,
			.attach = attach,
			.describe = describe,
			.context = netdev,
		},
		.spec = spec,
		.owner = owner,
		.net = -1,
		.slot = spec->slot,
	};
	choose_mac(netdev, list);
	device_add(list, &netdev->device);
}

static bool open_tunnet(struct netdev *netdev, struct why *why)
{
	uint8_t mac[MAC_BYTES];

	netdev->tunnet = calloc(1, sizeof(*netdev->tunnet));
	if (!netdev->tunnet)
		return why_fail(why, "there is no memory for --tunnet");
	mac_make(mac, MAC_TAP, netdev->owner->secret, netdev->spec->net,
		 netdev->index);
	if (!tunnet_open(netdev->tunnet, netdev->spec,
			 netdev->owner->guest_name, mac, why))
		return false;
	netdev->net = netdev->tunnet->net;
	return true;
}

bool netdev_open(struct netdev *netdev, struct why *why)
{
	if (netdev->net >= 0)
		return true;
	if (netdev->spec->is_tunnet)
		return open_tunnet(netdev, why);
	netdev->net = netfile_open(netdev->spec->net, NETFILE_JOIN, why);
	return netdev->net >= 0;
}
