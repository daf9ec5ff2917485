// SPDX-License-Identifier: GPL-2.0
/*
 * reload.c - from what a switch is to what it shall be.  See reload.h.
 *
 * Ports, static addresses, mirrors, faults and links that are down are things
 * of the same sort here: each can be written as a word, and has a key, the part
 * of that word which says which thing it is.  What has a key that is not wanted
 * any more is removed; ports are changed, or removed and made anew; then what
 * is not there as wanted is added.  A port takes what belongs to it along, so
 * the switch is looked at again before things are added.
 * guide: C:435
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reload.h"
#include "wordset.h"

#define ENDPOINT_TEXT	(CONFIG_NAME + LGUEST_NET_NAME + 1)

/* One sort of thing. */
struct sort {
	const char *name;
	unsigned int (*count)(const struct switch_config *config);
	/* The whole of one, or its key. */
	void (*format)(const struct switch_config *config, unsigned int i,
		       bool key, char *text, size_t size);
	bool (*add)(struct lgswitch *sw, const struct switch_config *config,
		    unsigned int i, struct why *why);
	bool (*remove)(struct lgswitch *sw, const struct switch_config *config,
		       unsigned int i, struct why *why);
};

static void tell(struct reload *reload, bool good, const char *verb,
		 const char *what, const struct why *why)
{
	char change[CONFIG_WORD_MAX + 32];

	snprintf(change, sizeof(change), "%s %s", verb, what);
	if (good)
		reload->done++;
	else
		reload->failed++;
	if (reload->tell)
		reload->tell(reload, change, good ? NULL : why);
}

/* --- static addresses */

static unsigned int fixed_count(const struct switch_config *config)
{
	return config->fixeds;
}

static void fixed_format(const struct switch_config *config, unsigned int i,
			 bool key, char *text, size_t size)
{
	char word[CONFIG_WORD_MAX];

	config_format_static(&config->fixed[i], word, sizeof(word));
	snprintf(text, size, "%s", key ? strchr(word, '=') + 1 : word);
}

static bool fixed_add(struct lgswitch *sw, const struct switch_config *config,
		      unsigned int i, struct why *why)
{
	return switch_add_static(sw, &config->fixed[i], why);
}

static bool fixed_remove(struct lgswitch *sw,
			 const struct switch_config *config, unsigned int i,
			 struct why *why)
{
	return switch_remove_static(sw, &config->fixed[i], why);
}

/* --- mirrors */

static unsigned int mirrors_count(const struct switch_config *config)
{
	return config->mirrors;
}

static void mirrors_format(const struct switch_config *config, unsigned int i,
			  bool key, char *text, size_t size)
{
	if (key)
		config_format_endpoint(&config->mirror[i].to, text, size);
	else
		config_format_mirror(&config->mirror[i], text, size);
}

static bool mirrors_add(struct lgswitch *sw, const struct switch_config *config,
		       unsigned int i, struct why *why)
{
	return switch_add_mirror(sw, &config->mirror[i], why);
}

static bool mirrors_remove(struct lgswitch *sw,
			  const struct switch_config *config, unsigned int i,
			  struct why *why)
{
	return switch_remove_mirror(sw, &config->mirror[i].to, why);
}

/* --- faults */

static unsigned int faults_count(const struct switch_config *config)
{
	return config->faults;
}

static void faults_format(const struct switch_config *config, unsigned int i,
			  bool key, char *text, size_t size)
{
	const struct fault_config *fault = &config->fault[i];
	char from[ENDPOINT_TEXT], to[ENDPOINT_TEXT];

	if (!key) {
		config_format_fault(fault, text, size);
		return;
	}
	config_format_endpoint(&fault->from, from, sizeof(from));
	config_format_endpoint(&fault->to, to, sizeof(to));
	snprintf(text, size, "%s>%s", from, to);
}

static bool faults_add(struct lgswitch *sw, const struct switch_config *config,
		      unsigned int i, struct why *why)
{
	return switch_add_fault(sw, &config->fault[i], why);
}

static bool faults_remove(struct lgswitch *sw,
			 const struct switch_config *config, unsigned int i,
			 struct why *why)
{
	return switch_remove_fault(sw, &config->fault[i].from,
				   &config->fault[i].to, why);
}

/* --- links that are down */

static unsigned int down_count(const struct switch_config *config)
{
	return config->downs;
}

static void down_format(const struct switch_config *config, unsigned int i,
			bool key, char *text, size_t size)
{
	char end[ENDPOINT_TEXT];

	config_format_endpoint(&config->down[i], end, sizeof(end));
	snprintf(text, size, "%s%s", key ? "" : "down=", end);
}

static bool down_add(struct lgswitch *sw, const struct switch_config *config,
		     unsigned int i, struct why *why)
{
	return switch_set_down(sw, &config->down[i], true, why);
}

static bool down_remove(struct lgswitch *sw,
			const struct switch_config *config, unsigned int i,
			struct why *why)
{
	return switch_set_down(sw, &config->down[i], false, why);
}

/* --- ports: what a port is called is its key */

static unsigned int port_count(const struct switch_config *config)
{
	return config->ports;
}

static void port_format(const struct switch_config *config, unsigned int i,
			bool key, char *text, size_t size)
{
	if (key)
		snprintf(text, size, "%s", config->port[i].name);
	else
		config_format_port(&config->port[i], text, size);
}

static bool port_add(struct lgswitch *sw, const struct switch_config *config,
		     unsigned int i, struct why *why)
{
	return switch_add_port(sw, &config->port[i], why);
}

static bool port_remove(struct lgswitch *sw,
			const struct switch_config *config, unsigned int i,
			struct why *why)
{
	return switch_remove_port(sw, config->port[i].name, why);
}

static const struct sort ports = {
	"port", port_count, port_format, port_add, port_remove,
};

/* What hangs on ports. */
static const struct sort sorts[] = {
	{ "static", fixed_count, fixed_format, fixed_add, fixed_remove },
	{ "mirror", mirrors_count, mirrors_format, mirrors_add, mirrors_remove },
	{ "fault", faults_count, faults_format, faults_add, faults_remove },
	{ "down", down_count, down_format, down_add, down_remove },
};

#define SORTS	(sizeof(sorts) / sizeof(*sorts))

/* --- sets of them */

static bool fill(struct wordset *set, const struct sort *sort,
		 const struct switch_config *config, bool key)
{
	char text[CONFIG_WORD_MAX];
	unsigned int i;

	*set = (struct wordset){ 0 };
	for (i = 0; i < sort->count(config); i++) {
		sort->format(config, i, key, text, sizeof(text));
		if (!wordset_add(set, text)) {
			wordset_free(set);
			return false;
		}
	}
	wordset_sort(set);
	return true;
}

static void tell_removed(struct reload *reload, bool good,
			const struct sort *sort, const char *key,
			const struct why *why)
{
	char what[CONFIG_WORD_MAX + 16];

	snprintf(what, sizeof(what), "%s %s", sort->name, key);
	tell(reload, good, "remove", what, why);
}

/* Remove from the switch, which is as @now says, what is not wanted. */
static bool remove_others(struct reload *reload, struct lgswitch *sw,
			  const struct sort *sort,
			  const struct switch_config *now,
			  const struct switch_config *wanted)
{
	char text[CONFIG_WORD_MAX];
	struct wordset keys;
	struct why why;
	unsigned int i;
	bool good;

	if (!fill(&keys, sort, wanted, true))
		return false;
	for (i = 0; i < sort->count(now); i++) {
		sort->format(now, i, true, text, sizeof(text));
		if (wordset_has(&keys, text))
			continue;
		good = sort->remove(sw, now, i, &why);
		tell_removed(reload, good, sort, text, &why);
	}
	wordset_free(&keys);
	return true;
}

/* Add what is wanted and not there, or not so. */
static bool add_missing(struct reload *reload, struct lgswitch *sw,
			const struct sort *sort,
			const struct switch_config *now,
			const struct switch_config *wanted)
{
	char text[CONFIG_WORD_MAX];
	struct wordset there;
	struct why why;
	unsigned int i;
	bool good;

	if (!fill(&there, sort, now, false))
		return false;
	for (i = 0; i < sort->count(wanted); i++) {
		sort->format(wanted, i, false, text, sizeof(text));
		if (wordset_has(&there, text))
			continue;
		good = sort->add(sw, wanted, i, &why);
		tell(reload, good, "add", text, &why);
	}
	wordset_free(&there);
	return true;
}

/* --- ports that stay, but differently */

/* The same port but for what may change while it works? */
static bool may_change(const struct port_config *now,
		       const struct port_config *wanted)
{
	char a[CONFIG_WORD_MAX], b[CONFIG_WORD_MAX];
	struct port_config same = *now;

	same.vlan = wanted->vlan;
	same.isolated = wanted->isolated;
	same.storm = wanted->storm;
	same.strict = wanted->strict;
	config_format_port(&same, a, sizeof(a));
	config_format_port(wanted, b, sizeof(b));
	return !strcmp(a, b);
}

static bool change(struct lgswitch *sw, const struct port_config *wanted,
		   struct why *why)
{
	struct port_change change = {
		.set_vlan = true,
		.set_isolated = true,
		.set_storm = true,
		.set_strict = wanted->kind == PORT_NET,
		.to = *wanted,
	};

	strcpy(change.name, wanted->name);
	return switch_change_port(sw, &change, why);
}

static void change_port(struct reload *reload, struct lgswitch *sw,
			const struct port_config *now,
			const struct port_config *wanted)
{
	char a[CONFIG_WORD_MAX], b[CONFIG_WORD_MAX];
	struct why why;
	bool good;

	config_format_port(now, a, sizeof(a));
	config_format_port(wanted, b, sizeof(b));
	if (!strcmp(a, b))
		return;
	if (may_change(now, wanted)) {
		good = change(sw, wanted, &why);
		tell(reload, good, "set", b, &why);
		return;
	}
	/* It is added with those that are missing. */
	good = switch_remove_port(sw, now->name, &why);
	tell_removed(reload, good, &ports, now->name, &why);
}

static void change_ports(struct reload *reload, struct lgswitch *sw,
			 const struct switch_config *now,
			 const struct switch_config *wanted)
{
	unsigned int i, j;

	for (i = 0; i < wanted->ports; i++)
		for (j = 0; j < now->ports; j++)
			if (!strcmp(now->port[j].name, wanted->port[i].name))
				change_port(reload, sw, &now->port[j],
					    &wanted->port[i]);
}

/* --- settings of the whole switch */

static void set_ageing(struct reload *reload, struct lgswitch *sw,
		       const struct switch_config *wanted)
{
	char text[32];

	if (sw->settings.ageing_s == wanted->ageing_s)
		return;
	switch_set_ageing(sw, wanted->ageing_s);
	snprintf(text, sizeof(text), "ageing=%u", wanted->ageing_s);
	tell(reload, true, "set", text, NULL);
}

static void set_fdb_max(struct reload *reload, struct lgswitch *sw,
			const struct switch_config *wanted)
{
	char text[32];

	if (sw->settings.fdb_max == wanted->fdb_max)
		return;
	switch_set_fdb_max(sw, wanted->fdb_max);
	snprintf(text, sizeof(text), "fdb-max=%u", wanted->fdb_max);
	tell(reload, true, "set", text, NULL);
}

static void set_control_frames(struct reload *reload, struct lgswitch *sw,
			       const struct switch_config *wanted)
{
	bool pass = !wanted->no_control_frames;

	if (sw->settings.no_control_frames == wanted->no_control_frames)
		return;
	switch_set_control_frames(sw, pass);
	tell(reload, true, "set", pass ? "control-frames" :
		     "no-control-frames", NULL);
}

/* An empty text is a default, which the switch has filled in. */
static void is_fixed(struct reload *reload, const char *name, const char *now,
		     const char *wanted)
{
	struct why why;

	if (!*wanted || !strcmp(now, wanted))
		return;
	why_fail(&why, "that takes a restart (it is %s)", *now ? now : "unset");
	tell(reload, false, name, wanted, &why);
}

static void is_fixed_flag(struct reload *reload, const char *name, bool now,
			  bool wanted)
{
	struct why why;

	if (now == wanted)
		return;
	why_fail(&why, "that takes a restart");
	tell(reload, false, wanted ? "set" : "unset", name, &why);
}

static void set_settings(struct reload *reload, struct lgswitch *sw,
			 const struct switch_config *wanted)
{
	const struct switch_config *now = &sw->settings;
	char seed[2][24] = { "" };

	set_ageing(reload, sw, wanted);
	set_fdb_max(reload, sw, wanted);
	set_control_frames(reload, sw, wanted);
	is_fixed(reload, "name", now->name, wanted->name);
	is_fixed(reload, "control", now->control, wanted->control);
	is_fixed(reload, "control-group", now->control_group,
		 wanted->control_group);
	is_fixed(reload, "user", now->user, wanted->user);
	snprintf(seed[0], sizeof(seed[0]), "%llu",
		 (unsigned long long)now->seed);
	if (wanted->has_seed)
		snprintf(seed[1], sizeof(seed[1]), "%llu",
			 (unsigned long long)wanted->seed);
	is_fixed(reload, "seed", seed[0], seed[1]);
	is_fixed_flag(reload, "persist", now->persist, wanted->persist);
	is_fixed_flag(reload, "verbose", now->verbose, wanted->verbose);
}

/* --- all */

/* A fault of both directions becomes two, as the switch knows them. */
static bool split_faults(struct switch_config *config, struct why *why)
{
	unsigned int i, count = config->faults;
	struct fault_config back;

	for (i = 0; i < count; i++) {
		if (!config->fault[i].both)
			continue;
		config->fault[i].both = false;
		back = config->fault[i];
		back.from = config->fault[i].to;
		back.to = config->fault[i].from;
		if (!config_add_fault(config, &back, why))
			return false;
	}
	return true;
}

static bool remove_phase(struct reload *reload, struct lgswitch *sw,
			 const struct switch_config *now,
			 const struct switch_config *wanted)
{
	bool good = true;
	unsigned int i;

	for (i = 0; i < SORTS; i++)
		good &= remove_others(reload, sw, &sorts[i], now, wanted);
	good &= remove_others(reload, sw, &ports, now, wanted);
	change_ports(reload, sw, now, wanted);
	return good;
}

static bool add_phase(struct reload *reload, struct lgswitch *sw,
		      const struct switch_config *now,
		      const struct switch_config *wanted)
{
	bool good = add_missing(reload, sw, &ports, now, wanted);
	unsigned int i;

	for (i = 0; i < SORTS; i++)
		good &= add_missing(reload, sw, &sorts[i], now, wanted);
	return good;
}

/* A phase, which sees the switch as it is now. */
static bool phase(struct reload *reload, struct lgswitch *sw,
		  const struct switch_config *wanted,
		  bool (*act)(struct reload *reload, struct lgswitch *sw,
			      const struct switch_config *now,
			      const struct switch_config *wanted),
		  struct why *why)
{
	struct switch_config now;
	bool good;

	if (!switch_get_config(sw, &now, why))
		return false;
	good = split_faults(&now, why) &&
	       (act(reload, sw, &now, wanted) ||
		why_fail(why, "there is not enough memory"));
	config_free(&now);
	return good;
}

bool reload_apply(struct reload *reload, struct lgswitch *sw,
		  struct switch_config *wanted, struct why *why)
{
	if (!split_faults(wanted, why))
		return false;
	set_settings(reload, sw, wanted);
	return phase(reload, sw, wanted, remove_phase, why) &&
	       phase(reload, sw, wanted, add_phase, why);
}
