// SPDX-License-Identifier: GPL-2.0
/*
 * fdb.c - the table of learned addresses: a hash table with chains, whose
 * entries lie in one array that grows up to the cap.  See fdb.h.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "fdb.h"

#define FIRST_ROOM	256U
#define NOWHERE		UINT32_MAX
/* Moves count as long as they come in such a time. */
#define MOVES_NS	10000000000ULL
/* Entries that fdb_age() looks at in one go: 1/PARTS of all. */
#define SWEEP_PARTS	16

/* --- where things are --- */

/*
 * Whoever may choose addresses must not be able to choose those that share a
 * chain: the multiplier is secret.
 * guide: C:200
 */
static uint32_t hash(const struct fdb *fdb, const uint8_t *mac, uint16_t vlan)
{
	uint64_t key = 0;

	memcpy(&key, mac, MAC_BYTES);
	key |= (uint64_t)vlan << 48;
	key ^= key >> 29;
	key *= fdb->secret;
	key ^= key >> 32;
	key *= fdb->secret;
	return (key >> 32) & (fdb->buckets - 1);
}

static uint32_t *chain_of(const struct fdb *fdb, const uint8_t *mac,
			  uint16_t vlan)
{
	return &fdb->bucket[hash(fdb, mac, vlan)];
}

static struct fdb_entry *find(const struct fdb *fdb, const uint8_t *mac,
			      uint16_t vlan)
{
	uint32_t index = *chain_of(fdb, mac, vlan);

	while (index != NOWHERE) {
		struct fdb_entry *entry = &fdb->entry[index];

		if (entry->vlan == vlan && !memcmp(entry->mac, mac, MAC_BYTES))
			return entry;
		index = entry->next;
	}
	return NULL;
}

static bool is_old(const struct fdb *fdb, const struct fdb_entry *entry,
		   uint64_t now_ns)
{
	return !entry->is_static && fdb->ageing_ns &&
	       now_ns - entry->seen_ns > fdb->ageing_ns;
}

/* --- memory --- */

static void put_on_free_list(struct fdb *fdb, uint32_t index)
{
	fdb->entry[index].port = FDB_NO_PORT;
	fdb->entry[index].next = fdb->free;
	fdb->free = index;
}

/* All chains anew, after the table has grown. */
static void rehash(struct fdb *fdb)
{
	uint32_t i;

	memset(fdb->bucket, 0xff, fdb->buckets * sizeof(*fdb->bucket));
	for (i = 0; i < fdb->room; i++) {
		struct fdb_entry *entry = &fdb->entry[i];
		uint32_t *chain;

		if (entry->port == FDB_NO_PORT)
			continue;
		chain = chain_of(fdb, entry->mac, entry->vlan);
		entry->next = *chain;
		*chain = i;
	}
}

static bool grow(struct fdb *fdb)
{
	uint32_t room = fdb->room ? 2 * fdb->room : FIRST_ROOM;
	struct fdb_entry *entry;
	uint32_t *bucket, i;

	entry = realloc(fdb->entry, room * sizeof(*entry));
	if (!entry)
		return false;
	fdb->entry = entry;
	bucket = realloc(fdb->bucket, room * sizeof(*bucket));
	if (!bucket)
		return false;
	fdb->bucket = bucket;
	for (i = room; i-- > fdb->room;)
		put_on_free_list(fdb, i);
	fdb->room = fdb->buckets = room;
	rehash(fdb);
	return true;
}

bool fdb_init(struct fdb *fdb, uint32_t max, uint64_t ageing_ns)
{
	*fdb = (struct fdb){
		.free = NOWHERE, .max = max, .ageing_ns = ageing_ns,
	};
	/* Without the kernel's help the table works, only less guarded. */
	if (getrandom(&fdb->secret, sizeof(fdb->secret), GRND_NONBLOCK) < 0)
		fdb->secret = (uintptr_t)fdb;
	fdb->secret = fdb->secret << 1 | 0x9e37000000000001ULL;
	return grow(fdb);
}

void fdb_free(struct fdb *fdb)
{
	free(fdb->entry);
	free(fdb->bucket);
	*fdb = (struct fdb){ .free = NOWHERE };
}

/* --- entries --- */

static struct fdb_entry *add(struct fdb *fdb, const uint8_t *mac,
			     uint16_t vlan, uint16_t port, uint64_t now_ns)
{
	uint32_t index, *chain;

	if (fdb->used >= fdb->max)
		return NULL;
	if (fdb->free == NOWHERE && !grow(fdb))
		return NULL;
	index = fdb->free;
	fdb->free = fdb->entry[index].next;
	chain = chain_of(fdb, mac, vlan);
	fdb->entry[index] = (struct fdb_entry){
		.vlan = vlan, .port = port, .seen_ns = now_ns, .next = *chain,
	};
	memcpy(fdb->entry[index].mac, mac, MAC_BYTES);
	*chain = index;
	fdb->used++;
	return &fdb->entry[index];
}

static void remove_entry(struct fdb *fdb, struct fdb_entry *entry)
{
	uint32_t index = entry - fdb->entry;
	uint32_t *link = chain_of(fdb, entry->mac, entry->vlan);

	while (*link != index)
		link = &fdb->entry[*link].next;
	*link = entry->next;
	fdb->used--;
	fdb->statics -= entry->is_static;
	put_on_free_list(fdb, index);
}

static void count_move(struct fdb_entry *entry, uint64_t now_ns)
{
	if (now_ns - entry->moved_ns > MOVES_NS || !entry->moves) {
		entry->moved_ns = now_ns;
		entry->moves = 0;
	}
	if (entry->moves < UINT16_MAX)
		entry->moves++;
}

static enum fdb_learned move(struct fdb *fdb, struct fdb_entry *entry,
			     uint16_t port, uint64_t now_ns, uint16_t *from)
{
	bool was_old = is_old(fdb, entry, now_ns);

	if (entry->is_static)
		return FDB_STATIC;
	*from = entry->port;
	entry->port = port;
	entry->seen_ns = now_ns;
	if (was_old) {
		entry->moves = 0;
		fdb->learned++;
		return FDB_NEW;
	}
	count_move(entry, now_ns);
	fdb->moved++;
	return FDB_MOVED;
}

enum fdb_learned fdb_learn(struct fdb *fdb, const uint8_t *mac, uint16_t vlan,
			   uint16_t port, uint64_t now_ns, uint16_t *from)
{
	struct fdb_entry *entry = find(fdb, mac, vlan);

	if (entry && entry->port != port)
		return move(fdb, entry, port, now_ns, from);
	if (entry) {
		entry->seen_ns = now_ns;
		return FDB_KNOWN;
	}
	if (!add(fdb, mac, vlan, port, now_ns)) {
		fdb->refused++;
		return FDB_FULL;
	}
	fdb->learned++;
	return FDB_NEW;
}

uint16_t fdb_find(const struct fdb *fdb, const uint8_t *mac, uint16_t vlan,
		  uint64_t now_ns)
{
	const struct fdb_entry *entry = find(fdb, mac, vlan);

	return entry && !is_old(fdb, entry, now_ns) ? entry->port : FDB_NO_PORT;
}

const struct fdb_entry *fdb_get(const struct fdb *fdb, const uint8_t *mac,
				uint16_t vlan)
{
	return find(fdb, mac, vlan);
}

bool fdb_add_static(struct fdb *fdb, const uint8_t *mac, uint16_t vlan,
		    uint16_t port, uint64_t now_ns)
{
	struct fdb_entry *entry = find(fdb, mac, vlan);

	if (!entry)
		entry = add(fdb, mac, vlan, port, now_ns);
	if (!entry)
		return false;
	fdb->statics += !entry->is_static;
	entry->is_static = true;
	entry->port = port;
	return true;
}

bool fdb_remove(struct fdb *fdb, const uint8_t *mac, uint16_t vlan)
{
	struct fdb_entry *entry = find(fdb, mac, vlan);

	if (!entry)
		return false;
	remove_entry(fdb, entry);
	return true;
}

void fdb_set_max(struct fdb *fdb, uint32_t max)
{
	fdb->max = max;
}

void fdb_remove_if(struct fdb *fdb,
		   bool (*meant)(const void *context,
				 const struct fdb_entry *entry),
		   const void *context)
{
	uint32_t i;

	for (i = 0; i < fdb->room; i++)
		if (fdb->entry[i].port != FDB_NO_PORT &&
		    meant(context, &fdb->entry[i]))
			remove_entry(fdb, &fdb->entry[i]);
}

static bool is_of_port(const void *context, const struct fdb_entry *entry)
{
	const uint16_t *port = context;

	return entry->port == *port;
}

static bool is_learned_of_port(const void *context,
			       const struct fdb_entry *entry)
{
	return !entry->is_static && is_of_port(context, entry);
}

static bool is_learned(const void *context, const struct fdb_entry *entry)
{
	(void)context;
	return !entry->is_static;
}

void fdb_forget_port(struct fdb *fdb, uint16_t port, bool all)
{
	fdb_remove_if(fdb, all ? is_of_port : is_learned_of_port, &port);
}

void fdb_flush(struct fdb *fdb)
{
	fdb_remove_if(fdb, is_learned, NULL);
}

void fdb_age(struct fdb *fdb, uint64_t now_ns)
{
	uint32_t count = fdb->room / SWEEP_PARTS;

	for (; count--; fdb->sweep = (fdb->sweep + 1) % fdb->room) {
		struct fdb_entry *entry = &fdb->entry[fdb->sweep];

		if (entry->port == FDB_NO_PORT || !is_old(fdb, entry, now_ns))
			continue;
		remove_entry(fdb, entry);
		fdb->aged++;
	}
}

void fdb_walk(const struct fdb *fdb,
	      bool (*visit)(void *context, const struct fdb_entry *entry),
	      void *context)
{
	uint32_t i;

	for (i = 0; i < fdb->room; i++)
		if (fdb->entry[i].port != FDB_NO_PORT &&
		    !visit(context, &fdb->entry[i]))
			return;
}
