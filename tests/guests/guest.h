/* SPDX-License-Identifier: GPL-2.0 */
/*
 * guest.h - what every tiny test guest is made of.
 *
 * A test guest is a freestanding 32-bit program that plays the kernel: it
 * starts in ring 1, does one thing that a guest may (or may not) do, and ends
 * with pass() or fail().  Each tests/guests/NAME.c is one guest; it includes
 * this header, which brings the rest, and defines test().  A guest whose name
 * starts with "hostile-" tries to do harm: the host may kill it for that, but
 * must not suffer.  tests/guests/expect says how each one has to end.
 *
 *	lib/basic.h	types, memory and strings
 *	lib/host.h	hypercalls, the queue of them, ending
 *	lib/check.h	CHECK() and its kin
 *	lib/boot.h	where a guest starts; boot_params and the command line
 *	lib/trap.h	the IDT, TRY(), interrupts, ring 3
 *	lib/paging.h	page tables
 *	lib/clock.h	time and timer interrupts
 *	lib/random.h	numbers without pattern
 * guide: P:190
 */
#ifndef _TEST_GUEST_H
#define _TEST_GUEST_H

#include "lib/basic.h"
#include "lib/host.h"
#include "lib/check.h"
#include "lib/boot.h"
#include "lib/trap.h"
#include "lib/paging.h"
#include "lib/clock.h"
#include "lib/random.h"

/* A function that ring 3 may run: nothing but one asm(). */
#define USER_CODE __attribute__((section(".user"), naked, noinline, used))
/* Data that ring 3 may use. */
#define USER_DATA __attribute__((section(".user.data"), used))

/* The guest itself; ends with pass(), fail() or, if hostile, death. */
static void test(void);

/* What nearly every guest wants first: lguest_data, traps, paging. */
static inline void setup(void)
{
	setup_init();
	setup_traps();
	setup_paging();
}

/* A member of a family of guests: the one that case=N names. */
typedef void member(void);

static inline void run_member(member *const *members, u32 count)
{
	u32 n = test_case();

	if (n >= count)
		fail("there is no case %u", n);
	members[n]();
}

#define RUN_MEMBER(members) run_member(members, ARRAY_SIZE(members))

/* Called by _start on a fresh stack. */
__attribute__((used, noreturn)) static void guest_main(void)
{
	test();
	pass();
}

#endif /* _TEST_GUEST_H */
