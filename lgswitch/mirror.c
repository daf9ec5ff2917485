// SPDX-License-Identifier: GPL-2.0
/*
 * mirror.c - copies for those who watch.  See mirror.h.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "carry.h"
#include "log.h"
#include "mirror.h"
#include "netfile.h"
#include "netport.h"
#include "parts.h"
#include "plug.h"
#include "slots.h"
#include "switch.h"

/* A listener may lag behind by so many bytes, and notice so late. */
#define LOG_BYTES	(4U << 20)
#define LOG_DELAY_US	1000
/* Records before others have their turn. */
#define LISTEN_BATCH	64

/* --- the copies --- */

static enum port_sent send_copy(const struct mirror *mirror,
				const struct frame *frame)
{
	struct port *to = mirror->to;

	if (!to || to->state != PORT_UP || to->is_lost)
		return PORT_LOST;
	if (!*mirror->config.to.slot)
		return to->ops->send(to, frame);
	if (mirror->slot < 0)
		return PORT_LOST;
	return port_net_send_for(to, frame, -1, mirror->slot);
}

static void copy(struct mirror *mirror, const struct frame *frame)
{
	struct port *to = mirror->to;
	enum port_sent sent = send_copy(mirror, frame);

	if (sent == PORT_SENT) {
		mirror->copied++;
		to->count.mirrored++;
		return;
	}
	mirror->dropped++;
	if (sent == PORT_FULL)
		carry_wait_for_room(to);
}

static bool has_source(const struct mirror *mirror, const char *port)
{
	unsigned int i;

	for (i = 0; i < mirror->config.sources; i++)
		if (!strcmp(mirror->config.from[i], port))
			return true;
	return false;
}

void mirror_frame(struct lgswitch *sw, const struct port *port,
		  const struct frame *frame)
{
	struct mirror *mirror;

	for (mirror = sw->mirrors; mirror; mirror = mirror->next)
		if (mirror->to != port &&
		    has_source(mirror, port->config.name))
			copy(mirror, frame);
}

/* --- listening to nets --- */

/*
 * One record of each frame that somebody got.  What is sent on has been heard
 * before; so have the copies that we ourselves bring to a slot of that net.
 */
static bool is_wanted(struct mirror_listener *ear,
		      const struct lguest_net_record *head)
{
	uint64_t *last = &ear->last_id[head->source % (LGUEST_NET_SLOTS + 1)];

	if (head->verdict != LGUEST_DELIVERED || *last == head->id ||
	    head->flags & LGUEST_RECORD_SENT_ON)
		return false;
	*last = head->id;
	return true;
}

static void hear(struct mirror_listener *ear,
		 const struct netlog_record *record)
{
	struct iovec iov = {
		(uint8_t *)record->data, record->head.captured
	};
	struct frame frame = {
		.iov = &iov, .parts = 1, .bytes = iov.iov_len,
		.source_slot = FRAME_NO_SLOT,
	};

	if (is_wanted(ear, &record->head) && frame_read(&frame))
		copy(ear->mirror, &frame);
}

static void listener_ready(struct event_file *file, uint32_t events)
{
	struct mirror_listener *ear = file->context;
	struct netlog_record record;
	unsigned int count = 0;
	uint64_t lost;

	(void)events;
	do {
		while (count < LISTEN_BATCH &&
		       netlog_next(&ear->log, &record)) {
			hear(ear, &record);
			count++;
		}
		netlog_done(&ear->log);
		/* What is left is told again by epoll. */
	} while (count < LISTEN_BATCH && !netlog_may_sleep(&ear->log));
	lost = netlog_lost(&ear->log);
	ear->mirror->dropped += lost - ear->lost;
	ear->lost = lost;
	if (!ear->log.broken)
		return;
	log_error("the log of net %s is nonsense: it is not copied any more",
		  ear->port);
	events_remove(&ear->mirror->sw->events, file);
	ear->file.fd = -1;
}

static void stop_listening(struct mirror *mirror, struct mirror_listener **link)
{
	struct mirror_listener *ear = *link;

	*link = ear->next;
	if (ear->file.fd >= 0)
		events_remove(&mirror->sw->events, &ear->file);
	netlog_close(&ear->log);
	free(ear);
}

static bool open_log(struct mirror_listener *ear, const char *path,
		     struct why *why)
{
	static const struct netlog_wish wish = {
		.snaplen = NETLOG_SNAPLEN_MAX, .log_bytes = LOG_BYTES,
		.delay_us = LOG_DELAY_US,
	};
	int net = netfile_open(path, NETFILE_LISTEN, why);
	bool good;

	if (net < 0)
		return false;
	good = netlog_open(&ear->log, net, &wish, why);
	close(net);
	return good;
}

static bool listen_to(struct mirror *mirror, const struct port *port,
		      struct why *why)
{
	struct mirror_listener *ear = calloc(1, sizeof(*ear));

	if (!ear)
		return why_fail(why, "no memory to listen to %s",
				port->config.name);
	ear->mirror = mirror;
	ear->serial = port->serial;
	strcpy(ear->port, port->config.name);
	if (!open_log(ear, port->config.file, why)) {
		free(ear);
		return false;
	}
	ear->file = (struct event_file){
		.fd = ear->log.fd, .events = EPOLLIN,
		.ready = listener_ready, .context = ear,
	};
	if (!events_add(&mirror->sw->events, &ear->file, why)) {
		netlog_close(&ear->log);
		free(ear);
		return false;
	}
	ear->next = mirror->listeners;
	mirror->listeners = ear;
	/* Sets what wakes us. */
	listener_ready(&ear->file, 0);
	return true;
}

static bool is_listening(const struct mirror *mirror, const struct port *port)
{
	const struct mirror_listener *ear;

	for (ear = mirror->listeners; ear; ear = ear->next)
		if (ear->serial == port->serial)
			return true;
	return false;
}

static bool is_heard(const struct mirror *mirror,
		     const struct mirror_listener *ear)
{
	const struct port *port = switch_find(mirror->sw, ear->port, NULL);

	return port && port->serial == ear->serial &&
	       port->state != PORT_GONE && has_source(mirror, ear->port);
}

/* An ear on each net among its sources, and on no other. */
static bool set_listeners(struct mirror *mirror, struct why *why)
{
	struct mirror_listener **link = &mirror->listeners;
	bool good = true;
	unsigned int i;

	while (*link) {
		if (is_heard(mirror, *link))
			link = &(*link)->next;
		else
			stop_listening(mirror, link);
	}
	for (i = 0; i < mirror->config.sources; i++) {
		const struct port *port = switch_find(mirror->sw,
						      mirror->config.from[i],
						      NULL);

		if (port && port_net_of(port) && !is_listening(mirror, port))
			good &= listen_to(mirror, port, why);
	}
	return good;
}

/* --- who is who now --- */

static void find_end(struct mirror *mirror)
{
	const struct endpoint *to = &mirror->config.to;

	mirror->to = switch_find(mirror->sw, to->port, NULL);
	mirror->slot = -1;
	if (mirror->to && *to->slot)
		mirror->slot = slots_find(mirror->to, to->slot);
}

static void count_ports(struct mirror *mirror)
{
	struct lgswitch *sw = mirror->sw;
	unsigned int i;

	if (mirror->to && !*mirror->config.to.slot)
		mirror->to->mirrored_to++;
	for (i = 0; i < mirror->config.sources; i++) {
		struct port *port = switch_find(sw, mirror->config.from[i],
						NULL);

		if (port)
			port->mirrors++;
	}
}

void mirror_refresh(struct lgswitch *sw)
{
	struct mirror *mirror;
	struct why why;
	unsigned int i;

	for (i = 0; i < sw->ports; i++)
		if (sw->port[i])
			sw->port[i]->mirrors = sw->port[i]->mirrored_to = 0;
	for (mirror = sw->mirrors; mirror; mirror = mirror->next) {
		find_end(mirror);
		count_ports(mirror);
		if (!set_listeners(mirror, &why))
			log_error("mirror to %s: %s", mirror->config.to.port,
				  why.text);
	}
}

/* --- there and gone --- */

static struct mirror **find(struct lgswitch *sw, const struct endpoint *to)
{
	struct mirror **link = &sw->mirrors;

	while (*link && !config_same_endpoint(&(*link)->config.to, to))
		link = &(*link)->next;
	return link;
}

static void drop(struct mirror **link)
{
	struct mirror *mirror = *link;

	while (mirror->listeners)
		stop_listening(mirror, &mirror->listeners);
	*link = mirror->next;
	free(mirror);
}

static bool start(struct lgswitch *sw, const struct mirror_config *config,
		  struct why *why)
{
	struct mirror *mirror = calloc(1, sizeof(*mirror));

	if (!mirror)
		return why_fail(why, "no memory");
	mirror->config = *config;
	mirror->sw = sw;
	mirror->slot = -1;
	if (!set_listeners(mirror, why)) {
		drop(&mirror);
		return false;
	}
	mirror->next = sw->mirrors;
	sw->mirrors = mirror;
	return true;
}

static bool change(struct mirror *mirror, const struct mirror_config *config,
		   struct why *why)
{
	struct mirror_config before = mirror->config;
	struct why ignored;

	mirror->config = *config;
	if (set_listeners(mirror, why))
		return true;
	mirror->config = before;
	set_listeners(mirror, &ignored);
	return false;
}

bool mirror_add(struct lgswitch *sw, const struct mirror_config *config,
		struct why *why)
{
	struct mirror *known = *find(sw, &config->to);

	if (!(known ? change(known, config, why) : start(sw, config, why)))
		return false;
	mirror_refresh(sw);
	return true;
}

bool mirror_remove(struct lgswitch *sw, const struct endpoint *to,
		   struct why *why)
{
	struct mirror **link = find(sw, to);

	if (!*link)
		return why_fail(why, "there is no mirror to %s%s%s", to->port,
				*to->slot ? ":" : "", to->slot);
	drop(link);
	mirror_refresh(sw);
	return true;
}

void mirror_free(struct lgswitch *sw)
{
	while (sw->mirrors)
		drop(&sw->mirrors);
}

static void remove_source(struct mirror_config *config, const char *port)
{
	unsigned int i;

	for (i = 0; i < config->sources; i++)
		if (!strcmp(config->from[i], port))
			break;
	if (i == config->sources)
		return;
	config->sources--;
	memmove(config->from[i], config->from[i + 1],
		(config->sources - i) * sizeof(config->from[0]));
}

void mirror_forget(const struct port *port)
{
	struct mirror **link = &port->sw->mirrors;

	while (*link) {
		struct mirror_config *config = &(*link)->config;

		remove_source(config, port->config.name);
		if (config->sources && strcmp(config->to.port,
					      port->config.name))
			link = &(*link)->next;
		else
			drop(link);
	}
}
