// SPDX-License-Identifier: GPL-2.0
/*
 * config_port.c - the words that describe ports: --net, --tap and --vxlan, and
 * changes of a port that works already.  See config.h.
 * guide: C:060
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <libgen.h>
#include <string.h>

#include "array.h"
#include "config_words.h"
#include "option.h"
#include "tap.h"
#include "text.h"

#define STORM_MAX	1000000000
/* What lib/tap.h's devices can carry in one frame of IP. */
#define MTU_MIN		68
#define MTU_MAX		65521

/* A port on its way: VLAN words make sense only together. */
struct port_words {
	struct port_config *port;
	struct port_change *change;	/* NULL: it is a new port */
	bool has_access, has_trunk, has_native, has_no_vlan;
	uint16_t native;
};

/* --- words of any port --- */

static bool set_vlan(void *config, const char *value, struct why *why)
{
	struct port_words *words = config;

	words->has_access = true;
	words->port->vlan.mode = VLAN_ACCESS;
	return vlan_parse(value, &words->port->vlan.vlan, why);
}

static bool set_trunk(void *config, const char *value, struct why *why)
{
	struct port_words *words = config;

	words->has_trunk = true;
	words->port->vlan.mode = VLAN_TRUNK;
	return vlan_parse_trunk(value, &words->port->vlan, why);
}

static bool set_native(void *config, const char *value, struct why *why)
{
	struct port_words *words = config;

	words->has_native = true;
	return vlan_parse(value, &words->native, why);
}

static bool set_no_vlan(void *config, const char *value, struct why *why)
{
	struct port_words *words = config;

	(void)value;
	(void)why;
	words->has_no_vlan = true;
	return true;
}

static bool set_isolated_to(struct port_words *words, bool isolated)
{
	words->port->isolated = isolated;
	if (words->change)
		words->change->set_isolated = true;
	return true;
}

static bool set_isolated(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	return set_isolated_to(config, true);
}

static bool set_no_isolated(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	return set_isolated_to(config, false);
}

static bool set_storm(void *config, const char *value, struct why *why)
{
	struct port_words *words = config;
	uint64_t number;

	if (!text_parse_number(value, "a number of frames per second", 0,
			       STORM_MAX, &number, why))
		return false;
	words->port->storm = number;
	if (words->change)
		words->change->set_storm = true;
	return true;
}

static bool set_strict_to(struct port_words *words, bool strict)
{
	words->port->strict = strict;
	if (words->change)
		words->change->set_strict = true;
	return true;
}

static bool set_strict(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	return set_strict_to(config, true);
}

static bool set_no_strict(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	return set_strict_to(config, false);
}

static const struct option_def any_port_words[] = {
	{ "vlan", "V", "", set_vlan },
	{ "trunk", "V+V", "", set_trunk },
	{ "native", "V", "", set_native },
	{ "isolated", NULL, "", set_isolated },
	{ "storm", "FRAMES", "", set_storm },
	{ 0 }
};

/* Several tables as one, with room for the longest that is needed. */
struct words {
	struct option_def word[24];
	size_t count;
};

static void add_words(struct words *words, const struct option_def *table)
{
	for (; table->name; table++)
		words->word[words->count++] = *table;
}

static bool check_vlan(struct port_words *words, struct why *why)
{
	struct vlan_rule *vlan = &words->port->vlan;

	if (words->has_access + words->has_trunk + words->has_no_vlan > 1)
		return why_fail(why, "vlan and trunk exclude each other: a port is in one VLAN, or a trunk of several");
	if (words->has_native && !words->has_trunk)
		return why_fail(why, "native needs trunk: it is the VLAN of a trunk's untagged frames");
	if (words->has_native)
		vlan->vlan = words->native;
	if (words->change)
		words->change->set_vlan = words->has_access ||
					  words->has_trunk ||
					  words->has_no_vlan;
	return true;
}

/* --- nets --- */

static bool set_net_name(void *config, const char *value, struct why *why)
{
	struct port_words *words = config;

	return config_check_name(value, why) &&
	       CONFIG_COPY(words->port->name, value, "the name", why);
}

static bool set_slot(void *config, const char *value, struct why *why)
{
	struct port_words *words = config;
	uint64_t number;

	if (!text_parse_number(value, "a slot", 0, LGUEST_NET_SLOTS - 1,
			       &number, why))
		return false;
	words->port->slot = number;
	return true;
}

static const struct option_def net_words[] = {
	{ "name", "NAME", "", set_net_name },
	{ "slot", "N", "", set_slot },
	{ "strict", NULL, "", set_strict },
	{ 0 }
};

/* A file's own name, if a port can have that. */
static bool name_after_file(struct port_config *port, struct why *why)
{
	char copy[PATH_MAX];
	const char *name;

	strcpy(copy, port->file);
	name = basename(copy);
	if (config_check_name(name, why))
		return CONFIG_COPY(port->name, name, "the name", why);
	return why_fail(why, "no port can be named like %s: add name=NAME (letters, digits and -_. up to %d)",
			port->file, CONFIG_NAME - 1);
}

bool config_parse_net(const char *text, struct port_config *port,
		      struct why *why)
{
	struct port_words words = { .port = port };
	struct words table = { .count = 0 };

	add_words(&table, any_port_words);
	add_words(&table, net_words);
	*port = (struct port_config){ .kind = PORT_NET, .slot = -1 };
	if (!option_parse_list(table.word, text, port->file,
			       sizeof(port->file), &words, why))
		return false;
	if (!*port->file)
		return why_fail(why, "the file's name is empty");
	if (!check_vlan(&words, why))
		return false;
	return *port->name || name_after_file(port, why);
}

/* --- taps --- */

static bool add_address(void *config, const char *value, struct why *why)
{
	struct port_config *port = ((struct port_words *)config)->port;

	if (port->addresses == CONFIG_ADDRESSES_MAX)
		return why_fail(why, "a tap can have %d addresses",
				CONFIG_ADDRESSES_MAX);
	return link_parse_address(value, &port->address[port->addresses++],
				  why);
}

static bool set_mtu(void *config, const char *value, struct why *why)
{
	struct port_words *words = config;
	uint64_t number;

	if (!text_parse_number(value, "an MTU", MTU_MIN, MTU_MAX, &number,
			       why))
		return false;
	words->port->mtu = number;
	return true;
}

static bool set_bridge(void *config, const char *value, struct why *why)
{
	struct port_words *words = config;

	return tap_check_name(value, why) &&
	       CONFIG_COPY(words->port->bridge, value, "the bridge", why);
}

static bool set_mac(void *config, const char *value, struct why *why)
{
	struct port_words *words = config;

	words->port->has_mac = true;
	return mac_parse(value, words->port->mac, why);
}

static bool set_owner(void *config, const char *value, struct why *why)
{
	struct port_words *words = config;

	return CONFIG_COPY(words->port->owner, value, "the owner", why);
}

static const struct option_def tap_words[] = {
	{ "addr", "IP/LEN", "", add_address },
	{ "mtu", "BYTES", "", set_mtu },
	{ "bridge", "NAME", "", set_bridge },
	{ "mac", "MAC", "", set_mac },
	{ "owner", "USER", "", set_owner },
	{ 0 }
};

/* What may be the name of a device and of a port. */
static bool check_tap_name(const char *name, struct why *why)
{
	return tap_check_name(name, why) && config_check_name(name, why);
}

static bool check_tap(const struct port_config *port, struct why *why)
{
	if (port->addresses && *port->bridge)
		return why_fail(why, "addr and bridge exclude each other: the address of a bridge's port is the bridge's");
	return true;
}

bool config_parse_tap(const char *text, struct port_config *port,
		      struct why *why)
{
	struct port_words words = { .port = port };
	struct words table = { .count = 0 };

	add_words(&table, any_port_words);
	add_words(&table, tap_words);
	*port = (struct port_config){ .kind = PORT_TAP, .slot = -1 };
	return option_parse_list(table.word, text, port->name,
				 sizeof(port->name), &words, why) &&
	       check_tap_name(port->name, why) && check_vlan(&words, why) &&
	       check_tap(port, why);
}

/* --- VXLAN --- */

static bool set_vni(void *config, const char *value, struct why *why)
{
	struct port_words *words = config;
	uint64_t number;

	if (!text_parse_number(value, "a VXLAN's number", 1, 0xffffff,
			       &number, why))
		return false;
	words->port->vxlan.vni = number;
	return true;
}

static bool set_udp_port(void *config, const char *value, struct why *why)
{
	struct port_words *words = config;
	uint64_t number;

	if (!text_parse_number(value, "a UDP port", 1, 65535, &number, why))
		return false;
	words->port->vxlan.port = number;
	return true;
}

/* Of a host, without a network. */
static bool parse_host(const char *value, struct link_address *address,
		       struct why *why)
{
	if (strchr(value, '/'))
		return why_fail(why, "'%.64s' is the address of a network: a host's has no /", value);
	return link_parse_address(value, address, why);
}

static bool set_local(void *config, const char *value, struct why *why)
{
	struct port_words *words = config;

	return parse_host(value, &words->port->vxlan.local, why);
}

static bool add_remote(void *config, const char *value, struct why *why)
{
	struct vxlan_config *vxlan = &((struct port_words *)config)->port->vxlan;
	struct link_address address;
	unsigned int i;

	if (vxlan->remotes == CONFIG_REMOTES_MAX)
		return why_fail(why, "there can be %d other hosts",
				CONFIG_REMOTES_MAX);
	if (!parse_host(value, &address, why))
		return false;
	for (i = 0; i < vxlan->remotes; i++)
		if (vxlan->remote[i].family == address.family &&
		    !memcmp(vxlan->remote[i].bytes, address.bytes,
			    sizeof(address.bytes)))
			return why_fail(why, "%s is there twice", value);
	vxlan->remote[vxlan->remotes++] = address;
	return true;
}

static bool set_tap_name(void *config, const char *value, struct why *why)
{
	struct port_words *words = config;

	return check_tap_name(value, why) &&
	       CONFIG_COPY(words->port->name, value, "the name", why);
}

static const struct option_def vxlan_words[] = {
	{ "vni", "N", "", set_vni },
	{ "local", "IP", "", set_local },
	{ "remote", "IP", "", add_remote },
	{ "port", "UDP-PORT", "", set_udp_port },
	{ "name", "NAME", "", set_tap_name },
	{ 0 }
};

static bool check_vxlan(struct vxlan_config *vxlan, struct why *why)
{
	unsigned int i;

	if (!vxlan->vni)
		return why_fail(why, "vni=N is missing: the number that all hosts of it share");
	if (!vxlan->local.family)
		return why_fail(why, "local=IP is missing: this host's address, for the others");
	if (!vxlan->remotes)
		return why_fail(why, "remote=IP is missing: the address of another host");
	for (i = 0; i < vxlan->remotes; i++) {
		if (vxlan->remote[i].family != vxlan->local.family)
			return why_fail(why, "local and remote addresses must be of one kind, IPv4 or IPv6");
		if (!memcmp(vxlan->remote[i].bytes, vxlan->local.bytes,
			    sizeof(vxlan->local.bytes)))
			return why_fail(why, "this host's own address cannot be remote, too");
	}
	vxlan->family = vxlan->local.family;
	return true;
}

bool config_parse_vxlan(const char *text, struct port_config *port,
			struct why *why)
{
	struct port_words words = { .port = port };
	struct words table = { .count = 0 };
	char copy[CONFIG_WORD_MAX], first[2];

	add_words(&table, any_port_words);
	add_words(&table, tap_words);
	add_words(&table, vxlan_words);
	*port = (struct port_config){
		.kind = PORT_TAP, .slot = -1,
		.vxlan = { .is_set = true, .port = CONFIG_VXLAN_PORT },
	};
	/* All of its words have names: nothing stands first. */
	if (snprintf(copy, sizeof(copy), ",%s", text) >= (int)sizeof(copy))
		return why_fail(why, "it is too long: at most %zu characters",
				sizeof(copy) - 2);
	if (!option_parse_list(table.word, copy, first, sizeof(first),
			       &words, why) ||
	    !check_vlan(&words, why) || !check_tap(port, why) ||
	    !check_vxlan(&port->vxlan, why))
		return false;
	if (!*port->name)
		snprintf(port->name, sizeof(port->name), "lgvx%u",
			 port->vxlan.vni);
	return true;
}

/* --- changes --- */

static const struct option_def change_words[] = {
	{ "no-vlan", NULL, "", set_no_vlan },
	{ "no-isolated", NULL, "", set_no_isolated },
	{ "strict", NULL, "", set_strict },
	{ "no-strict", NULL, "", set_no_strict },
	{ 0 }
};

bool config_parse_change(const char *text, struct port_change *change,
			 struct why *why)
{
	struct port_words words = { .port = &change->to, .change = change };
	struct words table = { .count = 0 };

	add_words(&table, any_port_words);
	add_words(&table, change_words);
	*change = (struct port_change){ 0 };
	if (!option_parse_list(table.word, text, change->name,
			       sizeof(change->name), &words, why) ||
	    !check_vlan(&words, why))
		return false;
	return change->set_vlan || change->set_isolated || change->set_storm ||
	       change->set_strict ||
	       why_fail(why, "nothing to change: vlan, trunk, native, isolated, storm or strict is missing");
}
