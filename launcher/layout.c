// SPDX-License-Identifier: GPL-2.0
/*
 * layout.c - gives everything its place in a guest's memory.  Each thing is
 * entered as a region and entered only if it lies on no other, so whatever the
 * kernel file says, nothing can be written over anything else.
 * guide: L:180
 */
#include <string.h>

#include "layout.h"
#include "text.h"

/*
 * Left free between kernel and initrd: a kernel's first allocations may come
 * before it knows where its initrd is.
 */
#define KERNEL_SLACK	MIB

static uint64_t page_up(uint64_t address)
{
	return (address + LGUEST_PAGE_SIZE - 1) &
	       ~(uint64_t)(LGUEST_PAGE_SIZE - 1);
}

static uint64_t page_down(uint64_t address)
{
	return address & ~(uint64_t)(LGUEST_PAGE_SIZE - 1);
}

static unsigned long long to_mib(uint64_t bytes)
{
	return (bytes + MIB - 1) / MIB;
}

static bool overlap(const struct layout_region *a,
		    const struct layout_region *b)
{
	return a->start < b->start + b->bytes && b->start < a->start + a->bytes;
}

static bool add(struct layout *layout, uint64_t start, uint64_t bytes,
		const char *what, struct why *why)
{
	struct layout_region new = { start, bytes, what };
	struct layout_region *region = layout->region;
	unsigned int i, place = 0;

	for (i = 0; i < layout->count; i++) {
		if (overlap(&new, &region[i]))
			return why_fail(why, "%s at 0x%llx-0x%llx overlaps %s at 0x%llx-0x%llx",
					what, (unsigned long long)start,
					(unsigned long long)(start + bytes - 1),
					region[i].what,
					(unsigned long long)region[i].start,
					(unsigned long long)(region[i].start +
							     region[i].bytes - 1));
		if (region[i].start < start)
			place = i + 1;
	}
	memmove(region + place + 1, region + place,
		(layout->count - place) * sizeof(*region));
	region[place] = new;
	layout->count++;
	return true;
}

static bool add_boot_area(struct layout *layout, struct why *why)
{
	return add(layout, LAYOUT_BOOT_PARAMS, LGUEST_PAGE_SIZE,
		   "the boot parameters", why) &&
	       add(layout, LAYOUT_CMDLINE, LGUEST_PAGE_SIZE,
		   "the command line", why) &&
	       add(layout, LAYOUT_SETUP_DATA, LGUEST_PAGE_SIZE,
		   "the random seed", why);
}

static bool add_program(struct layout *layout, const struct program *program,
			struct why *why)
{
	unsigned int i;

	if (program->end > layout->ram)
		return why_fail(why, "the kernel ends at 0x%x, beyond the guest's %llu KiB of memory: it needs %lluM at least",
				program->end,
				(unsigned long long)(layout->ram / KIB),
				to_mib(program->end));
	for (i = 0; i < program->count; i++)
		if (!add(layout, program->segment[i].paddr,
			 program->segment[i].memory_bytes, "the kernel", why))
			return false;
	return true;
}

static bool no_room(const struct layout_wish *wish, uint64_t floor,
		    struct why *why)
{
	uint64_t bytes = page_up(wish->initrd_bytes);
	uint64_t need = to_mib(floor + bytes) * MIB;
	uint64_t limit = wish->initrd_end_max;

	if (limit > LAYOUT_RAM_MAX)
		limit = LAYOUT_RAM_MAX;
	if (bytes > limit || need > limit)
		return why_fail(why, "the initrd (%lluM) is too large: above the kernel this kernel can use %lluM for it at most, however much memory there is",
				to_mib(bytes),
				(unsigned long long)(limit > floor ?
						     (limit - floor) / MIB : 0));
	return why_fail(why, "the initrd (%lluM) does not fit above the kernel: it takes %lluM of memory at least",
			to_mib(bytes), (unsigned long long)(need / MIB));
}

static bool add_initrd(struct layout *layout, const struct layout_wish *wish,
		       struct why *why)
{
	uint64_t floor = page_up(wish->program->end) + KERNEL_SLACK;
	uint64_t top = wish->initrd_end_max < wish->ram ?
		       page_down(wish->initrd_end_max) : wish->ram;

	if (!wish->initrd_bytes)
		return true;
	/* Below the low memory's hole there is no room for one. */
	if (floor < LAYOUT_HIGH)
		floor = LAYOUT_HIGH;
	if (top < floor || wish->initrd_bytes > top - floor)
		return no_room(wish, floor, why);
	layout->initrd_bytes = wish->initrd_bytes;
	layout->initrd = page_down(top - wish->initrd_bytes);
	return add(layout, layout->initrd, wish->initrd_bytes, "the initrd",
		   why);
}

bool layout_plan(const struct layout_wish *wish, struct layout *layout,
		 struct why *why)
{
	uint64_t devices = (uint64_t)wish->device_pages * LGUEST_PAGE_SIZE;

	*layout = (struct layout){
		.ram = wish->ram,
		.bytes = wish->ram + devices,
		.devices = wish->ram,
	};
	return add_boot_area(layout, why) &&
	       add_program(layout, wish->program, why) &&
	       add_initrd(layout, wish, why) &&
	       add(layout, layout->devices, devices, "the devices", why);
}

void layout_print(const struct layout *layout, FILE *file)
{
	unsigned int i;

	for (i = 0; i < layout->count; i++)
		fprintf(file, "  0x%08llx-0x%08llx  %s\n",
			(unsigned long long)layout->region[i].start,
			(unsigned long long)(layout->region[i].start +
					     layout->region[i].bytes - 1),
			layout->region[i].what);
}
