// SPDX-License-Identifier: GPL-2.0
/*
 * test_source.c - which records are taken: slots by any of their names, copies,
 * what was not delivered; and who is there.
 */
#include "fakenet_page.h"

static void ask(enum options_end end, const char *word)
{
	fake_options.slot[fake_options.slots++] =
		(struct options_slot){ end, word };
	fake_open();
}

static bool wants(unsigned int source, unsigned int target)
{
	static uint64_t id = 1000;
	const struct lguest_net_record head = {
		.source = source,
		.target = target,
		.id = id++,
	};

	return source_wants(&fake_source, &head);
}

static void without_words_all_slots_are_taken(void **state)
{
	(void)state;
	assert_true(wants(1, 2));
	assert_true(wants(5, LGUEST_NET_NOBODY));
	assert_int_equal(fake_source.counts.seen, 2);
}

static void a_slot_is_a_number_a_name_or_a_mac(void **state)
{
	static const char *const words[] = { "2", "b", "02:00:00:00:00:0B" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		fake_start(state);
		ask(OPTIONS_EITHER_END, words[i]);
		assert_true(wants(1, 2));
		assert_true(wants(2, 1));
		assert_true(wants(2, LGUEST_NET_NOBODY));
		assert_false(wants(1, 3));
		assert_false(wants(1, LGUEST_NET_NOBODY));
		assert_int_equal(fake_source.counts.unwanted, 2);
	}
}

static void one_end_can_be_asked_for(void **state)
{
	(void)state;
	ask(OPTIONS_SOURCE, "a");
	assert_true(wants(1, 2));
	assert_false(wants(2, 1));
	ask(OPTIONS_TARGET, "3");
	assert_false(wants(1, 2));
	assert_true(wants(1, 3));
	assert_false(wants(2, 3));
}

static void several_words_of_a_kind_are_alternatives(void **state)
{
	(void)state;
	ask(OPTIONS_EITHER_END, "a");
	ask(OPTIONS_EITHER_END, "b");
	assert_true(wants(1, 3));
	assert_true(wants(3, 2));
	assert_false(wants(3, 4));
}

static void a_name_counts_as_soon_as_somebody_has_it(void **state)
{
	(void)state;
	ask(OPTIONS_EITHER_END, "late");
	assert_false(wants(7, 1));
	fake_join(7, "late", 7);
	source_look(&fake_source);
	assert_true(wants(7, 1));
	/* What it said before it left may not have been read yet. */
	fake_leave(7);
	source_look(&fake_source);
	assert_true(wants(7, 1));
	fake_join(7, "other", 8);
	source_look(&fake_source);
	assert_false(wants(7, 1));
}

static void a_record_of_somebody_new_makes_us_look(void **state)
{
	struct netlog_record record;
	char text[SOURCE_SLOT_TEXT];

	(void)state;
	fake_join(9, "new", 9);
	fake_record(&(struct lguest_net_record){ .source = 9, .target = 1 },
		    "x", 1);
	assert_true(source_next(&fake_source, &record));
	assert_string_equal(source_slot_name(&fake_source, 9, text), "new");
}

static void another_owner_is_another_generation(void **state)
{
	uint32_t before = fake_source.slot[1].generation;

	(void)state;
	fake_page.changes++;
	source_look(&fake_source);
	assert_int_equal(fake_source.slot[1].generation, before);
	fake_leave(1);
	source_look(&fake_source);
	assert_int_equal(fake_source.slot[1].generation, before);
	assert_false(fake_source.slot[1].present);
	fake_join(1, "a", 0xc);
	source_look(&fake_source);
	assert_int_equal(fake_source.slot[1].generation, before + 1);
}

static bool wants_copy(uint64_t id, unsigned int target, unsigned int verdict,
		       unsigned int flags)
{
	const struct lguest_net_record head = {
		.source = 1,
		.target = target,
		.id = id,
		.verdict = verdict,
		.flags = flags,
	};

	return source_wants(&fake_source, &head);
}

static void of_copies_the_first_is_taken(void **state)
{
	(void)state;
	assert_true(wants_copy(1, 2, 0, LGUEST_RECORD_GROUP));
	assert_false(wants_copy(1, 3, 0, LGUEST_RECORD_GROUP));
	assert_false(wants_copy(1, 4, 0, LGUEST_RECORD_GROUP));
	assert_true(wants_copy(2, 2, 0, 0));
	assert_int_equal(fake_source.counts.copies, 2);
	/* A frame that has no number is always another. */
	assert_true(wants_copy(0, 2, 0, 0));
	assert_true(wants_copy(0, 2, 0, 0));
}

static void each_copy_that_was_not_delivered_is_taken(void **state)
{
	(void)state;
	assert_true(wants_copy(1, 2, LGUEST_DROP_STUCK, LGUEST_RECORD_GROUP));
	assert_true(wants_copy(1, 3, 0, LGUEST_RECORD_GROUP));
	assert_true(wants_copy(1, 4, LGUEST_DROP_DOWN, LGUEST_RECORD_GROUP));
	assert_false(wants_copy(1, 5, 0, LGUEST_RECORD_GROUP));
}

static void of_copies_the_first_that_is_asked_for_is_taken(void **state)
{
	(void)state;
	ask(OPTIONS_TARGET, "3");
	assert_false(wants_copy(1, 2, 0, LGUEST_RECORD_GROUP));
	assert_true(wants_copy(1, 3, 0, LGUEST_RECORD_GROUP));
}

static void with_copies_all_are_taken(void **state)
{
	(void)state;
	fake_options.copies = true;
	assert_true(wants_copy(1, 2, 0, LGUEST_RECORD_GROUP));
	assert_true(wants_copy(1, 3, 0, LGUEST_RECORD_GROUP));
	assert_true(wants_copy(1, 3, 0, LGUEST_RECORD_SENT_ON));
}

static void with_dropped_only_what_was_not_delivered(void **state)
{
	(void)state;
	fake_options.dropped = true;
	assert_false(wants_copy(1, 2, 0, 0));
	assert_true(wants_copy(2, 2, LGUEST_DROP_UNKNOWN, 0));
	assert_int_equal(fake_source.counts.unwanted, 1);
}

/* Sent by a, diverted to a port in slot 5, sent on to b. */
static void a_diverted_frame_is_taken_once_at_either_end(void **state)
{
	(void)state;
	assert_true(wants_copy(1, 5, 0, LGUEST_RECORD_DIVERTED));
	assert_false(wants_copy(2, 2, 0, LGUEST_RECORD_SENT_ON));
	assert_true(wants_copy(3, 2, LGUEST_DROP_STUCK, LGUEST_RECORD_SENT_ON));
	ask(OPTIONS_EITHER_END, "b");
	assert_false(wants_copy(1, 5, 0, LGUEST_RECORD_DIVERTED));
	assert_true(wants_copy(2, 2, 0, LGUEST_RECORD_SENT_ON));
}

static void a_frame_belongs_to_the_end_that_was_asked_for(void **state)
{
	(void)state;
	assert_false(source_at_target(&fake_source, 1, 2));
	ask(OPTIONS_EITHER_END, "b");
	assert_true(source_at_target(&fake_source, 1, 2));
	assert_false(source_at_target(&fake_source, 2, 1));
	fake_start(state);
	ask(OPTIONS_TARGET, "b");
	assert_true(source_at_target(&fake_source, 1, 2));
	ask(OPTIONS_SOURCE, "a");
	assert_false(source_at_target(&fake_source, 1, 2));
	fake_options.copies = true;
	assert_true(source_at_target(&fake_source, 1, 2));
	assert_false(source_at_target(&fake_source, 1, LGUEST_NET_NOBODY));
}

static void times_do_not_go_back_but_with_the_clock(void **state)
{
	static const uint64_t sent[] = { 5000000000, 4999999000, 5000000001,
					 1000000000 };
	static const uint64_t taken[] = { 5000000000, 5000000000, 5000000001,
					  1000000000 };
	struct netlog_record record;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sent); i++)
		fake_record(&(struct lguest_net_record){
			.source = 1, .target = 2, .time_ns = sent[i] }, "x", 1);
	for (i = 0; i < ARRAY_SIZE(sent); i++) {
		assert_true(source_next(&fake_source, &record));
		assert_int_equal(record.head.time_ns, taken[i]);
	}
	assert_false(source_next(&fake_source, &record));
}

static void slots_that_cannot_be_are_not_taken(void **state)
{
	(void)state;
	assert_false(wants(LGUEST_NET_NOBODY, 1));
	assert_false(wants(255, 1));
	assert_false(wants(1, 255));
	assert_int_equal(fake_source.counts.unwanted, 3);
}

static void slots_have_names_or_numbers(void **state)
{
	char text[SOURCE_SLOT_TEXT];

	(void)state;
	assert_string_equal(source_slot_name(&fake_source, 1, text), "a");
	assert_string_equal(source_slot_name(&fake_source, 3, text), "slot 3");
	assert_string_equal(source_slot_name(&fake_source, LGUEST_NET_NOBODY,
					     text), "nobody");
}

static void what_was_lost_is_known_when_a_batch_is_done(void **state)
{
	(void)state;
	fake_log->lost = 42;
	source_done(&fake_source);
	assert_int_equal(fake_source.counts.lost, 42);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_start, fake_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_words_all_slots_are_taken),
		TEST(a_slot_is_a_number_a_name_or_a_mac),
		TEST(one_end_can_be_asked_for),
		TEST(several_words_of_a_kind_are_alternatives),
		TEST(a_name_counts_as_soon_as_somebody_has_it),
		TEST(a_record_of_somebody_new_makes_us_look),
		TEST(another_owner_is_another_generation),
		TEST(of_copies_the_first_is_taken),
		TEST(each_copy_that_was_not_delivered_is_taken),
		TEST(of_copies_the_first_that_is_asked_for_is_taken),
		TEST(with_copies_all_are_taken),
		TEST(with_dropped_only_what_was_not_delivered),
		TEST(a_diverted_frame_is_taken_once_at_either_end),
		TEST(a_frame_belongs_to_the_end_that_was_asked_for),
		TEST(times_do_not_go_back_but_with_the_clock),
		TEST(slots_that_cannot_be_are_not_taken),
		TEST(slots_have_names_or_numbers),
		TEST(what_was_lost_is_known_when_a_batch_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
