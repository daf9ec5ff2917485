// SPDX-License-Identifier: GPL-2.0
/*
 * hostile-hypercall.c - hypercall nr=N with wild numbers in every place.
 * value=I picks the number; stage=S says when: 0 before INIT, 1 before
 * paging, 2 with it.  The host may kill the guest for it, or not.
 */
#include "guest.h"

static u32 wild_value(u32 i)
{
	const u32 values[] = {
		0, 1, 3, 0xfff, 0x1000, 0x80000000, KERNEL_HALF, 0x7fffffff,
		0xfffff000, 0xfffffff8, 0xfffffffc, 0xffffffff,
		memory_end() - PAGE_SIZE, memory_end() - 4, memory_end() - 1,
		memory_end(), pa(&lguest_data), pa(&lguest_data) + 0xffc,
	};

	if (i >= ARRAY_SIZE(values))
		fail("there are %u values", (u32)ARRAY_SIZE(values));
	return values[i];
}

/* HALT needs something to wake up to. */
static void tick_for_ever(struct trap *trap)
{
	(void)trap;
	set_timer(MSEC);
}

static void setup_stage(u32 stage)
{
	if (stage == 0)
		return;
	setup_init();
	setup_traps();
	if (stage == 2)
		setup_paging();
	handle_irq(LGUEST_IRQ_TIMER, tick_for_ever);
	irq_on();
	set_timer(MSEC);
}

/* Any trap ends the call early; what matters is that the host carries on. */
static u32 call_nr __attribute__((used)), call_args[3] __attribute__((used));

static void try_hcall(u32 nr, u32 arg1, u32 arg2, u32 arg3)
{
	call_nr = nr;
	call_args[0] = arg1;
	call_args[1] = arg2;
	call_args[2] = arg3;
	TRY("movl call_nr, %%eax\n"
	    "movl call_args, %%edx\n"
	    "movl call_args+4, %%ebx\n"
	    "movl call_args+8, %%ecx\n"
	    "int $0x1f\n");
}

static void test(void)
{
	u32 nr = parameter("nr", 0), wild = wild_value(parameter("value", 0));
	u32 mask, sane[3] = { pa(image_end), 1, LGUEST_ABI };

	setup_stage(parameter("stage", 2));
	/* One place wild, or two, or three. */
	for (mask = 1; mask < 8; mask++)
		try_hcall(nr, mask & 1 ? wild : sane[0],
			  mask & 2 ? wild : sane[1],
			  mask & 4 ? wild : sane[2]);
}
