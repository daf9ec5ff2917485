// SPDX-License-Identifier: GPL-2.0
/*
 * port_tap.c - a port of the switch that is a tap of this host.
 *
 * A tap gives and takes one frame per call.  What the host sends is read into
 * the send area of the net where the frame before it went, for most go there,
 * too, and then need not be copied; where that cannot be, into a buffer of the
 * port.
 * guide: C:135
 */
#include <errno.h>
#include <linux/virtio_net.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "carry.h"
#include "forward.h"
#include "log.h"
#include "port.h"
#include "segment.h"
#include "switch.h"
#include "tap.h"
#include "uplink.h"

struct tap_port {
	struct tap tap;
	/* A net, to read ahead for; its id and serial. */
	uint16_t next_id;
	uint32_t next_serial;
	uint32_t waiting;		/* bytes in buffer that could not go on */
	/* What a frame may have behind its header; 0: that is the host's worry. */
	unsigned int mtu;
	bool has_told;			/* that frames are too long */
	uint8_t buffer[LGUEST_FRAME_MAX];
};

static struct tap_port *own(const struct port *port)
{
	return port->own;
}

/* --- there and gone --- */

static bool tap_port_open(struct port *port, struct why *why)
{
	struct tap_port *tap = malloc(sizeof(*tap));
	unsigned int mtu;

	if (!tap)
		return why_fail(why, "no memory");
	tap->waiting = 0;
	tap->next_id = FDB_NO_PORT;
	tap->has_told = false;
	if (!uplink_open(&port->config, &tap->tap, &mtu, why)) {
		free(tap);
		return false;
	}
	/* Only a way to other hosts is narrow, and loses in silence. */
	tap->mtu = port->config.vxlan.is_set ? mtu : 0;
	port->own = tap;
	port->file.fd = tap->tap.fd;
	return true;
}

static void tap_port_close(struct port *port, bool for_good)
{
	struct tap *tap = &own(port)->tap;
	struct why ignored;

	/* That needs no privilege, and finds it wherever it has been moved. */
	if (for_good && tap->is_new)
		tap_set_persistent(tap, false, &ignored);
	tap_close(tap);
	free(port->own);
	port->own = NULL;
}

/* The tap may be gone already, but not what joins it to other hosts. */
static void tap_unmake(const struct port *port)
{
	struct why why;

	if (!uplink_remove(&port->config, &why))
		log_error("%s", why.text);
}

static void tap_changed(struct port *port)
{
	(void)port;
}

static void tap_link(struct port *port, bool up)
{
	struct why why;

	if (!tap_set_carrier(&own(port)->tap, up, &why))
		log_error("%s", why.text);
}

/* --- from the host --- */

/*
 * The net that the next frame is likely to go to, if it would take it as it
 * is: the memory there is not ours to keep, so frames that are changed or
 * given to several are better off in our own.
 */
static struct port *guess(struct port *port)
{
	struct tap_port *tap = own(port);
	struct port *to;

	if (tap->next_id == FDB_NO_PORT || port->sw->mirrors)
		return NULL;
	to = port->sw->port[tap->next_id];
	if (!to || to->serial != tap->next_serial || to->state != PORT_UP ||
	    port->has_faults)
		return NULL;
	if (to->config.vlan.mode != port->config.vlan.mode ||
	    to->config.vlan.mode == VLAN_TRUNK)
		return NULL;
	return to;
}

/* The net that the last frame went to, for the next one. */
void port_tap_went_to(struct port *port, const struct port *to)
{
	own(port)->next_id = to->id;
	own(port)->next_serial = to->serial;
}

enum got { GOT_FRAME, GOT_NONE, GOT_LOST };

static enum got read_frame(struct port *port, struct iovec *into)
{
	ssize_t got;

	do {
		got = read(own(port)->tap.fd, into->iov_base,
			   LGUEST_FRAME_MAX);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno == EAGAIN ? GOT_NONE : GOT_LOST;
	into->iov_len = got;
	return GOT_FRAME;
}

static enum got next_frame(struct port *port, struct frame *frame,
			   struct iovec *iov)
{
	struct tap_port *tap = own(port);
	enum got got = GOT_FRAME;

	*frame = (struct frame){
		.iov = iov, .parts = 1, .source_slot = FRAME_NO_SLOT,
	};
	iov->iov_base = tap->buffer;
	iov->iov_len = tap->waiting;
	if (!tap->waiting) {
		frame->lender = guess(port);
		if (frame->lender)
			iov->iov_base = port_net_lend(frame->lender);
		if (!iov->iov_base || !frame->lender) {
			frame->lender = NULL;
			iov->iov_base = tap->buffer;
		}
		got = read_frame(port, iov);
	}
	frame->bytes = iov->iov_len;
	return got;
}

/* It has to wait: in our own buffer. */
static void keep(struct port *port, const struct frame *frame)
{
	struct tap_port *tap = own(port);

	if (!tap->waiting && frame->iov->iov_base != tap->buffer)
		frame_copy(frame, tap->buffer);
	tap->waiting = frame->bytes;
}

static unsigned int tap_receive(struct port *port)
{
	unsigned int count;

	for (count = 0; count < PORT_BATCH; count++) {
		struct frame frame;
		struct iovec iov;
		enum got got = next_frame(port, &frame, &iov);

		if (got == GOT_NONE)
			break;
		if (got == GOT_LOST) {
			carry_lost(port);
			break;
		}
		carry_look_at_clock(port);
		if (forward_frame(port->sw, port, &frame) == FORWARD_WAIT) {
			keep(port, &frame);
			break;
		}
		own(port)->waiting = 0;
	}
	return count;
}

/* Its poll() tells all that there is to know. */
static bool tap_sleep(struct port *port)
{
	(void)port;
	return true;
}

static void tap_wake(struct port *port)
{
	(void)port;
}

/* --- to the host --- */

static enum port_sent sent(ssize_t done)
{
	if (done >= 0)
		return PORT_SENT;
	if (errno == EAGAIN)
		return PORT_FULL;
	/*
	 * EBADFD: there is no device any more.  Else it is the frame (a header
	 * that makes no sense), or the moment (no memory, device not up).
	 */
	return errno == EBADFD ? PORT_LOST : PORT_REFUSED;
}

static ssize_t write_parts(const struct port *port, const struct iovec *iov,
			   unsigned int parts)
{
	ssize_t done;

	do {
		done = writev(own(port)->tap.fd, iov, parts);
	} while (done < 0 && errno == EINTR);
	return done;
}

/*
 * A super-frame of a kind that this host does not know, as the frames that it
 * stands for.  Once the first is out the rest follows, or is lost as on a wire.
 */
static enum port_sent send_segments(const struct port *port,
				    const struct frame *frame)
{
	struct iovec piece[SEGMENT_PARTS];
	struct segment segment;
	unsigned int parts;
	bool any = false;

	if (segment_start(&segment, frame->iov, frame->parts) != SEGMENT_GOOD)
		return PORT_REFUSED;
	while ((parts = segment_next(&segment, piece)))
		any |= write_parts(port, piece, parts) >= 0;
	return any ? PORT_SENT : PORT_REFUSED;
}

/* Bytes behind the Ethernet header, of a super-frame's pieces. */
static unsigned int payload(const struct frame *frame)
{
	struct virtio_net_hdr header;
	unsigned int ethernet = 14 + (frame->tag >= 0 ? 4 : 0);

	memcpy(&header, frame->iov->iov_base, sizeof(header));
	if (header.gso_type == VIRTIO_NET_HDR_GSO_NONE)
		return frame->bytes - LGUEST_FRAME_HEADER - ethernet;
	/* (The length of its headers is a hint, which may be missing.) */
	if (header.hdr_len < ethernet)
		return header.gso_size;
	return header.hdr_len - ethernet + header.gso_size;
}

static bool is_too_long(struct port *port, const struct frame *frame)
{
	struct tap_port *tap = own(port);
	unsigned int bytes;

	if (!tap->mtu)
		return false;
	bytes = payload(frame);
	if (bytes <= tap->mtu)
		return false;
	if (!tap->has_told)
		log_notice("%s: frames of %u bytes are too long for the way to other hosts, which takes %u: give guests that MTU",
			   port->config.name, bytes, tap->mtu);
	tap->has_told = true;
	return true;
}

static enum port_sent tap_send(struct port *port, const struct frame *frame)
{
	ssize_t done;

	if (is_too_long(port, frame))
		return PORT_REFUSED;
	done = write_parts(port, frame->iov, frame->parts);
	if (done < 0 && errno == EINVAL &&
	    segment_is_due(frame->iov, frame->parts))
		return send_segments(port, frame);
	return sent(done);
}

static bool tap_flush(struct port *port)
{
	(void)port;
	return true;
}

const struct port_ops port_tap_ops = {
	.open = tap_port_open,
	.close = tap_port_close,
	.unmake = tap_unmake,
	.receive = tap_receive,
	.send = tap_send,
	.flush = tap_flush,
	.sleep = tap_sleep,
	.wake = tap_wake,
	.link = tap_link,
	.changed = tap_changed,
};
