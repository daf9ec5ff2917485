// SPDX-License-Identifier: GPL-2.0
/*
 * test_kernel.c - kernel files of every wrapping, good and malicious.
 */
#include <stdio.h>
#include <unistd.h>

#include "bzimage.h"
#include "image.h"
#include "kernel.h"
#include "layout.h"
#include "packed.h"
#include "test.h"

static struct kernel kernel;
static struct why why;

static bool unwrap(const void *file, size_t bytes)
{
	return kernel_unwrap(image_copy(file, bytes), bytes, &kernel, &why);
}

/* A gzip of a good ELF, to be damaged; the caller frees. */
static uint8_t *packed_elf(size_t *bytes)
{
	struct image image = image_good();

	return image_gzip(&image, sizeof(image), bytes);
}

static void assert_unwraps_to_the_elf(const void *file, size_t bytes,
				      const char *format)
{
	struct image image = image_good();

	assert_good(unwrap(file, bytes), &why);
	assert_string_equal(kernel.format, format);
	assert_int_equal(kernel.program.entry, IMAGE_PADDR);
	assert_memory_equal(kernel.elf, &image, sizeof(image));
	kernel_free(&kernel);
}

static void an_elf_is_taken_as_it_is(void **state)
{
	struct image image = image_good();

	(void)state;
	assert_unwraps_to_the_elf(&image, sizeof(image), "ELF");
	assert_int_equal(kernel.initrd_end_max, LAYOUT_RAM_MAX);
}

static void a_packed_elf_is_unpacked(void **state)
{
	size_t bytes;
	uint8_t *packed = packed_elf(&bytes);

	(void)state;
	assert_unwraps_to_the_elf(packed, bytes, "packed ELF");
	free(packed);
}

static void a_bzimage_gives_its_elf_and_initrd_limit(void **state)
{
	size_t bytes, size;
	uint8_t *packed = packed_elf(&bytes);
	uint8_t *bzimage = image_bzimage(packed, bytes, &size);

	(void)state;
	assert_unwraps_to_the_elf(bzimage, size, "bzImage");
	assert_int_equal(kernel.initrd_end_max, 0x80000000);
	free(bzimage);
	free(packed);
}

static void a_file_cut_off_anywhere_is_refused(void **state)
{
	size_t bytes, size, i;
	uint8_t *packed = packed_elf(&bytes);
	uint8_t *bzimage = image_bzimage(packed, bytes, &size);

	(void)state;
	for (i = 0; i < bytes; i++)
		assert_false(unwrap(packed, i));
	for (i = 0; i < size; i++)
		assert_false(unwrap(bzimage, i));
	free(bzimage);
	free(packed);
}

static void no_single_damaged_byte_is_dangerous(void **state)
{
	size_t bytes, size, i;
	uint8_t *packed = packed_elf(&bytes);
	uint8_t *bzimage = image_bzimage(packed, bytes, &size);

	(void)state;
	for (i = 0; i < size; i++) {
		bzimage[i] ^= 0xff;
		if (unwrap(bzimage, size))
			kernel_free(&kernel);
		bzimage[i] ^= 0xff;
	}
	free(bzimage);
	free(packed);
}

static void lies_about_the_payload_are_refused(void **state)
{
	size_t bytes, size;
	uint8_t *packed = packed_elf(&bytes);
	uint8_t *bzimage = image_bzimage(packed, bytes, &size);
	struct setup_header *header = image_bzimage_header(bzimage);

	(void)state;
	header->payload_length++;
	assert_fails(unwrap(bzimage, size), &why, "beyond the end");
	header->payload_length = 0xffffffff;
	assert_fails(unwrap(bzimage, size), &why, "beyond the end");
	header->payload_offset = 0xffffffff;
	assert_fails(unwrap(bzimage, size), &why, "beyond the end");
	header->payload_length = 0;
	assert_fails(unwrap(bzimage, size), &why, "without a kernel");
	header->payload_length = bytes;
	header->payload_offset = 0;
	assert_fails(unwrap(bzimage, size), &why, "packed in no known way");
	header->payload_offset = IMAGE_PAYLOAD_OFFSET;
	header->setup_sects = 0;
	assert_fails(unwrap(bzimage, size), &why, "beyond the end");
	free(bzimage);
	free(packed);
}

static void unsuitable_bzimages_are_explained(void **state)
{
	size_t bytes, size;
	uint8_t *packed = packed_elf(&bytes);
	uint8_t *bzimage = image_bzimage(packed, bytes, &size);
	struct setup_header *header = image_bzimage_header(bzimage);

	(void)state;
	header->xloadflags = XLF_KERNEL_64;
	assert_fails(unwrap(bzimage, size), &why, "64-bit");
	header->xloadflags = 0;
	header->version = 0x0207;
	assert_fails(unwrap(bzimage, size), &why, "boot protocol 2.07");
	free(bzimage);
	free(packed);
}

static void other_compressions_are_named(void **state)
{
	static const struct {
		char start[8];
		const char *name;
	} cases[] = {
		{ "BZh91AY", "bzip2" },
		{ "\3757zXZ", "xz" },
		{ "\x5d\0\0\0\x04", "lzma" },
		{ "\x89LZO\0\r\n", "lzo" },
		{ "\x02\x21\x4c\x18", "lz4" },
		{ "\x28\xb5\x2f\xfd", "zstd" },
	};
	size_t size, i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char payload[64] = { 0 };
		uint8_t *bzimage;

		memcpy(payload, cases[i].start, 8);
		bzimage = image_bzimage(payload, sizeof(payload), &size);
		assert_fails(unwrap(bzimage, size), &why, cases[i].name);
		assert_fails(unwrap(bzimage, size), &why,
			     "CONFIG_KERNEL_GZIP");
		assert_fails(unwrap(payload, sizeof(payload)), &why,
			     cases[i].name);
		free(bzimage);
	}
}

/* gzip's own idea of its size is in the last four bytes. */
static void set_announced(uint8_t *packed, size_t bytes, uint32_t size)
{
	memcpy(packed + bytes - sizeof(size), &size, sizeof(size));
}

static void bombs_are_refused(void **state)
{
	const size_t zeros = 16 << 20;
	size_t bytes;
	uint8_t *bomb = calloc(1, zeros);
	uint8_t *packed = image_gzip(bomb, zeros, &bytes);

	(void)state;
	free(bomb);
	assert_fails(unwrap(packed, bytes), &why, "not an ELF");
	set_announced(packed, bytes, 4096);
	assert_fails(unwrap(packed, bytes), &why, "damaged");
	set_announced(packed, bytes, PACKED_LIMIT + 1);
	assert_fails(unwrap(packed, bytes), &why, "the limit is 256 MiB");
	set_announced(packed, bytes, 0xffffffff);
	assert_fails(unwrap(packed, bytes), &why, "the limit is 256 MiB");
	set_announced(packed, bytes, 0);
	assert_fails(unwrap(packed, bytes), &why, "empty or cut off");
	set_announced(packed, bytes, zeros + 1);
	assert_fails(unwrap(packed, bytes), &why, "damaged");
	free(packed);
}

static void a_gzip_within_a_gzip_is_no_kernel(void **state)
{
	size_t bytes, twice_bytes;
	uint8_t *packed = packed_elf(&bytes);
	uint8_t *twice = image_gzip(packed, bytes, &twice_bytes);

	(void)state;
	assert_fails(unwrap(twice, twice_bytes), &why, "not an ELF");
	free(twice);
	free(packed);
}

static void what_is_no_kernel_is_refused(void **state)
{
	(void)state;
	assert_fails(unwrap("", 0), &why, "neither an ELF file");
	assert_fails(unwrap("#!/bin/sh\n", 10), &why, "neither an ELF file");
}

static void files_that_cannot_be_read_are_named(void **state)
{
	char path[] = "/tmp/lguest-test-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_fails(kernel_load("/nonexistent/vmlinux", &kernel, &why), &why,
		     "cannot open /nonexistent/vmlinux: No such file");
	assert_fails(kernel_load("/tmp", &kernel, &why), &why,
		     "not a regular file");
	assert_fails(kernel_load("/dev/zero", &kernel, &why), &why,
		     "not a regular file");
	assert_fails(kernel_load(path, &kernel, &why), &why,
		     "neither an ELF file");
	assert_int_equal(ftruncate(fd, PACKED_LIMIT + 1ULL), 0);
	assert_fails(kernel_load(path, &kernel, &why), &why,
		     "the limit is 256 MiB");
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_elf_is_taken_as_it_is),
		cmocka_unit_test(a_packed_elf_is_unpacked),
		cmocka_unit_test(a_bzimage_gives_its_elf_and_initrd_limit),
		cmocka_unit_test(a_file_cut_off_anywhere_is_refused),
		cmocka_unit_test(no_single_damaged_byte_is_dangerous),
		cmocka_unit_test(lies_about_the_payload_are_refused),
		cmocka_unit_test(unsuitable_bzimages_are_explained),
		cmocka_unit_test(other_compressions_are_named),
		cmocka_unit_test(bombs_are_refused),
		cmocka_unit_test(a_gzip_within_a_gzip_is_no_kernel),
		cmocka_unit_test(what_is_no_kernel_is_refused),
		cmocka_unit_test(files_that_cannot_be_read_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
