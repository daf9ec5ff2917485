/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fakeswitch.h - a switch whose ports are the test's own: what comes in is put
 * there by the test, what goes out is kept for it to look at.  Time stands
 * still unless the test moves it.
 */
#ifndef TESTS_UNIT_LGSWITCH_FAKESWITCH_H
#define TESTS_UNIT_LGSWITCH_FAKESWITCH_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "carry.h"
#include "forward.h"
#include "line.h"
#include "parts.h"
#include "switch.h"
#include "test.h"

#define FAKE_KEPT	256
#define FAKE_BYTES	256

/* A frame that went out of a port. */
struct fake_sent {
	uint32_t bytes;
	uint8_t data[FAKE_BYTES];	/* its beginning */
	uint64_t time_ns;
};

struct fake_port {
	struct fake_sent sent[FAKE_KEPT];
	unsigned int count;
	unsigned int room;		/* frames that it still takes */
	enum port_sent answer;		/* to all others */
	/* What comes in by itself; NULL: nothing. */
	const uint8_t *in;
	uint32_t in_bytes;
	unsigned int in_count;
	unsigned int flushes;
};

static struct lgswitch sw;
static struct fake_port fake[16];
static char told[8][512];
static unsigned int tellings;

static inline struct fake_port *fake_of(const struct port *port)
{
	return port->own;
}

static bool fake_open(struct port *port, struct why *why)
{
	(void)why;
	port->file.fd = eventfd(0, EFD_NONBLOCK);
	return port->file.fd >= 0;
}

static void fake_close(struct port *port, bool for_good)
{
	(void)for_good;
	close(port->file.fd);
}

static unsigned int fake_receive(struct port *port)
{
	struct fake_port *own = fake_of(port);
	unsigned int done;

	for (done = 0; done < PORT_BATCH && own->in_count; done++) {
		struct iovec iov = { (void *)own->in, own->in_bytes };
		struct frame frame = {
			.iov = &iov, .parts = 1, .bytes = own->in_bytes,
			.source_slot = FRAME_NO_SLOT,
		};

		if (forward_frame(port->sw, port, &frame) == FORWARD_WAIT)
			break;
		own->in_count--;
	}
	return done;
}

static enum port_sent fake_send(struct port *port, const struct frame *frame)
{
	struct fake_port *own = fake_of(port);
	struct fake_sent *sent = &own->sent[own->count % FAKE_KEPT];
	uint8_t *whole;

	if (!own->room)
		return own->answer;
	own->room--;
	own->count++;
	sent->bytes = frame->bytes;
	sent->time_ns = port->sw->now_ns;
	whole = malloc(frame->bytes);
	frame_copy(frame, whole);
	memcpy(sent->data, whole, frame->bytes < FAKE_BYTES ? frame->bytes :
							      FAKE_BYTES);
	free(whole);
	return PORT_SENT;
}

static bool fake_flush(struct port *port)
{
	fake_of(port)->flushes++;
	return true;
}

static bool fake_sleep(struct port *port)
{
	return !fake_of(port)->in_count;
}

static void fake_nothing(struct port *port)
{
	(void)port;
}

static void fake_link(struct port *port, bool up)
{
	(void)port;
	(void)up;
}

static const struct port_ops fake_ops = {
	.open = fake_open, .close = fake_close, .receive = fake_receive,
	.send = fake_send, .flush = fake_flush, .sleep = fake_sleep,
	.wake = fake_nothing, .link = fake_link, .changed = fake_nothing,
};

static void fake_notify(struct lgswitch *from, enum switch_event event,
			const struct port *port, const char *text)
{
	(void)from;
	(void)event;
	(void)port;
	snprintf(told[tellings++ % 8], sizeof(told[0]), "%s", text);
}

/* A switch of @ports fake ports: p0, p1... */
static inline void fake_start(unsigned int ports)
{
	struct switch_config config;
	struct why why;
	unsigned int i;

	memset(fake, 0, sizeof(fake));
	tellings = 0;
	config_init(&config);
	strcpy(config.name, "fake");
	config.has_seed = true;
	assert_good(switch_open(&sw, &config, &why), &why);
	sw.notify = fake_notify;
	for (i = 0; i < ports; i++) {
		struct port *port = calloc(1, sizeof(*port));

		port->sw = &sw;
		port->ops = &fake_ops;
		/* Neither a net nor a tap. */
		port->config.kind = PORT_KINDS;
		port->id = i;
		port->serial = i + 1;
		snprintf(port->config.name, sizeof(port->config.name), "p%u",
			 i);
		port->cell = calloc(PORTS_MAX, sizeof(*port->cell));
		port->cells = PORTS_MAX;
		port->own = &fake[i];
		fake[i].room = ~0U;
		fake[i].answer = PORT_FULL;
		assert_good(fake_open(port, &why), &why);
		assert_good(carry_add(port, &why), &why);
		sw.port[i] = port;
		sw.ports = i + 1;
	}
}

static inline void fake_end(void)
{
	switch_close(&sw);
}

/* --- frames --- */

#define FAKE_HEAD	LGUEST_FRAME_HEADER

/* From station @source to station @target; 0xff: to all. */
static inline uint32_t fake_make(uint8_t *data, uint8_t target, uint8_t source,
				 int tag)
{
	uint8_t *at = data + FAKE_HEAD + 12;

	memset(data, 0, 100);
	memset(data + FAKE_HEAD, target == 0xff ? 0xff : 0, 6);
	if (target != 0xff) {
		data[FAKE_HEAD] = 2;
		data[FAKE_HEAD + 5] = target;
	}
	data[FAKE_HEAD + 6] = 2;
	data[FAKE_HEAD + 11] = source;
	if (tag >= 0) {
		*at++ = 0x81;
		*at++ = 0;
		*at++ = tag >> 8;
		*at++ = tag;
	}
	*at++ = 0x08;
	*at++ = 0x00;
	return 100;
}

static inline enum forwarded fake_give(unsigned int port, uint8_t *data,
				       uint32_t bytes)
{
	struct iovec iov = { data, bytes };
	struct frame frame = {
		.iov = &iov, .parts = 1, .bytes = bytes,
		.source_slot = FRAME_NO_SLOT,
	};

	return forward_frame(&sw, sw.port[port], &frame);
}

static inline enum forwarded fake_say(unsigned int port, uint8_t target,
				      uint8_t source, int tag)
{
	uint8_t data[100];

	return fake_give(port, data, fake_make(data, target, source, tag));
}

static inline bool was_told(const char *words)
{
	unsigned int i;

	for (i = 0; i < tellings && i < 8; i++)
		if (strstr(told[i], words))
			return true;
	return false;
}

#endif
