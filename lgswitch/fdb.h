/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fdb.h - the table of learned addresses: behind which port is which MAC
 * address, in each VLAN.  Entries that are not seen again age away, static ones
 * (set by people) do not, and the table has a cap: what would exceed it is not
 * learned, so that frames for it are flooded, and that is counted.
 *
 * Knows no clock: whoever calls tells the time.
 * guide: C:195
 */
#ifndef LGSWITCH_FDB_H
#define LGSWITCH_FDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mac.h"

#define FDB_NO_PORT	0xffff
#define FDB_MAX		(1U << 20)	/* the most that --fdb-max may say */

struct fdb_entry {
	uint8_t mac[MAC_BYTES];
	uint16_t vlan;
	uint16_t port;			/* id; FDB_NO_PORT: free */
	bool is_static;
	/* Between ports, since moved_ns; see loop.h. */
	uint16_t moves;
	uint64_t moved_ns;
	uint64_t seen_ns;		/* last as a source */
	uint32_t next;			/* in its chain or the free list */
};

struct fdb {
	struct fdb_entry *entry;	/* @room of them */
	uint32_t *bucket;		/* first of each chain */
	uint32_t room;
	uint32_t buckets;		/* a power of two */
	uint32_t free;			/* first that is free */
	uint32_t used;
	uint32_t statics;
	uint32_t max;			/* the cap */
	uint64_t ageing_ns;
	uint32_t sweep;			/* where ageing goes on */
	uint64_t secret;		/* of the hash; odd */
	/* Counters. */
	uint64_t learned, moved, aged, refused;
};

enum fdb_learned {
	FDB_KNOWN,			/* as before */
	FDB_NEW,
	FDB_MOVED,			/* it was behind another port: *from */
	FDB_FULL,
	FDB_STATIC,			/* fixed to another port: not from here */
};

bool fdb_init(struct fdb *fdb, uint32_t max, uint64_t ageing_ns);
void fdb_free(struct fdb *fdb);

/* With a lesser cap what is there stays until it ages. */
void fdb_set_max(struct fdb *fdb, uint32_t max);

/* @mac has been seen to come from @port. */
enum fdb_learned fdb_learn(struct fdb *fdb, const uint8_t *mac, uint16_t vlan,
			   uint16_t port, uint64_t now_ns, uint16_t *from);

/* Behind which port?  FDB_NO_PORT: not known. */
uint16_t fdb_find(const struct fdb *fdb, const uint8_t *mac, uint16_t vlan,
		  uint64_t now_ns);

/* The entry itself, or NULL. */
const struct fdb_entry *fdb_get(const struct fdb *fdb, const uint8_t *mac,
				uint16_t vlan);

/* False: no memory, or as many as the cap are there. */
bool fdb_add_static(struct fdb *fdb, const uint8_t *mac, uint16_t vlan,
		    uint16_t port, uint64_t now_ns);
/* A static or learned entry; false: there is none. */
bool fdb_remove(struct fdb *fdb, const uint8_t *mac, uint16_t vlan);

/* All that @meant says yes to. */
void fdb_remove_if(struct fdb *fdb,
		   bool (*meant)(const void *context,
				 const struct fdb_entry *entry),
		   const void *context);
/* All that were learned (not static) behind a port; with @all, static ones. */
void fdb_forget_port(struct fdb *fdb, uint16_t port, bool all);
/* All that were learned. */
void fdb_flush(struct fdb *fdb);

/* Remove what is too old, a part of the table at a time. */
void fdb_age(struct fdb *fdb, uint64_t now_ns);

/* Calls @visit for each entry, until it says false. */
void fdb_walk(const struct fdb *fdb,
	      bool (*visit)(void *context, const struct fdb_entry *entry),
	      void *context);

#endif
