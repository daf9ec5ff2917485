/* SPDX-License-Identifier: GPL-2.0 */
/*
 * config.h - what a switch is to be, from words.  The command line, the
 * configuration file and requests of the control socket speak the same words:
 * "net", "tap", "static" and so on with the same values.  Here are the structs
 * that they become, the functions that parse them and those that write them
 * again.
 * guide: C:040
 */
#ifndef LGSWITCH_CONFIG_H
#define LGSWITCH_CONFIG_H

#include <limits.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <lguest/net.h>

#include "fault.h"
#include "link.h"
#include "mac.h"
#include "vlan.h"
#include "why.h"

/* Of ports and switches: letters, digits and -_.  with the NUL. */
#define CONFIG_NAME		32
#define CONFIG_PORTS_MAX	1024
#define CONFIG_ADDRESSES_MAX	8
#define CONFIG_REMOTES_MAX	64
#define CONFIG_WORD_MAX		8192	/* the longest that any word becomes */

#define CONFIG_AGEING_S		300
#define CONFIG_FDB_MAX		16384
#define CONFIG_VXLAN_PORT	4789

/* An end of a pair: a port, or one slot of a net. */
struct endpoint {
	char port[CONFIG_NAME];		/* "*": any */
	char slot[LGUEST_NET_NAME];	/* name or number; empty: all of it */
};

enum port_kind { PORT_NET, PORT_TAP, PORT_KINDS };

/* --vxlan: the tap's bridge has this device, too. */
struct vxlan_config {
	bool is_set;
	uint32_t vni;			/* 1 to 0xffffff */
	uint16_t port;			/* UDP */
	int family;			/* AF_INET, AF_INET6: of all of them */
	struct link_address local;	/* prefix is not used */
	struct link_address remote[CONFIG_REMOTES_MAX];
	unsigned int remotes;
};

/* A port as words describe it. */
struct port_config {
	enum port_kind kind;
	char name[CONFIG_NAME];
	/* Any kind. */
	struct vlan_rule vlan;
	bool isolated;			/* isolated ports do not reach each other */
	uint32_t storm;			/* frames per second; 0: no limit */
	/* A net: */
	char file[PATH_MAX];
	int slot;			/* -1: any */
	bool strict;			/* slots send from their own MAC only */
	/* A tap; its name is the device's. */
	struct link_address address[CONFIG_ADDRESSES_MAX];
	unsigned int addresses;
	unsigned int mtu;		/* 0: as it is */
	char bridge[IFNAMSIZ];		/* empty: none */
	bool has_mac;
	uint8_t mac[MAC_BYTES];
	char owner[CONFIG_NAME];	/* user; empty: as it is */
	struct vxlan_config vxlan;
};

/* What may change while a port works: NAME and some of its settings. */
struct port_change {
	char name[CONFIG_NAME];
	bool set_vlan, set_isolated, set_storm, set_strict;
	/* Their values: vlan, isolated, storm, strict; nothing else counts. */
	struct port_config to;
};

struct static_config {
	uint8_t mac[MAC_BYTES];
	uint16_t vlan;			/* VLAN_NONE for plain ports */
	char port[CONFIG_NAME];
};

#define CONFIG_MIRROR_SOURCES	32

struct mirror_config {
	struct endpoint to;		/* a tap, a net, or a slot of a net */
	char from[CONFIG_MIRROR_SOURCES][CONFIG_NAME];
	unsigned int sources;
};

struct fault_config {
	struct endpoint from, to;
	bool both;			/* the same the other way, too */
	struct fault_spec spec;
};

enum config_action { CONFIG_RUN, CONFIG_HELP, CONFIG_VERSION };

/* Everything; the arrays grow. */
struct switch_config {
	enum config_action action;
	char name[CONFIG_NAME];		/* default: the first port's */
	struct port_config *port;
	unsigned int ports;
	struct static_config *fixed;
	unsigned int fixeds;
	struct mirror_config *mirror;
	unsigned int mirrors;
	struct fault_config *fault;
	unsigned int faults;
	struct endpoint *down;
	unsigned int downs;
	unsigned int ageing_s;
	uint32_t fdb_max;
	uint64_t seed;
	bool has_seed;
	bool no_control_frames;		/* drop LLDP, STP, pause and the like */
	char control[108];		/* socket; empty: the default */
	char control_group[CONFIG_NAME];
	char user[CONFIG_NAME];
	char file[PATH_MAX];		/* --config; empty: none */
	bool persist;
	bool verbose;
};

/* Defaults. */
void config_init(struct switch_config *config);
void config_free(struct switch_config *config);

/*
 * One word and its value (NULL: none) of any source, e.g. "tap" and
 * "lg0,vlan=10".  Adds to what is there; names that are taken are refused.
 */
bool config_set_word(struct switch_config *config, const char *word,
		     const char *value, struct why *why);

/* What words do: add to the lists, unless it is there already. */
bool config_add_port(struct switch_config *config,
		     const struct port_config *port, struct why *why);
bool config_add_static(struct switch_config *config,
		       const struct static_config *fixed, struct why *why);
bool config_add_mirror(struct switch_config *config,
		       const struct mirror_config *mirror, struct why *why);
bool config_add_fault(struct switch_config *config,
		      const struct fault_config *fault, struct why *why);
bool config_add_down(struct switch_config *config, const struct endpoint *end,
		     struct why *why);

/* The switch's: as said, or its first port's. */
void config_get_name(const struct switch_config *config,
		     char name[CONFIG_NAME]);

bool config_same_endpoint(const struct endpoint *one,
			  const struct endpoint *other);
/* Is the port in that VLAN? */
bool config_check_static(const struct static_config *fixed,
			 const struct port_config *port, struct why *why);

/* Is no port both copied by one and for the copies of the other? */
bool config_check_mirrors(const struct mirror_config *one,
			  const struct mirror_config *other, struct why *why);

/* What no single word can see: ports that others name exist, and so on. */
bool config_check(const struct switch_config *config, struct why *why);

/* The values of single words, for requests. */
bool config_parse_net(const char *text, struct port_config *port,
		      struct why *why);
bool config_parse_tap(const char *text, struct port_config *port,
		      struct why *why);
bool config_parse_vxlan(const char *text, struct port_config *port,
			struct why *why);
bool config_parse_static(const char *text, struct static_config *fixed,
			 struct why *why);
bool config_parse_mirror(const char *text, struct mirror_config *mirror,
			 struct why *why);
/* "FROM>TO,delay=10ms", or "FROM<>TO,..." for both directions. */
bool config_parse_fault(const char *text, struct fault_config *fault,
			struct why *why);
/* PORT, PORT:SLOT or PORT/SLOT */
bool config_parse_endpoint(const char *text, struct endpoint *end,
			   struct why *why);
/*
 * "NAME,vlan=10,isolated,storm=0,strict..." and to undo them no-vlan,
 * no-isolated, no-strict.
 */
bool config_parse_change(const char *text, struct port_change *change,
			 struct why *why);
bool config_check_name(const char *text, struct why *why);

/* The opposite: "net=/x,name=net0,vlan=10", a whole word of a file. */
void config_format_port(const struct port_config *port, char *text,
			size_t size);
void config_format_static(const struct static_config *fixed, char *text,
			  size_t size);
void config_format_mirror(const struct mirror_config *mirror, char *text,
			  size_t size);
void config_format_fault(const struct fault_config *fault, char *text,
			 size_t size);
/* "net0:r1": no word, as it stands in words */
void config_format_endpoint(const struct endpoint *end, char *text,
			    size_t size);
/* All of it as a file, one word per line; what is as by default is left out. */
void config_print(const struct switch_config *config, FILE *file);

#endif
