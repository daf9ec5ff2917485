/* SPDX-License-Identifier: GPL-2.0 */
/*
 * switch.h - the switch: its ports and tables, the loop that carries frames,
 * and all that may be changed while it runs.  One thread; nothing here waits.
 *
 * Whatever is named in a request may be nonsense: functions that can fail say
 * why and change nothing then.
 * guide: C:105
 */
#ifndef LGSWITCH_SWITCH_H
#define LGSWITCH_SWITCH_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"
#include "events.h"
#include "fdb.h"
#include "mirror.h"
#include "port.h"
#include "why.h"

/* Something that people should hear of; also for `lgswitch ctl watch`. */
enum switch_event {
	SWITCH_PORT_ADDED,
	SWITCH_PORT_REMOVED,
	SWITCH_PORT_CHANGED,		/* state or settings */
	SWITCH_SLOT_CHANGED,		/* who is on a net */
	SWITCH_SAME_MAC,		/* two have one address */
	SWITCH_LOOP,
	SWITCH_EVENTS
};

struct lgswitch {
	struct events events;
	char name[CONFIG_NAME];
	struct port *port[PORTS_MAX];	/* by id; NULL: none */
	unsigned int ports;		/* ids in use are below this */
	struct fdb fdb;
	struct mirror *mirrors;
	/* Settings that are not of a port, as they are now (no arrays). */
	struct switch_config settings;
	uint64_t now_ns;		/* CLOCK_MONOTONIC, of this round */
	uint64_t started_ns;
	bool is_running, is_over;	/* switch_run(), switch_stop() */
	/*
	 * Told of events; @text is a sentence without a line end.  @port may
	 * be NULL.
	 */
	void (*notify)(struct lgswitch *sw, enum switch_event event,
		       const struct port *port, const char *text);
	void *notify_context;
	struct switch_parts *parts;	/* private: switch.c and forward.c */
};

/* Makes all that @config says, or nothing. */
bool switch_open(struct lgswitch *sw, const struct switch_config *config,
		 struct why *why);
/* Until switch_stop(); false: the loop itself failed. */
bool switch_run(struct lgswitch *sw, struct why *why);
void switch_stop(struct lgswitch *sw);
/* Removes what was made, unless settings.persist. */
void switch_close(struct lgswitch *sw);

/* --- while it runs --- */

/* NULL: there is none of that name, which @why (may be NULL) tells. */
struct port *switch_find(const struct lgswitch *sw, const char *name,
			 struct why *why);

bool switch_add_port(struct lgswitch *sw, const struct port_config *config,
		     struct why *why);
/* With it go its static entries, its faults and its part of mirrors. */
bool switch_remove_port(struct lgswitch *sw, const char *name,
			struct why *why);
/* Static entries of VLANs that it is not in any more go. */
bool switch_change_port(struct lgswitch *sw, const struct port_change *change,
			struct why *why);

bool switch_add_static(struct lgswitch *sw, const struct static_config *fixed,
		       struct why *why);
bool switch_remove_static(struct lgswitch *sw,
			  const struct static_config *fixed, struct why *why);
/* What was learned, of one port or (NULL) of all. */
void switch_flush(struct lgswitch *sw, const struct port *port);

/* A mirror is known by where it goes; adding one again changes it. */
bool switch_add_mirror(struct lgswitch *sw, const struct mirror_config *config,
		       struct why *why);
bool switch_remove_mirror(struct lgswitch *sw, const struct endpoint *to,
			  struct why *why);

/* A fault is known by its ordered pair; adding one again changes it. */
bool switch_add_fault(struct lgswitch *sw, const struct fault_config *fault,
		      struct why *why);
bool switch_remove_fault(struct lgswitch *sw, const struct endpoint *from,
			 const struct endpoint *to, struct why *why);

/* The link of a port, or of one slot of a net. */
bool switch_set_down(struct lgswitch *sw, const struct endpoint *end,
		     bool down, struct why *why);

/* --ageing, --fdb-max, --no-control-frames */
void switch_set_ageing(struct lgswitch *sw, unsigned int seconds);
void switch_set_fdb_max(struct lgswitch *sw, uint32_t max);
void switch_set_control_frames(struct lgswitch *sw, bool pass);

/* --- looking at it --- */

/* All that is set now, to be freed by config_free().  False: no memory. */
bool switch_get_config(const struct lgswitch *sw, struct switch_config *config,
		       struct why *why);

/* Of an ordered pair of endpoints: what passed and what did not. */
struct matrix_row {
	const struct port *from, *to;
	int from_slot, to_slot;		/* of a net, if from == to; else -1 */
	uint64_t frames, bytes, dropped;
};

/* All pairs that had any; between slots of one net as lg.ko counted them. */
void switch_matrix(const struct lgswitch *sw,
		   void (*visit)(void *context, const struct matrix_row *row),
		   void *context);

/* What a fault, of one direction, has done so far. */
struct fault_row {
	struct fault_config config;
	struct fault_counts counts;
	uint64_t waiting;		/* copies that are not sent yet */
	uint64_t overflowed;		/* for which there was no memory */
};

void switch_faults(const struct lgswitch *sw,
		   void (*visit)(void *context, const struct fault_row *row),
		   void *context);

#endif
