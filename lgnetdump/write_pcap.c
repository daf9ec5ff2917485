// SPDX-License-Identifier: GPL-2.0
/*
 * write_pcap.c - frames as a pcap file with nanoseconds, by libpcap.  See
 * writer.h.
 *
 * libpcap writes to a stream of the C library; ours puts everything into the
 * output's buffer, where there has to be room before libpcap is called.
 * guide: C:630
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "writer.h"

#define NS_PER_S	1000000000ULL

static pcap_t *dead;
static pcap_dumper_t *dumper;

static ssize_t write_stream(void *cookie, const char *from, size_t bytes)
{
	struct output *output = cookie;

	memcpy(output->buffer + output->used, from, bytes);
	output_add(output, bytes);
	return bytes;
}

static FILE *open_stream(struct output *output)
{
	static const cookie_io_functions_t functions = {
		.write = write_stream,
	};
	FILE *stream = fopencookie(output, "w", functions);

	if (stream)
		setvbuf(stream, NULL, _IONBF, 0);
	return stream;
}

static bool begin_pcap(struct output *output, const struct options *options,
		       struct source *source, unsigned int sources,
		       struct why *why)
{
	FILE *stream;

	(void)source;
	(void)sources;
	if (!output_room(output, why))
		return false;
	stream = open_stream(output);
	dead = pcap_open_dead_with_tstamp_precision(DLT_EN10MB,
						    options->snaplen,
						    PCAP_TSTAMP_PRECISION_NANO);
	if (stream && dead)
		dumper = pcap_dump_fopen(dead, stream);
	if (!dumper)
		return why_fail(why, "cannot begin a pcap file: %s",
				dead ? pcap_geterr(dead) : "no memory");
	output_end_frame(output, NULL, NULL);
	return true;
}

static bool frame_pcap(struct output *output, struct source *source,
		       const struct frame *frame, struct why *why)
{
	struct pcap_pkthdr header = {
		.ts.tv_sec = frame->time_ns / NS_PER_S,
		/* In a file with nanoseconds that is what it holds. */
		.ts.tv_usec = frame->time_ns % NS_PER_S,
		.caplen = frame->captured,
		.len = frame->length,
	};

	if (!output_room(output, why))
		return false;
	pcap_dump((u_char *)dumper, &header, frame->data);
	writer_end_frame(output, source, frame);
	return true;
}

static void filtered_pcap(const struct source *source,
			  const struct frame *frame)
{
	/* The format has no place for it. */
	(void)source;
	(void)frame;
}

static void free_pcap(void)
{
	/* Closes the stream, too; nothing is left in there. */
	if (dumper)
		pcap_dump_close(dumper);
	if (dead)
		pcap_close(dead);
	dumper = NULL;
	dead = NULL;
}

static bool end_pcap(struct output *output, struct source *source,
		     unsigned int sources, struct why *why)
{
	(void)output;
	(void)source;
	(void)sources;
	(void)why;
	free_pcap();
	return true;
}

const struct writer writer_pcap = {
	.begin = begin_pcap,
	.frame = frame_pcap,
	.filtered = filtered_pcap,
	.end = end_pcap,
	.free = free_pcap,
};
