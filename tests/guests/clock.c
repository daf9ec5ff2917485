// SPDX-License-Identifier: GPL-2.0
/*
 * clock.c - the clocks that the host gives at INIT and READ_CLOCK: both run
 * forward together, the date is not absurd, and the TSC, if offered, agrees.
 */
#include "guest.h"

#define YEAR_2024	1704067200u	/* in seconds since 1970 */
#define YEAR_2100	4102444800u

static void wait_ms(u32 ms)
{
	u64 start = now();

	while (elapsed_ms(start) < ms)
		;
}

static void check_rates(void)
{
	u64 wall = READ(lguest_data.wallclock_ns);
	u64 mono = READ(lguest_data.monotonic_ns);
	u64 tsc = read_tsc();
	u32 wall_ms, mono_ms, tsc_ms;

	wait_ms(200);
	wall_ms = divide(READ(lguest_data.wallclock_ns) - wall, MSEC);
	mono_ms = divide(READ(lguest_data.monotonic_ns) - mono, MSEC);
	CHECK_RANGE(mono_ms, 200, 2000);
	CHECK_RANGE(wall_ms, mono_ms - mono_ms / 10, mono_ms + mono_ms / 10);
	if (!lguest_data.tsc_khz)
		return;
	CHECK_RANGE(lguest_data.tsc_khz, 100000, 10000000);
	/* The clocks were read just before the TSC, both times. */
	tsc_ms = divide(read_tsc() - tsc, lguest_data.tsc_khz);
	CHECK_RANGE(tsc_ms, mono_ms - mono_ms / 10, mono_ms + mono_ms / 4 + 50);
}

static void check_never_backwards(void)
{
	u64 last = now();
	u32 i;

	for (i = 0; i < 1000; i++) {
		u64 t = now();

		CHECK(t >= last);
		last = t;
	}
}

static void test(void)
{
	setup();
	/* INIT has filled them in, without READ_CLOCK. */
	CHECK(lguest_data.monotonic_ns != 0);
	CHECK_RANGE(divide(lguest_data.wallclock_ns, SEC), YEAR_2024,
		    YEAR_2100);
	check_rates();
	check_never_backwards();
}
