/* SPDX-License-Identifier: GPL-2.0 */
/*
 * forward.h - who gets a frame: the station that its address was learned of,
 * or all of its VLAN.
 */
#ifndef LGSWITCH_FORWARD_H
#define LGSWITCH_FORWARD_H

#include "frame.h"
#include "port.h"

enum forwarded {
	FORWARD_DONE,			/* sent, dropped, or held for later */
	FORWARD_WAIT,			/* again, once port->stalled_on is NULL */
};

/* A frame that came in from a port.  Fills in what frame_read() does. */
enum forwarded forward_frame(struct lgswitch *sw, struct port *from,
			     struct frame *frame);

/* One that lg.ko gave to us in the place of slot @target of the same net. */
enum forwarded forward_diverted(struct lgswitch *sw, struct port *from,
				struct frame *frame, unsigned int target);

/*
 * Out of a port, with the right tag, and counted unless it says PORT_FULL.
 * Mirrors of that port get their copies.
 */
enum port_sent forward_send(struct lgswitch *sw, struct port *from,
			    struct port *to, const struct frame *frame);

/*
 * To slot @target of a net alone: for slot @source of the same net, which is
 * diverted, or (-1) from the port @from.
 */
enum port_sent forward_send_for(struct lgswitch *sw, struct port *from,
				struct port *to, const struct frame *frame,
				int source, unsigned int target);

/* Count a frame that ends here: of @from, on its way to @to (or NULL). */
void forward_drop(struct port *from, struct port *to,
		  enum drop_reason reason);

#endif
