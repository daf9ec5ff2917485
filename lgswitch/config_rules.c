// SPDX-License-Identifier: GPL-2.0
/*
 * config_rules.c - the words that tell what happens between ports: --static,
 * --mirror, --fault and --down.  See config.h.
 * guide: C:065
 */
#include <string.h>

#include "config_words.h"
#include "option.h"

/* --- who is meant --- */

bool config_parse_endpoint(const char *text, struct endpoint *end,
			   struct why *why)
{
	size_t length = strcspn(text, ":/");
	char port[CONFIG_NAME];

	*end = (struct endpoint){ 0 };
	if (length >= sizeof(port))
		return why_fail(why, "'%.40s' begins with no port's name",
				text);
	memcpy(port, text, length);
	port[length] = '\0';
	if (strcmp(port, "*") && !config_check_name(port, why))
		return false;
	strcpy(end->port, port);
	if (!text[length])
		return true;
	if (!strcmp(port, "*"))
		return why_fail(why, "'%.64s': any port has no slots", text);
	return CONFIG_COPY(end->slot, text + length + 1, "the slot's name",
			   why);
}

static bool parse_port(const char *text, char port[CONFIG_NAME],
		       struct why *why)
{
	return config_check_name(text, why) &&
	       config_copy(port, CONFIG_NAME, text, "the port", why);
}

/* --- static entries --- */

static bool set_static_port(void *config, const char *value, struct why *why)
{
	return parse_port(value, ((struct static_config *)config)->port, why);
}

static bool set_static_vlan(void *config, const char *value, struct why *why)
{
	return vlan_parse(value, &((struct static_config *)config)->vlan, why);
}

static const struct option_def static_words[] = {
	{ "port", "NAME", "", set_static_port },
	{ "vlan", "V", "", set_static_vlan },
	{ 0 }
};

bool config_parse_static(const char *text, struct static_config *fixed,
			 struct why *why)
{
	char mac[64];

	*fixed = (struct static_config){ 0 };
	if (!option_parse_list(static_words, text, mac, sizeof(mac), fixed,
			       why) ||
	    !mac_parse(mac, fixed->mac, why))
		return false;
	return *fixed->port ||
	       why_fail(why, "port=NAME is missing: where %s is", mac);
}

/* --- mirrors --- */

static bool set_mirror_to(void *config, const char *value, struct why *why)
{
	struct mirror_config *mirror = config;

	if (!config_parse_endpoint(value, &mirror->to, why))
		return false;
	return strcmp(mirror->to.port, "*") ||
	       why_fail(why, "copies go to one port");
}

static bool add_mirror_source(struct mirror_config *mirror, const char *port,
			      struct why *why)
{
	unsigned int i;

	for (i = 0; i < mirror->sources; i++)
		if (!strcmp(mirror->from[i], port))
			return why_fail(why, "%s is there twice", port);
	if (mirror->sources == CONFIG_MIRROR_SOURCES)
		return why_fail(why, "a mirror has up to %d ports to copy from",
				CONFIG_MIRROR_SOURCES);
	return parse_port(port, mirror->from[mirror->sources++], why);
}

static bool set_mirror_from(void *config, const char *value, struct why *why)
{
	char port[CONFIG_NAME];
	size_t length;

	for (;; value += length + 1) {
		length = strcspn(value, "+");
		if (length >= sizeof(port))
			return why_fail(why, "'%.40s' begins with no port's name",
					value);
		memcpy(port, value, length);
		port[length] = '\0';
		if (!add_mirror_source(config, port, why))
			return false;
		if (!value[length])
			return true;
	}
}

static const struct option_def mirror_words[] = {
	{ "to", "PORT[/SLOT]", "", set_mirror_to },
	{ "from", "PORT+PORT", "", set_mirror_from },
	{ 0 }
};

static bool check_mirror(const struct mirror_config *mirror, struct why *why)
{
	unsigned int i;

	if (!*mirror->to.port)
		return why_fail(why, "to=PORT is missing: who gets the copies");
	if (!mirror->sources)
		return why_fail(why, "from=PORT is missing: what is copied");
	for (i = 0; i < mirror->sources; i++)
		if (!*mirror->to.slot &&
		    !strcmp(mirror->from[i], mirror->to.port))
			return why_fail(why, "%s cannot be copied to itself",
					mirror->from[i]);
	return true;
}

bool config_parse_mirror(const char *text, struct mirror_config *mirror,
			 struct why *why)
{
	char copy[CONFIG_WORD_MAX], first[2];

	*mirror = (struct mirror_config){ 0 };
	/* All of its words have names: nothing stands first. */
	if (snprintf(copy, sizeof(copy), ",%s", text) >= (int)sizeof(copy))
		return why_fail(why, "it is too long: at most %zu characters",
				sizeof(copy) - 2);
	return option_parse_list(mirror_words, copy, first, sizeof(first),
				 mirror, why) &&
	       check_mirror(mirror, why);
}

/* --- faults --- */

/* FROM>TO or FROM<>TO, of @length. */
static bool parse_pair(const char *text, size_t length,
		       struct fault_config *fault, struct why *why)
{
	char from[2 * CONFIG_NAME], *to;

	if (length >= sizeof(from))
		return why_fail(why, "'%.40s' does not begin with a pair FROM>TO",
				text);
	memcpy(from, text, length);
	from[length] = '\0';
	to = strchr(from, '>');
	if (!to)
		return why_fail(why, "'%s' is no pair FROM>TO (or FROM<>TO, for both directions)",
				from);
	fault->both = to > from && to[-1] == '<';
	to[fault->both ? -1 : 0] = '\0';
	if (!config_parse_endpoint(from, &fault->from, why) ||
	    !config_parse_endpoint(to + 1, &fault->to, why))
		return false;
	/* (From a net to itself is between all of its slots.) */
	if (*fault->from.slot &&
	    config_same_endpoint(&fault->from, &fault->to))
		return why_fail(why, "'%s>%s' is no pair: both are the same",
				from, to + 1);
	return true;
}

bool config_parse_fault(const char *text, struct fault_config *fault,
			struct why *why)
{
	size_t length = strcspn(text, ",");

	*fault = (struct fault_config){ 0 };
	if (!parse_pair(text, length, fault, why))
		return false;
	if (!text[length])
		return why_fail(why, "what is wrong between them is missing (as in delay=10ms,loss=1%%)");
	return fault_parse(text + length + 1, &fault->spec, why);
}
