// SPDX-License-Identifier: GPL-2.0
/*
 * test_save.c - files of captures, both formats, one or several: what libpcap
 * reads from them is what was saved, and pcapng's blocks tell the rest.
 */
#include <dirent.h>
#include <pcap/pcap.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fakenet_page.h"
#include "save.h"

static char folder[64];
static char path[128];
static struct save save;
static struct why why;
static uint8_t data[2000];

static int start(void **state)
{
	fake_start(state);
	return 0;
}

/* Whatever the test has left there */
static int clean(void **state)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char name[512];

	while ((entry = readdir(dir))) {
		snprintf(name, sizeof(name), "%s/%s", folder, entry->d_name);
		unlink(name);
	}
	closedir(dir);
	return fake_free(state);
}

static const char *in_folder(const char *name)
{
	static char full[2][128];
	static int i;

	i = !i;
	snprintf(full[i], sizeof(full[i]), "%s/%s", folder, name);
	return full[i];
}

static void open_save(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fake_options.write = path;
	fake_open();
	assert_good(save_open(&save, &fake_options, &fake_source, 1, &why), &why);
}

static enum save_state put(unsigned int number, unsigned int source,
			   uint32_t bytes)
{
	const struct frame frame = {
		.time_ns = 1767323045000000000 + number,
		.id = number + 1,
		.data = data,
		.captured = bytes,
		.length = bytes,
		.source = source,
		.target = 3 - source,
	};

	memset(data, number, sizeof(data));
	return save_frame(&save, &fake_source, &frame, &why);
}

static void close_save(void)
{
	assert_good(save_close(&save, &why), &why);
}

/* Frames in a file, which have to be numbered from @first on. */
static unsigned int count_frames(const char *name, unsigned int first)
{
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline_with_tstamp_precision(name,
					PCAP_TSTAMP_PRECISION_NANO, error);
	struct pcap_pkthdr *header;
	const u_char *bytes;
	unsigned int count = 0;
	int got;

	if (!pcap)
		fail_msg("%s: %s", name, error);
	assert_int_equal(pcap_datalink(pcap), DLT_EN10MB);
	while ((got = pcap_next_ex(pcap, &header, &bytes)) == 1) {
		assert_int_equal(header->ts.tv_usec, first + count);
		assert_int_equal(bytes[header->caplen - 1],
				 (first + count) % 256);
		count++;
	}
	assert_int_equal(got, PCAP_ERROR_BREAK);
	pcap_close(pcap);
	return count;
}

static void both_formats_can_be_read(void **state)
{
	static const char *const names[] = { "a.pcap", "a.pcapng" };
	size_t i;
	int n;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		fake_start(state);
		open_save(names[i]);
		for (n = 0; n < 1000; n++)
			assert_int_equal(put(n, 1 + n % 2, 60 + n), SAVE_GOOD);
		close_save();
		assert_int_equal(fake_source.counts.captured, 1000);
		assert_int_equal(count_frames(path, 0), 1000);
	}
}

static void a_capture_of_nothing_can_be_read(void **state)
{
	static const char *const names[] = { "n.pcap", "n.pcapng" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		fake_start(state);
		memset(&fake_page, 0, sizeof(fake_page));
		open_save(names[i]);
		close_save();
		assert_int_equal(count_frames(path, 0), 0);
	}
}

/* --- what pcapng tells --- */

struct block {
	uint32_t type, bytes;
	const uint8_t *body;
};

static uint8_t file[1 << 20];
static size_t file_bytes, file_at;

static void read_file(const char *name)
{
	FILE *from = fopen(name, "r");

	assert_non_null(from);
	file_bytes = fread(file, 1, sizeof(file), from);
	file_at = 0;
	fclose(from);
}

/* The next one of that type; both its lengths have to be the same. */
static bool next_block(uint32_t type, struct block *block)
{
	uint32_t again;

	while (file_at < file_bytes) {
		memcpy(&block->type, file + file_at, 4);
		memcpy(&block->bytes, file + file_at + 4, 4);
		block->body = file + file_at + 8;
		file_at += block->bytes;
		assert_true(file_at <= file_bytes);
		memcpy(&again, file + file_at - 4, 4);
		assert_int_equal(again, block->bytes);
		if (block->type == type)
			return true;
	}
	return false;
}

/* The option of a block whose options begin at @offset of its body. */
static const uint8_t *find_option(const struct block *block, uint32_t offset,
				  uint16_t wanted, uint16_t *bytes)
{
	uint16_t code;

	while (offset + 4 <= block->bytes - 12) {
		memcpy(&code, block->body + offset, 2);
		memcpy(bytes, block->body + offset + 2, 2);
		if (code == wanted)
			return block->body + offset + 4;
		if (!code)
			break;
		offset += 4 + (*bytes + 3) / 4 * 4;
	}
	return NULL;
}

static bool has_text(const struct block *block, uint32_t offset, uint16_t code,
		     const char *text)
{
	uint16_t bytes;
	const uint8_t *at = find_option(block, offset, code, &bytes);

	return at && bytes == strlen(text) && !memcmp(at, text, bytes);
}

static uint64_t number(const struct block *block, uint32_t offset,
		       uint16_t code)
{
	uint16_t bytes;
	const uint8_t *at = find_option(block, offset, code, &bytes);
	uint64_t value = 0;

	if (at)
		memcpy(&value, at, bytes);
	return value;
}

enum {
	INTERFACE = 1,
	STATISTICS = 5,
	PACKET = 6,
};

/* Where their options begin */
#define INTERFACE_BODY	8
#define STATISTICS_BODY	12

static void slots_are_interfaces_with_names_and_counts(void **state)
{
	struct block block;

	(void)state;
	strcpy(fake_options.filter, "arp");
	open_save("a.pcapng");
	put(0, 1, 100);
	put(1, 2, 100);
	put(2, 2, 100);
	fake_source.counts.lost = 5;
	fake_join(9, "c", 9);
	source_look(&fake_source);
	put(3, 9, 100);
	close_save();
	read_file(path);
	assert_true(next_block(INTERFACE, &block));
	assert_true(has_text(&block, INTERFACE_BODY, 2, "a"));
	assert_true(has_text(&block, INTERFACE_BODY, 3,
			     "guest, slot 1 of net /var/lg/net0, process 101"));
	assert_true(next_block(INTERFACE, &block));
	assert_true(has_text(&block, INTERFACE_BODY, 2, "b"));
	/* One who comes later is told of before its first frame. */
	assert_true(next_block(INTERFACE, &block));
	assert_true(has_text(&block, INTERFACE_BODY, 2, "c"));
	assert_false(next_block(INTERFACE, &block));
	file_at = 0;
	assert_true(next_block(STATISTICS, &block));
	assert_int_equal(number(&block, STATISTICS_BODY, 6), 1);
	assert_int_equal(number(&block, STATISTICS_BODY, 7), 5);
	assert_true(next_block(STATISTICS, &block));
	assert_int_equal(number(&block, STATISTICS_BODY, 6), 2);
	/* Lost is told once, for the net. */
	assert_int_equal(number(&block, STATISTICS_BODY, 7), 0);
	assert_true(next_block(STATISTICS, &block));
	assert_int_equal(number(&block, STATISTICS_BODY, 4), 1);
	assert_false(next_block(STATISTICS, &block));
}

static void another_owner_is_another_interface(void **state)
{
	struct block block;
	uint32_t interface;

	(void)state;
	open_save("a.pcapng");
	put(0, 1, 100);
	fake_join(1, "next", 0xc);
	source_look(&fake_source);
	put(1, 1, 100);
	close_save();
	read_file(path);
	assert_true(next_block(PACKET, &block));
	/* What the first one had is told before the second one comes. */
	assert_true(next_block(STATISTICS, &block));
	assert_true(next_block(INTERFACE, &block));
	assert_true(has_text(&block, INTERFACE_BODY, 2, "next"));
	assert_true(next_block(PACKET, &block));
	memcpy(&interface, block.body, 4);
	assert_int_equal(interface, 2);
	assert_int_equal(count_frames(path, 0), 2);
}

static void packets_tell_direction_number_losses_and_verdict(void **state)
{
	struct frame frame = {
		.data = data, .captured = 60, .length = 60, .id = 77,
		.source = 1, .target = 2, .verdict = LGUEST_DROP_STUCK,
	};
	const uint32_t options = 20 + 60;
	uint16_t bytes;
	struct block block;

	(void)state;
	open_save("a.pcapng");
	fake_source.counts.lost = 3;
	save_frame(&save, &fake_source, &frame, &why);
	frame.verdict = LGUEST_DELIVERED;
	fake_source.counts.lost = 4;
	save_frame(&save, &fake_source, &frame, &why);
	save_frame(&save, &fake_source, &frame, &why);
	close_save();
	read_file(path);
	assert_true(next_block(PACKET, &block));
	assert_true(has_text(&block, options, 1,
			     "not delivered to b: receiver has no room"));
	assert_int_equal(number(&block, options, 2), 2);
	assert_int_equal(number(&block, options, 4), 3);
	assert_int_equal(number(&block, options, 5), 77);
	assert_int_equal(number(&block, options, 7), LGUEST_DROP_STUCK << 8);
	assert_true(next_block(PACKET, &block));
	assert_null(find_option(&block, options, 1, &bytes));
	assert_int_equal(number(&block, options, 4), 1);
	assert_true(next_block(PACKET, &block));
	assert_null(find_option(&block, options, 4, &bytes));
}

/* --- several files --- */

static void by_size_nothing_is_lost_between_files(void **state)
{
	unsigned int done = 0, n;
	char name[256];

	(void)state;
	fake_options.file_bytes = 10000;
	open_save("r.pcap");
	for (n = 0; n < 100; n++)
		assert_int_equal(put(n, 1, 1000), SAVE_GOOD);
	close_save();
	for (n = 0; done < 100; n++) {
		snprintf(name, sizeof(name), n ? "%s%u" : "%s", path, n);
		done += count_frames(name, done);
	}
	assert_int_equal(done, 100);
	assert_int_equal(n, 10);
}

static void with_a_count_the_oldest_is_overwritten(void **state)
{
	unsigned int n;

	(void)state;
	fake_options.file_bytes = 10000;
	fake_options.file_count = 3;
	open_save("r.pcapng");
	for (n = 0; n < 100; n++)
		put(n, 1, 1000);
	close_save();
	assert_int_equal(access(in_folder("r.pcapng3"), F_OK), -1);
	/* The last one of ten, the one before it and the third last. */
	assert_int_equal(count_frames(in_folder("r.pcapng0"), 90), 10);
	assert_int_equal(count_frames(in_folder("r.pcapng2"), 80), 10);
	assert_int_equal(count_frames(in_folder("r.pcapng1"), 70), 10);
}

static void by_time_the_clock_begins_another(void **state)
{
	(void)state;
	fake_options.file_seconds = 10;
	fake_options.file_count = 2;
	open_save("r.pcap");
	put(0, 1, 100);
	assert_int_equal(save_tick(&save, save.begun_ns + 1, &why), SAVE_GOOD);
	assert_int_equal(save_due(&save, save.begun_ns + 4000000000), 6000000000);
	/* Late, and so for the one after it. */
	assert_int_equal(save_tick(&save, save.begun_ns + 34000000000, &why),
			 SAVE_GOOD);
	put(1, 1, 100);
	assert_int_equal(save_due(&save, save.begun_ns + 4000000000), 6000000000);
	assert_int_equal(save_tick(&save, save.begun_ns + 10000000000, &why),
			 SAVE_ENDED);
	close_save();
	assert_int_equal(count_frames(path, 0), 1);
	assert_int_equal(count_frames(in_folder("r.pcap1"), 1), 1);
	assert_int_equal(access(in_folder("r.pcap2"), F_OK), -1);
}

static void who_asks_gets_another_file(void **state)
{
	(void)state;
	open_save("r.pcap");
	put(0, 1, 100);
	assert_int_equal(save_rotate(&save, &why), SAVE_GOOD);
	put(1, 1, 100);
	/* One that was taken away is made again. */
	assert_int_equal(rename(in_folder("r.pcap1"), in_folder("old")), 0);
	assert_int_equal(save_rotate(&save, &why), SAVE_GOOD);
	put(2, 1, 100);
	close_save();
	assert_int_equal(count_frames(path, 0), 1);
	assert_int_equal(count_frames(in_folder("old"), 1), 1);
	assert_int_equal(count_frames(in_folder("r.pcap1"), 2), 1);
}

/* --- failures --- */

static void a_full_disk_leaves_a_file_that_can_be_read(void **state)
{
	static const char *const names[] = { "f.pcap", "f.pcapng" };
	struct rlimit limit;
	size_t i;
	int n;

	signal(SIGXFSZ, SIG_IGN);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		fake_start(state);
		getrlimit(RLIMIT_FSIZE, &limit);
		limit.rlim_cur = 20000;
		setrlimit(RLIMIT_FSIZE, &limit);
		open_save(names[i]);
		for (n = 0; n < 100; n++)
			put(n, 1, 1000);
		assert_int_equal(save_flush(&save, &why), SAVE_FAILED);
		assert_fails(false, &why, "File too large");
		assert_int_equal(put(n, 1, 1000), SAVE_FAILED);
		save_close(&save, &why);
		limit.rlim_cur = RLIM_INFINITY;
		setrlimit(RLIMIT_FSIZE, &limit);
		n = count_frames(path, 0);
		assert_true(n >= 17 && n < 20);
		assert_int_equal(fake_source.counts.captured, n);
		assert_int_equal(fake_source.counts.unwritten, 101 - n);
	}
}

static void a_file_that_cannot_be_is_told_at_once(void **state)
{
	(void)state;
	fake_options.write = "/nonexistent/a.pcap";
	assert_fails(save_open(&save, &fake_options, &fake_source, 1, &why),
		     &why, "cannot create /nonexistent/a.pcap");
	fake_options.write = "/nonexistent/a.pcapng";
	assert_fails(save_open(&save, &fake_options, &fake_source, 1, &why),
		     &why, "cannot create /nonexistent/a.pcapng");
}

static void segments_count_apart(void **state)
{
	struct frame frame = {
		.data = data, .captured = 60, .length = 60, .source = 1,
		.target = 2,
	};

	(void)state;
	open_save("s.pcapng");
	save_frame(&save, &fake_source, &frame, &why);
	frame.is_segment = true;
	save_frame(&save, &fake_source, &frame, &why);
	save_frame(&save, &fake_source, &frame, &why);
	close_save();
	assert_int_equal(fake_source.counts.captured, 1);
	assert_int_equal(fake_source.counts.segments, 2);
}

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/test-save-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(both_formats_can_be_read),
		TEST(a_capture_of_nothing_can_be_read),
		TEST(slots_are_interfaces_with_names_and_counts),
		TEST(another_owner_is_another_interface),
		TEST(packets_tell_direction_number_losses_and_verdict),
		TEST(by_size_nothing_is_lost_between_files),
		TEST(with_a_count_the_oldest_is_overwritten),
		TEST(by_time_the_clock_begins_another),
		TEST(who_asks_gets_another_file),
		TEST(a_full_disk_leaves_a_file_that_can_be_read),
		TEST(a_file_that_cannot_be_is_told_at_once),
		TEST(segments_count_apart),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
