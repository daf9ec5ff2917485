// SPDX-License-Identifier: GPL-2.0
/*
 * hostile-gdt.c - segment descriptors that would be a way into ring 0 or
 * into 64-bit code, tables that lie outside memory or are too long, and the
 * oddest descriptors that are allowed, all used.
 */
#include "guest.h"

#define ENTRY		20u
#define SELECTOR	(ENTRY * 8 + 1)
#define FLAT_LOW	0x0000ffffu
#define FLAT_HIGH	0x00cf0000u

#define TYPE(byte)	((u32)(byte) << 8)
#define PRESENT		0x80u
#define DPL(n)		((n) << 5)
#define CODE_OR_DATA	0x10u
#define CONFORMING	0x0cu	/* code that is */

static u64 table[LGUEST_GDT_ENTRIES];

/* The three ways for a descriptor to get into the GDT. */
static void load_descriptor(u32 way, u32 low, u32 high)
{
	u64 descriptor = (u64)high << 32 | low;

	switch (way) {
	case 0:
		hcall(LHCALL_LOAD_GDT_ENTRY, ENTRY, low, high);
		break;
	case 1:
		table[2] = descriptor;
		hcall(LHCALL_LOAD_TLS, pa(table), 0, 0);
		break;
	default:
		table[LGUEST_GDT_ENTRIES - 1] = descriptor;
		hcall(LHCALL_LOAD_GDT, pa(table), LGUEST_GDT_ENTRIES, 0);
	}
}

/* 0: a system descriptor; way= and type= say which */
static void system_descriptor(void)
{
	load_descriptor(parameter("way", 0), FLAT_LOW, FLAT_HIGH |
			TYPE(PRESENT | DPL(3) | parameter("type", 0)));
}

/* 1: a 64-bit code segment */
static void long_code(void)
{
	load_descriptor(parameter("way", 0), FLAT_LOW, 0x00a00000 |
			TYPE(PRESENT | DPL(1) | CODE_OR_DATA | 0xb));
}

/* 2: L and D both set, which is reserved */
static void long_and_32_bit(void)
{
	load_descriptor(parameter("way", 0), FLAT_LOW, 0x00e00000 |
			TYPE(PRESENT | DPL(1) | CODE_OR_DATA | 0xb));
}

/* 3: a conforming code segment of ring 0, which any ring may run */
static void conforming(void)
{
	load_descriptor(parameter("way", 0), FLAT_LOW, FLAT_HIGH |
			TYPE(PRESENT | DPL(0) | CODE_OR_DATA | CONFORMING));
}

/* 4 to 10: tables and numbers */
static void too_many_entries(void)
{
	hcall(LHCALL_LOAD_GDT, pa(table), LGUEST_GDT_ENTRIES + 1, 0);
}

static void very_many_entries(void)
{
	hcall(LHCALL_LOAD_GDT, pa(table), 0xffffffff, 0);
}

static void entries_that_overflow(void)
{
	hcall(LHCALL_LOAD_GDT, pa(table), 0x20000001, 0);
}

static void beyond_memory(void)
{
	hcall(LHCALL_LOAD_GDT, memory_end(), 1, 0);
}

static void across_the_end_of_memory(void)
{
	hcall(LHCALL_LOAD_GDT, memory_end() - 8, 2, 0);
}

static void across_the_end_of_addresses(void)
{
	hcall(LHCALL_LOAD_GDT, 0xfffffff8, LGUEST_GDT_ENTRIES, 0);
}

static void tls_across_the_end_of_memory(void)
{
	hcall(LHCALL_LOAD_TLS, memory_end() - 16, 0, 0);
}

/* 11 to 13: entries that are not the guest's */
static void entry_of_the_host(void)
{
	hcall(LHCALL_LOAD_GDT_ENTRY, 2, FLAT_LOW, FLAT_HIGH | TYPE(0xfb));
}

static void last_entry_of_the_host(void)
{
	hcall(LHCALL_LOAD_GDT_ENTRY, LGUEST_GDT_FIRST - 1, 0, 0);
}

static void entry_too_high(void)
{
	hcall(LHCALL_LOAD_GDT_ENTRY, LGUEST_GDT_ENTRIES, 0, 0);
}

/* 14: the table ends with the memory: that is in order */
static void at_the_end_of_memory(void)
{
	hcall(LHCALL_LOAD_TLS, memory_end() - 24, 0, 0);
	hcall(LHCALL_LOAD_GDT, memory_end() - 8, 1, 0);
}

/* 15: every descriptor that the host takes, in every segment register */
static u32 far_pointer[2] __attribute__((used));

static void use_everywhere(u32 selector)
{
	TRY_WITH("movl %%eax, %%ds\n movl 0, %%edx", selector, 0);
	TRY_WITH("movl %%eax, %%es\n movl %%es:0xfffffffc, %%edx", selector, 0);
	TRY_WITH("movl %%eax, %%fs\n movl %%fs:0x1000, %%edx", selector, 0);
	TRY_WITH("movl %%eax, %%gs\n movl %%gs:0xfffffffd, %%edx", selector, 0);
	/* A trap with this stack segment would be the guest's own fault. */
	TRY_WITH("movl %%eax, %%ss\n movl %%ecx, %%ss", selector,
		 LGUEST_KERNEL_DS);
	far_pointer[1] = selector;
	TRY("movl $771f, far_pointer\n ljmp *far_pointer");
	TRY("movl $0, %%eax\n movl %%eax, %%fs\n movl %%eax, %%gs");
}

static void every_descriptor(void)
{
	u32 type, flags;

	for (type = 0; type < 0x100; type++) {
		bool code = type & 8;

		if ((type & PRESENT) && !(type & CODE_OR_DATA))
			continue;
		if (code && (type & 4))
			continue;
		for (flags = 0; flags < 16; flags++) {
			if (flags & 2)		/* L */
				continue;
			hcall(LHCALL_LOAD_GDT_ENTRY, ENTRY, 0x8000ffff,
			      0xff00007f | flags << 20 | TYPE(type));
			use_everywhere(SELECTOR);
			use_everywhere(SELECTOR | 3);
		}
	}
}

/* 16: code in a 16-bit segment, and in one of ring 2 or 3, that traps */
static void trap_in_odd_code(void)
{
	u8 *code = (u8 *)new_page();
	u32 base = pa(code), dpl, big;

	memcpy(code, "\x0f\x0b", 2);			/* ud2 */
	for (dpl = 1; dpl <= 3; dpl++) {
		for (big = 0; big <= 1; big++) {
			u32 high = (base >> 16 & 0xff) | big << 22 |
				   TYPE(PRESENT | DPL(dpl) | CODE_OR_DATA | 0xb);

			hcall(LHCALL_LOAD_GDT_ENTRY, ENTRY,
			      base << 16 | 0xffff, high);
			far_pointer[0] = 0;
			far_pointer[1] = ENTRY * 8 + dpl;
			TRY("ljmp *far_pointer");
			CHECK(caught.vector != VECTOR_NONE);
			TRY("pushl $0x7b\n pushl $user_stack+64\n pushfl\n"
			    "pushl far_pointer+4\n pushl $0\n iret");
			CHECK(caught.vector != VECTOR_NONE);
		}
	}
}

static member *const members[] = {
	system_descriptor, long_code, long_and_32_bit, conforming,
	too_many_entries, very_many_entries, entries_that_overflow,
	beyond_memory, across_the_end_of_memory, across_the_end_of_addresses,
	tls_across_the_end_of_memory, entry_of_the_host,
	last_entry_of_the_host, entry_too_high, at_the_end_of_memory,
	every_descriptor, trap_in_odd_code,
};

static void test(void)
{
	setup();
	RUN_MEMBER(members);
}
