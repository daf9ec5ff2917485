// SPDX-License-Identifier: GPL-2.0
/*
 * log.c - tells listeners of every frame (struct lguest_net_log).
 *
 * Nobody waits here.  Senders on several CPUs reserve room in the log by one
 * atomic addition each and fill it in; a record counts once its mark is stored,
 * which nothing that was in the log before can look like, so nobody has to
 * clear it.  Where the log ends, how much of it is used and what its secret is
 * are known here; what the reader says of them can only harm its own log.
 * guide: H:350
 */
#include <linux/file.h>
#include <linux/log2.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "lg.h"
#include "net.h"

#define RECORD_BYTES	sizeof(struct lguest_net_record)

/*
 * Who listens slows down those who talk, though they never wait: each copy of
 * a frame is copied once more by its sender, with interrupts off, and the
 * reader wants a CPU, too, which may be the guests'.  README has numbers.  The
 * filter could come here, as BPF that the host's own verifier has passed, so
 * that only frames that somebody wants are copied.
 * guide: M:180
 */

/* Part of the log that may wait for a reader before it is woken at once. */
#define WAKE_PART	4

/* --- listeners --- */

static int check_listen(const struct lguest_net_listen *listen)
{
	if (listen->delay_us > LGUEST_LOG_DELAY_MAX || listen->snaplen > U16_MAX)
		return -EINVAL;
	if (!listen->log_bytes)
		return 0;
	if (!is_power_of_2(listen->log_bytes) ||
	    listen->log_bytes < LGUEST_LOG_MIN ||
	    listen->log_bytes > LGUEST_LOG_MAX)
		return -EINVAL;
	/* One that does not fit twice would not fit at every offset. */
	if (listen->log_bytes / 2 < RECORD_BYTES + LGUEST_RECORD_ALIGN + listen->snaplen)
		return -EINVAL;
	return 0;
}

static void wake_reader(struct lg_listener *listener)
{
	WRITE_ONCE(listener->log->waiting, 0);
	wake_up_interruptible(&listener->wait);
}

static enum hrtimer_restart timer_expired(struct hrtimer *timer)
{
	wake_reader(container_of(timer, struct lg_listener, timer));
	return HRTIMER_NORESTART;
}

static int allocate_log(struct lg_listener *listener)
{
	BUILD_BUG_ON(sizeof(struct lguest_net_log) != PAGE_SIZE);
	BUILD_BUG_ON(offsetofend(struct lguest_net_record, flags) >
		     LGUEST_RECORD_ALIGN);
	if (!listener->log_bytes)
		return 0;
	listener->log = __vmalloc(sizeof(*listener->log) + listener->log_bytes,
				  GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!listener->log)
		return -ENOMEM;
	/* Positions are even: no mark is 0, which is what the log has now. */
	listener->secret = get_random_u64() | 1;
	listener->log->secret = listener->secret;
	return 0;
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
	hrtimer_init(&listener->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	listener->timer.function = timer_expired;
	listener->delay_ns = listen->delay_us * NSEC_PER_USEC;
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
	hrtimer_cancel(&listener->timer);
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
	/* Not beyond the log, whatever the reader says. */
	u64 read = READ_ONCE(listener->log->read) &
		   ~(LGUEST_RECORD_ALIGN - 1ULL);

	return READ_ONCE(record_at(listener, read)->mark) ==
	       (read ^ listener->secret);
}

/* --- records --- */

static void publish(const struct lg_listener *listener, u64 position)
{
	/* All of it is there before it counts. */
	smp_store_release(&record_at(listener, position)->mark,
			  position ^ listener->secret);
}

/* What is left of the log, too short for the next record. */
static void fill_end(const struct lg_listener *listener, u64 position,
		     u32 bytes)
{
	struct lguest_net_record *record = record_at(listener, position);

	record->bytes = bytes;
	record->flags = LGUEST_RECORD_PAD;
	publish(listener, position);
}

static bool fits(const struct lg_listener *listener, u64 start, u32 bytes)
{
	/* Nonsense of the reader's is a log without room. */
	u64 used = start - READ_ONCE(listener->read);

	return used <= listener->log_bytes &&
	       used + bytes <= listener->log_bytes;
}

static void look_at_reader(struct lg_listener *listener)
{
	/* It is done with that before we write there again. */
	WRITE_ONCE(listener->read, smp_load_acquire(&listener->log->read));
}

/* Looks at what the reader says only when that matters. */
static bool has_room(struct lg_listener *listener, u64 start, u32 bytes)
{
	if (fits(listener, start, bytes))
		return true;
	look_at_reader(listener);
	return fits(listener, start, bytes);
}

/* Does so much wait for the reader that it should not sleep on? */
static bool much_waits(struct lg_listener *listener, u64 end)
{
	u32 much = listener->log_bytes / WAKE_PART;

	if (end - READ_ONCE(listener->read) < much)
		return false;
	look_at_reader(listener);
	return end - READ_ONCE(listener->read) >= much;
}

/* Room for a record that does not wrap.  False: there is none. */
static bool reserve(struct lg_listener *listener, u32 bytes, u64 *position)
{
	u32 size = listener->log_bytes, pad, offset;
	u64 start = atomic64_read(&listener->reserved), seen;

	for (;;) {
		offset = start & (size - 1);
		pad = offset + bytes > size ? size - offset : 0;
		seen = start;
		if (has_room(listener, start, pad + bytes)) {
			if (atomic64_try_cmpxchg(&listener->reserved, &start,
						 start + pad + bytes))
				break;
			continue;
		}
		/* Or are others and the reader just further on? */
		start = atomic64_read(&listener->reserved);
		if (start == seen)
			return false;
	}
	if (pad)
		fill_end(listener, start, pad);
	*position = start + pad;
	return true;
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

/* How soon does a reader that sleeps have to hear of this record? */
static void tell_reader(struct lg_listener *listener, u64 end)
{
	bool much = much_waits(listener, end);

	/* The record first, then look whether anybody waits for one. */
	smp_mb();
	if (!much && hrtimer_is_queued(&listener->timer))
		return;
	if (!READ_ONCE(listener->log->waiting))
		return;
	if (much || !listener->delay_ns)
		wake_reader(listener);
	else
		hrtimer_start(&listener->timer, ns_to_ktime(listener->delay_ns),
			      HRTIMER_MODE_REL);
}

/*
 * A record: room is reserved, the record is filled in, and what is stored last
 * is its mark.  If there is no room it is counted, and that is all that a
 * reader who is slow can bring about.
 * guide: H:360
 */
static void log_one(struct lg_listener *listener, const struct lg_frame *frame,
		    u32 target, u32 verdict)
{
	u32 captured = min(frame->parts->bytes, listener->snaplen);
	u32 bytes = ALIGN(RECORD_BYTES + captured, LGUEST_RECORD_ALIGN);
	struct lguest_net_record *record;
	u64 position;

	if (!reserve(listener, bytes, &position)) {
		WRITE_ONCE(listener->log->lost,
			   atomic64_inc_return(&listener->lost));
		return;
	}
	record = record_at(listener, position);
	record->bytes = bytes;
	record->captured = captured;
	record->verdict = verdict;
	record->flags = frame->flags;
	record->time_ns = frame->time_ns;
	record->id = frame->id;
	record->length = frame->parts->bytes;
	record->source = frame->source;
	record->target = target;
	record->meant = frame->meant;
	record->reserved = 0;
	copy_out(record->data, frame->parts, captured);
	publish(listener, position);
	tell_reader(listener, position + bytes);
}

/* See lg_log(). */
void lg_log_all(struct lg_net *net, const struct lg_frame *frame, u32 target,
		u32 verdict)
{
	struct lg_listener *listener;

	/* A reserved record holds up those behind it. */
	preempt_disable();
	list_for_each_entry_rcu(listener, &net->listeners, list)
		log_one(listener, frame, target, verdict);
	preempt_enable();
}
