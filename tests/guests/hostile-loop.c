// SPDX-License-Identifier: GPL-2.0
/*
 * hostile-loop.c - guests that never end by themselves and keep their CPU or
 * the host as busy as they can.  Their launcher must be killable all the
 * same, at once, and the host stay usable.
 */
#include "guest.h"

#define LOW	0x10000000u

static void spin(void)
{
	for (;;)
		;
}

static void hypercalls(void)
{
	for (;;)
		hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
}

static void clock_reads(void)
{
	for (;;)
		now();
}

static void notifications(void)
{
	for (;;)
		hcall(LHCALL_NOTIFY, 0, 0, 0);
}

/* The handler returns to what faults. */
static void return_only(struct trap *trap)
{
	(void)trap;
}

static void faults(void)
{
	handlers[VECTOR_PF] = return_only;
	for (;;)
		(void)READ(*(u32 *)at(LOW));
}

static void undefined(void)
{
	handlers[VECTOR_UD] = return_only;
	for (;;)
		asm volatile("ud2");
}

USER_CODE static void user_spin(void)
{
	asm volatile("1: jmp 1b");
}

static void ring3_spins(void)
{
	run_user_at(user_spin);
}

static void ring3_with_virtual_cli(void)
{
	struct trap regs = user_start_at(user_spin);

	regs.eflags = EFLAGS_ONE;
	run_user(&regs);
}

USER_CODE static void user_syscalls(void)
{
	asm volatile("1: int $0x80\n jmp 1b");
}

static void syscalls(void)
{
	handlers[VECTOR_SYSCALL] = return_only;
	run_user_at(user_syscalls);
}

static void retick(struct trap *trap)
{
	(void)trap;
	set_timer(1);
}

static void ticks(void)
{
	handle_irq(LGUEST_IRQ_TIMER, retick);
	irq_on();
	set_timer(1);
	for (;;)
		;
}

static void ticks_and_halts(void)
{
	handle_irq(LGUEST_IRQ_TIMER, count_tick);
	for (;;)
		sleep_ns(1);
}

/* Asleep for good: nothing will come. */
static void sleeps(void)
{
	WRITE(lguest_data.blocked_interrupts, ~0u);
	for (;;)
		halt();
}

static void flushes(void)
{
	for (;;) {
		hcall(LHCALL_FLUSH_TLB, LGUEST_FLUSH_ALL, 0, 0);
		(void)READ(*(u32 *)at(KERNEL_HALF));
	}
}

static void address_spaces(void)
{
	u32 *other = new_pgdir();

	for (;;) {
		load_pgdir(other);
		load_pgdir(first_pgdir);
	}
}

/* All of the address space mapped, page by page, for ever. */
static void mappings(void)
{
	u32 *table = new_page(), *page = new_page(), i, va;

	for (i = 0; i < ENTRIES; i++)
		table[i] = pa(page) | PTE_ALL;
	for (i = pde_index(LOW); i < pde_index(KERNEL_HALF); i++)
		first_pgdir[i] = pa(table) | PTE_ALL;
	for (;;)
		for (va = LOW; va < KERNEL_HALF; va += PAGE_SIZE)
			WRITE(*(u32 *)at(va), va);
}

static void flag_games(void)
{
	for (;;)
		asm volatile("pushl $0x7ed7\n popfl\n pushl $2\n popfl"
			     ::: "memory", "cc");
}

static void long_string_instruction(void)
{
	u32 *table = new_page(), *page = new_page(), i;

	for (i = 0; i < ENTRIES; i++)
		table[i] = pa(page) | PTE_ALL;
	for (i = pde_index(LOW); i < pde_index(KERNEL_HALF); i++)
		first_pgdir[i] = pa(table) | PTE_ALL;
	for (;;)
		memset(at(LOW), 0, KERNEL_HALF - LOW);
}

static void segment_loads(void)
{
	for (;;) {
		hcall(LHCALL_LOAD_GDT_ENTRY, 20, 0xffff, 0x00cff300);
		asm volatile("movl %0, %%fs" :: "r"(0xa3));
		hcall(LHCALL_LOAD_GDT_ENTRY, 20, 0, 0);
	}
}

static member *const members[] = {
	spin, hypercalls, clock_reads, notifications, faults, undefined,
	ring3_spins, ring3_with_virtual_cli, syscalls, ticks, ticks_and_halts,
	sleeps, flushes, address_spaces, mappings, flag_games,
	long_string_instruction, segment_loads,
};

static void test(void)
{
	setup();
	RUN_MEMBER(members);
}
