// SPDX-License-Identifier: GPL-2.0
/*
 * ctl.c - the control client's command line.  See ctl.h; what its verbs ask is
 * in ctl_show.c and ctl_change.c.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "ctl.h"
#include "log.h"
#include "standard.h"
#include "option.h"
#include "session.h"

#define PATIENCE_S	10
#define PATIENCE_MAX_S	3600

static bool set_control(void *config, const char *value, struct why *why)
{
	if (!*value)
		return why_fail(why, "the socket's name is empty");
	((struct ctl *)config)->socket = value;
	return true;
}

static bool set_name(void *config, const char *value, struct why *why)
{
	if (!*value)
		return why_fail(why, "the switch's name is empty");
	((struct ctl *)config)->name = value;
	return true;
}

static bool set_json(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct ctl *)config)->json = true;
	return true;
}

static bool set_timeout(void *config, const char *value, struct why *why)
{
	char *end;
	unsigned long seconds = strtoul(value, &end, 10);

	if (*value < '0' || *value > '9' || *end || !seconds ||
	    seconds > PATIENCE_MAX_S)
		return why_fail(why, "'%s' is not a number of seconds from 1 to %d",
				value, PATIENCE_MAX_S);
	((struct ctl *)config)->patience_ms = seconds * 1000;
	return true;
}

static bool set_help(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct ctl *)config)->help = true;
	return true;
}

static const struct option_def options[] = {
	{ "name", "NAME",
	  "the switch of that name; needed only if several run", set_name },
	{ "control", "SOCKET",
	  "the switch with that control socket", set_control },
	{ "json", NULL,
	  "print results as JSON, one line each, for programs", set_json },
	{ "timeout", "SECONDS",
	  "how long to wait for a reply (default: 10)", set_timeout },
	{ "help", NULL, "show this", set_help },
	{ 0 }
};

static void help_verbs(const struct ctl_verb *verb, FILE *file)
{
	for (; verb->name; verb++)
		fprintf(file, "  %s%s%s\n        %s\n", verb->name,
			*verb->arguments ? " " : "", verb->arguments,
			verb->help);
}

void ctl_help(FILE *file)
{
	fputs("Usage: lgswitch ctl [OPTION...] VERB [ARGUMENT...]\n"
	      "Look at a running lgswitch, or change it.\n\n"
	      "Looking:\n", file);
	help_verbs(ctl_shows, file);
	fputs("  watch [--interval=SECONDS] [--count=N] [VERB [ARGUMENT...]]\n"
	      "        one of these again and again (default: ports, with rates)\n"
	      "  watch [--count=N] events\n"
	      "        what happens to the switch, as it happens\n\n"
	      "Changing (words are those of `lgswitch --help`):\n", file);
	help_verbs(ctl_changes, file);
	fputs("\nOptions:\n", file);
	option_help(options, file);
	fputs("\nExit status: 0, or 1 if the switch refused or did not answer.\n\n"
	      "Examples:\n"
	      "  lgswitch ctl ports\n"
	      "  lgswitch ctl add tap=lg1,addr=10.0.1.1/24\n"
	      "  lgswitch ctl fault net0:r1 net0:r2 delay=10ms,loss=1%\n"
	      "  lgswitch ctl --json watch --interval=5 matrix\n", file);
}

static const struct ctl_verb *find_in(const struct ctl_verb *verb,
				      const char *name)
{
	for (; verb->name; verb++)
		if (!strcmp(verb->name, name))
			return verb;
	return NULL;
}

const struct ctl_verb *ctl_find_verb(const char *name, struct why *why)
{
	const struct ctl_verb *verb = find_in(ctl_shows, name);

	if (!verb)
		verb = find_in(ctl_changes, name);
	if (!verb)
		why_fail(why, "there is no verb '%s' (see lgswitch ctl --help)",
			 name);
	return verb;
}

json_t *ctl_build(const struct ctl_verb *verb, char **argument,
		  struct why *why)
{
	unsigned int count = 0;

	while (argument[count])
		count++;
	if (count < verb->min || count > verb->max) {
		why_fail(why, "usage: lgswitch ctl %s%s%s", verb->name,
			 *verb->arguments ? " " : "", verb->arguments);
		return NULL;
	}
	why_fail(why, "the request is not UTF-8 text, or there is not enough memory");
	return verb->build(verb, argument, why);
}

const char *ctl_rows(json_t *request)
{
	static const char *const rows[][2] = {
		{ "ports", "ports" }, { "stats", "ports" },
		{ "fdb", "entries" }, { "matrix", "pairs" },
		{ "faults", "faults" },
	};
	const char *verb = ctl_text(request, "verb");
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strcmp(rows[i][0], verb))
			return rows[i][1];
	return NULL;
}

json_int_t ctl_number(json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

const char *ctl_text(json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

bool ctl_flag(json_t *object, const char *name)
{
	return json_is_true(json_object_get(object, name));
}

static bool ask(struct ctl *ctl, const struct ctl_verb *verb, char **argument,
		struct why *why)
{
	json_t *request = ctl_build(verb, argument, why), *result;
	const char *rows = ctl_rows(request);
	bool good;

	if (!request)
		return false;
	result = rows ? ctl_link_call_pages(&ctl->link, request, rows, why) :
			ctl_link_call(&ctl->link, request, why);
	if (!result)
		return false;
	if (ctl->json) {
		json_dumpf(result, ctl->out, SESSION_JSON);
		fputc('\n', ctl->out);
	} else if (verb->print) {
		verb->print(ctl, result);
	}
	/* Of a reload: that some changes could not be made. */
	good = !json_array_size(json_object_get(result, "failed")) ||
	       why_fail(why, "some changes could not be made");
	json_decref(result);
	return good;
}

static bool act(struct ctl *ctl, char **word, struct why *why)
{
	const struct ctl_verb *verb = NULL;
	bool watch = !strcmp(*word, "watch"), good;

	if (!watch) {
		verb = ctl_find_verb(*word, why);
		if (!verb)
			return false;
	}
	if (!ctl_link_open(&ctl->link, ctl->socket, ctl->name, &ctl->folders,
			   ctl->patience_ms, why))
		return false;
	good = watch ? ctl_watch(ctl, word + 1, why) :
		       ask(ctl, verb, word + 1, why);
	ctl_link_close(&ctl->link);
	return good;
}

static bool run(char **argv, struct ctl *ctl, struct why *why)
{
	struct option_words words = { .word = argv + 1 };

	if (!option_parse(options, &words, ctl, why))
		return false;
	if (ctl->help) {
		ctl_help(ctl->out);
		return true;
	}
	if (ctl->socket && ctl->name)
		return why_fail(why, "--control and --name exclude each other");
	if (!*words.word)
		return why_fail(why, "a verb is missing (see lgswitch ctl --help)");
	return act(ctl, words.word, why);
}

int ctl_main(char **argv)
{
	struct ctl ctl = {
		.patience_ms = PATIENCE_S * 1000,
		.terminal = standard_is_terminal(),
		.colour = standard_is_colourful(),
		.out = stdout,
		.link.fd = -1,
	};
	struct why why;
	bool good;

	log_init("lgswitch ctl", false);
	folders_list(&ctl.folders);
	good = run(argv, &ctl, &why);
	if (!good)
		log_error("%s", why.text);
	if (!standard_printed(&why)) {
		log_error("%s", why.text);
		good = false;
	}
	return good ? 0 : 1;
}
