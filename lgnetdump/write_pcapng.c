// SPDX-License-Identifier: GPL-2.0
/*
 * write_pcapng.c - frames as a pcapng file in which each slot is an interface.
 * See writer.h.
 *
 * An interface is told of when a file begins, or as late as its first frame.
 * When another owner gets a slot, that is another interface.
 * guide: C:640
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <lguest/version.h>

#include "pcapng.h"
#include "writer.h"

#define NS_PER_S	1000000000ULL

/* A slot as an interface of the file; the last one stands for the net. */
struct interface {
	bool is_there;
	uint32_t generation;		/* of its owner */
	uint32_t number;		/* in the file */
	uint64_t received, accepted;
};

/* What a file has of a net. */
struct net {
	struct interface slot[LGUEST_NET_SLOTS + 1];
	uint64_t lost_before;		/* lost when the file began */
	uint64_t lost_told;		/* told in packets */
};

static struct net net[OPTIONS_NETS_MAX];
static const struct options *options;
static bool several_nets;
static uint32_t interfaces;
static uint64_t begin_ns;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* --- interfaces --- */

/* "r1", or "net0: r1" if there are several nets. */
static void interface_name(const struct source *source, unsigned int slot,
			   char *to, size_t size)
{
	char text[SOURCE_SLOT_TEXT];

	if (slot == LGUEST_NET_NOBODY)
		snprintf(to, size, "%s", source->name);
	else
		snprintf(to, size, "%s%s%s", several_nets ? source->name : "",
			 several_nets ? ": " : "",
			 source_slot_name(source, slot, text));
}

static void describe(const struct source *source, unsigned int slot, char *to,
		     size_t size)
{
	const struct source_slot *owner = &source->slot[slot];

	if (slot == LGUEST_NET_NOBODY)
		snprintf(to, size, "net %s", source->path);
	else if (!owner->known)
		snprintf(to, size, "slot %u of net %s", slot, source->path);
	else
		snprintf(to, size, "%s, slot %u of net %s, process %u",
			 owner->owner.flags & LGUEST_SLOT_PORT ? "port" : "guest",
			 slot, source->path, owner->owner.pid);
}

static bool tell_interface(struct output *output, const struct source *source,
			   unsigned int slot, struct why *why)
{
	struct interface *interface = &net[source->index].slot[slot];
	char name[PCAPNG_TEXT_MAX], description[PCAPNG_TEXT_MAX];
	struct pcapng_interface block = {
		.name = name,
		.description = description,
		.filter = *options->filter ? options->filter : NULL,
		.snaplen = options->snaplen,
	};
	void *to = output_room(output, why);

	if (!to)
		return false;
	interface_name(source, slot, name, sizeof(name));
	describe(source, slot, description, sizeof(description));
	if (slot < LGUEST_NET_SLOTS && source->slot[slot].known)
		block.mac = source->slot[slot].owner.mac;
	output_add(output, pcapng_interface(to, &block));
	output_end_frame(output, NULL, NULL);
	*interface = (struct interface){
		.is_there = true,
		.number = interfaces++,
		/* Some may have been filtered out before. */
		.received = interface->is_there ? 0 : interface->received,
	};
	if (slot < LGUEST_NET_SLOTS)
		interface->generation = source->slot[slot].generation;
	return true;
}

/* What the net has lost is told once, with the first interface it has. */
static bool tell_statistics(struct output *output, const struct source *source,
			    unsigned int slot, bool with_net, struct why *why)
{
	const struct interface *interface = &net[source->index].slot[slot];
	char counts[PCAPNG_TEXT_MAX];
	struct pcapng_statistics block = {
		.interface = interface->number,
		.time_ns = now_ns(),
		.begin_ns = begin_ns,
		.received = interface->received,
		.accepted = interface->accepted,
	};
	void *to = output_room(output, why);

	if (!to)
		return false;
	block.end_ns = block.time_ns;
	if (with_net) {
		block.lost = source->counts.lost -
			     net[source->index].lost_before;
		counts_format(&source->counts, source->name, counts,
			      sizeof(counts));
		block.comment = counts;
	}
	output_add(output, pcapng_statistics(to, &block));
	output_end_frame(output, NULL, NULL);
	return true;
}

/* The slot's interface, told of if that is necessary. */
static struct interface *find_interface(struct output *output,
					const struct source *source,
					unsigned int slot, struct why *why)
{
	struct interface *interface = &net[source->index].slot[slot];

	if (interface->is_there &&
	    interface->generation == source->slot[slot].generation)
		return interface;
	if (interface->is_there &&
	    !tell_statistics(output, source, slot, false, why))
		return NULL;
	return tell_interface(output, source, slot, why) ? interface : NULL;
}

/* --- frames --- */

static unsigned int slot_of(const struct source *source,
			    const struct frame *frame)
{
	return source_at_target(source, frame->source, frame->target) ?
	       frame->target : frame->source;
}

static const char *comment_on(const struct source *source,
			      const struct frame *frame, char *to, size_t size)
{
	char text[SOURCE_SLOT_TEXT];

	if (frame->verdict == LGUEST_DELIVERED)
		return NULL;
	if (frame->target == LGUEST_NET_NOBODY)
		snprintf(to, size, "not delivered: %s",
			 netlog_verdict(frame->verdict));
	else
		snprintf(to, size, "not delivered to %s: %s",
			 source_slot_name(source, frame->target, text),
			 netlog_verdict(frame->verdict));
	return to;
}

/* Each net numbers its frames; together the net has to count, too. */
static uint64_t packet_id(const struct source *source,
			  const struct frame *frame)
{
	return frame->id ? ((uint64_t)source->index << 56) | frame->id : 0;
}

static void put_packet(struct output *output, void *to, struct source *source,
		       const struct frame *frame, uint32_t interface)
{
	struct net *of = &net[source->index];
	char comment[128];
	const struct pcapng_packet block = {
		.interface = interface,
		.time_ns = frame->time_ns,
		.data = frame->data,
		.captured = frame->captured,
		.length = frame->length,
		.direction = slot_of(source, frame) == frame->source ?
			     PCAPNG_OUTBOUND : PCAPNG_INBOUND,
		.id = packet_id(source, frame),
		.lost = source->counts.lost - of->lost_told,
		.verdict = frame->verdict,
		.comment = comment_on(source, frame, comment, sizeof(comment)),
	};

	of->lost_told = source->counts.lost;
	output_add(output, pcapng_packet(to, &block));
	writer_end_frame(output, source, frame);
}

static bool frame_pcapng(struct output *output, struct source *source,
			 const struct frame *frame, struct why *why)
{
	struct interface *interface =
		find_interface(output, source, slot_of(source, frame), why);
	void *to = interface ? output_room(output, why) : NULL;

	if (!to)
		return false;
	interface->received++;
	interface->accepted++;
	put_packet(output, to, source, frame, interface->number);
	return true;
}

static void filtered_pcapng(const struct source *source,
			    const struct frame *frame)
{
	net[source->index].slot[slot_of(source, frame)].received++;
}

/* --- files --- */

static bool begin_pcapng(struct output *output, const struct options *opts,
			 struct source *source, unsigned int sources,
			 struct why *why)
{
	unsigned int i, slot;
	void *to = output_room(output, why);

	if (!to)
		return false;
	options = opts;
	several_nets = sources > 1;
	interfaces = 0;
	begin_ns = now_ns();
	memset(net, 0, sizeof(net));
	output_add(output, pcapng_section(to, "lgnetdump " LGUEST_VERSION));
	output_end_frame(output, NULL, NULL);
	for (i = 0; i < sources; i++) {
		net[i].lost_before = net[i].lost_told = source[i].counts.lost;
		for (slot = 0; slot < LGUEST_NET_SLOTS; slot++)
			if (source[i].slot[slot].present &&
			    source_wants_slot(&source[i], slot) &&
			    !tell_interface(output, &source[i], slot, why))
				return false;
	}
	return true;
}

/* One that nobody spoke on has an interface nevertheless, for its counts. */
static bool end_net(struct output *output, const struct source *source,
		    struct why *why)
{
	const struct net *of = &net[source->index];
	bool first = true;
	unsigned int slot;

	for (slot = 0; slot < LGUEST_NET_SLOTS; slot++) {
		if (!of->slot[slot].is_there)
			continue;
		if (!tell_statistics(output, source, slot, first, why))
			return false;
		first = false;
	}
	if (!first)
		return true;
	return tell_interface(output, source, LGUEST_NET_NOBODY, why) &&
	       tell_statistics(output, source, LGUEST_NET_NOBODY, true, why);
}

static bool end_pcapng(struct output *output, struct source *source,
		       unsigned int sources, struct why *why)
{
	unsigned int i;

	for (i = 0; i < sources; i++)
		if (!end_net(output, &source[i], why))
			return false;
	return true;
}

static void free_pcapng(void)
{
}

const struct writer writer_pcapng = {
	.begin = begin_pcapng,
	.frame = frame_pcapng,
	.filtered = filtered_pcapng,
	.end = end_pcapng,
	.free = free_pcapng,
};
