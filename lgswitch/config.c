// SPDX-License-Identifier: GPL-2.0
/*
 * config.c - what a switch is to be, as a whole: its lists, and whether what
 * they say fits together.  See config.h.
 * guide: C:055
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "config_words.h"

void config_init(struct switch_config *config)
{
	*config = (struct switch_config){
		.ageing_s = CONFIG_AGEING_S,
		.fdb_max = CONFIG_FDB_MAX,
	};
}

void config_free(struct switch_config *config)
{
	free(config->port);
	free(config->fixed);
	free(config->mirror);
	free(config->fault);
	free(config->down);
	config_init(config);
}

bool config_copy(char *to, size_t size, const char *text, const char *what,
		 struct why *why)
{
	size_t length = strlen(text);

	if (!length)
		return why_fail(why, "%s is empty", what);
	if (length >= size)
		return why_fail(why, "%s is too long: %zu characters, at most %zu",
				what, length, size - 1);
	memcpy(to, text, length + 1);
	return true;
}

bool config_check_name(const char *text, struct why *why)
{
	const char *p;

	for (p = text; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("-_.", *p))
			break;
	if (p > text && !*p && p - text < CONFIG_NAME)
		return true;
	return why_fail(why, "'%.40s' is no name: 1 to %d letters, digits, and -_.",
			text, CONFIG_NAME - 1);
}

/* --- lists --- */

/* Room for one more at the end of an array of @count; NULL: no memory. */
static void *append(void **array, unsigned int *count, size_t size,
		    struct why *why)
{
	char *grown = realloc(*array, (*count + 1) * size);

	if (!grown) {
		why_fail(why, "no memory");
		return NULL;
	}
	*array = grown;
	return grown + (*count)++ * size;
}

static const struct port_config *find_port(const struct switch_config *config,
					   const char *name)
{
	unsigned int i;

	for (i = 0; i < config->ports; i++)
		if (!strcmp(config->port[i].name, name))
			return &config->port[i];
	return NULL;
}

bool config_add_port(struct switch_config *config,
		     const struct port_config *port, struct why *why)
{
	struct port_config *new;

	if (find_port(config, port->name))
		return why_fail(why, "there is a port %s already%s",
				port->name, port->kind == PORT_NET ?
				" (name=NAME gives this one another name)" : "");
	new = append((void **)&config->port, &config->ports, sizeof(*new),
		     why);
	if (new)
		*new = *port;
	return new;
}

bool config_add_static(struct switch_config *config,
		       const struct static_config *fixed, struct why *why)
{
	struct static_config *new;
	char mac[MAC_TEXT];
	unsigned int i;

	for (i = 0; i < config->fixeds; i++)
		if (config->fixed[i].vlan == fixed->vlan &&
		    !memcmp(config->fixed[i].mac, fixed->mac, MAC_BYTES))
			return why_fail(why, "%s has a place already: port %s",
					mac_format(fixed->mac, mac),
					config->fixed[i].port);
	new = append((void **)&config->fixed, &config->fixeds, sizeof(*new),
		     why);
	if (new)
		*new = *fixed;
	return new;
}

bool config_same_endpoint(const struct endpoint *one,
			  const struct endpoint *other)
{
	return !strcmp(one->port, other->port) &&
	       !strcmp(one->slot, other->slot);
}

bool config_add_mirror(struct switch_config *config,
		       const struct mirror_config *mirror, struct why *why)
{
	struct mirror_config *new;
	unsigned int i;

	for (i = 0; i < config->mirrors; i++)
		if (config_same_endpoint(&config->mirror[i].to, &mirror->to))
			return why_fail(why, "there is a mirror to %s already",
					mirror->to.port);
	new = append((void **)&config->mirror, &config->mirrors, sizeof(*new),
		     why);
	if (new)
		*new = *mirror;
	return new;
}

static bool is_pair(const struct fault_config *fault,
		    const struct endpoint *from, const struct endpoint *to)
{
	return config_same_endpoint(&fault->from, from) &&
	       config_same_endpoint(&fault->to, to);
}

static bool is_same_pair(const struct fault_config *one,
			 const struct fault_config *other)
{
	return is_pair(one, &other->from, &other->to) ||
	       ((one->both || other->both) &&
		is_pair(one, &other->to, &other->from));
}

bool config_add_fault(struct switch_config *config,
		      const struct fault_config *fault, struct why *why)
{
	struct fault_config *new;
	unsigned int i;

	for (i = 0; i < config->faults; i++)
		if (is_same_pair(&config->fault[i], fault))
			return why_fail(why, "there is a fault of that pair already");
	new = append((void **)&config->fault, &config->faults, sizeof(*new),
		     why);
	if (new)
		*new = *fault;
	return new;
}

bool config_add_down(struct switch_config *config, const struct endpoint *end,
		     struct why *why)
{
	struct endpoint *new;
	unsigned int i;

	if (!strcmp(end->port, "*"))
		return why_fail(why, "the link of one port is meant, or of one slot of a net");
	for (i = 0; i < config->downs; i++)
		if (config_same_endpoint(&config->down[i], end))
			return true;
	new = append((void **)&config->down, &config->downs, sizeof(*new),
		     why);
	if (new)
		*new = *end;
	return new;
}

void config_get_name(const struct switch_config *config,
		     char name[CONFIG_NAME])
{
	strcpy(name, config->name);
	if (!*name && config->ports)
		strcpy(name, config->port[0].name);
}

/* --- what fits together --- */

static bool check_port(const struct switch_config *config, const char *name,
		       const char *word, struct why *why)
{
	return find_port(config, name) ||
	       why_fail(why, "%s: there is no port %s", word, name);
}

static bool check_endpoint(const struct switch_config *config,
			   const struct endpoint *end, const char *word,
			   struct why *why)
{
	const struct port_config *port;

	if (!strcmp(end->port, "*"))
		return true;
	port = find_port(config, end->port);
	if (!port)
		return why_fail(why, "%s: there is no port %s", word,
				end->port);
	return !*end->slot || port->kind == PORT_NET ||
	       why_fail(why, "%s: %s is a tap and has no slots", word,
			end->port);
}

bool config_check_static(const struct static_config *fixed,
			 const struct port_config *port, struct why *why)
{
	if (vlan_has(&port->vlan, fixed->vlan))
		return true;
	if (fixed->vlan == VLAN_NONE)
		return why_fail(why, "port %s has VLANs: vlan=V is missing",
				port->name);
	return why_fail(why, "port %s is not in VLAN %u", port->name,
			fixed->vlan);
}

static bool check_statics(const struct switch_config *config, struct why *why)
{
	struct why inner;
	unsigned int i;

	for (i = 0; i < config->fixeds; i++) {
		const struct static_config *fixed = &config->fixed[i];

		if (!check_port(config, fixed->port, "static", why))
			return false;
		if (!config_check_static(fixed, find_port(config, fixed->port),
					 &inner))
			return why_fail(why, "static: %s", inner.text);
	}
	return true;
}

static bool has_source(const struct mirror_config *mirror, const char *port)
{
	unsigned int i;

	for (i = 0; i < mirror->sources; i++)
		if (!strcmp(mirror->from[i], port))
			return true;
	return false;
}

bool config_check_mirrors(const struct mirror_config *one,
			  const struct mirror_config *other, struct why *why)
{
	const char *name = NULL;

	if (!*one->to.slot && has_source(other, one->to.port))
		name = one->to.port;
	if (!*other->to.slot && has_source(one, other->to.port))
		name = other->to.port;
	return !name ||
	       why_fail(why, "%s gets a mirror's copies, so it cannot be copied itself",
			name);
}

/* Copies of copies would have no end. */
static bool check_rings(const struct switch_config *config, struct why *why)
{
	struct why inner;
	unsigned int i, j;

	for (i = 0; i < config->mirrors; i++)
		for (j = 0; j < i; j++)
			if (!config_check_mirrors(&config->mirror[i],
						  &config->mirror[j], &inner))
				return why_fail(why, "mirror: %s", inner.text);
	return true;
}

static bool check_mirrors(const struct switch_config *config, struct why *why)
{
	unsigned int i, j;

	for (i = 0; i < config->mirrors; i++) {
		const struct mirror_config *mirror = &config->mirror[i];

		if (!check_endpoint(config, &mirror->to, "mirror", why))
			return false;
		for (j = 0; j < mirror->sources; j++)
			if (!check_port(config, mirror->from[j], "mirror", why))
				return false;
	}
	return check_rings(config, why);
}

static bool check_rest(const struct switch_config *config, struct why *why)
{
	unsigned int i;

	for (i = 0; i < config->faults; i++)
		if (!check_endpoint(config, &config->fault[i].from, "fault",
				    why) ||
		    !check_endpoint(config, &config->fault[i].to, "fault",
				    why))
			return false;
	for (i = 0; i < config->downs; i++)
		if (!check_endpoint(config, &config->down[i], "down", why))
			return false;
	return true;
}

bool config_check(const struct switch_config *config, struct why *why)
{
	if (config->ports > CONFIG_PORTS_MAX)
		return why_fail(why, "a switch has up to %d ports, these are %u",
				CONFIG_PORTS_MAX, config->ports);
	if (!config->ports && !*config->name)
		return why_fail(why, "there is no port (as in: lgswitch /var/lg/net0 --tap=lg0; see lgswitch --help), and no --name for a switch that is to get some later");
	return check_statics(config, why) && check_mirrors(config, why) &&
	       check_rest(config, why);
}
