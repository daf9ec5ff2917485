// SPDX-License-Identifier: GPL-2.0
/*
 * fpu.c - FPU and SSE registers are the guest's own: they survive exits,
 * sleeps and long runs, in ring 1 and ring 3, whatever else runs on the CPU.
 * Two of these guests with different seed=N at once would see each other.
 */
#include "guest.h"

#define ROUNDS		2000u
#define SPINS		30u

static u32 seed;
static u32 pattern[8][4] __attribute__((aligned(16), used));
static u32 seen[8][4] __attribute__((aligned(16), used));
static u64 x87 __attribute__((used)), x87_seen __attribute__((used));
static u16 control __attribute__((used)), control_seen __attribute__((used));
static u32 mxcsr __attribute__((used)), mxcsr_seen __attribute__((used));

static void fill(u32 round)
{
	u32 i, j;

	for (i = 0; i < 8; i++)
		for (j = 0; j < 4; j++)
			pattern[i][j] = seed * 0x01000193 + round * 64 +
					i * 4 + j;
	x87 = (u64)seed << 32 | round;
	control = 0x037f & ~(round % 2 ? 0x0c00 : 0x0300);
	mxcsr = 0x1f80 | (round % 4) << 13;
}

static void load_all(void)
{
	asm volatile("movaps pattern, %%xmm0\n"
		     "movaps pattern+16, %%xmm1\n"
		     "movaps pattern+32, %%xmm2\n"
		     "movaps pattern+48, %%xmm3\n"
		     "movaps pattern+64, %%xmm4\n"
		     "movaps pattern+80, %%xmm5\n"
		     "movaps pattern+96, %%xmm6\n"
		     "movaps pattern+112, %%xmm7\n"
		     "fninit\n"
		     "fldcw control\n"
		     "fildll x87\n"
		     "ldmxcsr mxcsr\n"
		     ::: "memory");
}

static void check_all(const char *when)
{
	asm volatile("movaps %%xmm0, seen\n"
		     "movaps %%xmm1, seen+16\n"
		     "movaps %%xmm2, seen+32\n"
		     "movaps %%xmm3, seen+48\n"
		     "movaps %%xmm4, seen+64\n"
		     "movaps %%xmm5, seen+80\n"
		     "movaps %%xmm6, seen+96\n"
		     "movaps %%xmm7, seen+112\n"
		     "fnstcw control_seen\n"
		     "fistpll x87_seen\n"
		     "stmxcsr mxcsr_seen\n"
		     ::: "memory");
	if (!same_memory(pattern, seen, sizeof(seen)))
		fail("SSE registers changed by %s: %x %x", when, pattern[0][0],
		     seen[0][0]);
	if (x87 != x87_seen || control != control_seen)
		fail("FPU registers changed by %s: control %x %x", when,
		     control, control_seen);
	if (mxcsr != mxcsr_seen)
		fail("MXCSR changed by %s: %x %x", when, mxcsr, mxcsr_seen);
}

USER_CODE static void user_nothing(void)
{
	asm volatile("int $0x80");
}

static void spin_ms(u32 ms)
{
	u64 start = now();

	while (elapsed_ms(start) < ms)
		;
}

static void round_of_exits(u32 round)
{
	fill(round);
	load_all();
	hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
	check_all("a hypercall");
	load_all();
	TRY("ud2");
	check_all("a trap");
	load_all();
	run_user_at(user_nothing);
	check_all("ring 3");
}

static void round_of_waits(u32 round)
{
	fill(round);
	load_all();
	spin_ms(20);
	check_all("a long run");
	load_all();
	sleep_ns(5 * MSEC);
	check_all("a sleep");
}

static void test(void)
{
	u32 i;

	seed = parameter("seed", 1);
	setup();
	setup_timer();
	for (i = 0; i < ROUNDS; i++)
		round_of_exits(i);
	irq_on();
	for (i = 0; i < SPINS; i++)
		round_of_waits(i);
}
