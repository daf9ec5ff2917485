// SPDX-License-Identifier: GPL-2.0
/*
 * test_boot.c - what a kernel finds in its memory when it starts.
 */
#include "boot.h"
#include "image.h"
#include "test.h"
#include "text.h"

#define RAM	(8 * MIB)

static uint8_t *memory;
static struct layout layout;
static const struct boot_params *params;

static int write_all(void **state)
{
	struct image image = image_good();
	struct kernel kernel;
	struct why why;
	struct boot boot = {
		.layout = &layout,
		.kernel = &kernel,
		.cmdline = "console=hvc0 quiet",
		.seed = { 1, 2, 3 },
	};
	struct layout_wish wish = {
		.ram = RAM,
		.program = &kernel.program,
		.initrd_bytes = 5000,
		.initrd_end_max = LAYOUT_RAM_MAX,
		.device_pages = 2,
	};

	(void)state;
	if (!kernel_unwrap(image_copy(&image, sizeof(image)), sizeof(image),
			   &kernel, &why))
		return -1;
	if (!layout_plan(&wish, &layout, &why))
		return -1;
	memory = calloc(1, layout.bytes);
	boot_write(&boot, memory);
	kernel_free(&kernel);
	params = (void *)(memory + LAYOUT_BOOT_PARAMS);
	return 0;
}

static int forget_all(void **state)
{
	(void)state;
	free(memory);
	return 0;
}

static void the_kernel_is_there(void **state)
{
	struct image image = image_good();

	(void)state;
	assert_memory_equal(memory + IMAGE_PADDR, image.code,
			    IMAGE_CODE_BYTES);
	assert_int_equal(memory[IMAGE_PADDR + IMAGE_CODE_BYTES], 0);
}

static void the_header_speaks_the_boot_protocol(void **state)
{
	(void)state;
	assert_int_equal(params->hdr.boot_flag, 0xaa55);
	assert_memory_equal(&params->hdr.header, "HdrS", 4);
	assert_true(params->hdr.version >= 0x0209);
	assert_int_equal(params->hdr.type_of_loader, 0xff);
	assert_int_equal(params->hdr.loadflags, LOADED_HIGH);
	assert_int_equal(params->sentinel, 0);
}

static void the_devices_can_be_found(void **state)
{
	(void)state;
	assert_int_equal(params->hdr.hardware_subarch, LGUEST_SUBARCH);
	assert_int_equal(params->hdr.hardware_subarch_data, RAM);
}

static void the_initrd_can_be_found(void **state)
{
	(void)state;
	assert_int_equal(params->hdr.ramdisk_image, layout.initrd);
	assert_int_equal(params->hdr.ramdisk_size, 5000);
}

static void the_command_line_is_there(void **state)
{
	(void)state;
	assert_string_equal((char *)memory + params->hdr.cmd_line_ptr,
			    "console=hvc0 quiet");
}

static void the_random_seed_is_there(void **state)
{
	const struct setup_data *data = (void *)(memory +
						 params->hdr.setup_data);

	(void)state;
	assert_int_equal(data->next, 0);
	assert_int_equal(data->type, SETUP_RNG_SEED);
	assert_int_equal(data->len, BOOT_SEED_BYTES);
	assert_memory_equal(data->data, "\1\2\3\0", 4);
}

static void ram_is_listed_and_devices_are_reserved(void **state)
{
	const struct boot_e820_entry expected[] = {
		{ 0, LAYOUT_BIOS, 1 },
		{ LAYOUT_HIGH, RAM - LAYOUT_HIGH, 1 },
		{ RAM, 2 * LGUEST_PAGE_SIZE, 2 },
	};

	(void)state;
	assert_int_equal(params->e820_entries, 3);
	assert_memory_equal(params->e820_table, expected, sizeof(expected));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_is_there),
		cmocka_unit_test(the_header_speaks_the_boot_protocol),
		cmocka_unit_test(the_devices_can_be_found),
		cmocka_unit_test(the_initrd_can_be_found),
		cmocka_unit_test(the_command_line_is_there),
		cmocka_unit_test(the_random_seed_is_there),
		cmocka_unit_test(ram_is_listed_and_devices_are_reserved),
	};

	return cmocka_run_group_tests(tests, write_all, forget_all);
}
