// SPDX-License-Identifier: GPL-2.0
/*
 * test_sink.c - what becomes of records: filtered, counted, cut, shown and
 * written, until there are enough.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <unistd.h>

#include "fakenet_page.h"
#include "sink.h"

/* virtio_net_hdr, and ARP from a to all: who has 10.0.0.2? */
static const uint8_t arp[] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6,
	0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1,
	0, 0, 0, 0, 0, 0, 10, 0, 0, 2,
};

static struct sink sink;
static struct why why;
static char path[64];
static char *text;
static size_t size;
static FILE *terminal;

static int start(void **state)
{
	fake_start(state);
	snprintf(path, sizeof(path), "/tmp/test-sink-%d.pcap", getpid());
	terminal = stdout;
	return 0;
}

static int end(void **state)
{
	stdout = terminal;
	free(text);
	text = NULL;
	unlink(path);
	return fake_free(state);
}

static void open_sink(void)
{
	fake_open();
	stdout = open_memstream(&text, &size);
	assert_good(sink_init(&sink, &fake_options, &why), &why);
	assert_good(sink_open(&sink, &fake_source, 1, &why), &why);
}

static void close_sink(void)
{
	assert_good(sink_close(&sink, &why), &why);
	sink_free(&sink);
	fclose(stdout);
	stdout = terminal;
}

/* So many records of the ring go into the sink. */
static void take(unsigned int count)
{
	struct netlog_record record;
	unsigned int i;

	for (i = 0; i < count; i++)
		fake_record(&(struct lguest_net_record){
			.source = 1, .target = 2, .id = 100 + fake_written },
			arp, sizeof(arp));
	while (sink.state == SINK_GOOD && source_next(&fake_source, &record))
		sink_take(&sink, &fake_source, &record, &why);
}

static unsigned int lines(void)
{
	unsigned int count = 0;
	const char *p;

	for (p = text; (p = strchr(p, '\n')); p++)
		count++;
	return count;
}

static unsigned int frames(uint32_t captured)
{
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline(path, error);
	struct pcap_pkthdr *header;
	const u_char *data;
	unsigned int count = 0;

	assert_non_null(pcap);
	while (pcap_next_ex(pcap, &header, &data) == 1) {
		assert_int_equal(header->caplen, captured);
		assert_int_equal(header->len, sizeof(arp) - 10);
		count++;
	}
	pcap_close(pcap);
	return count;
}

static void without_a_file_there_are_lines(void **state)
{
	(void)state;
	open_sink();
	take(3);
	close_sink();
	assert_int_equal(lines(), 3);
	assert_int_equal(fake_source.counts.captured, 3);
	assert_int_equal(sink_reader(&sink), -1);
}

static void with_a_file_there_are_none_unless_asked_for(void **state)
{
	(void)state;
	fake_options.write = path;
	open_sink();
	take(3);
	close_sink();
	assert_int_equal(lines(), 0);
	assert_int_equal(frames(42), 3);
	free(text);
	fake_options.print = true;
	open_sink();
	take(4);
	close_sink();
	assert_int_equal(lines(), 4);
	assert_int_equal(frames(42), 4);
	assert_int_equal(fake_source.counts.captured, 4);
}

static void what_does_not_match_is_counted(void **state)
{
	(void)state;
	strcpy(fake_options.filter, "ip");
	fake_options.write = path;
	open_sink();
	take(3);
	close_sink();
	assert_int_equal(frames(42), 0);
	assert_int_equal(fake_source.counts.filtered, 3);
	assert_int_equal(fake_source.counts.captured, 0);
}

static void frames_are_cut_to_the_snapshot_length(void **state)
{
	(void)state;
	fake_options.snaplen = 20;
	fake_options.write = path;
	open_sink();
	take(2);
	close_sink();
	assert_int_equal(frames(20), 2);
}

static void a_count_ends_it(void **state)
{
	(void)state;
	fake_options.count = 2;
	open_sink();
	take(5);
	assert_int_equal(sink.state, SINK_ENDED);
	close_sink();
	assert_int_equal(lines(), 2);
	assert_int_equal(fake_source.counts.captured, 2);
	assert_int_equal(fake_source.counts.seen, 2);
}

static void what_waits_is_due_after_a_second(void **state)
{
	(void)state;
	fake_options.write = path;
	open_sink();
	assert_int_equal(sink_due(&sink, 5000000000), -1);
	sink_flush(&sink, 5000000000, &why);
	take(1);
	assert_int_equal(sink_due(&sink, 5200000000), 800000000);
	assert_int_equal(sink_due(&sink, 9200000000), 0);
	/* A file can wait, while somebody who looks on cannot. */
	sink_pause(&sink, 5200000000, &why);
	assert_int_equal(frames(42), 0);
	sink_tick(&sink, 6000000000, &why);
	assert_int_equal(frames(42), 1);
	assert_int_equal(sink_due(&sink, 6000000000), -1);
	sink.flushes = true;
	take(1);
	sink_pause(&sink, 6000000000, &why);
	assert_int_equal(frames(42), 2);
	close_sink();
}

static void lines_and_standard_output_have_no_next_file(void **state)
{
	(void)state;
	open_sink();
	assert_false(sink_rotate(&sink, &why));
	close_sink();
}

static void a_bad_filter_is_told_before_a_file_is_made(void **state)
{
	(void)state;
	fake_options.write = path;
	strcpy(fake_options.filter, "ip ip");
	assert_fails(sink_init(&sink, &fake_options, &why), &why, "^");
	sink_free(&sink);
	assert_int_equal(access(path, F_OK), -1);
}

/* What is needed of frames with that snapshot length, filter and splitting. */
static uint32_t needs(uint32_t snaplen, const char *filter, bool segment)
{
	uint32_t bytes;

	fake_options.snaplen = snaplen;
	strcpy(fake_options.filter, filter);
	fake_options.segment = segment;
	assert_good(sink_init(&sink, &fake_options, &why), &why);
	bytes = sink_needs(&sink);
	sink_free(&sink);
	return bytes;
}

static void no_more_is_needed_of_a_frame_than_is_kept_or_looked_at(void **state)
{
	(void)state;
	assert_int_equal(needs(96, "", false), 96);
	assert_int_equal(needs(96, "arp", false), 96);
	assert_int_equal(needs(10, "arp", false), 14);
	assert_int_equal(needs(96, "ether[1000] = 1", false), 1001);
	assert_int_equal(needs(96, "", true), OPTIONS_SNAPLEN_MAX);
	assert_int_equal(needs(OPTIONS_SNAPLEN_MAX, "", false), OPTIONS_SNAPLEN_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_a_file_there_are_lines),
		TEST(with_a_file_there_are_none_unless_asked_for),
		TEST(what_does_not_match_is_counted),
		TEST(frames_are_cut_to_the_snapshot_length),
		TEST(a_count_ends_it),
		TEST(what_waits_is_due_after_a_second),
		TEST(lines_and_standard_output_have_no_next_file),
		TEST(no_more_is_needed_of_a_frame_than_is_kept_or_looked_at),
		TEST(a_bad_filter_is_told_before_a_file_is_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
