// SPDX-License-Identifier: GPL-2.0
/*
 * queue.c - the ring of queued calls: they run in the order of the ring, only
 * once, before the next hypercall and not later, and the ring goes round.
 */
#include "guest.h"

#define DESCRIPTOR_LOW	0x0000ffffu
#define ENTRY		20u
#define SELECTOR	(ENTRY * 8 + 1)

/* A flat ring-1 data segment that begins at base. */
static u32 high_of(u32 base)
{
	return 0x00cfb300u | (base >> 16 & 0xff) | (base & 0xff000000);
}

static u32 low_of(u32 base)
{
	return DESCRIPTOR_LOW | base << 16;
}

static u32 words[LGUEST_RING_SIZE * 4];

/* Queue a GDT change that makes the segment begin at words[i]. */
static void queue_base(u32 i)
{
	u32 base = pa(&words[i]);

	queue_raw(LHCALL_LOAD_GDT_ENTRY, ENTRY, low_of(base), high_of(base));
}

/* The first word of the segment: which change was the last. */
static u32 last_base(void)
{
	u32 value;

	asm volatile("movl %1, %%fs\n"
		     "movl %%fs:0, %0\n"
		     : "=r"(value) : "r"(SELECTOR));
	return value;
}

static u32 queued(void)
{
	u32 i, n = 0;

	for (i = 0; i < LGUEST_RING_SIZE; i++)
		n += READ(lguest_data.hcall_status[i]) != LGUEST_RING_FREE;
	return n;
}

/* Fill the ring n deep; each change must have been made, the last one last. */
static void check_order(u32 n, u32 nr, u32 arg)
{
	u32 i;

	for (i = 0; i < n; i++)
		queue_base(i);
	CHECK_EQ(queued(), n);
	hcall(nr, arg, 0, 0);
	CHECK_EQ(queued(), 0);
	CHECK_EQ(last_base(), n - 1);
}

/* A synchronous call sees what was queued before it, not the reverse. */
static void check_before_synchronous(void)
{
	u32 base = pa(&words[7]);

	queue_base(3);
	hcall(LHCALL_LOAD_GDT_ENTRY, ENTRY, low_of(base), high_of(base));
	CHECK_EQ(last_base(), 7);
}

/* What lies behind a free place does not run: the host stops at it. */
static void check_gap(void)
{
	u32 gap = ring_next;

	queue_base(1);
	ring_next = (gap + 2) % LGUEST_RING_SIZE;
	queue_base(2);
	hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
	CHECK_EQ(last_base(), 1);
	CHECK_EQ(queued(), 1);
	ring_next = (gap + 1) % LGUEST_RING_SIZE;
	queue_base(3);
	hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
	CHECK_EQ(last_base(), 2);
	CHECK_EQ(queued(), 0);
	ring_next = (gap + 3) % LGUEST_RING_SIZE;
}

/* Everything that may be queued, may. */
static void check_all_kinds(void)
{
	u64 tls[3] = { 0 };
	u32 *other = new_pgdir();

	queue(LHCALL_FLUSH_ASYNC, 0, 0, 0);
	queue(LHCALL_NEW_PGTABLE, pa(other), 0, 0);
	queue(LHCALL_SET_PTE, pa(other), 0x10000000, 0);
	queue(LHCALL_SET_PGD, pa(other), 1, 0);
	queue(LHCALL_FLUSH_TLB, LGUEST_FLUSH_ALL, 0, 0);
	queue(LHCALL_NEW_PGTABLE, pa(first_pgdir), 0, 0);
	queue(LHCALL_DROP_PGTABLE, pa(other), 0, 0);
	queue(LHCALL_SET_STACK, LGUEST_KERNEL_DS, trap_stack_top(), 0);
	queue(LHCALL_LOAD_TLS, pa(tls), 0, 0);
	queue(LHCALL_SET_CLOCKEVENT, 0, 0, 0);
	hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
	CHECK_EQ(queued(), 0);
}

static void test(void)
{
	u32 i;

	setup();
	for (i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = i;

	check_order(1, LHCALL_FLUSH_ASYNC, 0);
	check_order(LGUEST_RING_SIZE, LHCALL_FLUSH_ASYNC, 0);
	for (i = 1; i <= LGUEST_RING_SIZE; i++)
		check_order(i, LHCALL_FLUSH_TLB, LGUEST_FLUSH_TOLD);
	check_before_synchronous();
	check_gap();
	check_all_kinds();
	/* queue() makes room by itself. */
	for (i = 0; i < 3 * LGUEST_RING_SIZE; i++)
		queue(LHCALL_FLUSH_ASYNC, 0, 0, 0);
	asm volatile("movl %0, %%fs" :: "r"(0));
}
