// SPDX-License-Identifier: GPL-2.0
/*
 * hostile-data.c - lguest_data in wrong places, with wrong contents, twice,
 * too late, or changed by the guest behind the host's back.
 */
#include "guest.h"

static void init_at(u32 address, u32 linear, u32 abi)
{
	lguest_data.kernel_address = KERNEL_HALF;
	hcall(LHCALL_INIT, address, linear, abi);
}

/* 0: pa=N, as an offset from the end of memory */
static void beyond_memory(void)
{
	init_at(memory_end() + parameter("pa", 0), pa(&lguest_data),
		LGUEST_ABI);
}

static void at_top(void)
{
	init_at(0xffffff00, pa(&lguest_data), LGUEST_ABI);
}

static void unaligned(void)
{
	init_at(pa(&lguest_data) + 1, pa(&lguest_data), LGUEST_ABI);
}

static void across_pages(void)
{
	init_at(pa(&lguest_data) + PAGE_SIZE - 16, pa(&lguest_data),
		LGUEST_ABI);
}

static void linear_at_top(void)
{
	init_at(pa(&lguest_data), 0xfffffffc, LGUEST_ABI);
}

static void wrong_abi(void)
{
	init_at(pa(&lguest_data), pa(&lguest_data), LGUEST_ABI + 1);
}

static void twice(void)
{
	setup_init();
	setup_init();
}

/* 7: address=N is no place for a kernel to begin */
static void wrong_kernel_address(void)
{
	lguest_data.kernel_address = parameter("address", 0);
	hcall(LHCALL_INIT, pa(&lguest_data), pa(&lguest_data), LGUEST_ABI);
}

static void noirq_backwards(void)
{
	lguest_data.noirq_start = 0x2000;
	lguest_data.noirq_end = 0x1000;
	init_at(pa(&lguest_data), pa(&lguest_data), LGUEST_ABI);
}

/* 9: nr=N before INIT */
static void too_early(void)
{
	hcall(parameter("nr", 0), pa(&lguest_data), 0, 0);
}

static void trap_too_early(void)
{
	asm volatile("ud2");
}

static void beyond_memory_too_early(void)
{
	(void)READ(*(u32 *)at(memory_end()));
}

/* 12: the linear address given has nothing mapped, or leads elsewhere */
USER_CODE static void user_syscall(void)
{
	asm volatile("int $0x80");
}

static void linear_leads_nowhere(void)
{
	u32 i;

	for (i = 0; i < LGUEST_RING_SIZE; i++)
		lguest_data.hcall_status[i] = LGUEST_RING_FREE;
	init_at(pa(&lguest_data), parameter("linear", 0), LGUEST_ABI);
	setup_traps();
	setup_paging();
	for (i = 0; i < 100; i++)
		CHECK_EQ(run_user_at(user_syscall).vector, VECTOR_SYSCALL);
}

/* 13: its page is taken away from the guest, then made read-only */
static void unmapped_later(void)
{
	u32 i, flags;

	setup();
	for (flags = 0; flags <= PTE_PRESENT; flags++) {
		map(first_pgdir, KERNEL_HALF + pa(&lguest_data),
		    pa(&lguest_data), flags);
		for (i = 0; i < 100; i++)
			CHECK_EQ(run_user_at(user_syscall).vector,
				 VECTOR_SYSCALL);
	}
}

/* 14: every field is garbage, all the time, with interrupts */
static void garbage_tick(struct trap *trap)
{
	(void)trap;
	hcall(LHCALL_SET_CLOCKEVENT, random() % (100 * USEC), 0, 0);
}

static void garbage(void)
{
	u32 i, *words = (u32 *)&lguest_data;
	u32 calls = offsetof(struct lguest_data, hcall_status) / sizeof(u32);

	seed_random();
	setup();
	handle_irq(LGUEST_IRQ_TIMER, garbage_tick);
	set_timer(USEC);
	for (i = 0; i < 20000; i++) {
		words[random() % calls] = random();
		TRY("ud2");
		hcall(LHCALL_SEND_INTERRUPTS, 0, 0, 0);
	}
}

/* 15: the noirq range covers code that is none of the sort */
static void noirq_everywhere(void)
{
	u32 i, ticks;

	for (i = 0; i < LGUEST_RING_SIZE; i++)
		lguest_data.hcall_status[i] = LGUEST_RING_FREE;
	lguest_data.noirq_start = parameter("start", 0);
	lguest_data.noirq_end = 0xffffffff - parameter("start", 0);
	init_at(pa(&lguest_data), KERNEL_HALF + pa(&lguest_data), LGUEST_ABI);
	setup_traps();
	setup_paging();
	setup_timer();
	irq_on();
	for (ticks = 0; ticks < 100; ticks++) {
		set_timer(USEC);
		hcall(LHCALL_SEND_INTERRUPTS, 0, 0, 0);
		TRY("ud2");
	}
}

static member *const members[] = {
	beyond_memory, at_top, unaligned, across_pages, linear_at_top,
	wrong_abi, twice, wrong_kernel_address, noirq_backwards, too_early,
	trap_too_early, beyond_memory_too_early, linear_leads_nowhere,
	unmapped_later, garbage, noirq_everywhere,
};

static void test(void)
{
	RUN_MEMBER(members);
}
