// SPDX-License-Identifier: GPL-2.0
/*
 * dma.c - moves frames from the memory of one endpoint to that of another
 * (include/lguest/dma.h), with one copy.
 *
 * A sender's frames leave in order, one after the other.  The one receiver
 * that matters (the owner of the address, or the first uplink) is waited for
 * if it has no room: its sender stops, is on the receiver's list, and goes on
 * when that restocks.  Nobody waits for copies to anybody else (broadcasts,
 * promiscuous slots), nor for a receiver that made others wait for too long.
 *
 * A guest sends in guest mode: its own pages stay while that lasts.  The
 * receiver's are looked up and written under its endpoint's lock.  That is the
 * only lock on the way, and it is there to keep senders apart; the receiver's
 * memory notifier takes it, too, after it has taken a page away, so that no
 * copy is under way when that page gets another use.
 * guide: H:270
 */
#include <linux/if_ether.h>
#include <linux/jiffies.h>
#include <linux/sched/clock.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "lg.h"
#include "net.h"

/*
 * How long a guest sends, in nanoseconds, before its host's interrupts are
 * let in; a frame to many receivers is copied to all of them nevertheless.
 */
#define SEND_TIME	(200 * NSEC_PER_USEC)
/*
 * How long a sender waits for its receiver, and how long is not noteworthy if
 * the receiver has taken that many buffers' worth since.
 */
#define STUCK_AFTER	(HZ / 5)
#define WAIT_FREE	(HZ / 50)
#define WAIT_FREE_PER	64
/*
 * Time that a receiver has made others wait is a debt, which is forgotten at
 * a tenth of the speed.  With more than this nobody waits for it.
 *
 * Why so complicated?  A receiver that is merely slow should be waited for, or
 * TCP between guests would lose frames at every burst.  One that has stopped
 * should not, or it would stop all who say a word to it.  And one that takes a
 * frame now and then, to be waited for anew, should not gain by that.
 * guide: H:320
 */
#define DEBT_MAX	(HZ / 5)
#define DEBT_DECAY	10

/*
 * Who sends to a receiver that has just stopped reading waits a fifth of a
 * second for it, and so do its frames to others behind that one, for a device
 * has one ring to send.  A ring per receiver would end that, at the price of
 * 126 more; perhaps a few, chosen by the address, would do.
 * guide: M:170
 */

#define DESC_OFFSET	offsetof(struct lguest_dma_ring, desc)

/* --- an endpoint's memory --- */

/*
 * Where its address is for us, and how many of the bytes from there on are in
 * one piece.  -EFAULT: no such address; -EAGAIN: a page that the host has to
 * bring in first.
 */
static void *memory_ptr(const struct lg_endpoint *ep, u32 address, u32 *bytes)
{
	struct page *page;

	if (ep->port) {
		if (address >= ep->port->bytes)
			return ERR_PTR(-EFAULT);
		*bytes = min(*bytes, ep->port->bytes - address);
		return ep->port->memory + address;
	}
	if (address >> PAGE_SHIFT >= ep->lg->npages)
		return ERR_PTR(-EFAULT);
	page = READ_ONCE(ep->lg->page[address >> PAGE_SHIFT]);
	if (!page)
		return ERR_PTR(-EAGAIN);
	*bytes = min_t(u32, *bytes, PAGE_SIZE - offset_in_page(address));
	return page_address(page) + offset_in_page(address);
}

/* The fields of a ring before its descriptors. */
static struct lguest_dma_ring *ring_ptr(const struct lg_endpoint *ep, u32 ring)
{
	u32 bytes = DESC_OFFSET;
	void *at = memory_ptr(ep, ring, &bytes);

	return bytes < DESC_OFFSET ? ERR_PTR(-EFAULT) : at;
}

static struct lguest_dma_desc *desc_ptr(const struct lg_endpoint *ep, u32 ring,
					u32 i)
{
	u32 bytes = sizeof(struct lguest_dma_desc);

	/* In one piece, because rings are aligned. */
	return memory_ptr(ep, ring + DESC_OFFSET +
			       i % LGUEST_DMA_RING * bytes, &bytes);
}

/* Add a range of its memory to parts. */
static int add_parts(const struct lg_endpoint *ep, struct lg_parts *parts,
		     u32 address, u32 bytes)
{
	while (bytes) {
		u32 here = bytes;
		void *at = memory_ptr(ep, address, &here);

		if (IS_ERR(at))
			return PTR_ERR(at);
		if (parts->count == ARRAY_SIZE(parts->part))
			return -E2BIG;
		parts->part[parts->count].at = at;
		parts->part[parts->count++].bytes = here;
		parts->bytes += here;
		if (address + here < address)
			return -EFAULT;
		address += here;
		bytes -= here;
	}
	return 0;
}

/* --- the receiving side; ep->lock --- */

/* Collect buffers for a frame; -ENOSPC: not enough are there. */
static int find_room(struct lg_endpoint *ep, u32 given, u32 bytes, u32 *buffers)
{
	u32 n, address, here;
	int err;

	if (given - ep->received > LGUEST_DMA_RING)
		return -EFAULT;
	ep->in.count = 0;
	ep->in.bytes = 0;
	for (n = 0; bytes; n++) {
		struct lguest_dma_desc *desc;

		if (ep->received + n == given)
			return -ENOSPC;
		if (n == LGUEST_FRAME_BUFFERS)
			return -EFAULT;
		desc = desc_ptr(ep, ep->receive_ring, ep->received + n);
		if (IS_ERR(desc))
			return PTR_ERR(desc);
		address = READ_ONCE(desc->address);
		here = min(READ_ONCE(desc->bytes), bytes);
		if (!here)
			return -EFAULT;
		err = add_parts(ep, &ep->in, address, here);
		if (err)
			return err == -E2BIG ? -EFAULT : err;
		ep->buffer[n] = desc;
		ep->buffer_used[n] = here;
		bytes -= here;
	}
	*buffers = n;
	return 0;
}

/*
 * Both hold the same number of bytes, or the target more.
 *
 * This is all that becomes of a frame between two guests: from the sender's
 * pages to the receiver's, once.
 * guide: H:300 code
 */
static void copy_parts(const struct lg_parts *to, const struct lg_parts *from)
{
	u32 i = 0, j = 0, at_i = 0, at_j = 0;

	while (j < from->count && i < to->count) {
		const struct lg_part *source = &from->part[j];
		const struct lg_part *target = &to->part[i];
		u32 bytes = min(source->bytes - at_j, target->bytes - at_i);

		lg_copy(target->at + at_i, source->at + at_j, bytes);
		at_i += bytes;
		at_j += bytes;
		if (at_i == target->bytes) {
			i++;
			at_i = 0;
		}
		if (at_j == source->bytes) {
			j++;
			at_j = 0;
		}
	}
}

/* Tell the receiver of its filled buffers, the first one last. */
static void hand_over(struct lg_endpoint *ep, struct lguest_dma_ring *ring,
		      u32 buffers, const struct lg_frame *frame)
{
	u16 source = frame->source, flags = 0;
	u32 n;

	if (unlikely(frame->flags & LGUEST_RECORD_DIVERTED)) {
		source = LGUEST_PAIR(frame->source, frame->meant);
		flags = LGUEST_DMA_PAIR;
	}

	for (n = buffers; n--; ) {
		struct lguest_dma_desc *desc = ep->buffer[n];

		WRITE_ONCE(desc->flags,
			   flags | (n + 1 < buffers ? LGUEST_DMA_MORE : 0));
		WRITE_ONCE(desc->source, source);
		/* What is in it, before that something is. */
		smp_store_release(&desc->used, ep->buffer_used[n]);
	}
	/* poll() looks at it without the lock. */
	WRITE_ONCE(ep->received, ep->received + buffers);
	WRITE_ONCE(ring->taken, ep->received);
}

static void wake(struct lg_endpoint *ep)
{
	if (ep->port)
		wake_up_interruptible(&ep->port->wait);
	else
		lg_raise_irq(ep->lg, ep->device + 1);
}

/* A port with frames that it has not seen yet has been woken for those. */
static bool wants_wake(const struct lg_endpoint *ep,
		       const struct lguest_dma_ring *ring, u32 before)
{
	if (READ_ONCE(ring->quiet))
		return false;
	return !ep->port || READ_ONCE(ring->seen) == before;
}

static void forget_debt(struct lg_endpoint *ep)
{
	unsigned long decay = (jiffies - ep->debt_since) / DEBT_DECAY;

	ep->debt -= min(ep->debt, decay);
	ep->debt_since += decay * DEBT_DECAY;
}

static bool may_be_waited_for(struct lg_endpoint *ep)
{
	if (ep->stuck)
		return false;
	forget_debt(ep);
	return ep->debt <= DEBT_MAX;
}

/* Put the sender on the list of who waits for this receiver. */
static void wait_for_room(struct lg_endpoint *ep, struct lg_endpoint *sender)
{
	WRITE_ONCE(sender->stopped, true);
	__set_bit(sender->slot, ep->waiting);
	if (timer_pending(&ep->stuck_timer))
		return;
	ep->waited_since = jiffies;
	mod_timer(&ep->stuck_timer, jiffies + STUCK_AFTER);
}

static void no_longer_waits(struct lg_endpoint *ep, struct lg_endpoint *sender)
{
	WRITE_ONCE(sender->stopped, false);
	__clear_bit(sender->slot, ep->waiting);
}

/* Its own thread has to do that, outside of guest mode. */
static void want_page(struct lg_endpoint *ep)
{
	set_bit(ep->device, &ep->lg->net_missing);
	lg_kick(ep->lg);
}

/*
 * There is no room.  A verdict, or -EBUSY: wait; or -EAGAIN: there is some
 * after all.
 *
 * A wakeup is lost easily: the receiver may make room between our finding none
 * and our putting the sender on its list.  So first the wish, then a full
 * barrier, then a second look; the receiver does it the other way round.
 * guide: H:310 code
 */
static int no_room(struct lg_endpoint *ep, struct lg_endpoint *sender,
		   struct lguest_dma_ring *ring, u32 given)
{
	/* To be told of room is how one that is stuck stops being so. */
	if (!IS_ERR(ring))
		WRITE_ONCE(ring->wanted, 1);
	if (!may_be_waited_for(ep))
		return LGUEST_DROP_STUCK;
	wait_for_room(ep, sender);
	if (IS_ERR(ring))
		return -EBUSY;
	/* Room that came before it saw our wish is seen here. */
	smp_mb();
	if (READ_ONCE(ring->given) == given)
		return -EBUSY;
	no_longer_waits(ep, sender);
	return -EAGAIN;
}

/*
 * Put a frame into the receiver's buffers.  Returns a verdict; or -EBUSY:
 * the sender has to wait; or -EAGAIN: try again.
 */
static int receive(struct lg_endpoint *ep, struct lg_endpoint *sender,
		   const struct lg_frame *frame, bool may_wait)
{
	u32 buffers, given = 0, before = ep->received;
	struct lguest_dma_ring *ring;
	int err;

	if (!ep->bound || (ep->flags & LGUEST_SLOT_DOWN))
		return LGUEST_DROP_DOWN;
	if (ep->bad)
		return LGUEST_DROP_RING;
	ring = ring_ptr(ep, ep->receive_ring);
	err = PTR_ERR_OR_ZERO(ring);
	if (!err) {
		/* Descriptors as they were when they were given. */
		given = smp_load_acquire(&ring->given);
		err = find_room(ep, given, sender->out.bytes, &buffers);
	}
	switch (err) {
	case 0:
		copy_parts(&ep->in, &sender->out);
		hand_over(ep, ring, buffers, frame);
		/* The frame first, then look whether to ring. */
		smp_mb();
		if (wants_wake(ep, ring, before))
			wake(ep);
		return LGUEST_DELIVERED;
	case -EFAULT:
		ep->bad = true;
		return LGUEST_DROP_RING;
	case -EAGAIN:
		want_page(ep);
		ring = ERR_PTR(err);
		break;
	}
	return may_wait ? no_room(ep, sender, ring, given) : LGUEST_DROP_STUCK;
}

/* Take the list of those that wait; ep->lock. */
static void take_waiting(struct lg_endpoint *ep, unsigned long *waiting)
{
	bitmap_copy(waiting, ep->waiting, LG_SLOT_BITS);
	bitmap_zero(ep->waiting, LG_SLOT_BITS);
}

/* They shall try again. */
static void wake_senders(struct lg_net *net, const unsigned long *waiting)
{
	struct lg_endpoint *sender;
	u32 slot;

	rcu_read_lock();
	for_each_set_bit(slot, waiting, LGUEST_NET_SLOTS) {
		sender = rcu_dereference(net->slot[slot]);
		if (!sender)
			continue;
		WRITE_ONCE(sender->stopped, false);
		wake(sender);
	}
	rcu_read_unlock();
}

/* Who waited does so no longer: what has it cost them? */
static void charge_debt(struct lg_endpoint *ep)
{
	unsigned long waited = jiffies - ep->waited_since, free;

	if (!del_timer(&ep->stuck_timer) && !ep->stuck)
		return;
	if (ep->received - ep->credit_at >= WAIT_FREE_PER) {
		ep->credit_at = ep->received;
		ep->credit = WAIT_FREE;
	}
	free = min(waited, ep->credit);
	ep->credit -= free;
	forget_debt(ep);
	ep->debt = min_t(unsigned long, ep->debt + waited - free, HZ);
}

/* LHCALL_RESTOCK_DMA: there is room again; or it left, and there never will. */
void lg_dma_restock(struct lg_endpoint *ep)
{
	DECLARE_BITMAP(waiting, LG_SLOT_BITS);
	struct lguest_dma_ring *ring;
	unsigned long flags;

	spin_lock_irqsave(&ep->lock, flags);
	if (ep->bound) {
		ring = ring_ptr(ep, ep->receive_ring);
		if (!IS_ERR(ring))
			WRITE_ONCE(ring->wanted, 0);
	}
	take_waiting(ep, waiting);
	charge_debt(ep);
	ep->stuck = false;
	spin_unlock_irqrestore(&ep->lock, flags);
	wake_senders(ep->net, waiting);
}

/* Who waits has waited for long enough; they try again and lose a frame. */
void lg_dma_stuck(struct timer_list *timer)
{
	struct lg_endpoint *ep = from_timer(ep, timer, stuck_timer);
	DECLARE_BITMAP(waiting, LG_SLOT_BITS);
	unsigned long flags;

	spin_lock_irqsave(&ep->lock, flags);
	/* Maybe somebody has just restocked. */
	ep->stuck = !bitmap_empty(ep->waiting, LG_SLOT_BITS);
	take_waiting(ep, waiting);
	spin_unlock_irqrestore(&ep->lock, flags);
	wake_senders(ep->net, waiting);
}

/* Tell a guest's driver about its link; ep->lock. */
void lg_dma_publish_link(struct lg_endpoint *ep)
{
	struct lguest_dma_ring *ring = ring_ptr(ep, ep->receive_ring);
	u32 up;

	if (IS_ERR(ring)) {
		if (PTR_ERR(ring) == -EAGAIN)
			want_page(ep);
		return;
	}
	up = !(ep->flags & LGUEST_SLOT_DOWN);
	if (READ_ONCE(ring->link) != up) {
		WRITE_ONCE(ring->link, up);
		wake(ep);
	}
}

/* --- bringing in a guest's buffers; outside of guest mode --- */

static int bring_in_range(struct lg *lg, u32 address, u32 bytes)
{
	u32 gfn = address >> PAGE_SHIFT;
	u32 last = ((u64)address + bytes - 1) >> PAGE_SHIFT;
	int err = 0;

	if (!bytes)
		return 0;
	for (; !err && gfn <= last && gfn < lg->npages; gfn++)
		if (!READ_ONCE(lg->page[gfn]))
			err = lg_bring_in(lg, gfn);
	return err;
}

/* Where the buffer of descriptor n is, if that has been given. */
static bool get_buffer(struct lg_endpoint *ep, u32 address, u32 n,
		       struct lguest_dma_desc *copy)
{
	struct lguest_dma_ring *ring;
	struct lguest_dma_desc *desc;
	bool found = false;

	spin_lock_irq(&ep->lock);
	ring = ring_ptr(ep, address);
	desc = desc_ptr(ep, address, n);
	if (!IS_ERR(ring) && !IS_ERR(desc)) {
		copy->address = READ_ONCE(desc->address);
		copy->bytes = min_t(u32, READ_ONCE(desc->bytes),
				    LGUEST_FRAME_MAX + 1);
		found = n != READ_ONCE(ring->given);
	}
	spin_unlock_irq(&ep->lock);
	return found;
}

/* All that has been given of a ring, from descriptor first on. */
static int bring_in_ring(struct lg_endpoint *ep, u32 ring, u32 first)
{
	struct lguest_dma_desc desc;
	u32 n = first;
	int err;

	err = bring_in_range(ep->lg, ring, sizeof(struct lguest_dma_ring));
	for (; !err && n - first < LGUEST_DMA_RING &&
	     get_buffer(ep, ring, n, &desc); n++) {
		err = bring_in_range(ep->lg, desc.address, desc.bytes);
		cond_resched();
	}
	return err;
}

/* By the guest's own thread: 0, or an error of lg_bring_in(). */
int lg_dma_bring_in(struct lg_endpoint *ep)
{
	int err;

	if (!ep->bound)
		return 0;
	err = bring_in_ring(ep, ep->receive_ring, READ_ONCE(ep->received)) ?:
	      bring_in_ring(ep, ep->send_ring, ep->sent);
	if (err)
		return err;
	spin_lock_irq(&ep->lock);
	lg_dma_publish_link(ep);
	spin_unlock_irq(&ep->lock);
	lg_dma_restock(ep);
	return 0;
}

/* --- the sending side --- */

/*
 * Move the first bytes of a frame, whatever parts they are in, to where the
 * sender cannot change them any more, and make that the first part.
 *
 * The sender's memory is shared with a guest that may write to it at any time.
 * Where a frame goes, and whether its source is honest, is therefore decided
 * by a copy of its first bytes, and those very bytes are what the receiver
 * gets.
 * guide: H:280 code
 */
static void take_head(struct lg_endpoint *ep)
{
	u32 i, here, done = 0;

	for (i = 1; done < LG_HEAD_BYTES && i < ep->out.count; i++) {
		struct lg_part *part = &ep->out.part[i];

		here = min_t(u32, LG_HEAD_BYTES - done, part->bytes);
		memcpy(ep->head + done, part->at, here);
		part->at += here;
		part->bytes -= here;
		done += here;
	}
	ep->out.part[0].at = ep->head;
	ep->out.part[0].bytes = done;
}

/* Collect the next frame from the ring: *descs descriptors, into ep->out. */
static int take_frame(struct lg_endpoint *ep, u32 given, u32 *descs)
{
	struct lguest_dma_desc *desc;
	u16 flags;
	u32 n = 0;
	int err;

	/* The first part is for the head. */
	ep->out.count = 1;
	ep->out.bytes = 0;
	ep->out.part[0].bytes = 0;
	do {
		desc = desc_ptr(ep, ep->send_ring, ep->sent + n);
		if (IS_ERR(desc))
			return PTR_ERR(desc);
		flags = READ_ONCE(desc->flags);
		if (!n++)
			ep->pair = flags & LGUEST_DMA_PAIR ?
				   READ_ONCE(desc->source) : LG_NO_PAIR;
		/* Too many parts: skip them all, and it is too long. */
		if (n <= LGUEST_FRAME_PARTS && ep->out.bytes <= LGUEST_FRAME_MAX) {
			u32 bytes = min_t(u32, READ_ONCE(desc->bytes),
					  LGUEST_FRAME_MAX + 1);

			err = add_parts(ep, &ep->out, READ_ONCE(desc->address),
					bytes);
			if (err && err != -E2BIG)
				return err;
		}
		if (n > LGUEST_FRAME_PARTS)
			ep->out.bytes = LGUEST_FRAME_MAX + 1;
	} while ((flags & LGUEST_DMA_MORE) && n < given);
	*descs = n;
	if (ep->out.bytes < LGUEST_FRAME_MIN ||
	    ep->out.bytes > LGUEST_FRAME_MAX || (flags & LGUEST_DMA_MORE))
		return -EMSGSIZE;
	take_head(ep);
	return 0;
}

static void add_to(const struct lg_net *net, u64 *counter, u64 value)
{
	/* Only the slot that it is of writes here, unless ports send for it. */
	if (likely(!READ_ONCE(net->diverted)))
		WRITE_ONCE(*counter, *counter + value);
	else
		atomic64_add(value, (atomic64_t *)counter);
}

static void count(struct lg_endpoint *sender, const struct lg_frame *frame,
		  u32 target, u32 verdict)
{
	struct lg_net *net = sender->net;
	struct lguest_net_pair *pair = &net->row[frame->source][target];

	add_to(net, &pair->count[verdict], 1);
	if (verdict == LGUEST_DELIVERED)
		add_to(net, &pair->bytes,
		       frame->parts->bytes - LGUEST_FRAME_HEADER);
	lg_log(net, frame, target, verdict);
}

/* To who has slot target now.  0, or -EBUSY: stopped. */
static int deliver_to(struct lg_endpoint *ep, struct lg_endpoint *sender,
		      const struct lg_frame *frame, u32 target, bool may_wait)
{
	/* Room that comes and goes is a receiver's trick. */
	unsigned int tries = 8;
	unsigned long flags;
	int verdict;

	if (!ep) {
		count(sender, frame, target, LGUEST_DROP_DOWN);
		return 0;
	}
	spin_lock_irqsave(&ep->lock, flags);
	do {
		verdict = receive(ep, sender, frame, may_wait && tries--);
	} while (verdict == -EAGAIN);
	spin_unlock_irqrestore(&ep->lock, flags);
	if (verdict < 0)
		return verdict;
	count(sender, frame, target, verdict);
	return 0;
}

/* To the port that diverts what goes to target. */
static int divert(struct lg_endpoint *port, struct lg_endpoint *sender,
		  const struct lg_frame *frame, u32 target, bool may_wait)
{
	struct lg_frame diverted = *frame;

	diverted.flags |= LGUEST_RECORD_DIVERTED;
	diverted.meant = target;
	return deliver_to(port, sender, &diverted, port->slot, may_wait);
}

/* 0, or -EBUSY: stopped. */
static int deliver(struct lg_endpoint *sender, const struct lg_frame *frame,
		   u32 target, bool may_wait)
{
	struct lg_net *net = sender->net;
	struct lg_endpoint *port = lg_diverter(net, sender->slot, target);

	if (unlikely(port))
		return divert(port, sender, frame, target, may_wait);
	return deliver_to(rcu_dereference(net->slot[target]), sender, frame,
			  target, may_wait);
}

static void deliver_all(struct lg_endpoint *sender, struct lg_frame *frame,
			const unsigned long *targets)
{
	u32 slot;

	for_each_set_bit(slot, targets, LGUEST_NET_SLOTS)
		deliver(sender, frame, slot, false);
}

/* The first uplink that is not the sender. */
static u32 find_uplink(const struct lg_net *net, u32 sender)
{
	u32 slot = find_first_bit(net->uplink, LG_SLOT_BITS);

	if (slot == sender)
		slot = find_next_bit(net->uplink, LG_SLOT_BITS, slot + 1);
	return slot;
}

/*
 * To who has the address, and if nobody has, to the uplinks; and to who wants
 * every frame.
 * guide: H:290
 */
static int forward_unicast(struct lg_endpoint *sender, struct lg_frame *frame,
			   u64 mac)
{
	struct lg_net *net = sender->net;
	DECLARE_BITMAP(others, LG_SLOT_BITS);
	u32 target = lg_net_find_mac(net, mac);
	int err;

	bitmap_copy(others, net->promisc, LG_SLOT_BITS);
	if (target == LGUEST_NET_NOBODY) {
		bitmap_or(others, others, net->uplink, LG_SLOT_BITS);
		target = find_uplink(net, sender->slot);
	}
	__clear_bit(sender->slot, others);
	if (target < LGUEST_NET_SLOTS && target != sender->slot) {
		err = deliver(sender, frame, target, true);
		if (err)
			return err;
		__clear_bit(target, others);
	} else if (bitmap_empty(others, LG_SLOT_BITS)) {
		count(sender, frame, LGUEST_NET_NOBODY, LGUEST_DROP_UNKNOWN);
	}
	frame->flags |= LGUEST_RECORD_EXTRA;
	deliver_all(sender, frame, others);
	return 0;
}

static void forward_group(struct lg_endpoint *sender, struct lg_frame *frame)
{
	DECLARE_BITMAP(targets, LG_SLOT_BITS);

	bitmap_copy(targets, sender->net->up, LG_SLOT_BITS);
	__clear_bit(sender->slot, targets);
	frame->flags |= LGUEST_RECORD_GROUP;
	if (bitmap_empty(targets, LG_SLOT_BITS))
		count(sender, frame, LGUEST_NET_NOBODY, LGUEST_DROP_UNKNOWN);
	else
		deliver_all(sender, frame, targets);
}

/*
 * May it send to that slot alone?  For others what it diverts, for itself
 * always, unless it is bound to its own address.
 */
static bool may_send_on(struct lg_endpoint *sender, u32 source, u32 target)
{
	struct lg_net *net = sender->net;

	if (source >= LGUEST_NET_SLOTS || target >= LGUEST_NET_SLOTS)
		return false;
	if (source == sender->slot)
		return target != source &&
		       (READ_ONCE(sender->flags) &
			(LGUEST_SLOT_PORT | LGUEST_SLOT_STRICT)) ==
		       LGUEST_SLOT_PORT;
	/* Nobody has ever had a slot without counters. */
	return lg_diverter(net, source, target) == sender &&
	       READ_ONCE(net->row[source]);
}

/*
 * A diverted frame goes on, or what the port made of it: to its target, and to
 * nobody else.
 */
static int send_on(struct lg_endpoint *sender, struct lg_frame *frame, u64 mac)
{
	u32 source = LGUEST_PAIR_SOURCE(sender->pair);
	u32 target = LGUEST_PAIR_TARGET(sender->pair);
	struct lg_net *net = sender->net;

	if (!may_send_on(sender, source, target)) {
		count(sender, frame, LGUEST_NET_NOBODY, LGUEST_DROP_SPOOFED);
		return 0;
	}
	frame->source = source;
	frame->flags |= LGUEST_RECORD_SENT_ON;
	if (mac & 1)
		frame->flags |= LGUEST_RECORD_GROUP;
	/* As it would have been, nobody waits for room for a group's frame. */
	return deliver_to(rcu_dereference(net->slot[target]), sender, frame,
			  target, !(mac & 1));
}

/* What is told of the frame in sender->out. */
static struct lg_frame describe(const struct lg_endpoint *sender)
{
	struct lg_frame frame = {
		.parts = &sender->out,
		.source = sender->slot,
	};

	if (lg_has_listeners(sender->net)) {
		frame.id = atomic64_inc_return(&sender->net->frames);
		frame.time_ns = ktime_get_real_ns();
	}
	return frame;
}

/* Send the frame in sender->out on its way.  0, or -EBUSY: it has to wait. */
static int forward(struct lg_endpoint *sender)
{
	const u8 *target = sender->head + LGUEST_FRAME_HEADER;
	struct lg_net *net = sender->net;
	struct lg_frame frame = describe(sender);
	u16 flags = READ_ONCE(sender->flags);
	u64 mac;

	if (unlikely(flags & LGUEST_SLOT_DOWN)) {
		count(sender, &frame, LGUEST_NET_NOBODY, LGUEST_DROP_DOWN);
		return 0;
	}
	mac = lg_mac(target);
	if (unlikely(sender->pair != LG_NO_PAIR))
		return send_on(sender, &frame, mac);
	if (unlikely(flags & LGUEST_SLOT_STRICT) &&
	    lg_mac(target + ETH_ALEN) != READ_ONCE(net->mac[sender->slot])) {
		count(sender, &frame, LGUEST_NET_NOBODY, LGUEST_DROP_SPOOFED);
		return 0;
	}
	if (!(mac & 1))
		return forward_unicast(sender, &frame, mac);
	forward_group(sender, &frame);
	return 0;
}

static void drop_malformed(struct lg_endpoint *sender)
{
	struct lg_frame frame = describe(sender);

	count(sender, &frame, LGUEST_NET_NOBODY, LGUEST_DROP_MALFORMED);
}

static int send_one(struct lg_endpoint *ep, struct lguest_dma_ring *ring,
		    u32 given)
{
	u32 descs;
	int err = take_frame(ep, given, &descs);

	if (err == -EMSGSIZE) {
		drop_malformed(ep);
		err = 0;
	} else if (!err) {
		err = forward(ep);
	}
	if (err)
		return err;
	ep->sent += descs;
	/* We have read them before they are the sender's again. */
	smp_store_release(&ring->taken, ep->sent);
	return 0;
}

/*
 * LHCALL_SEND_DMA.  Returns what that does, or
 * -EFAULT	the ring is nonsense
 * -EAGAIN	call again, outside guest mode first: enough for one stretch
 *		of interrupts off, or lg_dma_bring_in() has something to do
 */
int lg_dma_send(struct lg_endpoint *ep)
{
	u64 end = local_clock() + SEND_TIME;
	struct lguest_dma_ring *ring;
	int err = 0;
	u32 given;

	/* Being called once more after unbinding is no crime. */
	if (!ep->bound)
		return 0;
	ring = ring_ptr(ep, ep->send_ring);
	if (IS_ERR(ring)) {
		if (PTR_ERR(ring) == -EAGAIN)
			want_page(ep);
		return PTR_ERR(ring);
	}
	/* Descriptors as they were when they were given. */
	given = smp_load_acquire(&ring->given);
	if (given - ep->sent > LGUEST_DMA_RING)
		return -EFAULT;
	WRITE_ONCE(ep->stopped, false);
	while (!err && ep->sent != given) {
		rcu_read_lock();
		err = send_one(ep, ring, given - ep->sent);
		rcu_read_unlock();
		if (!err && local_clock() > end && ep->sent != given)
			return -EAGAIN;
	}
	if (err == -EAGAIN)
		want_page(ep);
	return err == -EBUSY ? LGUEST_DMA_STOPPED : err;
}
