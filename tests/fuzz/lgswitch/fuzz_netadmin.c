// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_netadmin.c - any bytes as a request to the process that sets up network
 * devices: what it accepts has names that end, addresses that are some, and
 * counts within their arrays.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "netadmin.h"
#include "overlay.h"

size_t fuzz_seed(unsigned int number, uint8_t *data, size_t max)
{
	static struct netadmin_request request;
	struct why why;

	if (number > 1 || max < sizeof(request))
		return 0;
	if (number)
		config_parse_vxlan("vni=42,local=10.0.0.1,remote=10.0.0.2,remote=10.0.0.3",
				   &request.port, &why);
	else
		config_parse_tap("lg0,addr=10.1.0.1/24,addr=fd00::1/64,bridge=br0,mtu=9000,mac=02:00:00:00:00:01",
				 &request.port, &why);
	memcpy(data, &request, sizeof(request));
	return sizeof(request);
}

static void use_vxlan(const struct vxlan_config *config)
{
	char device[IFNAMSIZ], bridge[IFNAMSIZ], text[LINK_ADDRESS_TEXT];
	struct vxlan vxlan;
	struct why why;
	unsigned int i;

	overlay_vxlan(config, &vxlan);
	overlay_names(config->vni, device, bridge);
	if (!vxlan_check(&vxlan, &why))
		return;
	for (i = 0; i < vxlan.remotes; i++)
		if (!link_format_address(&vxlan.remote[i], text))
			abort();
}

static void use(const struct port_config *port)
{
	char text[LINK_ADDRESS_TEXT];
	unsigned int i;

	if (!*port->name || strlen(port->name) >= IFNAMSIZ ||
	    strlen(port->bridge) >= IFNAMSIZ ||
	    strlen(port->owner) >= CONFIG_NAME)
		abort();
	for (i = 0; i < port->addresses; i++)
		if (!link_format_address(&port->address[i], text))
			abort();
	if (port->vxlan.is_set)
		use_vxlan(&port->vxlan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct netadmin_request *request = calloc(1, sizeof(*request));
	struct why why;

	memcpy(request, data, size < sizeof(*request) ? size : sizeof(*request));
	if (netadmin_check(request, size, &why) &&
	    request->verb != NETADMIN_SETTLE)
		use(&request->port);
	free(request);
	return 0;
}
