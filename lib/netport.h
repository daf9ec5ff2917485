/* SPDX-License-Identifier: GPL-2.0 */
/*
 * netport.h - a port: this process as an endpoint of a net (lguest/net.h), to
 * receive and send frames.
 *
 * A frame is struct virtio_net_hdr (10 bytes; it tells of checksums and
 * segments that are left to do) and then the Ethernet frame.  Who sends plain
 * frames fills the header with zeros; who receives has to expect more.
 *
 *	struct netport port;
 *	struct netport_frame frame[64];
 *
 *	net = netfile_open("/run/lab/net0", NETFILE_JOIN, &why);
 *	netport_open(&port, net, "/run/lab/net0", &wish, &why);
 *	close(net);
 *	for (;;) {
 *		poll() for POLLIN on port.fd
 *		n = netport_receive(&port, frame, 64);
 *		... frame[i].iov, frame[i].parts, frame[i].bytes ...
 *		netport_release(&port, frame, n);
 *	}
 *
 * Received frames lie in memory that senders need again: who does not release
 * them stops the guests that send, which is how this process tells them that
 * it cannot do more.  In the same way netport_flush() tells that a receiver
 * has no room: poll() for POLLOUT then, and flush again.
 *
 * None of the calls waits.  They are for one thread at a time.
 * guide: C:020
 */
#ifndef LIB_NETPORT_H
#define LIB_NETPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include <lguest/net.h>

#include "mac.h"
#include "why.h"

struct netport_wish {
	uint8_t mac[MAC_BYTES];
	uint16_t flags;			/* LGUEST_SLOT_UPLINK... */
	int slot;			/* -1: any */
	const char *name;		/* for people */
};

struct netport {
	int fd;				/* for poll() */
	unsigned int slot;
	int same_mac;			/* a slot with our MAC, too, or -1 */
	const struct lguest_net_page *page;	/* see netpage.h */
	const struct lguest_net_pairs *pairs;
	struct lguest_port *shared;
	size_t shared_bytes;
	/* Receiving: the first buffer that has not been released. */
	uint32_t next;
	/* Sending: what lies in the send area, oldest first. */
	uint32_t given, taken;
	uint32_t head, tail;		/* offsets in the area */
	uint32_t room;			/* where netport_room() pointed */
	uint32_t end[LGUEST_DMA_RING];	/* of each frame there */
};

/* A received frame.  Its memory is only to be read. */
struct netport_frame {
	struct iovec iov[LGUEST_FRAME_PARTS];
	unsigned int parts;
	uint32_t bytes;
	unsigned int source;		/* the sender's slot */
	bool diverted;			/* see netport_divert() */
	unsigned int target;		/* if so: in whose place we have it */
};

/* Join; @net is the net's file, and @name what people call it. */
bool netport_open(struct netport *port, int net, const char *name,
		  const struct netport_wish *wish, struct why *why);
void netport_close(struct netport *port);

/*
 * The oldest frames that have not been released, up to @max.  Called again
 * before that it gives the same ones, and those that came meanwhile.  poll()
 * tells POLLIN only for frames that no such call has given yet.
 */
unsigned int netport_receive(struct netport *port, struct netport_frame *frame,
			     unsigned int max);

/* Done with the first @count frames that netport_receive() gave. */
void netport_release(struct netport *port, const struct netport_frame *frame,
		     unsigned int count);

/*
 * "I am awake and look by myself": spares senders the cost of waking us.  Say
 * false before poll(), which does look at what came in between.
 */
void netport_quiet(struct netport *port, bool quiet);

/*
 * Memory for a frame of up to LGUEST_FRAME_MAX bytes, to be filled by whatever
 * means; NULL: there is none until earlier frames have left.
 */
void *netport_room(struct netport *port);

/* Add the frame that was put there to those to be sent. */
void netport_add(struct netport *port, uint32_t bytes);

/*
 * Add it as one that is sent on for slot @source, to @target only: a pair that
 * this port diverts.  With our own slot as @source it is simply for @target
 * only, whatever its address.
 */
void netport_add_for(struct netport *port, uint32_t bytes, unsigned int source,
		     unsigned int target);

/* Both in one: copy a frame.  False: no room, or longer than a frame can be. */
bool netport_copy(struct netport *port, const struct iovec *iov,
		  unsigned int parts);

enum netport_sent {
	NETPORT_SENT,			/* all */
	NETPORT_STOPPED,		/* the rest when there is POLLOUT */
	NETPORT_FAILED,			/* errno tells */
};

/* The same for one that is sent on. */
bool netport_copy_for(struct netport *port, const struct iovec *iov,
		      unsigned int parts, unsigned int source,
		      unsigned int target);

/* Send what was added, in order. */
enum netport_sent netport_flush(struct netport *port);

/*
 * Divert what goes from slot @source to @target, or no longer: see
 * LGUEST_NET_DIVERT.  LGUEST_NET_NOBODY as one of them means all.
 */
bool netport_divert(struct netport *port, unsigned int source,
		    unsigned int target, bool on, struct why *why);

/*
 * Set those of a slot's flags that @mask says; LGUEST_NET_NOBODY as @slot with
 * LGUEST_SLOT_STRICT: of whoever joins later.  See LGUEST_NET_SET.
 */
bool netport_set_flags(struct netport *port, unsigned int slot, uint16_t mask,
		       uint16_t flags, struct why *why);

/* For tests: a port in @shared, of @bytes, which lg.ko would have mapped. */
void netport_set_up(struct netport *port, struct lguest_port *shared,
		    size_t bytes);
size_t netport_bytes(void);

#endif
