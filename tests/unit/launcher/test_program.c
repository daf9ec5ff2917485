// SPDX-License-Identifier: GPL-2.0
/*
 * test_program.c - ELF files, good, damaged and malicious.
 */
#include "image.h"
#include "program.h"
#include "test.h"

static struct program program;
static struct why why;

/* Parse from a heap copy of the exact size, so that overreading is seen. */
static bool parse_bytes(const struct image *image, size_t bytes)
{
	uint8_t *copy = image_copy(image, bytes);
	bool good = program_parse(copy, bytes, &program, &why);

	free(copy);
	return good;
}

static bool parse(const struct image *image)
{
	return parse_bytes(image, sizeof(*image));
}

static void a_good_file_is_described(void **state)
{
	struct image image = image_good();

	(void)state;
	image.header.e_phnum = 3;
	image.segment[1].p_type = PT_NOTE;
	image_set_segment(&image, 2, 0x200000, 0x5000);
	assert_good(parse(&image), &why);
	assert_int_equal(program.count, 2);
	assert_int_equal(program.entry, IMAGE_PADDR);
	assert_int_equal(program.segment[1].paddr, 0x200000);
	assert_int_equal(program.segment[1].memory_bytes, 0x5000);
	assert_int_equal(program.segment[1].file_bytes, IMAGE_CODE_BYTES);
	assert_int_equal(program.segment[1].file_offset,
			 offsetof(struct image, code));
	assert_int_equal(program.end, 0x205000);
}

static void a_virtual_entry_point_becomes_physical(void **state)
{
	struct image image = image_good();

	(void)state;
	image.header.e_entry = IMAGE_PADDR + IMAGE_DELTA + 8;
	assert_good(parse(&image), &why);
	assert_int_equal(program.entry, IMAGE_PADDR + 8);
}

static void an_entry_point_outside_is_refused(void **state)
{
	static const uint32_t entries[] = {
		0, IMAGE_PADDR - 1, IMAGE_PADDR + 0x1000, 0xffffffff,
		IMAGE_PADDR + IMAGE_DELTA + 0x1000,
	};
	struct image image = image_good();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(entries); i++) {
		image.header.e_entry = entries[i];
		assert_fails(parse(&image), &why, "entry point");
	}
}

static void a_file_cut_off_anywhere_is_refused(void **state)
{
	struct image image = image_good();
	size_t bytes;

	(void)state;
	for (bytes = 0; bytes < sizeof(image); bytes++)
		assert_false(parse_bytes(&image, bytes));
	assert_good(parse(&image), &why);
}

static void other_kinds_of_elf_are_named(void **state)
{
	struct image image = image_good();

	(void)state;
	image.header.e_ident[EI_CLASS] = ELFCLASS64;
	assert_fails(parse(&image), &why, "64-bit");
	image.header.e_ident[EI_CLASS] = 77;
	assert_fails(parse(&image), &why, "32-bit little-endian");
	image = image_good();
	image.header.e_ident[EI_DATA] = ELFDATA2MSB;
	assert_fails(parse(&image), &why, "32-bit little-endian");
	image = image_good();
	image.header.e_machine = EM_ARM;
	assert_fails(parse(&image), &why, "another processor");
	image = image_good();
	image.header.e_type = ET_DYN;
	assert_fails(parse(&image), &why, "fixed addresses");
	image = image_good();
	image.header.e_ident[0] = 'x';
	assert_fails(parse(&image), &why, "not an ELF");
}

static void lies_about_program_headers_are_refused(void **state)
{
	struct image image = image_good();

	(void)state;
	image.header.e_phnum = 0xffff;
	assert_fails(parse(&image), &why, "program headers go beyond");
	image = image_good();
	image.header.e_phoff = 0xffffffff;
	assert_fails(parse(&image), &why, "program headers go beyond");
	image.header.e_phoff = 0xffffffe0;
	assert_fails(parse(&image), &why, "program headers go beyond");
	image = image_good();
	image.header.e_phentsize = 8;
	assert_fails(parse(&image), &why, "8 bytes each");
	image = image_good();
	image.header.e_phnum = 0;
	assert_fails(parse(&image), &why, "no segment");
}

static void program_headers_may_lie_at_odd_addresses(void **state)
{
	struct image image = image_good();
	Elf32_Phdr segment = image.segment[0];

	(void)state;
	image.header.e_phoff = offsetof(struct image, segment[1]) + 1;
	memcpy((uint8_t *)&image + image.header.e_phoff, &segment,
	       sizeof(segment));
	assert_good(parse(&image), &why);
}

static void segments_outside_of_the_file_are_refused(void **state)
{
	struct image image = image_good();

	(void)state;
	image.segment[0].p_offset = sizeof(image) - IMAGE_CODE_BYTES + 1;
	assert_fails(parse(&image), &why, "beyond the end of the file");
	image.segment[0].p_offset = 0xffffffff;
	assert_fails(parse(&image), &why, "beyond the end of the file");
	image = image_good();
	image.segment[0].p_filesz = 0xffffffff;
	image.segment[0].p_memsz = 0xffffffff;
	assert_fails(parse(&image), &why, "beyond the end of the file");
}

static void segments_that_wrap_are_refused(void **state)
{
	struct image image = image_good();

	(void)state;
	image.segment[0].p_memsz = 0xffffffff - IMAGE_PADDR + 1;
	assert_fails(parse(&image), &why, "beyond 4 GiB");
	image_set_segment(&image, 0, 0xffffff00, 0x1000);
	assert_fails(parse(&image), &why, "beyond 4 GiB");
}

static void segments_larger_in_the_file_are_refused(void **state)
{
	struct image image = image_good();

	(void)state;
	image.segment[0].p_memsz = IMAGE_CODE_BYTES - 1;
	assert_fails(parse(&image), &why, "more bytes in the file");
}

static void segments_must_agree_on_their_delta(void **state)
{
	struct image image = image_good();

	(void)state;
	image.header.e_phnum = 2;
	image_set_segment(&image, 1, 0x200000, 0x1000);
	image.segment[1].p_vaddr++;
	assert_fails(parse(&image), &why, "differ in how far");
}

static void empty_segments_do_not_count(void **state)
{
	struct image image = image_good();

	(void)state;
	image.header.e_phnum = 2;
	image_set_segment(&image, 1, 0, 0);
	image.segment[1].p_filesz = 0;
	assert_good(parse(&image), &why);
	assert_int_equal(program.count, 1);
	image.segment[0].p_memsz = image.segment[0].p_filesz = 0;
	assert_fails(parse(&image), &why, "no segment");
}

static void too_many_segments_are_refused(void **state)
{
	struct image image = image_good();
	unsigned int i;

	(void)state;
	for (i = 0; i < IMAGE_SEGMENTS; i++)
		image_set_segment(&image, i, IMAGE_PADDR + i * 0x1000, 0x1000);
	image.header.e_phnum = PROGRAM_SEGMENTS_MAX;
	assert_good(parse(&image), &why);
	image.header.e_phnum++;
	assert_fails(parse(&image), &why, "more than 16");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_file_is_described),
		cmocka_unit_test(a_virtual_entry_point_becomes_physical),
		cmocka_unit_test(an_entry_point_outside_is_refused),
		cmocka_unit_test(a_file_cut_off_anywhere_is_refused),
		cmocka_unit_test(other_kinds_of_elf_are_named),
		cmocka_unit_test(lies_about_program_headers_are_refused),
		cmocka_unit_test(program_headers_may_lie_at_odd_addresses),
		cmocka_unit_test(segments_outside_of_the_file_are_refused),
		cmocka_unit_test(segments_that_wrap_are_refused),
		cmocka_unit_test(segments_larger_in_the_file_are_refused),
		cmocka_unit_test(segments_must_agree_on_their_delta),
		cmocka_unit_test(empty_segments_do_not_count),
		cmocka_unit_test(too_many_segments_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
