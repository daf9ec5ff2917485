// SPDX-License-Identifier: GPL-2.0
/*
 * options.c - the table of all words that describe a switch: what they are
 * called, what --help says, and what they set.  See options.h and config.h.
 */
#include <stdlib.h>
#include <string.h>

#include "config_words.h"
#include "fdb.h"
#include "option.h"
#include "options.h"
#include "text.h"

#define AGEING_MAX_S	1000000

/* --- ports --- */

static bool set_net(void *config, const char *value, struct why *why)
{
	struct port_config port;

	return config_parse_net(value, &port, why) &&
	       config_add_port(config, &port, why);
}

static bool set_tap(void *config, const char *value, struct why *why)
{
	struct port_config port;

	return config_parse_tap(value, &port, why) &&
	       config_add_port(config, &port, why);
}

static bool set_vxlan(void *config, const char *value, struct why *why)
{
	struct port_config port;

	return config_parse_vxlan(value, &port, why) &&
	       config_add_port(config, &port, why);
}

/* --- rules --- */

static bool set_static(void *config, const char *value, struct why *why)
{
	struct static_config fixed;

	return config_parse_static(value, &fixed, why) &&
	       config_add_static(config, &fixed, why);
}

static bool set_mirror(void *config, const char *value, struct why *why)
{
	struct mirror_config mirror;

	return config_parse_mirror(value, &mirror, why) &&
	       config_add_mirror(config, &mirror, why);
}

static bool set_fault(void *config, const char *value, struct why *why)
{
	struct fault_config fault;

	return config_parse_fault(value, &fault, why) &&
	       config_add_fault(config, &fault, why);
}

static bool set_down(void *config, const char *value, struct why *why)
{
	struct endpoint end;

	return config_parse_endpoint(value, &end, why) &&
	       config_add_down(config, &end, why);
}

/* --- the switch --- */

static bool set_ageing(void *config, const char *value, struct why *why)
{
	uint64_t number;

	if (!text_parse_number(value, "a number of seconds", 0, AGEING_MAX_S,
			       &number, why))
		return false;
	((struct switch_config *)config)->ageing_s = number;
	return true;
}

static bool set_fdb_max(void *config, const char *value, struct why *why)
{
	uint64_t number;

	if (!text_parse_number(value, "a number of addresses", 1, FDB_MAX,
			       &number, why))
		return false;
	((struct switch_config *)config)->fdb_max = number;
	return true;
}

static bool set_seed(void *config, const char *value, struct why *why)
{
	((struct switch_config *)config)->has_seed = true;
	return text_parse_number(value, "a seed", 0, UINT64_MAX,
				 &((struct switch_config *)config)->seed, why);
}

static bool set_no_control_frames(void *config, const char *value,
				  struct why *why)
{
	(void)value;
	(void)why;
	((struct switch_config *)config)->no_control_frames = true;
	return true;
}

static bool set_name(void *config, const char *value, struct why *why)
{
	return config_check_name(value, why) &&
	       CONFIG_COPY(((struct switch_config *)config)->name, value,
			   "the name", why);
}

static bool set_control(void *config, const char *value, struct why *why)
{
	return CONFIG_COPY(((struct switch_config *)config)->control, value,
			   "the socket's name", why);
}

static bool set_control_group(void *config, const char *value,
			      struct why *why)
{
	return CONFIG_COPY(((struct switch_config *)config)->control_group,
			   value, "the group", why);
}

static bool set_user(void *config, const char *value, struct why *why)
{
	return CONFIG_COPY(((struct switch_config *)config)->user, value,
			   "the user", why);
}

static bool set_persist(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct switch_config *)config)->persist = true;
	return true;
}

static bool set_verbose(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct switch_config *)config)->verbose = true;
	return true;
}

/* --- the command line only --- */

static bool set_config(void *config, const char *value, struct why *why)
{
	return CONFIG_COPY(((struct switch_config *)config)->file, value,
			   "the file's name", why);
}

static bool set_help(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct switch_config *)config)->action = CONFIG_HELP;
	return true;
}

static bool set_version(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct switch_config *)config)->action = CONFIG_VERSION;
	return true;
}

#define ANY_PORT_HELP							\
	"  vlan=V     an access port: in VLAN V (1 to 4094), without tags\n" \
	"  trunk=V+V  a trunk: with tags, of these VLANs (or ranges, 10-19)\n" \
	"  native=V   of a trunk: untagged frames are of V (else dropped)\n" \
	"  isolated   does not reach other isolated ports\n"		\
	"  storm=N    takes up to N broadcast, multicast and unknown-\n"	\
	"             destination frames a second\n"

static const struct option_def words[] = {
	{ "net", "FILE[,name=NAME][,SETTING...]",
	  "a port that is a net: all guests with --sharenet=FILE.  NAME is the\n"
	  "port's (default: the file's own).  A FILE alone is the same.\n"
	  ANY_PORT_HELP
	  "  strict     a frame whose source is not its guest's MAC is dropped\n"
	  "  slot=N     our place on the net (0 to 126; default: any)",
	  set_net },
	{ "tap", "NAME[,SETTING...]",
	  "a port that is a network device of this host, made if it does not\n"
	  "exist.  SETTINGs as of --net (but strict and slot), and\n"
	  "  addr=IP/LEN  the host's address there (up to 8)\n"
	  "  mtu=BYTES    (default: as it is)\n"
	  "  bridge=NAME  the bridge of the host that it is to be in\n"
	  "  mac=MAC      of the host's end\n"
	  "  owner=USER   who may use the device (default: --user)",
	  set_tap },
	{ "vxlan", "vni=N,local=IP,remote=IP[,remote=IP...]",
	  "a tap that is joined to switches of other hosts by the kernel's\n"
	  "VXLAN.  SETTINGs as of --tap (but addr and bridge), and\n"
	  "  name=NAME    of the tap (default: lgvxN)\n"
	  "  port=PORT    UDP (default: 4789)",
	  set_vxlan },
	{ "static", "MAC,port=NAME[,vlan=V]",
	  "that station is behind that port, and behind no other", set_static },
	{ "mirror", "to=PORT[/SLOT],from=PORT[+PORT...]",
	  "copy what these ports receive and send, to a port that is for that\n"
	  "alone or to one slot (its name or number) of a net.  Of a net\n"
	  "everything is copied, also what stays on it.",
	  set_mirror },
	{ "fault", "FROM>TO,FAULT[,FAULT...]",
	  "what is wrong with the way from one to the other (FROM<>TO: and\n"
	  "back).  Each is a port, a slot of a net (PORT:SLOT, by name or\n"
	  "number), or * for any.  FAULTs:\n"
	  "  delay=TIME jitter=TIME (as in 10ms)  rate=BITS (as in 10m)\n"
	  "  loss= duplicate= reorder= corrupt=PERCENT (as in 1%)\n"
	  "  limit=SIZE (what waits for the rate)  flap=UP/DOWN (times)  down",
	  set_fault },
	{ "down", "PORT[:SLOT]",
	  "its link is down", set_down },
	{ "ageing", "SECONDS",
	  "forget stations that are silent so long (default: 300; 0: never)",
	  set_ageing },
	{ "fdb-max", "N",
	  "learn up to N stations (default: 16384)", set_fdb_max },
	{ "seed", "N",
	  "chance in faults begins here, so that a run can be repeated",
	  set_seed },
	{ "no-control-frames", NULL,
	  "drop LLDP, STP, LACP, pause and the like (01:80:c2:00:00:0X);\n"
	  "without this they pass",
	  set_no_control_frames },
	{ "name", "NAME",
	  "of the switch (default: its first port's)", set_name },
	{ "control", "SOCKET",
	  "for `lgswitch ctl` (default: /run/lgswitch/NAME.sock)",
	  set_control },
	{ "control-group", "GROUP",
	  "who may use that socket, besides us", set_control_group },
	{ "user", "USER",
	  "run as that user, without privileges, once all is set up",
	  set_user },
	{ "config", "FILE",
	  "take more words from there: the same, without dashes, one a line;\n"
	  "read again at SIGHUP",
	  set_config },
	{ "persist", NULL,
	  "leave at the end what was made (taps, VXLAN)", set_persist },
	{ "verbose", NULL, "say more", set_verbose },
	{ "help", NULL, "show this", set_help },
	{ "version", NULL, "show the version", set_version },
	{ 0 }
};

/* A configuration file cannot ask for these. */
static bool is_for_command_line(const struct option_def *word)
{
	return word->set == set_config || word->set == set_help ||
	       word->set == set_version;
}

bool config_set_word(struct switch_config *config, const char *name,
		     const char *value, struct why *why)
{
	const struct option_def *word;
	struct why inner;

	for (word = words; word->name; word++)
		if (!strcmp(word->name, name))
			break;
	if (!word->name || is_for_command_line(word))
		return why_fail(why, "there is no word '%.64s'", name);
	if (!word->value && value)
		return why_fail(why, "%s takes no value", name);
	if (word->value && !value)
		return why_fail(why, "%s needs a value: %s=%s", name, name,
				word->value);
	return word->set(config, value, &inner) ||
	       why_fail(why, "%s: %s", name, inner.text);
}

bool options_parse(char **argv, struct switch_config *config,
		   struct why *why)
{
	struct option_words rest = { .word = argv };

	for (;;) {
		if (!option_parse(words, &rest, config, why))
			return false;
		if (!*rest.word || config->action != CONFIG_RUN)
			return true;
		if (!set_net(config, *rest.word++, why))
			return false;
	}
}

void options_help(FILE *file)
{
	fputs("Usage: lgswitch [OPTION...] [FILE...]\n"
	      "       lgswitch ctl VERB...          (see lgswitch ctl --help)\n"
	      "A switch between nets of guests (each FILE is one, as in lguest --sharenet=FILE)\n"
	      "and network devices of this host.\n\n",
	      file);
	option_help(words, file);
	fputs("\nExit status: 0 it was told to end (SIGTERM, SIGINT), 1 it could not start or go on.\n\n"
	      "Examples: lgswitch /var/lg/net0 --tap=lg0,addr=192.168.19.1/24\n"
	      "          lgswitch --net=/var/lg/a,vlan=10 --net=/var/lg/b,vlan=20 \\\n"
	      "                   --tap=lg0,trunk=10+20,bridge=br0 --user=lguest\n"
	      "          lgswitch /var/lg/net0 --fault='net0:r1<>net0:r2,delay=10ms,loss=1%'\n",
	      file);
}
