// SPDX-License-Identifier: GPL-2.0
/*
 * segments.c - the guest's GDT: TLS entries with base and limit, single
 * entries, whole tables; selectors survive exits, and one that has become
 * invalid turns into null.
 */
#include "guest.h"

#define TLS(n)		(6u + (n))
#define USER_SELECTOR(n)	(TLS(n) * 8 + 3)
#define RING1_SELECTOR(n)	((n) * 8 + 1)

/* Type and DPL, as in the high word's bits 8 to 15 */
#define DATA_RING1	0xb3u
#define DATA_RING3	0xf3u
#define DATA_RING0	0x93u
#define DATA_READ_ONLY	0xb1u
#define CODE_RING1	0xbbu
#define BYTES		0x4u	/* flags: 32 bits, limit in bytes */
#define PAGES		0xcu	/* limit in pages */

static u64 descriptor(u32 base, u32 limit, u32 type, u32 flags)
{
	u32 low = (base & 0xffff) << 16 | (limit & 0xffff);
	u32 high = (base & 0xff000000) | flags << 20 | (limit & 0xf0000) |
		   type << 8 | (base >> 16 & 0xff);

	return (u64)high << 32 | low;
}

static void load_entry(u32 n, u64 d)
{
	hcall(LHCALL_LOAD_GDT_ENTRY, n, (u32)d, (u32)(d >> 32));
}

static u32 words[8] USER_DATA = { 10, 11, 12, 13, 14, 15, 16, 17 };

static u32 fs_word(u32 offset)
{
	u32 value;

	asm volatile("movl %%fs:(%1), %0" : "=r"(value) : "r"(offset));
	return value;
}

static u32 fs_selector(void)
{
	u32 value;

	asm volatile("movl %%fs, %0" : "=r"(value));
	return value;
}

static void set_fs(u32 selector)
{
	asm volatile("movl %0, %%fs" :: "r"(selector));
}

/* What a segment's limit or type forbids. */
static bool emulated;

static void check_refused(u32 vector)
{
	if (!emulated)
		CHECK_EQ(vector, VECTOR_GP);
}

static void base_and_limit(void)
{
	u64 tls[3] = {
		descriptor(pa(&words[0]), 0xfffff, DATA_RING3, PAGES),
		descriptor(pa(&words[1]), 0xfffff, DATA_RING3, PAGES),
		descriptor(pa(&words[2]), 7, DATA_RING3, BYTES),
	};
	u32 i;

	hcall(LHCALL_LOAD_TLS, pa(tls), 0, 0);
	for (i = 0; i < 3; i++) {
		set_fs(USER_SELECTOR(i));
		CHECK_EQ(fs_word(0), 10 + i);
		CHECK_EQ(fs_word(4), 11 + i);
	}
	check_refused(TRY("movl %%fs:8, %%eax"));
	check_refused(TRY("movl %%fs:5, %%eax"));
	/* Offsets wrap around at 4 GiB, as thread-local storage needs. */
	set_fs(USER_SELECTOR(1));
	CHECK_EQ(fs_word(-4), 10);
}

/* Base and selector live through traps, hypercalls and long runs. */
static void kept_over_exits(void)
{
	u32 i, ticks;

	set_fs(USER_SELECTOR(1));
	asm volatile("movl %0, %%gs" :: "r"(USER_SELECTOR(0)));
	for (i = 0; i < 1000; i++) {
		hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
		CHECK_EQ(fs_word(0), 11);
		TRY("ud2");
		CHECK_EQ(fs_word(0), 11);
		CHECK_EQ(caught.fs, USER_SELECTOR(1));
		CHECK_EQ(caught.gs, USER_SELECTOR(0));
	}
	setup_timer();
	irq_on();
	for (ticks = 0; ticks < 50; ticks++) {
		sleep_ns(100 * USEC);
		CHECK_EQ(fs_word(0), 11);
	}
	irq_off();
}

/* A selector whose descriptor goes becomes null; nothing else happens. */
static void becomes_invalid(void)
{
	u64 tls[3] = { 0 };

	set_fs(USER_SELECTOR(1));
	hcall(LHCALL_LOAD_TLS, pa(tls), 0, 0);
	CHECK_EQ(fs_selector(), 0);
	check_refused(TRY("movl %%fs:0, %%eax"));
	CHECK_EQ(TRY_WITH("movl %%eax, %%fs", USER_SELECTOR(1), 0), VECTOR_GP);
	CHECK_EQ(caught.error, USER_SELECTOR(1) & ~3u);

	/* Nor does one whose ring has become too low survive. */
	load_entry(20, descriptor(0, 0xfffff, DATA_RING3, PAGES));
	set_fs(20 * 8 + 3);
	load_entry(20, descriptor(0, 0xfffff, CODE_RING1 & ~2u, PAGES));
	hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
	CHECK_EQ(fs_selector(), 0);
}

/* A changed base holds from the call on that changes it. */
static void base_changes(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		load_entry(20, descriptor(pa(&words[i]), 0xfffff, DATA_RING1,
					  PAGES));
		set_fs(RING1_SELECTOR(20));
		CHECK_EQ(fs_word(0), 10 + i);
	}
	set_fs(0);
}

/* What is for ring 0 on a machine is for ring 1 here. */
static void ring0_becomes_ring1(void)
{
	load_entry(21, descriptor(pa(words), 0xfffff, DATA_RING0, PAGES));
	set_fs(RING1_SELECTOR(21));
	CHECK_EQ(fs_word(0), 10);
	set_fs(0);
}

static void read_only(void)
{
	load_entry(22, descriptor(pa(words), 0xfffff, DATA_READ_ONLY, PAGES));
	set_fs(RING1_SELECTOR(22));
	CHECK_EQ(fs_word(4), 11);
	check_refused(TRY("movl %%eax, %%fs:0"));
	set_fs(0);
}

/* A whole table; entries beyond its end stay, as do the host's. */
static void whole_table(void)
{
	static u64 table[LGUEST_GDT_ENTRIES];

	table[1] = descriptor(pa(words), 0xfffff, 0x9b, 0xa);	/* the host's: ignored */
	table[12] = descriptor(0, 0xfffff, CODE_RING1, PAGES);
	table[13] = descriptor(0, 0xfffff, DATA_RING1, PAGES);
	table[14] = descriptor(0, 0xfffff, 0xfb, PAGES);
	table[15] = descriptor(0, 0xfffff, DATA_RING3, PAGES);
	table[23] = descriptor(pa(&words[3]), 0xfffff, DATA_RING1, PAGES);
	load_entry(24, descriptor(pa(&words[4]), 0xfffff, DATA_RING1, PAGES));
	hcall(LHCALL_LOAD_GDT, pa(table), 24, 0);
	set_fs(RING1_SELECTOR(23));
	CHECK_EQ(fs_word(0), 13);
	set_fs(RING1_SELECTOR(24));
	CHECK_EQ(fs_word(0), 14);
	set_fs(0);
	CHECK_EQ(TRY_WITH("movl %%eax, %%fs", RING1_SELECTOR(22), 0),
		 VECTOR_GP);
}

/* Ring 3 has its fs and gs; ring 1 sees them when it traps. */
USER_CODE static void user_tls(void)
{
	asm volatile("movl %fs:0, %eax\n"
		     "movl %gs:4, %ecx\n"
		     "int $0x80\n");
}

static void user_segments(void)
{
	u64 tls[3] = {
		descriptor(pa(&words[5]), 0xfffff, DATA_RING3, PAGES),
		descriptor(pa(&words[6]), 0xfffff, DATA_RING3, PAGES),
	};
	struct trap regs = user_start_at(user_tls);

	hcall(LHCALL_LOAD_TLS, pa(tls), 0, 0);
	regs.fs = USER_SELECTOR(0);
	regs.gs = USER_SELECTOR(1);
	run_user(&regs);
	CHECK_EQ(regs.vector, VECTOR_SYSCALL);
	CHECK_EQ(regs.eax, 15);
	CHECK_EQ(regs.ecx, 17);
	CHECK_EQ(regs.fs, USER_SELECTOR(0));
	CHECK_EQ(regs.gs, USER_SELECTOR(1));
}

/* A hypercall needs no data segments, and leaves null ones null. */
static void null_data_segments(void)
{
	CHECK_EQ(TRY("xorl %%eax, %%eax\n"
		     "movl %%eax, %%ds\n"
		     "movl %%eax, %%es\n"
		     "movl $0, %%edx\n"
		     "int $0x1f\n"		/* FLUSH_ASYNC */
		     "movl %%ds, %%eax\n"
		     "testw %%ax, %%ax\n"
		     "jz 1f\n"
		     "ud2\n"
		     "1: movl $0x69, %%eax\n"
		     "movl %%eax, %%ds\n"
		     "movl %%eax, %%es\n"), VECTOR_NONE);
}

static void test(void)
{
	setup();
	emulated = is_emulated();
	base_and_limit();
	kept_over_exits();
	becomes_invalid();
	base_changes();
	ring0_becomes_ring1();
	read_only();
	whole_table();
	user_segments();
	null_data_segments();
}
