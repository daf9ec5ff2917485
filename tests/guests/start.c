// SPDX-License-Identifier: GPL-2.0
/*
 * start.c - a guest starts as the contract says: registers, selectors, flat
 * memory, boot parameters, device page.
 */
#include "guest.h"

static void check_registers(void)
{
	CHECK_EQ(start_state.eax, 0);
	CHECK_EQ(start_state.ebx, 0);
	CHECK_EQ(start_state.ecx, 0);
	CHECK_EQ(start_state.edx, 0);
	CHECK_EQ(start_state.edi, 0);
	CHECK_EQ(start_state.ebp, 0);
	CHECK_EQ(start_state.cs, LGUEST_KERNEL_CS);
	CHECK_EQ(start_state.ss, LGUEST_KERNEL_DS);
	CHECK_EQ(start_state.ds, LGUEST_KERNEL_DS);
	CHECK_EQ(start_state.es, LGUEST_KERNEL_DS);
	CHECK_EQ(start_state.fs, 0);
	CHECK_EQ(start_state.gs, 0);
	CHECK_EQ(start_state.eflags & (EFLAGS_IOPL | EFLAGS_NT | EFLAGS_TF), 0);
}

static void check_boot_params(void)
{
	const struct boot_params *params = boot_params();
	u32 i, usable = 0;

	CHECK_EQ(params->hdr.boot_flag, 0xaa55);
	CHECK_EQ(params->hdr.header, 0x53726448);	/* "HdrS" */
	CHECK_EQ(params->hdr.hardware_subarch, LGUEST_SUBARCH);
	CHECK(params->e820_entries > 0);
	for (i = 0; i < params->e820_entries; i++) {
		const struct boot_e820_entry *e = &params->e820_table[i];

		if (e->type != 1)
			continue;
		CHECK(e->addr + e->size <= ram_end());
		usable += e->size;
	}
	CHECK_RANGE(usable, ram_end() - 0x100000, ram_end());
	CHECK(same_memory(command_line(), "word=7 other", 13));
	CHECK_EQ(parameter("word", 0), 7);
}

/* Every word of RAM can be read, and behind the image written. */
static void check_memory(void)
{
	u32 address, end = ram_end();

	for (address = 0; address < end; address += PAGE_SIZE)
		(void)*(volatile u32 *)at(address);
	for (address = pa(image_end); address < end; address += PAGE_SIZE)
		*(volatile u32 *)at(address) = ~address;
	for (address = pa(image_end); address < end; address += PAGE_SIZE)
		CHECK_EQ(*(volatile u32 *)at(address), ~address);
}

static void check_devices(void)
{
	const struct lguest_device_page *devices = at(ram_end());

	CHECK_EQ(ram_end() % PAGE_SIZE, 0);
	CHECK_EQ(devices->dev[0].type, LGUEST_DEVICE_CONSOLE);
	CHECK_EQ(devices->dev[0].num_pages, 1);
	CHECK(devices->dev[0].pfn * PAGE_SIZE > ram_end());
	CHECK_EQ(devices->dev[0].status, 0);
}

static void test(void)
{
	check_registers();
	check_boot_params();
	check_devices();
	check_memory();
}
