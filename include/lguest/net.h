/* SPDX-License-Identifier: GPL-2.0 */
/*
 * net.h - the contract between host processes and lg.ko about nets.
 *
 * A net is an Ethernet segment.  Its name is a file: whoever joins with the
 * same file (the same inode) is on the same segment, and the file's
 * permissions say who may: read to listen, read and write to join.  The file's
 * content means nothing and is never touched; the net exists while anybody is
 * on it, whatever happens to the file.
 *
 * An endpoint of a net has a slot: guests (one per network device) and ports
 * (host processes).  Slots, MAC addresses and names are on the net page, which
 * lg.ko writes and everybody who has joined or listens may map and read.  A
 * slot is free again as soon as the file that took it is closed, so also
 * however its owner dies.
 *
 * Who gets a frame: the owner of its destination address, the first to have
 * joined if there are several; all, if that is a group address; and each
 * promiscuous slot.  One for an address that nobody has goes to the uplinks.
 * Never back to its sender.  Between two slots frames stay in order.
 *
 * A port may divert what goes from one slot to another: it gets these frames
 * in the target's place, does with them what it likes (delays them, say), and
 * sends them on for their source (LGUEST_NET_DIVERT).
 *
 * An open /dev/lguest file is one thing: a guest, which may join with several
 * devices, a port, or a listener.  The calls here are ioctl()s on it and fail
 * with EINVAL if it is the wrong thing, EFAULT and ENOMEM, or as they say.
 * guide: H:240
 */
#ifndef _LGUEST_NET_H
#define _LGUEST_NET_H

#include <linux/ioctl.h>
#include <linux/types.h>
#include <lguest/dma.h>

/*
 * A net has 127 slots, because the page that tells of them is one page and a
 * slot's number is a byte.  More guests on one segment take several nets and a
 * switch; or a larger page, wider numbers in records and descriptors, and a
 * table of pairs that does not grow with their square.
 * guide: M:160
 */

#define LGUEST_NET_SLOTS	127
/* Stands for nobody, as the destination of what has none. */
#define LGUEST_NET_NOBODY	127
#define LGUEST_NET_NAME		20	/* bytes with the NUL */

/* lguest_net_slot.flags */
#define LGUEST_SLOT_USED	1
#define LGUEST_SLOT_PORT	2	/* a host process, not a guest */
#define LGUEST_SLOT_UPLINK	4	/* gets what nobody else is for */
#define LGUEST_SLOT_PROMISC	8	/* gets everything */
#define LGUEST_SLOT_DOWN	16	/* its link is down: gets, sends nothing */
#define LGUEST_SLOT_STRICT	32	/* may only send from its own MAC */
#define LGUEST_SLOT_READY	64	/* has given its rings */

/* Why a frame was not delivered; lguest_net_record.verdict. 0: it was. */
#define LGUEST_DELIVERED	0
#define LGUEST_DROP_STUCK	1	/* receiver has no room, and no end to that */
#define LGUEST_DROP_DOWN	2	/* sender's or receiver's link is down */
#define LGUEST_DROP_RING	3	/* receiver's ring is nonsense */
#define LGUEST_DROP_UNKNOWN	4	/* nobody has that address */
#define LGUEST_DROP_MALFORMED	5	/* too short, too long, too many parts */
#define LGUEST_DROP_SPOOFED	6	/* source is not the sender's (STRICT) */
#define LGUEST_VERDICTS		7

/* A slot on the net page. */
struct lguest_net_slot {
	__u8 mac[6];
	__u16 flags;		/* LGUEST_SLOT_* */
	__u32 pid;		/* of who joined, as the host's own root sees it */
	char name[LGUEST_NET_NAME];	/* for people; ends with a NUL */
};

/* The net page: 4096 bytes at LGUEST_MAP_PAGE. */
struct lguest_net_page {
	__u32 changes;		/* grows with each change of a slot */
	__u32 reserved[7];
	struct lguest_net_slot slot[LGUEST_NET_SLOTS];
};

/*
 * What went from one slot to another since the sender's slot was last taken:
 * count[verdict], in frames, [0] is what was delivered.  A diverted copy counts
 * from source to the port, and as one from source to target once it is sent on.
 */
struct lguest_net_pair {
	__u64 bytes;		/* delivered, without LGUEST_FRAME_HEADER */
	__u64 count[LGUEST_VERDICTS];
};

/* At LGUEST_MAP_PAIRS: a row per sender, a column per receiver. */
struct lguest_net_pairs {
	struct lguest_net_pair pair[LGUEST_NET_SLOTS][LGUEST_NET_NOBODY + 1];
};

/*
 * Offsets for mmap().  The first two are read-only, for ports and listeners;
 * the rest is a port's struct lguest_port or a listener's lguest_net_log,
 * writable.
 */
#define LGUEST_MAP_PAGE		0x0000000
#define LGUEST_MAP_PAIRS	0x1000000
#define LGUEST_MAP_OWN		0x2000000

/*
 * Join.  By a guest: after LGUEST_REQ_INITIALIZE, for a device of type NET.
 * By a process: its file becomes a port.
 * EBADF	fd is not open
 * EACCES	fd is not open for reading and writing
 * EINVAL	fd is no regular file; slot, device, flags or MAC make no sense
 * EBUSY	that slot is taken, or that device has joined already
 * ENOSPC	no slot is free
 */
struct lguest_net_join {
	__s32 fd;		/* the net's file */
	__u32 device;		/* of the guest, or LGUEST_JOIN_PORT */
	__s32 slot;		/* wanted, or -1 for any; returns which it is */
	__u16 flags;		/* UPLINK, PROMISC, DOWN, STRICT */
	__u8 mac[6];
	__s32 same_mac;		/* returns a slot that has this MAC too, or -1 */
	__u32 buffer_bytes;	/* of a port: see struct lguest_port */
	char name[LGUEST_NET_NAME];
};

#define LGUEST_JOIN_PORT	0xffffffff

/*
 * Set UPLINK, PROMISC, DOWN and STRICT of a slot to what flags says; mask
 * says which of them.  By a port, for any slot of its net.
 *
 * With slot LGUEST_NET_NOBODY, and only for STRICT: whoever joins from now on
 * is made STRICT, unless as an uplink (which sends for others).  That lasts
 * while a port that has said so is there, and until it clears it.
 * ENOENT	nobody has that slot
 */
struct lguest_net_set {
	__u32 slot;
	__u16 mask;
	__u16 flags;
};

/*
 * Divert (on is 1), or no longer (0), what goes from source to target.  Each
 * copy of a frame that target would get of one from source, as the owner of
 * its address, an uplink, a promiscuous slot or by a group address, goes to
 * this port in its place, marked LGUEST_DMA_PAIR.  Who sends waits for the
 * port's room as it would have waited for the target's.  The port sends it on,
 * or another one, by the same mark; then nobody but target gets it, STRICT and
 * the state of source do not count any more, nor need source still be there.
 *
 * By a port, for its net.  LGUEST_NET_NOBODY as source or target stands for
 * all of them; the port's own slot is left out then.  Slots are numbers here:
 * whoever has or gets one is meant, until the diversion ends.  It does when
 * the port says so or is closed; what the port still holds then cannot be sent
 * on any more.  Frames stay in order between slots that are not diverted, and
 * as a diversion begins.
 * EINVAL	source and target are the same, one is the port, or no slot
 * EBUSY	another port diverts that; none of it has been changed
 */
struct lguest_net_divert {
	__u8 source, target;
	__u8 on;
	__u8 reserved[5];	/* 0 */
};

/*
 * lguest_dma_desc.flags, of ports only: source has both slots of a diverted
 * pair.  Of a frame received, in all its descriptors: it was diverted.  Of a
 * frame to send, in its first descriptor: send it on; if this port does not
 * divert that pair, it counts as LGUEST_DROP_SPOOFED.  With the port's own slot
 * as source (and not STRICT): a frame of its own, which target alone gets.
 */
#define LGUEST_DMA_PAIR		2
#define LGUEST_PAIR(source, target)	((source) | (target) << 8)
#define LGUEST_PAIR_SOURCE(pair)	((pair) & 0xff)
#define LGUEST_PAIR_TARGET(pair)	((pair) >> 8)

/*
 * Listen: the page and the counters, and with log_bytes a log of every frame
 * (without one, poll() tells POLLERR).  Of a frame no more than 65535 bytes
 * are ever kept.  A reader that sleeps is woken delay_us after the first
 * record that it has not seen, or when a quarter of the log waits for it:
 * each time costs those who talk more than a record does.
 * EBADF, EACCES (fd is not open for reading), EINVAL
 * EBUSY	LGUEST_LISTENERS_MAX have a log already
 */
struct lguest_net_listen {
	__s32 fd;
	__u32 snaplen;		/* bytes that are kept of a frame at most */
	/* 0, or a power of two within the limits, for two records at least */
	__u32 log_bytes;
	__u32 delay_us;		/* up to LGUEST_LOG_DELAY_MAX */
};

#define LGUEST_LISTENERS_MAX	16
#define LGUEST_LOG_MIN		(64 << 10)
#define LGUEST_LOG_MAX		(256 << 20)
#define LGUEST_LOG_DELAY_MAX	1000000

/*
 * A port's memory, buffer_bytes (up to LGUEST_PORT_MAX) more than this
 * struct.  The addresses in the rings count from the struct's start, and
 * must lie in buffer, which is rounded up to whole pages.  poll() tells POLLIN
 * when frames are there that seen does not cover yet, POLLOUT unless frames
 * are left that wait for room; but who sleeps is woken by a frame only while
 * quiet is not set.
 */
struct lguest_port {
	struct lguest_dma_ring receive;
	struct lguest_dma_ring send;
	__u8 buffer[];
};

#define LGUEST_PORT_MAX		(64 << 20)

/*
 * One copy of a frame, or one that was not made.  Records stand one behind
 * the other, each a multiple of LGUEST_RECORD_ALIGN bytes.  One with
 * LGUEST_RECORD_PAD only fills the end of the log and may have no more than
 * the fields up to flags.
 */
struct lguest_net_record {
	__u64 mark;		/* written last, see struct lguest_net_log */
	__u32 bytes;		/* of the record */
	__u16 captured;		/* bytes of it that are here, header first */
	__u8 verdict;		/* LGUEST_DELIVERED, LGUEST_DROP_* */
	__u8 flags;		/* LGUEST_RECORD_* */
	__u64 time_ns;		/* CLOCK_REALTIME */
	__u64 id;		/* of the frame: the same for all its copies */
	__u32 length;		/* of the frame, with LGUEST_FRAME_HEADER */
	__u8 source, target;	/* slots */
	__u8 meant;		/* if DIVERTED: the slot in whose place */
	__u8 reserved;
	__u8 data[];
};

#define LGUEST_RECORD_ALIGN	16

#define LGUEST_RECORD_PAD	1
#define LGUEST_RECORD_GROUP	2	/* for a group address */
#define LGUEST_RECORD_EXTRA	4	/* target has it for being promiscuous */
/* target is a port that has it in meant's place, and may send it on later. */
#define LGUEST_RECORD_DIVERTED	8
/* A port has sent it on; source is where it came from at first. */
#define LGUEST_RECORD_SENT_ON	16

/*
 * A listener's log, one page and then log_bytes.  lg.ko never waits: what
 * does not fit is counted in lost.  The reader starts at position 0 and goes
 * from record to record, which stand at their position modulo log_bytes, and
 * adds what it is done with to read (release).  A record is there when its
 * mark (acquire) is its position xor secret: whatever else lies in the log, a
 * frame of the round before for example, cannot look like one, for who sends
 * does not know the secret.  To sleep: set waiting, look once more (after a
 * full barrier), poll() for POLLIN.
 */
struct lguest_net_log {
	__u64 read;		/* reader: bytes so far */
	__u32 waiting;		/* reader sets, lg.ko clears */
	__u32 reserved;
	__u64 lost;		/* lg.ko: records that found no room */
	__u64 secret;		/* lg.ko, once */
	__u8 pad[4096 - 32];
	__u8 data[];
};

#define LGUEST_NET_JOIN		_IOWR('l', 1, struct lguest_net_join)
#define LGUEST_NET_SET		_IOW('l', 2, struct lguest_net_set)
#define LGUEST_NET_LISTEN	_IOW('l', 3, struct lguest_net_listen)
#define LGUEST_NET_DIVERT	_IOW('l', 6, struct lguest_net_divert)
/*
 * A port's LHCALL_SEND_DMA and LHCALL_RESTOCK_DMA; they return
 * LGUEST_DMA_STOPPED or 0.
 * EINVAL	the ring is nonsense: more given than fits, an address outside
 * EINTR	a signal came first: call again
 */
#define LGUEST_NET_SEND		_IO('l', 4)
#define LGUEST_NET_RESTOCK	_IO('l', 5)

#endif /* _LGUEST_NET_H */
