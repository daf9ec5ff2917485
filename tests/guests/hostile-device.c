// SPDX-License-Identifier: GPL-2.0
/*
 * hostile-device.c - notifications for devices that are not there, and a
 * device page and console page full of garbage: the launcher must neither
 * crash nor spin, nor stop serving.
 */
#include "guest.h"

static void device_too_high(void)
{
	hcall(LHCALL_NOTIFY, LGUEST_DEVICE_MAX, 0, 0);
}

static void device_wild(void)
{
	hcall(LHCALL_NOTIFY, 0xffffffff, 0, 0);
}

static void every_device(void)
{
	u32 i;

	for (i = 0; i < 1000 * LGUEST_DEVICE_MAX; i++)
		hcall(LHCALL_NOTIFY, i % LGUEST_DEVICE_MAX, 0, 0);
}

/* The indices are garbage, and their distance more than the ring's size. */
static void garbage_console(void)
{
	const struct lguest_device_page *devices = at(ram_end());
	u32 *words = at(devices->dev[0].pfn * PAGE_SIZE);
	u32 i;

	for (i = 0; i < 3000; i++) {
		words[random() % 8] = random();
		hcall(LHCALL_NOTIFY, 0, 0, 0);
	}
}

static void garbage_device_page(void)
{
	u32 *words = at(ram_end());
	u32 i;

	for (i = 0; i < 3000; i++) {
		words[random() % (PAGE_SIZE / sizeof(u32))] = random();
		hcall(LHCALL_NOTIFY, i % LGUEST_DEVICE_MAX, 0, 0);
	}
}

static member *const members[] = {
	device_too_high, device_wild, every_device, garbage_console,
	garbage_device_page,
};

static void test(void)
{
	setup();
	RUN_MEMBER(members);
}
