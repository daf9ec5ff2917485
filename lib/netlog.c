// SPDX-License-Identifier: GPL-2.0
/*
 * netlog.c - reads a listener's log.  See netlog.h.
 *
 * A record is there once its mark fits to where it stands; so nothing needs to
 * be cleared before it is given back.
 * guide: C:500
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "array.h"
#include "chardev.h"
#include "netlog.h"

void netlog_set_up(struct netlog *log, struct lguest_net_log *shared,
		   uint32_t bytes)
{
	log->shared = shared;
	log->bytes = bytes;
	log->secret = shared->secret;
	log->read = log->next = 0;
	log->broken = false;
}

/* What to do about it, as far as we know. */
static const char *hint(int error)
{
	switch (error) {
	case ENOTTY:
		return " (is lg.ko older than this program?)";
	case EBUSY:
		return " (as many listen there already as may)";
	case ENOMEM:
		return " (a smaller log needs less memory)";
	default:
		return "";
	}
}

static bool listen_to(struct netlog *log, int net,
		      const struct netlog_wish *wish, struct why *why)
{
	struct lguest_net_listen listen = {
		.fd = net,
		.snaplen = wish->snaplen,
		.log_bytes = wish->log_bytes,
		.delay_us = wish->delay_us,
	};

	if (!ioctl(log->fd, LGUEST_NET_LISTEN, &listen))
		return true;
	return why_fail(why, "cannot listen: %m%s", hint(errno));
}

static bool map_all(struct netlog *log, uint32_t log_bytes, struct why *why)
{
	void *shared = NULL;

	if (!chardev_map(log->fd, LGUEST_MAP_PAGE, sizeof(*log->page), false,
			 (void **)&log->page, why) ||
	    !chardev_map(log->fd, LGUEST_MAP_PAIRS, sizeof(*log->pairs), false,
			 (void **)&log->pairs, why))
		return false;
	if (!log_bytes)
		return true;
	if (!chardev_map(log->fd, LGUEST_MAP_OWN,
			 sizeof(*log->shared) + log_bytes, true, &shared, why))
		return false;
	netlog_set_up(log, shared, log_bytes);
	return true;
}

bool netlog_open(struct netlog *log, int net, const struct netlog_wish *wish,
		 struct why *why)
{
	*log = (struct netlog){ .fd = chardev_open(why) };
	if (log->fd < 0)
		return false;
	if (listen_to(log, net, wish, why) &&
	    map_all(log, wish->log_bytes, why))
		return true;
	netlog_close(log);
	return false;
}

void netlog_close(struct netlog *log)
{
	if (log->fd < 0)
		return;
	chardev_unmap(log->page, sizeof(*log->page));
	chardev_unmap(log->pairs, sizeof(*log->pairs));
	chardev_unmap(log->shared, sizeof(*log->shared) + log->bytes);
	close(log->fd);
	*log = (struct netlog){ .fd = -1 };
}

static const struct lguest_net_record *next_record(const struct netlog *log)
{
	return (const void *)(log->shared->data +
			      (log->next & (log->bytes - 1)));
}

static bool has_next(const struct netlog *log)
{
	return __atomic_load_n(&next_record(log)->mark, __ATOMIC_ACQUIRE) ==
	       (log->next ^ log->secret);
}

/* Can a record of that length stand at our position? */
static bool is_possible(const struct netlog *log, uint32_t bytes)
{
	uint32_t offset = log->next & (log->bytes - 1);

	return bytes && bytes % LGUEST_RECORD_ALIGN == 0 &&
	       bytes <= log->bytes - offset &&
	       bytes <= log->bytes - (log->next - log->read);
}

/* All of it is read where it stands, so it has to be there. */
static bool copy_record(const struct lguest_net_record *from, uint32_t bytes,
			struct netlog_record *record)
{
	if (bytes < sizeof(*from))
		return false;
	memcpy(&record->head, from, sizeof(*from));
	record->head.bytes = bytes;
	record->data = from->data;
	return record->head.captured <= bytes - sizeof(*from);
}

/*
 * The next record.  lg.ko has written it, but the log is memory of this
 * process as well, which may have spoiled it by some fault of its own: so a
 * length is checked before it is a step.
 * guide: C:505 code
 */
bool netlog_next(struct netlog *log, struct netlog_record *record)
{
	const struct lguest_net_record *from;
	uint32_t bytes;

	while (!log->broken) {
		/* A whole log that was given, but is not done with yet. */
		if (log->next - log->read >= log->bytes)
			return false;
		if (!has_next(log))
			return false;
		from = next_record(log);
		bytes = from->bytes;
		if (!is_possible(log, bytes))
			break;
		/* Padding may be too short to be a whole record. */
		if (!(from->flags & LGUEST_RECORD_PAD)) {
			if (!copy_record(from, bytes, record))
				break;
			log->next += bytes;
			return true;
		}
		log->next += bytes;
	}
	log->broken = true;
	return false;
}

void netlog_done(struct netlog *log)
{
	log->read = log->next;
	__atomic_store_n(&log->shared->read, log->read, __ATOMIC_RELEASE);
}

bool netlog_may_sleep(struct netlog *log)
{
	if (log->broken)
		return true;
	__atomic_store_n(&log->shared->waiting, 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!has_next(log))
		return true;
	__atomic_store_n(&log->shared->waiting, 0, __ATOMIC_RELAXED);
	return false;
}

uint64_t netlog_lost(const struct netlog *log)
{
	return __atomic_load_n(&log->shared->lost, __ATOMIC_RELAXED);
}

const char *netlog_verdict(unsigned int verdict)
{
	static const char *const words[LGUEST_VERDICTS] = {
		[LGUEST_DELIVERED] = "delivered",
		[LGUEST_DROP_STUCK] = "receiver has no room",
		[LGUEST_DROP_DOWN] = "link is down",
		[LGUEST_DROP_RING] = "receiver's ring is nonsense",
		[LGUEST_DROP_UNKNOWN] = "nobody has that address",
		[LGUEST_DROP_MALFORMED] = "malformed",
		[LGUEST_DROP_SPOOFED] = "source is not the sender's",
	};

	return verdict < ARRAY_SIZE(words) ? words[verdict] : "?";
}
