// SPDX-License-Identifier: GPL-2.0
/*
 * request.c - finds the verb of a request, and checks what all verbs have in
 * common.  See request.h.
 */
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "request.h"

static const struct request_verb *find_in(const struct request_verb *verb,
					  const char *name)
{
	for (; verb->name; verb++)
		if (!strcmp(verb->name, name))
			return verb;
	return NULL;
}

static const struct request_verb *find(const char *name)
{
	const struct request_verb *verb = find_in(request_shows, name);

	return verb ? verb : find_in(request_changes, name);
}

static bool is_member(const struct request_verb *verb, const char *name)
{
	char word[64];

	if (!strcmp(name, "id") || !strcmp(name, "verb"))
		return true;
	if (strlen(name) + 2 >= sizeof(word) || strchr(name, ' '))
		return false;
	snprintf(word, sizeof(word), " %s ", name);
	return strstr(verb->members, word);
}

static bool check_members(const struct request_verb *verb, json_t *request,
			  struct why *why)
{
	const char *name;
	json_t *value;

	json_object_foreach(request, name, value)
		if (!is_member(verb, name))
			return why_fail(why, "%s takes no '%.60s'",
					verb->name, name);
	return true;
}

json_t *request_answer(void *context, json_t *request, bool looking,
		       struct why *why)
{
	const struct request_verb *verb;
	const char *name;
	json_t *result;

	if (!request_string(request, "verb", true, &name, why))
		return NULL;
	verb = find(name);
	if (!verb) {
		why_fail(why, "there is no verb '%.60s'", name);
		return NULL;
	}
	if (looking && verb->changes) {
		why_fail(why, "%s changes something, it cannot be watched",
			 verb->name);
		return NULL;
	}
	if (!check_members(verb, request, why))
		return NULL;
	why_fail(why, "there is not enough memory for the result");
	result = verb->answer(context, request, why);
	if (verb->changes)
		log_info("control: %s: %s", verb->name,
			 result ? "done" : why->text);
	return result;
}

bool request_string(json_t *request, const char *name, bool needed,
		    const char **value, struct why *why)
{
	json_t *member = json_object_get(request, name);

	*value = json_string_value(member);
	if (member && !*value)
		return why_fail(why, "'%s' is not a string", name);
	if (needed && !*value)
		return why_fail(why, "'%s' is missing", name);
	return true;
}

bool request_number(json_t *request, const char *name, json_int_t max,
		    json_int_t *value, bool *there, struct why *why)
{
	json_t *member = json_object_get(request, name);

	*there = member;
	if (!member)
		return true;
	*value = json_integer_value(member);
	if (!json_is_integer(member) || *value < 0 || *value > max)
		return why_fail(why, "'%s' is not an integer from 0 to %lld",
				name, (long long)max);
	return true;
}

bool request_port(struct lgswitch *sw, json_t *request, bool needed,
		  struct port **port, struct why *why)
{
	const char *name;

	*port = NULL;
	if (!request_string(request, "port", needed, &name, why))
		return false;
	if (!name)
		return true;
	*port = switch_find(sw, name, why);
	return *port;
}
