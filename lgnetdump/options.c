// SPDX-License-Identifier: GPL-2.0
/*
 * options.c - lgnetdump's command line: the tables of its options and letters,
 * and which of them go together.
 * guide: C:510
 */
#include <limits.h>
#include <string.h>

#include <lguest/net.h>

#include "option.h"
#include "options.h"
#include "replay.h"
#include "text.h"

/* A megabyte of tcpdump's -C. */
#define MEGABYTE	1000000ULL
#define RING_DEFAULT	(64 << 20)

/* --- values --- */

static bool parse_u32(const char *text, const char *what, uint32_t max,
		      uint32_t *to, struct why *why)
{
	uint64_t number;

	if (!text_parse_number(text, what, 1, max, &number, why))
		return false;
	*to = number;
	return true;
}

/* --- from where --- */

static bool set_net(void *config, const char *value, struct why *why)
{
	struct options *options = config;

	if (!*value)
		return why_fail(why, "the net's file has no name");
	if (options->nets == OPTIONS_NETS_MAX)
		return why_fail(why, "these are too many nets: %d is what one capture takes",
				OPTIONS_NETS_MAX);
	options->net[options->nets++] = value;
	return true;
}

static bool add_slot(struct options *options, enum options_end end,
		     const char *word, struct why *why)
{
	if (!*word)
		return why_fail(why, "a slot is a number, a name or a MAC address");
	if (options->slots == OPTIONS_SLOTS_MAX)
		return why_fail(why, "these are too many slots: %d is the most",
				OPTIONS_SLOTS_MAX);
	options->slot[options->slots++] = (struct options_slot){ end, word };
	return true;
}

static bool set_slot(void *config, const char *value, struct why *why)
{
	return add_slot(config, OPTIONS_EITHER_END, value, why);
}

static bool set_src(void *config, const char *value, struct why *why)
{
	return add_slot(config, OPTIONS_SOURCE, value, why);
}

static bool set_dst(void *config, const char *value, struct why *why)
{
	return add_slot(config, OPTIONS_TARGET, value, why);
}

static bool set_dropped(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct options *)config)->dropped = true;
	return true;
}

static bool set_copies(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct options *)config)->copies = true;
	return true;
}

static bool set_wait(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct options *)config)->wait = true;
	return true;
}

static bool set_ring(void *config, const char *value, struct why *why)
{
	uint64_t bytes;

	if (!text_parse_size(value, MIB, &bytes, why))
		return false;
	/* Two of the longest frames have to fit. */
	if (bytes < 4 * LGUEST_LOG_MIN || bytes > LGUEST_LOG_MAX ||
	    (bytes & (bytes - 1)))
		return why_fail(why, "it must be a power of two from 256K to 256M, this is %s",
				value);
	((struct options *)config)->ring_bytes = bytes;
	return true;
}

/* --- what of it, until when --- */

static bool set_snaplen(void *config, const char *value, struct why *why)
{
	/* For tcpdump, too, 0 is as much as there is. */
	if (!strcmp(value, "0"))
		return true;
	return parse_u32(value, "a length in bytes", OPTIONS_SNAPLEN_MAX,
			 &((struct options *)config)->snaplen, why);
}

static bool set_raw_checksum(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct options *)config)->raw_checksum = true;
	return true;
}

static bool set_segment(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct options *)config)->segment = true;
	return true;
}

static bool set_count(void *config, const char *value, struct why *why)
{
	return text_parse_number(value, "a number of frames", 1, UINT64_MAX,
				 &((struct options *)config)->count, why);
}

static bool set_duration(void *config, const char *value, struct why *why)
{
	return parse_u32(value, "a time in seconds", UINT32_MAX,
			 &((struct options *)config)->duration, why);
}

/* --- to where --- */

static bool set_write(void *config, const char *value, struct why *why)
{
	if (!*value)
		return why_fail(why, "the file's name is empty");
	if (strlen(value) >= PATH_MAX - 32)
		return why_fail(why, "the file's name is too long");
	((struct options *)config)->write = value;
	return true;
}

static bool set_format(void *config, const char *value, struct why *why)
{
	struct options *options = config;

	if (!strcmp(value, "pcap"))
		options->format = OPTIONS_PCAP;
	else if (!strcmp(value, "pcapng"))
		options->format = OPTIONS_PCAPNG;
	else
		return why_fail(why, "there is pcap and pcapng, no '%s'",
				value);
	return true;
}

static bool set_flush(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct options *)config)->flush = true;
	return true;
}

static bool set_file_size(void *config, const char *value, struct why *why)
{
	uint64_t *bytes = &((struct options *)config)->file_bytes;

	if (!text_parse_size(value, MEGABYTE, bytes, why))
		return false;
	return *bytes || why_fail(why, "a file of no size would hold nothing");
}

static bool set_file_seconds(void *config, const char *value, struct why *why)
{
	return parse_u32(value, "a time in seconds", UINT32_MAX,
			 &((struct options *)config)->file_seconds, why);
}

static bool set_file_count(void *config, const char *value, struct why *why)
{
	return parse_u32(value, "a number of files", 1000000,
			 &((struct options *)config)->file_count, why);
}

static bool set_print(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct options *)config)->print = true;
	return true;
}

/* --- how lines look --- */

static bool set_numeric(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct options *)config)->numeric = true;
	return true;
}

static bool set_link_level(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct options *)config)->link_level = true;
	return true;
}

static bool set_hex(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct options *)config)->hex = true;
	return true;
}

static bool set_quick(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct options *)config)->quick = true;
	return true;
}

/* --- the other way --- */

static bool set_replay(void *config, const char *value, struct why *why)
{
	struct options *options = config;

	if (!*value)
		return why_fail(why, "the file's name is empty");
	options->replay.file = value;
	options->action = OPTIONS_REPLAY;
	return true;
}

static bool set_name(void *config, const char *value, struct why *why)
{
	if (!text_check_name(value, why))
		return false;
	((struct options *)config)->replay.name = value;
	return true;
}

static bool set_mac(void *config, const char *value, struct why *why)
{
	struct replay_net *replay = &((struct options *)config)->replay;

	replay->has_mac = true;
	return mac_parse(value, replay->mac, why);
}

static bool set_speed(void *config, const char *value, struct why *why)
{
	return replay_parse_speed(value,
				  &((struct options *)config)->replay.speed,
				  why);
}

static bool set_loop(void *config, const char *value, struct why *why)
{
	return text_parse_number(value, "a number of rounds", 0, UINT64_MAX,
				 &((struct options *)config)->replay.loop, why);
}

/* --- what else to do --- */

static bool set_install(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct options *)config)->action = OPTIONS_INSTALL;
	return true;
}

static bool set_uninstall(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct options *)config)->action = OPTIONS_UNINSTALL;
	return true;
}

static bool set_list(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct options *)config)->action = OPTIONS_LIST;
	return true;
}

static bool set_json(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct options *)config)->json = true;
	return true;
}

static bool set_help(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct options *)config)->action = OPTIONS_HELP;
	return true;
}

static bool set_version(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct options *)config)->action = OPTIONS_VERSION;
	return true;
}

static const struct option_letter letters[] = {
	{ 'i', "net" },
	{ 'w', "write" },
	{ 'c', "count" },
	{ 's', "snaplen" },
	{ 'C', "file-size" },
	{ 'G', "file-seconds" },
	{ 'W', "file-count" },
	{ 'U', "flush" },
	{ 'n', "numeric" },
	{ 'e', "link-level" },
	{ 'x', "hex" },
	{ 'q', "quick" },
	{ 'D', "list" },
	{ 'h', "help" },
	{ 0 }
};

static const struct option_def options[] = {
	{ "net", "FILE",
	  "capture from the net that FILE stands for; may be given for\n"
	  "several nets. FILE has to be readable, and /dev/lguest ours to\n"
	  "open.", set_net },
	{ "slot", "SLOT",
	  "only frames that this slot sends or receives: its number, its\n"
	  "guest's name or its MAC address. May be given for several.",
	  set_slot },
	{ "src", "SLOT", "only frames that this slot sends", set_src },
	{ "dst", "SLOT", "only frames that this slot receives", set_dst },
	{ "dropped", NULL, "only frames that were not delivered", set_dropped },
	{ "copies", NULL,
	  "each copy of a frame, where it was received, rather than each\n"
	  "frame once, where it was sent", set_copies },
	{ "wait", NULL, "wait for FILE to be created; and when nobody is there any more\n"
	  "and FILE is another one, go on with that", set_wait },
	{ "ring", "SIZE",
	  "room for frames that we are too slow for, a power of two\n"
	  "(default: 64M)", set_ring },
	{ "snaplen", "BYTES", "keep that much of each frame (default: all)",
	  set_snaplen },
	{ "raw-checksum", NULL,
	  "keep checksums as they are. Guests leave them to be done by a\n"
	  "device that is not there; by default they are done here.",
	  set_raw_checksum },
	{ "segment", NULL,
	  "split frames of up to 64K, which guests send for a device to\n"
	  "split, into what it would send (default: keep them whole)",
	  set_segment },
	{ "count", "N", "end after N frames", set_count },
	{ "duration", "SECONDS", "end after that time", set_duration },
	{ "write", "FILE",
	  "write frames to FILE (-: standard output) instead of showing a\n"
	  "line for each. A name that ends with .gz is compressed.",
	  set_write },
	{ "format", "FORMAT",
	  "of FILE: pcap or pcapng (default: by its name; else pcap if it\n"
	  "is about one slot, and pcapng, which can tell slots apart)",
	  set_format },
	{ "flush", NULL, "write at once rather than when there is much",
	  set_flush },
	{ "file-size", "SIZE",
	  "begin another file after SIZE, in millions of bytes or with a\n"
	  "letter as in 64M: FILE, FILE1, FILE2...", set_file_size },
	{ "file-seconds", "SECONDS",
	  "begin another file that often; FILE may have what strftime(3)\n"
	  "knows, as in net0-%H%M%S.pcapng", set_file_seconds },
	{ "file-count", "N",
	  "with --file-size: overwrite the oldest of N files; with\n"
	  "--file-seconds alone: end after N files", set_file_count },
	{ "print", NULL, "with --write: show lines as well", set_print },
	{ "numeric", NULL, "numbers of slots and ports rather than names",
	  set_numeric },
	{ "link-level", NULL, "show MAC addresses, too", set_link_level },
	{ "hex", NULL, "show the frame's bytes, too", set_hex },
	{ "quick", NULL, "show less of the protocols", set_quick },
	{ "list", NULL,
	  "list nets (those of --net, or all in /var/lg and what the\n"
	  "variable LGNETDUMP_NETS names) and who is there", set_list },
	{ "json", NULL, "with --list: as JSON", set_json },
	{ "replay", "CAPTURE",
	  "send the frames of a pcap or pcapng file (-: standard input) into\n"
	  "the net, with the pauses they had, from a slot of our own: that\n"
	  "of --slot=N, or any. Needs write permission on FILE.", set_replay },
	{ "name", "NAME", "of that slot, for people (default: replay)", set_name },
	{ "mac", "MAC", "of that slot (default: made of name and net)", set_mac },
	{ "speed", "FACTOR",
	  "2 is twice as fast as it was; max is as fast as receivers can",
	  set_speed },
	{ "loop", "N", "replay it N times; 0 is without end", set_loop },
	{ "install-extcap", NULL,
	  "let Wireshark list nets and slots among its interfaces: for all\n"
	  "users if you are root, else for you", set_install },
	{ "uninstall-extcap", NULL, "no longer", set_uninstall },
	{ "help", NULL, "show this", set_help },
	{ "version", NULL, "show the version", set_version },
	{ 0 }
};

void options_help(FILE *file)
{
	fputs("Usage: lgnetdump --net=FILE [OPTION...] [FILTER]\n"
	      "Capture frames of a net of lguest guests, those that were not delivered\n"
	      "included. FILTER is an expression as tcpdump's, see pcap-filter(7).\n\n",
	      file);
	option_help_letters(options, letters, file);
	fputs("\nSignals: SIGINT and SIGTERM end a capture, SIGHUP begins another file, SIGUSR1\n"
	      "shows what was counted.\n\n"
	      "Exit status: 0 the capture ended as it was asked to, 1 something failed.\n\n"
	      "Examples:\n"
	      "  lgnetdump -i /var/lg/net0\n"
	      "  lgnetdump -i /var/lg/net0 --slot=r1 -w r1.pcap tcp port 179\n"
	      "  lgnetdump -i /var/lg/net0 --wait -w net0.pcapng -C 100 -W 10\n"
	      "  lgnetdump -i /var/lg/net0 --dropped -e\n"
	      "  lgnetdump -i /var/lg/net0 --replay net0.pcapng --speed 2\n"
	      "  lgnetdump -D\n",
	      file);
}

/* --- what goes together --- */

static bool check_files(const struct options *options, struct why *why)
{
	bool rotates = options->file_bytes || options->file_seconds;

	if (!options->write &&
	    (rotates || options->flush || options->print || options->format))
		return why_fail(why, "--file-size, --file-seconds, --flush, --print and --format are about a file: which one? (-w FILE)");
	if (options->file_count && !rotates)
		return why_fail(why, "--file-count is about files that follow each other: when? (-C SIZE or -G SECONDS)");
	if (!options->write || strcmp(options->write, "-"))
		return true;
	if (rotates)
		return why_fail(why, "standard output cannot become another file (-C and -G need -w FILE)");
	if (options->print)
		return why_fail(why, "standard output cannot have both frames and lines (--print needs -w FILE)");
	return true;
}

static bool check_lines(const struct options *options, struct why *why)
{
	if (!options->write || options->print)
		return true;
	/* -n is allowed: many fingers type it with tcpdump, lines or not. */
	if (options->link_level || options->hex || options->quick)
		return why_fail(why, "-e, -x and -q are about lines, but with -w there are none (--print shows them as well)");
	return true;
}

/* What only replaying has. */
static bool check_no_replay(const struct options *options, struct why *why)
{
	const struct replay_net *replay = &options->replay;

	if (replay->file)
		return why_fail(why, "--replay sends frames, and cannot list or install something besides");
	if (replay->name || replay->has_mac || replay->speed != 1 ||
	    replay->loop != 1)
		return why_fail(why, "--name, --mac, --speed and --loop are about sending: what? (--replay=CAPTURE)");
	return true;
}

/* And what it has not. */
static bool check_no_capture(const struct options *options, struct why *why)
{
	if (options->write || options->format || options->flush ||
	    options->print || options->file_bytes || options->file_seconds ||
	    options->file_count || options->dropped || options->copies ||
	    options->wait || options->raw_checksum || options->segment ||
	    options->count ||
	    options->duration || options->snaplen != OPTIONS_SNAPLEN_MAX ||
	    options->link_level || options->hex || options->quick ||
	    options->json)
		return why_fail(why, "--replay sends frames and captures none: it goes with --net, --slot, --name, --mac, --speed and --loop");
	if (*options->filter)
		return why_fail(why, "--replay takes no filter (tcpdump -r CAPTURE -w PART FILTER makes a smaller file)");
	return true;
}

static bool take_replay_slot(struct options *options, struct why *why)
{
	const struct options_slot *slot = options->slot;
	struct why inner;
	uint64_t number;

	options->replay.slot = -1;
	if (!options->slots)
		return true;
	if (options->slots > 1 || slot->end != OPTIONS_EITHER_END)
		return why_fail(why, "--replay sends from one slot: --slot=N");
	if (!text_parse_number(slot->word, "a slot that is free", 0,
			       LGUEST_NET_SLOTS - 1, &number, &inner))
		return why_fail(why, "--slot: %.900s", inner.text);
	options->replay.slot = number;
	return true;
}

static bool check_replay(struct options *options, struct why *why)
{
	if (options->nets != 1)
		return why_fail(why, "--replay sends into one net: which? (-i FILE)");
	options->replay.net = options->net[0];
	if (!options->replay.name)
		options->replay.name = "replay";
	return check_no_capture(options, why) && take_replay_slot(options, why);
}

static bool check(struct options *options, struct why *why)
{
	if (options->action == OPTIONS_REPLAY)
		return check_replay(options, why);
	if (!check_no_replay(options, why))
		return false;
	if (options->action == OPTIONS_INSTALL ||
	    options->action == OPTIONS_UNINSTALL)
		return true;
	if (options->action == OPTIONS_LIST)
		return !*options->filter ||
		       why_fail(why, "--list takes no filter: what is '%.40s' for?",
				options->filter);
	if (options->json)
		return why_fail(why, "--json is for --list (Wireshark's tshark -T json shows frames)");
	if (!options->nets)
		return why_fail(why, "which net? (-i FILE; lgnetdump -D lists those there are)");
	if (options->segment && options->raw_checksum)
		return why_fail(why, "--segment makes frames with checksums of their own: --raw-checksum cannot keep them");
	return check_files(options, why) && check_lines(options, why);
}

static bool join_filter(char **words, struct options *options, struct why *why)
{
	size_t used = 0;

	for (; *words; words++) {
		size_t length = strlen(*words);

		if (used + 1 + length >= sizeof(options->filter))
			return why_fail(why, "the filter is too long: %zu characters is the most",
					sizeof(options->filter) - 1);
		if (used)
			options->filter[used++] = ' ';
		memcpy(options->filter + used, *words, length + 1);
		used += length;
	}
	return true;
}

bool options_parse(char **argv, struct options *config, struct why *why)
{
	/* Even a program's own name may be missing. */
	struct option_words words = {
		.word = *argv ? argv + 1 : argv,
		.letters = letters,
	};

	*config = (struct options){
		.snaplen = OPTIONS_SNAPLEN_MAX,
		.ring_bytes = RING_DEFAULT,
		.replay = { .speed = 1, .loop = 1 },
	};
	if (!option_parse(options, &words, config, why))
		return false;
	if (config->action == OPTIONS_HELP || config->action == OPTIONS_VERSION)
		return true;
	return join_filter(words.word, config, why) && check(config, why);
}
