// SPDX-License-Identifier: GPL-2.0
/*
 * test_netlog.c - walking along a listener's log, with a stand-in for lg.ko
 * that writes it, and with garbage.
 */
#include <stdlib.h>

#include "netlog.h"
#include "test.h"

#define LOG_BYTES	LGUEST_LOG_MIN
#define RECORD		((uint32_t)sizeof(struct lguest_net_record))
#define ALIGN		LGUEST_RECORD_ALIGN
#define SECRET		0x0123456789abcdefULL

static struct netlog reader;
static struct lguest_net_log *shared;
static uint64_t written;		/* bytes so far */
static uint64_t next_id;

/* Of the exact size, so that the sanitizer guards its end. */
static int open_log(void **state)
{
	(void)state;
	shared = calloc(1, sizeof(*shared) + LOG_BYTES);
	shared->secret = SECRET;
	netlog_set_up(&reader, shared, LOG_BYTES);
	written = 0;
	next_id = 1;
	return 0;
}

static int free_log(void **state)
{
	(void)state;
	free(shared);
	return 0;
}

static struct lguest_net_record *record_at(uint64_t position)
{
	return (void *)(shared->data + position % LOG_BYTES);
}

static void set_mark(uint64_t position)
{
	record_at(position)->mark = position ^ SECRET;
}

/* What lg.ko does; false: there is no room. */
static bool log_frame(uint32_t captured)
{
	uint32_t bytes = (RECORD + captured + ALIGN - 1) / ALIGN * ALIGN;
	uint32_t offset = written % LOG_BYTES;
	uint32_t pad = offset + bytes > LOG_BYTES ? LOG_BYTES - offset : 0;
	struct lguest_net_record *record;

	if (written - shared->read + pad + bytes > LOG_BYTES) {
		shared->lost++;
		return false;
	}
	if (pad) {
		record_at(written)->flags = LGUEST_RECORD_PAD;
		record_at(written)->bytes = pad;
		set_mark(written);
	}
	record = record_at(written + pad);
	record->bytes = bytes;
	record->flags = 0;
	record->captured = captured;
	record->id = next_id;
	record->source = next_id % 127;
	memset(record->data, next_id, captured);
	set_mark(written + pad);
	next_id++;
	written += pad + bytes;
	return true;
}

static void records_come_in_order_across_the_wrap(void **state)
{
	static const uint32_t sizes[] = { 0, 1, 70, 1524, 9000, 7, 16000 };
	struct netlog_record record;
	uint64_t id = 1;
	int i;

	(void)state;
	for (i = 0; i < 500; i++) {
		while (log_frame(sizes[next_id % 7]))
			;
		while (netlog_next(&reader, &record)) {
			assert_int_equal(record.head.id, id);
			assert_int_equal(record.head.captured, sizes[id % 7]);
			if (record.head.captured)
				assert_int_equal(record.data[record.head.captured - 1],
						 id & 0xff);
			id++;
		}
		assert_int_equal(id, next_id);
		netlog_done(&reader);
		assert_int_equal(shared->read, written);
	}
	assert_true(netlog_lost(&reader) >= 500);
	assert_false(reader.broken);
}

static void what_is_given_lasts_until_done(void **state)
{
	struct netlog_record first, second;

	(void)state;
	log_frame(100);
	log_frame(100);
	assert_true(netlog_next(&reader, &first));
	assert_true(netlog_next(&reader, &second));
	assert_false(netlog_next(&reader, &second));
	assert_int_equal(first.data[0], 1);
	assert_int_equal(second.data[0], 2);
	assert_int_equal(shared->read, 0);
	netlog_done(&reader);
	assert_int_equal(shared->read, written);
}

/* With a log that is full to the last byte the next is the first again. */
static void a_full_log_is_given_once(void **state)
{
	struct netlog_record record;
	int count = 0;

	(void)state;
	while (log_frame(1024 - RECORD))
		count++;
	assert_int_equal(count, LOG_BYTES / 1024);
	while (netlog_next(&reader, &record))
		assert_true(--count >= 0);
	assert_int_equal(count, 0);
	netlog_done(&reader);
	assert_true(log_frame(10));
	assert_true(netlog_next(&reader, &record));
}

static void padding_may_be_shorter_than_a_record(void **state)
{
	struct netlog_record record;

	(void)state;
	log_frame(LOG_BYTES - 64 - ALIGN - RECORD);
	netlog_next(&reader, &record);
	netlog_done(&reader);
	log_frame(64 - RECORD);
	assert_int_equal(LOG_BYTES - written % LOG_BYTES, ALIGN);
	log_frame(8);
	assert_true(netlog_next(&reader, &record));
	assert_true(netlog_next(&reader, &record));
	assert_int_equal(record.head.id, 3);
	netlog_done(&reader);
}

/* Frames are what talkers like: of the round before, or made to deceive. */
static void what_lay_there_before_is_no_record(void **state)
{
	struct netlog_record record;
	uint32_t i;

	(void)state;
	while (log_frame(1024 - RECORD))
		;
	while (netlog_next(&reader, &record))
		;
	netlog_done(&reader);
	assert_false(netlog_next(&reader, &record));
	for (i = 0; i < LOG_BYTES; i += ALIGN)
		record_at(i)->mark = written + i;
	assert_false(netlog_next(&reader, &record));
	assert_false(reader.broken);
}

static void sleeping_looks_once_more(void **state)
{
	(void)state;
	assert_true(netlog_may_sleep(&reader));
	assert_int_equal(shared->waiting, 1);
	log_frame(8);
	assert_false(netlog_may_sleep(&reader));
	assert_int_equal(shared->waiting, 0);
}

static void assert_broken(uint32_t bytes, uint32_t captured)
{
	struct netlog_record record;

	free_log(NULL);
	open_log(NULL);
	record_at(0)->captured = captured;
	record_at(0)->bytes = bytes;
	set_mark(0);
	assert_false(netlog_next(&reader, &record));
	assert_true(reader.broken);
	assert_false(netlog_next(&reader, &record));
	netlog_done(&reader);
	assert_int_equal(shared->read, 0);
}

static void lengths_that_cannot_be_end_the_walk(void **state)
{
	(void)state;
	assert_broken(0, 0);
	assert_broken(4, 0);
	assert_broken(ALIGN, 0);
	assert_broken(RECORD / ALIGN * ALIGN, 0);
	assert_broken(RECORD + 1, 0);
	assert_broken(4 * ALIGN, 4 * ALIGN - RECORD + 1);
	assert_broken(4 * ALIGN, 65535);
	assert_broken(LOG_BYTES + ALIGN, 0);
	assert_broken(0xfffffff0, 0);
	assert_broken(0xffffffff, 65535);
}

static void random_bytes_are_survived(void **state)
{
	struct netlog_record record;
	uint32_t sum = 0;
	int i, j;

	(void)state;
	srand(1);
	for (i = 0; i < 300; i++) {
		free_log(NULL);
		open_log(NULL);
		for (j = 0; j < LOG_BYTES; j++)
			shared->data[j] = rand() % 8 ? 0 : rand();
		/* Somewhere among it is what looks like a record. */
		for (j = 0; j < LOG_BYTES; j += ALIGN * (1 + rand() % 8))
			set_mark(j);
		while (netlog_next(&reader, &record)) {
			for (j = 0; j < record.head.captured; j++)
				sum += record.data[j];
			if (rand() % 2)
				netlog_done(&reader);
		}
		netlog_done(&reader);
	}
	assert_true(sum != 1);
}

static void verdicts_have_words(void **state)
{
	(void)state;
	assert_string_equal(netlog_verdict(LGUEST_DELIVERED), "delivered");
	assert_non_null(netlog_verdict(LGUEST_VERDICTS - 1));
	assert_string_equal(netlog_verdict(255), "?");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_log, free_log)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(records_come_in_order_across_the_wrap),
		TEST(what_is_given_lasts_until_done),
		TEST(a_full_log_is_given_once),
		TEST(padding_may_be_shorter_than_a_record),
		TEST(what_lay_there_before_is_no_record),
		TEST(sleeping_looks_once_more),
		TEST(lengths_that_cannot_be_end_the_walk),
		TEST(random_bytes_are_survived),
		TEST(verdicts_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
