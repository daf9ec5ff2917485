// SPDX-License-Identifier: GPL-2.0
/*
 * extcap.c - answers Wireshark's calls.  See extcap.h.
 *
 * The answers are lines of a word and fields: "interface {value=lguest-net0}
 * {display=lguest net0}".  Wireshark runs us whenever it lists interfaces, and
 * waits, so nothing here may take long or ask anybody.
 * guide: C:660
 */
#include <stdlib.h>
#include <string.h>

#include <lguest/version.h>

#include "array.h"
#include "extcap.h"

/* --- the call --- */

bool extcap_is_call(char *const *argv)
{
	/* (Checking a filter is a call without --capture.) */
	for (; *argv && strcmp(*argv, "--"); argv++)
		if (!strncmp(*argv, "--extcap-", strlen("--extcap-")))
			return true;
	return false;
}

/* Options without a value, and where that they were there is kept. */
static bool *flag_of(struct extcap *extcap, const char *word)
{
	/* What it does when it has killed us is none of our business. */
	static bool ignored;

	if (!strcmp(word, "--extcap-interfaces"))
		return &extcap->interfaces;
	if (!strcmp(word, "--extcap-dlts"))
		return &extcap->dlts;
	if (!strcmp(word, "--extcap-config"))
		return &extcap->config;
	if (!strcmp(word, "--capture"))
		return &extcap->capture;
	return strcmp(word, "--extcap-cleanup-postkill") ? NULL : &ignored;
}

/* Options with one. */
static const char **value_of(struct extcap *extcap, const char *word,
			     size_t length)
{
	/* All versions since 4.0 are spoken to alike. */
	static const char *ignored;
	const struct {
		const char *name;
		const char **value;
	} options[] = {
		{ "--extcap-interface", &extcap->interface },
		{ "--extcap-capture-filter", &extcap->filter },
		{ "--extcap-version", &ignored },
		{ "--fifo", &extcap->fifo },
		{ "--net", &extcap->net },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (strlen(options[i].name) == length &&
		    !strncmp(options[i].name, word, length))
			return options[i].value;
	return NULL;
}

static bool add_word(struct extcap *extcap, const char *word, struct why *why)
{
	if (extcap->words == EXTCAP_WORDS)
		return why_fail(why, "these are too many words: %d at most",
				EXTCAP_WORDS);
	extcap->word[extcap->words++] = (char *)word;
	return true;
}

/*
 * Take out what is Wireshark's; what is left is our own, settings that people
 * made in its dialogue.
 */
static bool take_words(struct extcap *extcap, char **argv, struct why *why)
{
	for (; *argv; argv++) {
		size_t length = strcspn(*argv, "=");
		const char **value = value_of(extcap, *argv, length);
		bool *flag = flag_of(extcap, *argv);

		if (flag)
			*flag = true;
		else if (value && (*argv)[length])
			*value = *argv + length + 1;
		else if (value && argv[1])
			*value = *++argv;
		else if (value)
			return why_fail(why, "%s needs a value", *argv);
		else if (!add_word(extcap, *argv, why))
			return false;
	}
	return true;
}

/* --- answers --- */

static void print_interface(const struct iface *iface, FILE *to)
{
	char name[IFACE_NAME], title[IFACE_NAME];

	iface_name(iface, name);
	iface_title(iface, title);
	fprintf(to, "interface {value=%s}{display=%s}\n", name, title);
}

static void print_net(const char *path, const struct extcap_nets *nets,
		      FILE *to)
{
	struct lguest_net_page page;
	struct iface iface = { 0 };
	unsigned int slot;

	snprintf(iface.net, sizeof(iface.net), "%s", path);
	print_interface(&iface, to);
	if (!nets->look(path, &page))
		return;
	for (slot = 0; slot < LGUEST_NET_SLOTS; slot++)
		if (iface_set_slot(&iface, &page, slot))
			print_interface(&iface, to);
}

static void print_interfaces(const struct extcap_nets *nets, FILE *to)
{
	const struct iface any = { 0 };
	struct nets all;
	unsigned int i;

	fputs("extcap {version=" LGUEST_VERSION "}{display=lguest nets}\n", to);
	nets_find_in(&all, nets->folder, nets->list);
	for (i = 0; i < all.count; i++)
		print_net(all.path[i], nets, to);
	nets_free(&all);
	print_interface(&any, to);
}

/* Settings that are passed on to us as the options that they are. */
static const char *const settings[] = {
	"{call=--copies}{display=Every copy of a broadcast}{type=boolflag}{tooltip=One for each receiver instead of one alone}",
	"{call=--dropped}{display=Only what was not delivered}{type=boolflag}{tooltip=Frames that somebody should have got and did not}",
	"{call=--raw-checksum}{display=Leave checksums as they are}{type=boolflag}{tooltip=Do not complete those that guests leave to each other}",
	"{call=--segment}{display=Split super-frames}{type=boolflag}{tooltip=Into the packets that they would be on a wire}",
	"{call=--snaplen}{display=Bytes kept of a frame}{type=unsigned}{range=64,65535}{default=65535}",
};

static void print_config(const struct iface *iface, FILE *to)
{
	unsigned int number = 0, i;

	if (!*iface->net)
		fprintf(to, "arg {number=%u}{call=--net}{display=The net's file}{type=fileselect}{mustexist=true}{required=true}{placeholder=%s/net0}\n",
			number++, NETS_FOLDER);
	for (i = 0; i < ARRAY_SIZE(settings); i++)
		fprintf(to, "arg {number=%u}%s\n", number++, settings[i]);
}

/* --- capturing --- */

static bool choose_net(struct extcap *extcap, struct why *why)
{
	if (*extcap->iface.net)
		return true;
	if (!extcap->net || !*extcap->net)
		return why_fail(why, "which net? (its file is a setting of this interface; tshark has them as -o extcap." IFACE_ANY ".net:FILE)");
	if (snprintf(extcap->iface.net, sizeof(extcap->iface.net), "%s",
		     extcap->net) >= (int)sizeof(extcap->iface.net))
		return why_fail(why, "the path of that net is too long");
	return true;
}

/* What a person would have typed. */
static bool compose(struct extcap *extcap, const char *program,
		    struct why *why)
{
	const char *const before[] = {
		program, "-i", extcap->iface.net, "-w", extcap->fifo, "-U",
		"--format=pcapng",
	};
	const char *const slot[] = { "--slot", extcap->iface.slot };
	const char *const filter[] = { "--", extcap->filter };
	char *own[EXTCAP_WORDS];
	unsigned int owns = extcap->words, i;
	bool good = true;

	memcpy(own, extcap->word, sizeof(own));
	extcap->words = 0;
	for (i = 0; i < ARRAY_SIZE(before); i++)
		good = good && add_word(extcap, before[i], why);
	for (i = 0; *extcap->iface.slot && i < ARRAY_SIZE(slot); i++)
		good = good && add_word(extcap, slot[i], why);
	for (i = 0; i < owns; i++)
		good = good && add_word(extcap, own[i], why);
	for (i = 0; extcap->filter && *extcap->filter &&
	     i < ARRAY_SIZE(filter); i++)
		good = good && add_word(extcap, filter[i], why);
	extcap->word[extcap->words] = NULL;
	return good;
}

static enum extcap_result start_capture(struct extcap *extcap,
					const char *program, struct why *why)
{
	if (!extcap->fifo) {
		why_fail(why, "--capture needs --fifo=PIPE to write to");
		return EXTCAP_FAILED;
	}
	return choose_net(extcap, why) && compose(extcap, program, why) ?
	       EXTCAP_CAPTURE : EXTCAP_FAILED;
}

static enum extcap_result answer_about(struct extcap *extcap,
				       const char *program, FILE *to,
				       struct why *why)
{
	if (!iface_parse(extcap->interface, &extcap->iface, why))
		return EXTCAP_FAILED;
	if (extcap->dlts) {
		fputs("dlt {number=1}{name=EN10MB}{display=Ethernet}\n", to);
		return EXTCAP_ANSWERED;
	}
	if (extcap->config) {
		print_config(&extcap->iface, to);
		return EXTCAP_ANSWERED;
	}
	if (extcap->capture)
		return start_capture(extcap, program, why);
	if (extcap->filter)
		return EXTCAP_CHECK;
	why_fail(why, "what about interface %s? (--extcap-dlts, --extcap-config, --capture or --extcap-capture-filter)",
		 extcap->interface);
	return EXTCAP_FAILED;
}

enum extcap_result extcap_answer(struct extcap *extcap, char **argv,
				 const struct extcap_nets *nets, FILE *to,
				 struct why *why)
{
	const char *program = *argv;

	*extcap = (struct extcap){ 0 };
	if (!take_words(extcap, argv + 1, why))
		return EXTCAP_FAILED;
	if (extcap->interfaces) {
		print_interfaces(nets, to);
		return EXTCAP_ANSWERED;
	}
	if (extcap->interface)
		return answer_about(extcap, program, to, why);
	why_fail(why, "which interface? (--extcap-interface=NAME; --extcap-interfaces lists them)");
	return EXTCAP_FAILED;
}
