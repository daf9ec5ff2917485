// SPDX-License-Identifier: GPL-2.0
/*
 * request_change.c - requests that change the switch.  The values are those of
 * the command line's options, and what takes them apart is the same, too.
 * guide: C:420
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "request.h"

/* Nothing more to say than that it is done. */
static json_t *done(bool good)
{
	return good ? json_object() : NULL;
}

/* --- settings */

/*
 * A member that is a word of the configuration and a number: what it may be
 * is known there.
 */
static bool take_number(struct switch_config *settings, json_t *request,
			const char *name, bool *there, struct why *why)
{
	json_int_t number;
	char text[24];

	if (!request_number(request, name, INT64_MAX, &number, there, why))
		return false;
	if (!*there)
		return true;
	snprintf(text, sizeof(text), "%lld", (long long)number);
	return config_set_word(settings, name, text, why);
}

static bool set_numbers(struct lgswitch *sw, json_t *request, struct why *why)
{
	struct switch_config settings;
	bool ageing, max;

	config_init(&settings);
	if (!take_number(&settings, request, "ageing", &ageing, why) ||
	    !take_number(&settings, request, "fdb-max", &max, why))
		return false;
	if (ageing)
		switch_set_ageing(sw, settings.ageing_s);
	if (max)
		switch_set_fdb_max(sw, settings.fdb_max);
	return true;
}

static bool set_control_frames(struct lgswitch *sw, json_t *request,
			       struct why *why)
{
	json_t *pass = json_object_get(request, "control-frames");

	if (!pass)
		return true;
	if (!json_is_boolean(pass))
		return why_fail(why, "'control-frames' is neither true nor false");
	switch_set_control_frames(sw, json_is_true(pass));
	return true;
}

/*
 * A name and settings as one word, "NAME,vlan=10".  The name is checked by
 * itself, so that it brings no settings of its own.
 */
static bool change_port(struct lgswitch *sw, const char *port,
			const char *settings, struct why *why)
{
	struct port_change change;
	char text[CONFIG_WORD_MAX];

	if (!config_check_name(port, why))
		return false;
	if (snprintf(text, sizeof(text), "%s,%s", port, settings) >=
	    (int)sizeof(text))
		return why_fail(why, "'change' is too long");
	return config_parse_change(text, &change, why) &&
	       switch_change_port(sw, &change, why);
}

static json_t *answer_set(struct request_target *target, json_t *request,
			  struct why *why)
{
	struct lgswitch *sw = target->sw;
	const char *port, *settings;

	if (!request_string(request, "port", false, &port, why) ||
	    !request_string(request, "change", port, &settings, why))
		return NULL;
	if (settings && !port) {
		why_fail(why, "'change' needs a 'port'");
		return NULL;
	}
	return done(set_numbers(sw, request, why) &&
		    set_control_frames(sw, request, why) &&
		    (!port || change_port(sw, port, settings, why)));
}

/* --- ports */

static const struct {
	const char *word;
	bool (*parse)(const char *text, struct port_config *port,
		      struct why *why);
} port_words[] = {
	{ "net", config_parse_net },
	{ "tap", config_parse_tap },
	{ "vxlan", config_parse_vxlan },
};

static bool add_port(struct lgswitch *sw, const char *word, const char *value,
		     struct why *why)
{
	struct port_config *port;
	unsigned int i;
	bool good;

	for (i = 0; i < ARRAY_SIZE(port_words); i++)
		if (!strcmp(port_words[i].word, word))
			break;
	if (i == ARRAY_SIZE(port_words))
		return why_fail(why, "'%.60s' is no kind of port: net, tap or vxlan",
				word);
	port = calloc(1, sizeof(*port));
	if (!port)
		return false;
	good = port_words[i].parse(value, port, why) &&
	       switch_add_port(sw, port, why);
	free(port);
	return good;
}

static json_t *answer_add(struct request_target *target, json_t *request,
			  struct why *why)
{
	const char *word, *value;

	return done(request_string(request, "word", true, &word, why) &&
		    request_string(request, "value", true, &value, why) &&
		    add_port(target->sw, word, value, why));
}

static json_t *answer_del(struct request_target *target, json_t *request,
			  struct why *why)
{
	const char *port;

	return done(request_string(request, "port", true, &port, why) &&
		    switch_remove_port(target->sw, port, why));
}

static json_t *answer_down(struct request_target *target, json_t *request,
			   struct why *why)
{
	struct endpoint end;
	const char *text;

	return done(request_string(request, "end", true, &text, why) &&
		    config_parse_endpoint(text, &end, why) &&
		    switch_set_down(target->sw, &end, true, why));
}

static json_t *answer_up(struct request_target *target, json_t *request,
			 struct why *why)
{
	struct endpoint end;
	const char *text;

	return done(request_string(request, "end", true, &text, why) &&
		    config_parse_endpoint(text, &end, why) &&
		    switch_set_down(target->sw, &end, false, why));
}

/* --- addresses, mirrors, faults: one to add, or one to remove */

static bool add_or_remove(json_t *request, const char *name, const char **add,
			  const char **gone, struct why *why)
{
	if (!request_string(request, name, false, add, why) ||
	    !request_string(request, "remove", false, gone, why))
		return false;
	if (!*add == !*gone)
		return why_fail(why, "either '%s' or 'remove' is what %s needs",
				name, name);
	return true;
}

static json_t *answer_static(struct request_target *target, json_t *request,
			     struct why *why)
{
	struct static_config fixed;
	const char *add, *gone;

	if (!add_or_remove(request, "static", &add, &gone, why) ||
	    !config_parse_static(add ? add : gone, &fixed, why))
		return NULL;
	return done(add ? switch_add_static(target->sw, &fixed, why) :
			  switch_remove_static(target->sw, &fixed, why));
}

static bool add_mirror(struct lgswitch *sw, const char *text, struct why *why)
{
	struct mirror_config mirror;

	return config_parse_mirror(text, &mirror, why) &&
	       switch_add_mirror(sw, &mirror, why);
}

static bool remove_mirror(struct lgswitch *sw, const char *text,
			  struct why *why)
{
	struct endpoint to;

	return config_parse_endpoint(text, &to, why) &&
	       switch_remove_mirror(sw, &to, why);
}

static json_t *answer_mirror(struct request_target *target, json_t *request,
			     struct why *why)
{
	const char *add, *gone;

	if (!add_or_remove(request, "mirror", &add, &gone, why))
		return NULL;
	return done(add ? add_mirror(target->sw, add, why) :
			  remove_mirror(target->sw, gone, why));
}

/* FROM>TO, or FROM<>TO if one of both directions has a fault. */
static bool remove_fault(struct lgswitch *sw, const char *pair,
			 struct why *why)
{
	struct fault_config fault;
	char text[CONFIG_WORD_MAX];
	bool there, back;

	if (strchr(pair, ',') ||
	    snprintf(text, sizeof(text), "%s,down", pair) >=
	    (int)sizeof(text))
		return why_fail(why, "'%.60s' is not just a pair FROM>TO",
				pair);
	if (!config_parse_fault(text, &fault, why))
		return false;
	there = switch_remove_fault(sw, &fault.from, &fault.to, why);
	back = fault.both &&
	       switch_remove_fault(sw, &fault.to, &fault.from, why);
	return there || back;
}

static json_t *answer_fault(struct request_target *target, json_t *request,
			    struct why *why)
{
	struct fault_config fault;
	const char *add, *gone;

	if (!add_or_remove(request, "fault", &add, &gone, why))
		return NULL;
	if (gone)
		return done(remove_fault(target->sw, gone, why));
	return done(config_parse_fault(add, &fault, why) &&
		    switch_add_fault(target->sw, &fault, why));
}

static json_t *answer_flush(struct request_target *target, json_t *request,
			    struct why *why)
{
	struct port *port;

	if (!request_port(target->sw, request, false, &port, why))
		return NULL;
	switch_flush(target->sw, port);
	return json_object();
}

static json_t *answer_reload(struct request_target *target, json_t *request,
			     struct why *why)
{
	(void)request;
	if (!target->reload) {
		why_fail(why, "this switch has no configuration file (--config)");
		return NULL;
	}
	return target->reload(target->reload_context, why);
}

const struct request_verb request_changes[] = {
	{ "set", " ageing fdb-max control-frames port change ", true,
	  answer_set },
	{ "add", " word value ", true, answer_add },
	{ "del", " port ", true, answer_del },
	{ "mirror", " mirror remove ", true, answer_mirror },
	{ "fault", " fault remove ", true, answer_fault },
	{ "static", " static remove ", true, answer_static },
	{ "flush", " port ", true, answer_flush },
	{ "down", " end ", true, answer_down },
	{ "up", " end ", true, answer_up },
	{ "reload", "", true, answer_reload },
	{ 0 }
};
