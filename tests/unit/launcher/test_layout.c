// SPDX-License-Identifier: GPL-2.0
/*
 * test_layout.c - what goes where in a guest's memory, and what is refused
 * because it would go onto something else.
 */
#include <stdio.h>
#include <stdlib.h>

#include "layout.h"
#include "test.h"
#include "text.h"

static struct layout layout;
static struct why why;

/* A kernel of one segment. */
static struct program kernel_at(uint32_t paddr, uint32_t bytes)
{
	return (struct program){
		.entry = paddr,
		.end = paddr + bytes,
		.count = 1,
		.segment[0] = { .paddr = paddr, .memory_bytes = bytes },
	};
}

static bool plan(const struct program *program, uint64_t ram,
		 uint64_t initrd_bytes)
{
	struct layout_wish wish = {
		.ram = ram,
		.program = program,
		.initrd_bytes = initrd_bytes,
		.initrd_end_max = LAYOUT_RAM_MAX,
		.device_pages = 2,
	};

	return layout_plan(&wish, &layout, &why);
}

static void assert_regions_are_apart(void)
{
	unsigned int i;

	for (i = 0; i + 1 < layout.count; i++)
		assert_true(layout.region[i].start + layout.region[i].bytes <=
			    layout.region[i + 1].start);
	assert_true(layout.region[i].start + layout.region[i].bytes ==
		    layout.bytes);
}

static void a_kernel_without_initrd_fits(void **state)
{
	struct program program = kernel_at(LAYOUT_HIGH, 0x500000);

	(void)state;
	assert_good(plan(&program, 64 * MIB, 0), &why);
	assert_int_equal(layout.initrd_bytes, 0);
	assert_int_equal(layout.initrd, 0);
	assert_int_equal(layout.ram, 64 * MIB);
	assert_int_equal(layout.devices, 64 * MIB);
	assert_int_equal(layout.bytes, 64 * MIB + 2 * LGUEST_PAGE_SIZE);
	assert_regions_are_apart();
}

static void an_initrd_ends_where_memory_does(void **state)
{
	struct program program = kernel_at(LAYOUT_HIGH, 0x500000);

	(void)state;
	assert_good(plan(&program, 64 * MIB, 5000), &why);
	assert_int_equal(layout.initrd, 64 * MIB - 2 * LGUEST_PAGE_SIZE);
	assert_int_equal(layout.initrd_bytes, 5000);
	assert_regions_are_apart();
}

static void an_initrd_stays_below_the_kernels_limit(void **state)
{
	struct program program = kernel_at(LAYOUT_HIGH, 0x500000);
	struct layout_wish wish = {
		.ram = 64 * MIB,
		.program = &program,
		.initrd_bytes = LGUEST_PAGE_SIZE,
		.initrd_end_max = 32 * MIB + 5,
		.device_pages = 2,
	};

	(void)state;
	assert_good(layout_plan(&wish, &layout, &why), &why);
	assert_int_equal(layout.initrd, 32 * MIB - LGUEST_PAGE_SIZE);
	wish.initrd_end_max = 5 * MIB;
	assert_fails(layout_plan(&wish, &layout, &why), &why,
		     "however much memory");
	wish.initrd_end_max = 1;
	assert_fails(layout_plan(&wish, &layout, &why), &why, "0M for it");
}

static void an_initrd_takes_all_room_there_is(void **state)
{
	struct program program = kernel_at(LAYOUT_HIGH, MIB);

	(void)state;
	/* kernel up to 2M, 1M of slack, so from 3M on */
	assert_good(plan(&program, 64 * MIB, 61 * MIB), &why);
	assert_int_equal(layout.initrd, 3 * MIB);
	assert_fails(plan(&program, 64 * MIB, 61 * MIB + 1), &why,
		     "it takes 65M of memory");
	assert_good(plan(&program, 65 * MIB, 61 * MIB + 1), &why);
}

static void an_initrd_too_large_for_any_guest_is_refused(void **state)
{
	struct program program = kernel_at(LAYOUT_HIGH, MIB);

	(void)state;
	assert_fails(plan(&program, 64 * MIB, 894 * MIB), &why,
		     "893M for it at most");
	assert_fails(plan(&program, 896 * MIB, 1ULL << 40), &why,
		     "too large");
	assert_fails(plan(&program, 896 * MIB, INT64_MAX), &why, "too large");
}

static void an_initrd_is_never_put_into_low_memory(void **state)
{
	struct program program = kernel_at(0x1000, 0x1000);

	(void)state;
	assert_fails(plan(&program, 4 * MIB, 3 * MIB + 1), &why,
		     "does not fit");
	assert_good(plan(&program, 4 * MIB, 2 * MIB), &why);
	assert_true(layout.initrd >= LAYOUT_HIGH);
}

static void a_kernel_beyond_memory_is_refused(void **state)
{
	struct program program = kernel_at(LAYOUT_HIGH, 7 * MIB + 1);

	(void)state;
	assert_fails(plan(&program, 8 * MIB, 0), &why, "needs 9M at least");
	program = kernel_at(LAYOUT_HIGH, 7 * MIB);
	assert_good(plan(&program, 8 * MIB, 0), &why);
	program = kernel_at(0xfffff000, 0xfff);
	assert_fails(plan(&program, 8 * MIB, 0), &why, "beyond the guest's");
}

static void a_kernel_on_the_boot_area_is_refused(void **state)
{
	struct program program = kernel_at(LAYOUT_BOOT_PARAMS - 0x1000, 0x1001);

	(void)state;
	assert_fails(plan(&program, 8 * MIB, 0), &why,
		     "overlaps the boot parameters");
	program = kernel_at(LAYOUT_SETUP_DATA + 0xfff, 0x1000);
	assert_fails(plan(&program, 8 * MIB, 0), &why,
		     "overlaps the random seed");
	program = kernel_at(0, 2 * MIB);
	assert_fails(plan(&program, 8 * MIB, 0), &why, "overlaps");
	program = kernel_at(LAYOUT_BOOT_PARAMS - 0x1000, 0x1000);
	assert_good(plan(&program, 8 * MIB, 0), &why);
}

static void segments_on_each_other_are_refused(void **state)
{
	struct program program = kernel_at(LAYOUT_HIGH, MIB);

	(void)state;
	program.count = 2;
	program.segment[1] = (struct program_segment){
		.paddr = LAYOUT_HIGH + MIB - 1, .memory_bytes = 1,
	};
	assert_fails(plan(&program, 8 * MIB, 0), &why,
		     "the kernel at 0x1fffff-0x1fffff overlaps the kernel");
	program.segment[1].paddr++;
	program.end++;
	assert_good(plan(&program, 8 * MIB, 0), &why);
	assert_regions_are_apart();
}

static void a_layout_can_be_shown(void **state)
{
	struct program program = kernel_at(LAYOUT_HIGH, MIB);
	char *text;
	size_t bytes;
	FILE *file = open_memstream(&text, &bytes);

	(void)state;
	assert_good(plan(&program, 8 * MIB, 1), &why);
	layout_print(&layout, file);
	fclose(file);
	assert_non_null(strstr(text, "0x00100000-0x001fffff  the kernel\n"));
	assert_non_null(strstr(text, "0x007ff000-0x007ff000  the initrd\n"));
	assert_non_null(strstr(text, "0x00800000-0x00801fff  the devices\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kernel_without_initrd_fits),
		cmocka_unit_test(an_initrd_ends_where_memory_does),
		cmocka_unit_test(an_initrd_stays_below_the_kernels_limit),
		cmocka_unit_test(an_initrd_takes_all_room_there_is),
		cmocka_unit_test(an_initrd_too_large_for_any_guest_is_refused),
		cmocka_unit_test(an_initrd_is_never_put_into_low_memory),
		cmocka_unit_test(a_kernel_beyond_memory_is_refused),
		cmocka_unit_test(a_kernel_on_the_boot_area_is_refused),
		cmocka_unit_test(segments_on_each_other_are_refused),
		cmocka_unit_test(a_layout_can_be_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
