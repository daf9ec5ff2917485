// SPDX-License-Identifier: GPL-2.0
/*
 * ctl_change.c - verbs of the control client that change a switch.
 * guide: C:470
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "config.h"
#include "ctl.h"
#include "text.h"

/* --- settings */

static bool take_setting(json_t *request, const char *word, struct why *why)
{
	static const char *const numbers[] = { "ageing=", "fdb-max=" };
	const char *value = strchr(word, '=') + 1;
	char name[16], *end;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (strncmp(word, numbers[i], strlen(numbers[i])))
			continue;
		snprintf(name, sizeof(name), "%.*s",
			 (int)(value - word - 1), word);
		if (*value < '0' || *value > '9' || strlen(value) > 18)
			return why_fail(why, "'%s' is not a number", value);
		json_object_set_new(request, name,
				    json_integer(strtoll(value, &end, 10)));
		return !*end || why_fail(why, "'%s' is not a number", value);
	}
	if (strcmp(word, "control-frames=pass") &&
	    strcmp(word, "control-frames=drop"))
		return why_fail(why, "there is no '%s': ageing=SECONDS, fdb-max=N or control-frames=pass|drop",
				word);
	json_object_set_new(request, "control-frames",
			    json_boolean(!strcmp(value, "pass")));
	return true;
}

static bool take_settings(json_t *request, char **word, struct why *why)
{
	for (; *word; word++) {
		if (!strchr(*word, '='))
			return why_fail(why, "'%s' is neither NAME=VALUE nor a port in the first place",
					*word);
		if (!take_setting(request, *word, why))
			return false;
	}
	return true;
}

/* The words behind a port, with commas between them. */
static bool join(char **word, char *to, size_t size, struct why *why)
{
	size_t used = 0;

	*to = '\0';
	for (; *word; word++) {
		if (used + strlen(*word) + 2 > size)
			return why_fail(why, "the arguments are too long");
		used += snprintf(to + used, size - used, "%s%s",
				 used ? "," : "", *word);
	}
	return true;
}

static json_t *build_set(const struct ctl_verb *verb, char **argument,
			 struct why *why)
{
	json_t *request = json_pack("{s:s}", "verb", verb->name);
	char text[CONFIG_WORD_MAX];
	bool good;

	if (strchr(*argument, '=')) {
		good = take_settings(request, argument, why);
	} else {
		good = join(argument + 1, text, sizeof(text), why);
		json_object_set_new(request, "port", json_string(*argument));
		json_object_set_new(request, "change", json_string(text));
	}
	if (good)
		return request;
	json_decref(request);
	return NULL;
}

/* --- ports */

/*
 * The switch may be in another folder than we are: a net's file that is named
 * from here gets its whole path.
 */
static bool from_here(const char *word, size_t length, const char *value,
		      char *text, size_t size, struct why *why)
{
	char here[PATH_MAX] = "";
	bool is_file = length == strlen("net") && !strncmp(word, "net", 3) &&
		       *value && *value != '/';

	if (is_file && !getcwd(here, sizeof(here)))
		return why_fail(why, "cannot tell in which folder we are: %m");
	return snprintf(text, size, "%s%s%s", here, is_file ? "/" : "",
			value) < (int)size ||
	       why_fail(why, "the arguments are too long");
}

/* "tap=lg0,..." or "tap" and "lg0,...", with or without dashes. */
static json_t *build_add(const struct ctl_verb *verb, char **argument,
			 struct why *why)
{
	const char *word = *argument, *value = argument[1];
	char text[CONFIG_WORD_MAX];
	size_t length;

	if (!strncmp(word, "--", 2))
		word += 2;
	length = strcspn(word, "=");
	if (!word[length] == !value) {
		why_fail(why, "usage: lgswitch ctl %s %s", verb->name,
			 verb->arguments);
		return NULL;
	}
	if (!value)
		value = word + length + 1;
	if (!from_here(word, length, value, text, sizeof(text), why))
		return NULL;
	return json_pack("{s:s,s:s%,s:s}", "verb", verb->name, "word", word,
			 length, "value", text);
}

static json_t *build_del(const struct ctl_verb *verb, char **argument,
			 struct why *why)
{
	(void)why;
	return json_pack("{s:s,s:s}", "verb", verb->name, "port", *argument);
}

static json_t *build_end(const struct ctl_verb *verb, char **argument,
			 struct why *why)
{
	(void)why;
	return json_pack("{s:s,s:s}", "verb", verb->name, "end", *argument);
}

static json_t *build_flush(const struct ctl_verb *verb, char **argument,
			   struct why *why)
{
	(void)why;
	return json_pack("{s:s,s:s*}", "verb", verb->name, "port", *argument);
}

/* --- what is added with a verb, and removed with "del" behind it */

static json_t *add_or_remove(const struct ctl_verb *verb, const char *text,
			     bool remove)
{
	return json_pack("{s:s,s:s}", "verb", verb->name,
			 remove ? "remove" : verb->name, text);
}

/* Is there a "del", behind which @argument then points? */
static bool take_del(char ***argument)
{
	if (strcmp(**argument, "del"))
		return false;
	++*argument;
	return true;
}

static json_t *usage(const struct ctl_verb *verb, struct why *why)
{
	why_fail(why, "usage: lgswitch ctl %s %s", verb->name,
		 verb->arguments);
	return NULL;
}

static json_t *build_static(const struct ctl_verb *verb, char **argument,
			    struct why *why)
{
	bool del = take_del(&argument);

	return *argument && !argument[1] ?
	       add_or_remove(verb, *argument, del) : usage(verb, why);
}

/* A mirror is removed by where it goes: PORT, or to=PORT as it was added. */
static json_t *build_mirror(const struct ctl_verb *verb, char **argument,
			    struct why *why)
{
	bool del = take_del(&argument);
	const char *text = *argument;

	if (!text || argument[1])
		return usage(verb, why);
	if (del && !strncmp(text, "to=", 3))
		text += 3;
	return add_or_remove(verb, text, del);
}

/*
 * FROM TO SETTING..., for those whose shell would take a > for its own, or
 * FROM>TO SETTING..., or FROM>TO,SETTING,...
 */
static json_t *build_fault(const struct ctl_verb *verb, char **argument,
			   struct why *why)
{
	char text[CONFIG_WORD_MAX], settings[CONFIG_WORD_MAX];
	bool del = take_del(&argument), apart;

	apart = *argument && !strchr(*argument, '>');
	if (!*argument || (apart && !argument[1]))
		return usage(verb, why);
	if (!join(argument + 1 + apart, settings, sizeof(settings), why))
		return NULL;
	if (del && *settings)
		return usage(verb, why);
	if (snprintf(text, sizeof(text), "%s%s%s%s%s", *argument,
		     apart ? ">" : "", apart ? argument[1] : "",
		     *settings ? "," : "", settings) >= (int)sizeof(text)) {
		why_fail(why, "the arguments are too long");
		return NULL;
	}
	return add_or_remove(verb, text, del);
}

static json_t *build_reload(const struct ctl_verb *verb, char **argument,
			    struct why *why)
{
	(void)argument;
	(void)why;
	return json_pack("{s:s}", "verb", verb->name);
}

static void print_lines(const struct ctl *ctl, json_t *lines,
			const char *before)
{
	char text[1024];
	json_t *line;
	size_t i;

	json_array_foreach(lines, i, line) {
		text_printable(text, sizeof(text), json_string_value(line) ?
			       json_string_value(line) : "", sizeof(text));
		fprintf(ctl->out, "%s%s\n", before, text);
	}
}

static void print_reload(const struct ctl *ctl, json_t *result)
{
	json_t *done = json_object_get(result, "done");
	json_t *failed = json_object_get(result, "failed");

	print_lines(ctl, done, "");
	print_lines(ctl, failed, "failed: ");
	if (!json_array_size(done) && !json_array_size(failed))
		fputs("nothing has changed\n", ctl->out);
}

const struct ctl_verb ctl_changes[] = {
	{ "set", "PORT SETTING... | ageing=SECONDS fdb-max=N control-frames=pass|drop",
	  "vlan= trunk= native= no-vlan storm= isolated no-isolated\n"
	  "        strict no-strict\n"
	  "        of a port, at once, or settings of the switch",
	  1, 64, build_set, NULL },
	{ "add", "net=FILE,... | tap=NAME,... | vxlan=...",
	  "add a port", 1, 2, build_add, NULL },
	{ "del", "PORT", "remove a port", 1, 1, build_del, NULL },
	{ "down", "PORT[:SLOT]", "take a link down", 1, 1, build_end, NULL },
	{ "up", "PORT[:SLOT]", "take a link up again", 1, 1, build_end, NULL },
	{ "fault", "FROM TO SETTING... | del FROM TO",
	  "what a bad line does to frames: delay=10ms, loss=1%...",
	  1, 64, build_fault, NULL },
	{ "mirror", "to=PORT,from=PORT+PORT | del PORT",
	  "copy what passes ports", 1, 2, build_mirror, NULL },
	{ "static", "[del] MAC,port=PORT[,vlan=V]",
	  "fix an address to a port", 1, 2, build_static, NULL },
	{ "flush", "[PORT]", "forget the addresses that were learned",
	  0, 1, build_flush, NULL },
	{ "reload", "", "read the configuration file again, and do what differs",
	  0, 0, build_reload, print_reload },
	{ 0 }
};
