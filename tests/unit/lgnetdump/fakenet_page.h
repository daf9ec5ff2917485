/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fakenet_page.h - a net with slots, and a log of its frames, in this
 * program's memory, for what takes a struct source.
 */
#ifndef TESTS_UNIT_FAKENET_PAGE_H
#define TESTS_UNIT_FAKENET_PAGE_H

#include <stdlib.h>

#include "source.h"
#include "test.h"

#define FAKE_LOG_BYTES	(1 << 20)

static struct lguest_net_page fake_page;
static struct lguest_net_log *fake_log;
static uint64_t fake_written;
static struct options fake_options;
static struct source fake_source;

/* As source_open() leaves it; options are set before. */
static inline void fake_open(void)
{
	fake_options.net[0] = "/var/lg/net0";
	fake_options.nets = 1;
	if (!fake_options.snaplen)
		fake_options.snaplen = OPTIONS_SNAPLEN_MAX;
	free(fake_log);
	fake_log = calloc(1, sizeof(*fake_log) + FAKE_LOG_BYTES);
	fake_log->secret = 12345;
	fake_written = 0;
	source_init(&fake_source, &fake_options, 0, OPTIONS_SNAPLEN_MAX);
	netlog_set_up(&fake_source.log, fake_log, FAKE_LOG_BYTES);
	fake_source.log.page = &fake_page;
	fake_source.is_open = true;
	fake_source.changes = fake_page.changes - 1;
	source_look(&fake_source);
}

static inline void fake_join(unsigned int slot, const char *name, uint8_t mac)
{
	struct lguest_net_slot *to = &fake_page.slot[slot];

	*to = (struct lguest_net_slot){
		.mac = { 2, 0, 0, 0, 0, mac },
		.flags = LGUEST_SLOT_USED,
		.pid = 100 + slot,
	};
	strcpy(to->name, name);
	fake_page.changes++;
}

static inline void fake_leave(unsigned int slot)
{
	memset(&fake_page.slot[slot], 0, sizeof(fake_page.slot[slot]));
	fake_page.changes++;
}

/* A record as lg.ko would write it; data has its virtio_net_hdr. */
static inline void fake_record(const struct lguest_net_record *head,
			       const void *data, uint32_t bytes)
{
	uint32_t all = (sizeof(*head) + bytes + LGUEST_RECORD_ALIGN - 1) /
		       LGUEST_RECORD_ALIGN * LGUEST_RECORD_ALIGN;
	struct lguest_net_record *to =
		(void *)(fake_log->data + fake_written % FAKE_LOG_BYTES);

	assert_true(fake_written % FAKE_LOG_BYTES + all <= FAKE_LOG_BYTES);
	*to = *head;
	to->bytes = all;
	to->captured = bytes;
	if (!to->length)
		to->length = bytes;
	memcpy(to->data, data, bytes);
	to->mark = fake_written ^ fake_log->secret;
	fake_written += all;
}

static inline int fake_free(void **state)
{
	(void)state;
	free(fake_log);
	fake_log = NULL;
	return 0;
}

/* Two guests, a in slot 1 and b in slot 2, and options that ask for all. */
static inline int fake_start(void **state)
{
	(void)state;
	memset(&fake_page, 0, sizeof(fake_page));
	memset(&fake_options, 0, sizeof(fake_options));
	fake_join(1, "a", 0xa);
	fake_join(2, "b", 0xb);
	fake_open();
	return 0;
}

#endif
