// SPDX-License-Identifier: GPL-2.0
/*
 * list.c - shows who is on nets, for people or as JSON.  See list.h.
 */
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "list.h"
#include "log.h"
#include "mac.h"
#include "netfile.h"
#include "netlog.h"
#include "netpage.h"
#include "nets.h"
#include "text.h"

static const struct {
	unsigned int flag;
	const char *word;
} flag_words[] = {
	{ LGUEST_SLOT_PORT, "port" },
	{ LGUEST_SLOT_UPLINK, "uplink" },
	{ LGUEST_SLOT_PROMISC, "promiscuous" },
	{ LGUEST_SLOT_DOWN, "down" },
	{ LGUEST_SLOT_STRICT, "strict" },
};

/* What a slot has sent and received, over all others. */
struct totals {
	uint64_t sent, sent_bytes;
	uint64_t received, received_bytes;
	uint64_t dropped;		/* of what it sent */
};

static uint64_t look(const __u64 *count)
{
	return __atomic_load_n(count, __ATOMIC_RELAXED);
}

static void add_up(const struct lguest_net_pairs *pairs, unsigned int slot,
		   struct totals *totals)
{
	const struct lguest_net_pair *pair;
	unsigned int other, verdict;

	*totals = (struct totals){ 0 };
	for (other = 0; other <= LGUEST_NET_NOBODY; other++) {
		pair = &pairs->pair[slot][other];
		totals->sent += look(&pair->count[LGUEST_DELIVERED]);
		totals->sent_bytes += look(&pair->bytes);
		for (verdict = 1; verdict < LGUEST_VERDICTS; verdict++)
			totals->dropped += look(&pair->count[verdict]);
	}
	for (other = 0; other < LGUEST_NET_SLOTS; other++) {
		pair = &pairs->pair[other][slot];
		totals->received += look(&pair->count[LGUEST_DELIVERED]);
		totals->received_bytes += look(&pair->bytes);
	}
}

/* --- for people --- */

static void print_flags(unsigned int flags)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flag_words); i++)
		if (flags & flag_words[i].flag)
			printf(" %s", flag_words[i].word);
}

static void print_slot(const struct lguest_net_slot *slot, unsigned int number,
		       const struct totals *totals)
{
	char mac[MAC_TEXT];

	printf("  %-4u %-19s %s %7u %10llu %10llu %8llu", number,
	       *slot->name ? slot->name : "-", mac_format(slot->mac, mac),
	       slot->pid, (unsigned long long)totals->sent,
	       (unsigned long long)totals->received,
	       (unsigned long long)totals->dropped);
	print_flags(slot->flags);
	printf("\n");
}

static void print_net(const char *path, const struct netlog *log)
{
	struct lguest_net_slot slot;
	struct totals totals;
	unsigned int i, count = 0;

	printf("%s\n", path);
	for (i = 0; i < LGUEST_NET_SLOTS; i++) {
		if (!netpage_get(log->page, i, &slot))
			continue;
		if (!count++)
			printf("  %-4s %-19s %-17s %7s %10s %10s %8s\n", "slot",
			       "name", "mac", "pid", "sent", "received",
			       "dropped");
		add_up(log->pairs, i, &totals);
		print_slot(&slot, i, &totals);
	}
	if (!count)
		printf("  nobody is there\n");
}

/* --- as JSON --- */

static json_t *json_flags(unsigned int flags)
{
	json_t *list = json_array();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flag_words); i++)
		if (flags & flag_words[i].flag)
			json_array_append_new(list,
					      json_string(flag_words[i].word));
	return list;
}

static json_t *json_slot(const struct lguest_net_slot *slot,
			 unsigned int number, const struct totals *totals)
{
	char mac[MAC_TEXT];

	return json_pack("{s:i, s:s, s:s, s:i, s:o, s:I, s:I, s:I, s:I, s:I}",
			 "slot", number, "name", slot->name, "mac",
			 mac_format(slot->mac, mac), "pid", slot->pid, "flags",
			 json_flags(slot->flags),
			 "sent", (json_int_t)totals->sent,
			 "sent_bytes", (json_int_t)totals->sent_bytes,
			 "received", (json_int_t)totals->received,
			 "received_bytes", (json_int_t)totals->received_bytes,
			 "dropped", (json_int_t)totals->dropped);
}

/* A file's name may be any bytes, which JSON cannot have. */
static json_t *json_text(const char *text)
{
	json_t *json = json_string(text);
	char shown[PATH_MAX];

	if (json)
		return json;
	text_printable(shown, sizeof(shown), text, strlen(text));
	return json_string(shown);
}

static json_t *json_net(const char *path, const struct netlog *log)
{
	json_t *slots = json_array();
	struct lguest_net_slot slot;
	struct totals totals;
	unsigned int i;

	for (i = 0; i < LGUEST_NET_SLOTS; i++) {
		if (!netpage_get(log->page, i, &slot))
			continue;
		add_up(log->pairs, i, &totals);
		json_array_append_new(slots, json_slot(&slot, i, &totals));
	}
	return json_pack("{s:o, s:o, s:o}", "file", json_text(path), "name",
			 json_text(nets_name(path)), "slots", slots);
}

/* --- both --- */

/* Add one to @list, or show it if that is NULL. */
static bool list_net(const char *path, json_t *list, struct why *why)
{
	int net = netfile_open(path, NETFILE_LISTEN, why);
	/* No records, only the page and the counters. */
	const struct netlog_wish wish = { .log_bytes = 0 };
	struct netlog log;
	bool good;

	if (net < 0)
		return false;
	good = netlog_open(&log, net, &wish, why);
	close(net);
	if (!good)
		return false;
	if (list)
		json_array_append_new(list, json_net(path, &log));
	else
		print_net(path, &log);
	netlog_close(&log);
	return true;
}

/* Those that were asked for have to be there. */
static bool list_named(const struct options *options, json_t *list,
		       struct why *why)
{
	unsigned int i;

	for (i = 0; i < options->nets; i++)
		if (!list_net(options->net[i], list, why))
			return false;
	return true;
}

/* Of those that we found ourselves, some may be for others' eyes only. */
static bool list_found(json_t *list, struct why *why)
{
	struct nets nets;
	bool good = false;
	unsigned int i;

	nets_find(&nets);
	if (!nets.count && !list)
		log_notice("there are no nets in " NETS_FOLDER " (others: -i FILE, or files in the variable " NETS_VARIABLE ")");
	for (i = 0; i < nets.count; i++) {
		if (list_net(nets.path[i], list, why))
			good = true;
		else
			log_error("%s", why->text);
	}
	good = good || !nets.count ||
	       why_fail(why, "none of the nets can be listened to");
	nets_free(&nets);
	return good;
}

bool list_run(const struct options *options, struct why *why)
{
	json_t *list = options->json ? json_array() : NULL;
	bool good = options->nets ? list_named(options, list, why) :
				    list_found(list, why);

	if (good && list) {
		json_dumpf(list, stdout, JSON_INDENT(2));
		printf("\n");
	}
	json_decref(list);
	return good;
}
