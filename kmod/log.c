// SPDX-License-Identifier: GPL-2.0
/*
 * log.c - tells listeners of every frame (struct lguest_net_log).
 *
 * Nobody waits here.  Senders on several CPUs reserve room in the log by one
 * atomic addition each and fill it in; a record counts once its length is
 * stored.  As readers fill what they have read with zeros, none can be taken
 * for written before it is.  Where the log ends and how much of it is used is
 * known here alone; what the reader says of itself can only harm its own log.
 */
#include <linux/file.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>
#include "lg.h"
#include "net.h"

#define RECORD_BYTES	sizeof(struct lguest_net_record)
#define RECORD_ALIGN	8

/* --- listeners --- */

static int check_listen(const struct lguest_net_listen *listen)
{
	if (listen->reserved || listen->snaplen > U16_MAX)
		return -EINVAL;
	if (!listen->log_bytes)
		return 0;
	if (!is_power_of_2(listen->log_bytes) ||
	    listen->log_bytes < LGUEST_LOG_MIN ||
	    listen->log_bytes > LGUEST_LOG_MAX)
		return -EINVAL;
	/* One that does not fit twice would not fit at every offset. */
	if (listen->log_bytes / 2 < RECORD_BYTES + RECORD_ALIGN + listen->snaplen)
		return -EINVAL;
	return 0;
}

static int allocate_log(struct lg_listener *listener)
{
	BUILD_BUG_ON(sizeof(struct lguest_net_log) != PAGE_SIZE);
	BUILD_BUG_ON(RECORD_BYTES % RECORD_ALIGN);
	if (!listener->log_bytes)
		return 0;
	listener->log = __vmalloc(sizeof(*listener->log) + listener->log_bytes,
				  GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	return listener->log ? 0 : -ENOMEM;
}

struct lg_listener *lg_listener_open(const struct lguest_net_listen *listen)
{
	struct lg_listener *listener;
	int err = check_listen(listen);

	if (err)
		return ERR_PTR(err);
	listener = kzalloc(sizeof(*listener), GFP_KERNEL_ACCOUNT);
	if (!listener)
		return ERR_PTR(-ENOMEM);
	init_waitqueue_head(&listener->wait);
	listener->snaplen = listen->snaplen;
	listener->log_bytes = listen->log_bytes;
	err = allocate_log(listener);
	if (err)
		goto err_free;
	listener->file = lg_net_file(listen->fd, FMODE_READ);
	if (IS_ERR(listener->file)) {
		err = PTR_ERR(listener->file);
		goto err_log;
	}
	listener->net = lg_net_get(listener->file);
	if (IS_ERR(listener->net)) {
		err = PTR_ERR(listener->net);
		goto err_fput;
	}
	if (listener->log) {
		err = lg_net_add_listener(listener->net, listener);
		if (err)
			goto err_put;
	}
	return listener;

err_put:
	lg_net_put(listener->net);
err_fput:
	fput(listener->file);
err_log:
	vfree(listener->log);
err_free:
	kfree(listener);
	return ERR_PTR(err);
}

void lg_listener_close(struct lg_listener *listener)
{
	if (listener->log)
		lg_net_remove_listener(listener->net, listener);
	lg_net_put(listener->net);
	fput(listener->file);
	vfree(listener->log);
	kfree(listener);
}

static struct lguest_net_record *record_at(const struct lg_listener *listener,
					   u64 position)
{
	return (void *)(listener->log->data +
			(position & (listener->log_bytes - 1)));
}

/* Is there a record that has not been read? */
bool lg_listener_has_news(const struct lg_listener *listener)
{
	u64 read = READ_ONCE(listener->log->read);

	return READ_ONCE(record_at(listener, read & ~(RECORD_ALIGN - 1ULL))->bytes);
}

/* --- records --- */

/*
 * Room for a record that does not wrap: what is left of the log before it
 * becomes padding.  NULL: there is none.
 */
static struct lguest_net_record *reserve(struct lg_listener *listener,
					 u32 bytes)
{
	u32 size = listener->log_bytes, pad, offset;
	u64 start = atomic64_read(&listener->reserved), used;
	struct lguest_net_record *record;

	do {
		offset = start & (size - 1);
		pad = offset + bytes > size ? size - offset : 0;
		/* What was read is zeros before it is said to be read. */
		used = start - smp_load_acquire(&listener->log->read);
		if (used > size || used + pad + bytes > size)
			return NULL;
	} while (!atomic64_try_cmpxchg(&listener->reserved, &start,
				       start + pad + bytes));
	if (pad) {
		/* Maybe no more than its first 8 bytes fit. */
		record = record_at(listener, start);
		record->flags = LGUEST_RECORD_PAD;
		/* The flag is there before the record is. */
		smp_store_release(&record->bytes, pad);
	}
	return record_at(listener, start + pad);
}

static void copy_out(u8 *to, const struct lg_parts *parts, u32 bytes)
{
	u32 i, here;

	for (i = 0; bytes && i < parts->count; i++) {
		here = min(bytes, parts->part[i].bytes);
		lg_copy(to, parts->part[i].at, here);
		to += here;
		bytes -= here;
	}
}

static void wake_reader(struct lg_listener *listener)
{
	/* The record first, then look whether anybody waits for one. */
	smp_mb();
	if (READ_ONCE(listener->log->waiting)) {
		WRITE_ONCE(listener->log->waiting, 0);
		wake_up_interruptible(&listener->wait);
	}
}

static void log_one(struct lg_listener *listener, const struct lg_frame *frame,
		    u32 target, u32 verdict)
{
	u32 captured = min(frame->parts->bytes, listener->snaplen);
	u32 bytes = ALIGN(RECORD_BYTES + captured, RECORD_ALIGN);
	struct lguest_net_record *record = reserve(listener, bytes);

	if (!record) {
		WRITE_ONCE(listener->log->lost,
			   atomic64_inc_return(&listener->lost));
		return;
	}
	record->captured = captured;
	record->verdict = verdict;
	record->flags = frame->flags;
	record->time_ns = ktime_get_real_ns();
	record->id = frame->id;
	record->length = frame->parts->bytes;
	record->source = frame->source;
	record->target = target;
	record->reserved = 0;
	copy_out(record->data, frame->parts, captured);
	/* All of it is there before it counts. */
	smp_store_release(&record->bytes, bytes);
	WRITE_ONCE(listener->log->logged,
		   atomic64_inc_return(&listener->logged));
	wake_reader(listener);
}

/* What became of a frame, for whoever listens; under RCU. */
void lg_log(struct lg_net *net, const struct lg_frame *frame, u32 target,
	    u32 verdict)
{
	struct lg_listener *listener;

	if (likely(list_empty(&net->listeners)))
		return;
	/* A reserved record holds up those behind it. */
	preempt_disable();
	list_for_each_entry_rcu(listener, &net->listeners, list)
		log_one(listener, frame, target, verdict);
	preempt_enable();
}
