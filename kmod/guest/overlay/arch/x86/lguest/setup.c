// SPDX-License-Identifier: GPL-2.0
/*
 * What the guest is told before the kernel looks at its "PC": that most of a
 * PC is missing, and who stands in for the rest.
 * guide: G:080
 */
#include <linux/init.h>
#include <linux/mm.h>
#include <asm/bootparam.h>
#include <asm/e820/api.h>
#include <asm/io_apic.h>
#include <asm/pgtable.h>
#include <asm/setup.h>
#include <asm/x86_init.h>
#include "lguest.h"

/*
 * The launcher's memory map is all there is.  (The usual code takes a map of
 * a single range for a mistake of the BIOS.)
 */
static char * __init launchers_memory_map(void)
{
	const struct boot_e820_entry *entry = boot_params.e820_table;
	unsigned int i;

	for (i = 0; i < boot_params.e820_entries; i++, entry++)
		e820__range_add(entry->addr, entry->size, entry->type);
	e820__update_table(e820_table);
	return "lguest";
}

static void __init no_legacy_devices(void)
{
	x86_platform.legacy.rtc = 0;
	x86_platform.legacy.warm_reset = 0;
	x86_platform.legacy.no_vga = 1;
	x86_platform.legacy.i8042 = X86_LEGACY_I8042_PLATFORM_ABSENT;
	x86_platform.legacy.reserve_bios_regions = 0;
	x86_platform.legacy.devices.pnpbios = 0;
}

static void __init no_firmware(void)
{
	x86_init.resources.probe_roms = x86_init_noop;
	x86_init.resources.reserve_resources = x86_init_noop;
	x86_init.mpparse.find_smp_config = x86_init_noop;
	x86_init.mpparse.get_smp_config = x86_init_uint_noop;
	x86_init.mpparse.setup_ioapic_ids = x86_init_noop;
	x86_platform.realmode_reserve = x86_init_noop;
	x86_platform.realmode_init = x86_init_noop;
}

void __init lguest_init(void)
{
	lguest_cr3 = __pa(initial_page_table);

	no_legacy_devices();
	no_firmware();
	x86_init.resources.memory_setup = launchers_memory_map;
	/* The first moment at which the console's page can be mapped. */
	x86_init.oem.arch_setup = lguest_early_console;
	lguest_irq_init();
	lguest_time_init();
	lguest_shutdown_init();
}
