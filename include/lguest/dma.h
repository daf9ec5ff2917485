/* SPDX-License-Identifier: GPL-2.0 */
/*
 * dma.h - how frames get from one endpoint of a net to the next.
 *
 * Shared by lg.ko and whoever is an endpoint: the network driver of a guest,
 * and host processes with a port (lguest/net.h).  An endpoint has two rings
 * in its own memory, one with frames to send and one with empty buffers for
 * frames to come.  lg.ko copies each frame once, from the sender's memory to
 * the receiver's.
 *
 * "Address" is guest-physical for a guest, and for a port the offset in the
 * memory that it maps.  All numbers are in host byte order.  lg.ko trusts
 * none of this and reads each field once.
 * guide: D:080
 */
#ifndef _LGUEST_DMA_H
#define _LGUEST_DMA_H

#include <linux/types.h>

/* Descriptors of a ring. */
#define LGUEST_DMA_RING		512

/*
 * What a frame is: struct virtio_net_hdr (virtio 1.1, 5.1.6, the 10 bytes
 * without num_buffers), then an Ethernet frame without FCS.  Its size with
 * that header; enough for a TCP super-frame with two VLAN tags.
 */
#define LGUEST_FRAME_HEADER	10
#define LGUEST_FRAME_MIN	(LGUEST_FRAME_HEADER + 14)
#define LGUEST_FRAME_MAX	(LGUEST_FRAME_HEADER + 14 + 8 + 65535)

/*
 * Descriptors that one frame to send may take; and buffers, so no smaller
 * than 2 KiB if the longest frames are to fit.
 */
#define LGUEST_FRAME_PARTS	20
#define LGUEST_FRAME_BUFFERS	64

/* lguest_dma_desc.flags */
#define LGUEST_DMA_MORE		1	/* the frame goes on in the next one */

/*
 * A buffer.  The owner of the ring fills in address and bytes.
 *
 * Of a frame to send it also sets flags; lg.ko writes nothing.
 * Of an empty buffer it clears used; lg.ko fills as many buffers as the frame
 * takes, in order, and sets in each flags, source and, last and for the first
 * buffer of a frame after all the others, used.
 */
struct lguest_dma_desc {
	__u32 address;
	__u32 bytes;
	__u32 used;		/* bytes received into it; 0: none yet */
	__u16 flags;		/* LGUEST_DMA_MORE */
	__u16 source;		/* slot of the sender */
};

/*
 * A ring.  Descriptors are used in order, round and round; given and taken
 * count them, run freely, and are used modulo LGUEST_DMA_RING.  The ring's
 * address is a multiple of 64.
 *
 * Owner, to send: fill descriptors, add to given (release), LHCALL_SEND_DMA.
 * Those before taken are its own again.  If frames are left after that call
 * (their receiver has no room), an interrupt tells when to call again.
 *
 * Owner, to receive: give buffers; when wanted is set (look after a full
 * barrier), LHCALL_RESTOCK_DMA.  Frames raise the interrupt unless quiet is
 * set; after clearing that (and a full barrier) look at the ring once more.
 * guide: D:090 code
 */
struct lguest_dma_ring {
	__u32 given;		/* owner */
	__u32 taken;		/* lg.ko */
	__u32 quiet;		/* owner of a receive ring */
	/* lg.ko, in a receive ring: senders wait; RESTOCK_DMA clears it */
	__u32 wanted;
	__u32 link;		/* lg.ko, in a receive ring: 1 up, 0 down */
	/* owner of a port's receive ring, for poll(): counted as taken is */
	__u32 seen;
	__u32 reserved[10];
	struct lguest_dma_desc desc[LGUEST_DMA_RING];
};

/* What LHCALL_SEND_DMA and the like return in EAX, bits. */
#define LGUEST_DMA_STOPPED	1	/* frames are left, an interrupt comes */

#endif /* _LGUEST_DMA_H */
