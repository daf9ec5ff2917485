// SPDX-License-Identifier: GPL-2.0
/*
 * hostile-queue.c - queued calls that may not be queued, that make no sense,
 * or that never end.
 */
#include "guest.h"

static void flush(void)
{
	hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
}

/* 0: nr=N is a call that must not be queued, or none */
static void not_to_be_queued(void)
{
	queue(parameter("nr", 0), pa("never"), LGUEST_SHUTDOWN_POWEROFF, 0);
	flush();
}

static void wild_number(void)
{
	queue(0xffffffff, 0, 0, 0);
	flush();
}

/* 2: the bad one comes after 63 good ones */
static void the_last_of_many(void)
{
	u32 i;

	for (i = 0; i < LGUEST_RING_SIZE - 1; i++)
		queue_raw(LHCALL_FLUSH_ASYNC, 0, 0, 0);
	queue_raw(LHCALL_COUNT, 0, 0, 0);
	flush();
}

/* 3: nr=N with arguments that make no sense */
static void wild_arguments(void)
{
	queue(parameter("nr", 0), 0xfffffff1, 0xfffffff2, 0xfffffff3);
	flush();
}

/* 4: a status that is neither free nor queued is not queued */
static void odd_status(void)
{
	u32 status;

	for (status = 1; status < 0x100; status++) {
		lguest_data.hcalls[ring_next].nr = LHCALL_COUNT;
		WRITE(lguest_data.hcall_status[ring_next], status);
		flush();
	}
}

/* 5: the ring lies on a page that the calls in it give up as a table */
static void ring_in_its_own_table(void)
{
	u32 i;

	for (i = 0; i < LGUEST_RING_SIZE; i++)
		queue_raw(LHCALL_NEW_PGTABLE, pa(&lguest_data), 0, 0);
	flush();
}

/* 6: full rings, hundreds of times, of the dearest calls */
static void always_full(void)
{
	u32 i, round;
	u32 *other = new_pgdir();

	for (round = 0; round < 300; round++) {
		for (i = 0; i < LGUEST_RING_SIZE; i++)
			queue_raw(i % 2 ? LHCALL_NEW_PGTABLE
					: LHCALL_DROP_PGTABLE,
				  pa(i % 4 < 2 ? other : first_pgdir), 0, 0);
		queue(LHCALL_NEW_PGTABLE, pa(first_pgdir), 0, 0);
		flush();
	}
}

static member *const members[] = {
	not_to_be_queued, wild_number, the_last_of_many, wild_arguments,
	odd_status, ring_in_its_own_table, always_full,
};

static void test(void)
{
	setup();
	RUN_MEMBER(members);
}
