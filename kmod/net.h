/* SPDX-License-Identifier: GPL-2.0 */
/*
 * net.h - what the files about nets share.
 *
 *	net.c		nets, their slots and addresses; joining and leaving
 *	dma.c		frames out of one endpoint's memory into another's
 *	divert.c	pairs of slots whose frames a port gets
 *	port.c		endpoints and listeners that are host processes
 *	log.c		what listeners are told
 *
 * Locks, outermost first:
 *	lg->lock		what a /dev/lguest file is, joining
 *	lg_nets_lock		the list of nets, rows of counters
 *	port->mutex		one thread of a port sends at a time
 *	endpoint->lock		an endpoint's receive side; interrupts off
 *	net->lock		slots and addresses; interrupts off
 * Readers of slots and addresses are under RCU.  An endpoint's send side
 * belongs to its vCPU thread, or to who holds port->mutex.
 * guide: H:250
 */
#ifndef _LG_NET_H
#define _LG_NET_H

#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/if_ether.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <lguest/dma.h>
#include <lguest/net.h>

struct lg;

/* What of a slot's flags is anybody's to choose. */
#define LG_FLAGS_TO_SET	(LGUEST_SLOT_UPLINK | LGUEST_SLOT_PROMISC | \
			 LGUEST_SLOT_DOWN | LGUEST_SLOT_STRICT)

/* Bits for the slots of a net. */
#define LG_SLOT_BITS	(LGUEST_NET_SLOTS + 1)
/* Buckets of the table of addresses, which their last byte selects. */
#define LG_MAC_BUCKETS	256

/* The slot of the port that gets what goes from one slot to another. */
struct lg_diverted {
	u8 port[LGUEST_NET_SLOTS][LG_SLOT_BITS];	/* net->lock to write */
};

struct lg_net {
	struct list_head list;
	const struct inode *inode;	/* its users have the file open */
	u32 users;			/* lg_nets_lock */
	struct lguest_net_page *page;
	struct lguest_net_pair *row[LGUEST_NET_SLOTS];
	struct list_head listeners;	/* RCU, lg_nets_lock */
	u32 nlisteners;			/* lg_nets_lock */
	atomic64_t frames;		/* numbered, while anybody listens */

	spinlock_t lock;
	struct lg_endpoint __rcu *slot[LGUEST_NET_SLOTS];
	u64 mac[LGUEST_NET_SLOTS];
	u8 first[LG_MAC_BUCKETS];	/* slot, or LGUEST_NET_NOBODY */
	u8 next[LGUEST_NET_SLOTS];
	/* Who gets frames at all, every frame, and strangers' frames. */
	DECLARE_BITMAP(up, LG_SLOT_BITS);
	DECLARE_BITMAP(promisc, LG_SLOT_BITS);
	DECLARE_BITMAP(uplink, LG_SLOT_BITS);
	u32 strict_ports;		/* that want who joins to be STRICT */
	struct lg_diverted *diverted;	/* from the first diversion on */
};

/* A sender's counters, one per receiver and one for frames that find none. */
#define LG_ROW_BYTES	(sizeof(struct lguest_net_pair) * LG_SLOT_BITS)

/* Of a frame, what is needed to send it on its way: both addresses. */
#define LG_HEAD_BYTES	(LGUEST_FRAME_HEADER + 2 * ETH_ALEN)

/* Pieces of memory that hold a frame, or room for one. */
struct lg_parts {
	u32 count;
	u32 bytes;
	struct lg_part {
		void *at;
		u32 bytes;
	} part[96];
};

/* The frame in lg_endpoint.out is its own. */
#define LG_NO_PAIR	U32_MAX

/* A MAC address as a number has its first byte, with the group bit, lowest. */
static inline u64 lg_mac(const u8 *bytes)
{
	u64 mac = 0;

	memcpy(&mac, bytes, ETH_ALEN);
	return mac;
}

/*
 * The copy that all frames get.  By words, unlike memcpy(), which goes by bytes
 * where the CPU says that it does not matter: that is no worse there, but eight
 * times better on one that is emulated.
 */
static inline void lg_copy(void *to, const void *from, u32 bytes)
{
	unsigned long words = bytes / sizeof(u64);

	asm volatile("rep movsq"
		     : "+D" (to), "+S" (from), "+c" (words) : : "memory");
	memcpy(to, from, bytes % sizeof(u64));
}

struct lg_endpoint {
	struct lg_net *net;
	struct file *file;		/* the net's */
	u32 slot;
	/* whose memory the rings are in: a guest's or a port's */
	struct lg *lg;
	u32 device;
	struct lg_port *port;

	/* --- the send side --- */
	u32 send_ring;
	u32 sent;
	u8 head[LG_HEAD_BYTES];		/* of the frame in out, as checked */
	struct lg_parts out;
	u32 pair;			/* LGUEST_PAIR that it is sent on for */
	bool stopped;			/* cleared by whoever makes room */
	/* Of a port, net->lock to write: it has diverted something. */
	bool diverts;
	bool strict_joiners;		/* it is one of net->strict_ports */

	/* --- the receive side: lock --- */
	spinlock_t lock;
	bool bound;			/* false: neither side is used */
	bool bad;			/* the ring is nonsense */
	bool stuck;			/* no use to wait for room */
	bool wants_all;			/* a guest's own wish, net->lock */
	u16 flags;			/* LGUEST_SLOT_*; net->lock, too */
	u32 receive_ring;
	u32 received;
	struct lg_parts in;
	struct lguest_dma_desc *buffer[LGUEST_FRAME_BUFFERS];
	u32 buffer_used[LGUEST_FRAME_BUFFERS];
	DECLARE_BITMAP(waiting, LG_SLOT_BITS);	/* senders, by slot */
	struct timer_list stuck_timer;
	unsigned long waited_since;	/* jiffies */
	unsigned long debt;		/* jiffies that others waited */
	unsigned long debt_since;
	unsigned long credit;		/* jiffies of waiting that cost nothing */
	u32 credit_at;			/* received when that was given */
};

struct lg_port {
	struct lg_endpoint *endpoint;
	struct mutex mutex;
	wait_queue_head_t wait;
	u8 *memory;			/* struct lguest_port */
	u32 bytes;
};

struct lg_listener {
	struct list_head list;
	struct lg_net *net;
	struct file *file;
	u32 snaplen;
	u32 log_bytes;			/* 0: no log */
	u64 delay_ns;			/* of its reader's waking */
	u64 secret;			/* of its records' marks */
	struct lguest_net_log *log;
	atomic64_t reserved;		/* bytes of the log so far */
	u64 read;			/* log->read when we last looked */
	atomic64_t lost;
	wait_queue_head_t wait;
	struct hrtimer timer;		/* to wake the reader */
};

/* net.c */
struct lg_net *lg_net_get(struct file *file);
void lg_net_put(struct lg_net *net);
struct file *lg_net_file(int fd, fmode_t mode);
struct lguest_net_pair *lg_net_row(struct lg_net *net, u32 slot);
int lg_net_add_listener(struct lg_net *net, struct lg_listener *listener);
void lg_net_remove_listener(struct lg_net *net, struct lg_listener *listener);
struct lg_endpoint *lg_endpoint_join(struct lguest_net_join *join,
				     struct lg *lg, struct lg_port *port);
void lg_endpoint_leave(struct lg_endpoint *ep);
void lg_endpoint_free(struct lg_endpoint *ep);
void lg_endpoint_bind(struct lg_endpoint *ep, u32 send, u32 receive);
void lg_endpoint_set_flags(struct lg_endpoint *ep, u16 mask, u16 flags);
bool lg_mac_is_station(u64 mac);
void lg_endpoint_set_joiners(struct lg_endpoint *ep, bool strict);
void lg_endpoint_set_all(struct lg_endpoint *ep, bool all);
bool lg_endpoint_set_mac(struct lg_endpoint *ep, u64 mac);
u32 lg_net_find_mac(const struct lg_net *net, u64 mac);
void lg_net_leave_all(struct lg *lg);
void lg_net_free_all(struct lg *lg);
void lg_net_wait_for_copies(struct lg *lg);
int lg_net_bring_in(struct lg *lg);

/* dma.c */
int lg_dma_send(struct lg_endpoint *ep);
void lg_dma_restock(struct lg_endpoint *ep);
void lg_dma_stuck(struct timer_list *timer);
void lg_dma_publish_link(struct lg_endpoint *ep);
int lg_dma_bring_in(struct lg_endpoint *ep);

/* divert.c */
struct lg_endpoint *lg_find_diverter(const struct lg_net *net,
				     const struct lg_diverted *diverted,
				     u32 source, u32 target);
int lg_divert(struct lg_endpoint *ep, const struct lguest_net_divert *divert);
void lg_divert_end(struct lg_endpoint *ep);

/* The port that gets what goes from source to target, if any; under RCU. */
static inline struct lg_endpoint *lg_diverter(const struct lg_net *net,
					      u32 source, u32 target)
{
	const struct lg_diverted *diverted = READ_ONCE(net->diverted);

	if (likely(!diverted))
		return NULL;
	return lg_find_diverter(net, diverted, source, target);
}

/* port.c */
long lg_net_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
int lg_net_mmap(struct file *file, struct vm_area_struct *vma);
__poll_t lg_net_poll(struct file *file, struct poll_table_struct *table);
void lg_port_close(struct lg *lg);

/* log.c */
struct lg_listener *lg_listener_open(const struct lguest_net_listen *listen);
void lg_listener_close(struct lg_listener *listener);
bool lg_listener_has_news(const struct lg_listener *listener);

/* One frame on its way, as the log tells of it. */
struct lg_frame {
	const struct lg_parts *parts;
	u64 id;			/* this and time_ns only if anybody listens */
	u64 time_ns;
	u8 source;
	u8 flags;		/* LGUEST_RECORD_* */
	u8 meant;		/* if DIVERTED: the target in whose place */
};

void lg_log_all(struct lg_net *net, const struct lg_frame *frame, u32 target,
		u32 verdict);

static inline bool lg_has_listeners(const struct lg_net *net)
{
	return unlikely(!list_empty(&net->listeners));
}

/* What became of a frame, for whoever listens; under RCU. */
static inline void lg_log(struct lg_net *net, const struct lg_frame *frame,
			  u32 target, u32 verdict)
{
	if (lg_has_listeners(net))
		lg_log_all(net, frame, target, verdict);
}

#endif /* _LG_NET_H */
