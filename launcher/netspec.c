// SPDX-License-Identifier: GPL-2.0
/*
 * netspec.c - parses the values of --sharenet and --tunnet.
 */
#include <stdlib.h>
#include <string.h>

#include "netspec.h"
#include "option.h"
#include "tap.h"
#include "text.h"

static bool set_mac(void *config, const char *value, struct why *why)
{
	struct netspec *spec = config;

	spec->has_mac = true;
	return mac_parse(value, spec->mac, why);
}

static bool set_slot(void *config, const char *value, struct why *why)
{
	char *end;
	long slot = strtol(value, &end, 10);

	if (*value < '0' || *value > '9' || *end || strlen(value) > 3 ||
	    slot >= LGUEST_NET_SLOTS)
		return why_fail(why, "'%s' is no slot of a net (0 to %d)",
				value, LGUEST_NET_SLOTS - 1);
	((struct netspec *)config)->slot = slot;
	return true;
}

static bool set_name(void *config, const char *value, struct why *why)
{
	if (!text_check_name(value, why))
		return false;
	if (strlen(value) >= LGUEST_NET_NAME)
		return why_fail(why, "a name on a net has at most %d characters, this has %zu",
				LGUEST_NET_NAME - 1, strlen(value));
	strcpy(((struct netspec *)config)->name, value);
	return true;
}

static bool set_tap(void *config, const char *value, struct why *why)
{
	if (!tap_check_name(value, why))
		return false;
	strcpy(((struct netspec *)config)->tap, value);
	return true;
}

static const struct option_def sharenet_settings[] = {
	{ "mac", "MAC", NULL, set_mac },
	{ "slot", "N", NULL, set_slot },
	{ "name", "NAME", NULL, set_name },
	{ 0 }
};

static const struct option_def tunnet_settings[] = {
	{ "mac", "MAC", NULL, set_mac },
	{ "tap", "NAME", NULL, set_tap },
	{ 0 }
};

bool netspec_parse_sharenet(const char *text, struct netspec *spec,
			    struct why *why)
{
	*spec = (struct netspec){ .slot = -1 };
	if (!option_parse_list(sharenet_settings, text, spec->net,
			       sizeof(spec->net), spec, why))
		return false;
	if (!*spec->net)
		return why_fail(why, "the file's name is empty");
	return true;
}

static bool parse_place(struct netspec *spec, struct why *why)
{
	static const char bridge[] = "bridge:";
	const char *name = spec->net + strlen(bridge);

	if (strncmp(spec->net, bridge, strlen(bridge)))
		return link_parse_address(spec->net, &spec->address, why);
	if (!tap_check_name(name, why))
		return false;
	strcpy(spec->bridge, name);
	return true;
}

bool netspec_parse_tunnet(const char *text, struct netspec *spec,
			  struct why *why)
{
	*spec = (struct netspec){ .is_tunnet = true, .slot = -1 };
	return option_parse_list(tunnet_settings, text, spec->net,
				 sizeof(spec->net), spec, why) &&
	       parse_place(spec, why);
}
