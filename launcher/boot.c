// SPDX-License-Identifier: GPL-2.0
/*
 * boot.c - writes kernel, boot parameters, command line and random seed into
 * a guest's memory, where the layout says.  What is not written stays zero,
 * which the boot protocol takes for "none".
 * guide: L:190
 */
#include <asm/bootparam.h>
#include <string.h>

#include "array.h"
#include "boot.h"

#define BOOT_FLAG		0xaa55
#define HEADER_MAGIC		0x53726448	/* "HdrS" */
#define PROTOCOL_VERSION	0x020f
#define LOADER_UNREGISTERED	0xff

/* E820 types, numbered by ACPI's "address range types". */
#define E820_RAM		1
#define E820_RESERVED		2

static void write_program(const struct kernel *kernel, uint8_t *memory)
{
	const struct program_segment *segment = kernel->program.segment;
	unsigned int i;

	for (i = 0; i < kernel->program.count; i++, segment++)
		memcpy(memory + segment->paddr,
		       kernel->elf + segment->file_offset,
		       segment->file_bytes);
}

/*
 * The devices are listed as reserved so that the guest neither takes them for
 * RAM nor puts anything else there.
 */
static void write_e820(const struct layout *layout, struct boot_params *params)
{
	const struct boot_e820_entry table[] = {
		{ 0, LAYOUT_BIOS, E820_RAM },
		{ LAYOUT_HIGH, layout->ram - LAYOUT_HIGH, E820_RAM },
		{ layout->devices, layout->bytes - layout->devices,
		  E820_RESERVED },
	};

	memcpy(params->e820_table, table, sizeof(table));
	params->e820_entries = ARRAY_SIZE(table);
}

static void write_header(const struct layout *layout,
			 struct setup_header *header)
{
	header->boot_flag = BOOT_FLAG;
	header->header = HEADER_MAGIC;
	header->version = PROTOCOL_VERSION;
	header->type_of_loader = LOADER_UNREGISTERED;
	header->loadflags = LOADED_HIGH;
	header->cmd_line_ptr = LAYOUT_CMDLINE;
	header->cmdline_size = LAYOUT_CMDLINE_MAX - 1;
	header->setup_data = LAYOUT_SETUP_DATA;
	header->ramdisk_image = layout->initrd;
	header->ramdisk_size = layout->initrd_bytes;
	header->hardware_subarch = LGUEST_SUBARCH;
	header->hardware_subarch_data = layout->devices;
}

static void write_seed(const uint8_t *seed, uint8_t *memory)
{
	struct setup_data *data = (void *)(memory + LAYOUT_SETUP_DATA);

	data->type = SETUP_RNG_SEED;
	data->len = BOOT_SEED_BYTES;
	memcpy(data->data, seed, BOOT_SEED_BYTES);
}

void boot_write(const struct boot *boot, uint8_t *memory)
{
	struct boot_params *params = (void *)(memory + LAYOUT_BOOT_PARAMS);

	write_program(boot->kernel, memory);
	write_e820(boot->layout, params);
	write_header(boot->layout, &params->hdr);
	write_seed(boot->seed, memory);
	strcpy((char *)memory + LAYOUT_CMDLINE, boot->cmdline);
}
