// SPDX-License-Identifier: GPL-2.0
/* Bytes in several pieces. */
#include "iovec.h"
#include "test.h"

static char one[3] = "abc", two[1], three[5] = "defgh";

static const struct iovec iov[] = {
	{ one, 3 }, { NULL, 0 }, { two, 0 }, { three, 5 },
};

#define PARTS	ARRAY_SIZE(iov)

static void any_range_is_read(void **state)
{
	char text[9];
	size_t from, bytes;

	(void)state;
	assert_int_equal(iovec_bytes(iov, PARTS), 8);
	for (from = 0; from <= 8; from++)
		for (bytes = 0; bytes <= 8 - from; bytes++) {
			assert_true(iovec_read(iov, PARTS, from, text, bytes));
			assert_memory_equal(text, "abcdefgh" + from, bytes);
		}
}

static void ranges_that_are_not_there_are_refused(void **state)
{
	char text[9] = "untouched";

	(void)state;
	assert_false(iovec_read(iov, PARTS, 0, text, 9));
	assert_false(iovec_read(iov, PARTS, 8, text, 1));
	assert_false(iovec_read(iov, PARTS, 9, text, 0));
	assert_false(iovec_read(iov, PARTS, SIZE_MAX, text, 1));
	assert_false(iovec_read(iov, PARTS, 1, text, SIZE_MAX));
	assert_false(iovec_write(iov, PARTS, 7, text, 2));
	assert_false(iovec_read(NULL, 0, 0, text, 1));
	assert_memory_equal(text, "untouched", 9);
	assert_memory_equal(three, "defgh", 5);
}

static void writing_reaches_across_pieces(void **state)
{
	(void)state;
	assert_true(iovec_write(iov, PARTS, 2, "CDE", 3));
	assert_memory_equal(one, "abC", 3);
	assert_memory_equal(three, "DEfgh", 5);
	assert_true(iovec_write(iov, PARTS, 2, "cde", 3));
}

static void a_slice_has_no_empty_pieces(void **state)
{
	struct iovec slice[PARTS];

	(void)state;
	assert_int_equal(iovec_slice(iov, PARTS, 1, 4, slice), 2);
	assert_ptr_equal(slice[0].iov_base, one + 1);
	assert_int_equal(slice[0].iov_len, 2);
	assert_ptr_equal(slice[1].iov_base, three);
	assert_int_equal(slice[1].iov_len, 2);
	assert_int_equal(iovec_slice(iov, PARTS, 3, 5, slice), 1);
	assert_int_equal(iovec_slice(iov, PARTS, 3, 0, slice), 0);
	assert_int_equal(iovec_slice(iov, PARTS, 8, 0, slice), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_range_is_read),
		cmocka_unit_test(ranges_that_are_not_there_are_refused),
		cmocka_unit_test(writing_reaches_across_pieces),
		cmocka_unit_test(a_slice_has_no_empty_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
