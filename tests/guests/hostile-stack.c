// SPDX-License-Identifier: GPL-2.0
/*
 * hostile-stack.c - stacks that a trap's frame cannot be pushed to, or only
 * around the ends of the address space.
 */
#include "guest.h"

#define LOW	0x10000000u
#define TOP	0xfffff000u

USER_CODE static void user_syscall(void)
{
	asm volatile("int $0x80");
}

USER_CODE static void user_fault(void)
{
	asm volatile("movl 0x10000000, %eax");
}

static void set_stack(u32 ss, u32 esp)
{
	hcall(LHCALL_SET_STACK, ss, esp, 0);
}

/* 0: ss=N is no ring-1 data segment */
static void wrong_segment(void)
{
	set_stack(parameter("ss", 0), trap_stack_top());
}

/* 1 to 3: not there, or not to be written to */
static void unmapped_syscall(void)
{
	set_stack(LGUEST_KERNEL_DS, LOW + PAGE_SIZE);
	run_user_at(user_syscall);
}

static void unmapped_fault(void)
{
	set_stack(LGUEST_KERNEL_DS, LOW + PAGE_SIZE);
	run_user_at(user_fault);
}

static void read_only_stack(void)
{
	map(first_pgdir, LOW, pa(new_page()), PTE_PRESENT);
	set_stack(LGUEST_KERNEL_DS, LOW + PAGE_SIZE);
	run_user_at(user_syscall);
}

/* 4: only half of the frame fits */
static void half_a_frame(void)
{
	map(first_pgdir, LOW + PAGE_SIZE, pa(new_page()), PTE_KERNEL);
	set_stack(LGUEST_KERNEL_DS, LOW + PAGE_SIZE + 8);
	run_user_at(user_syscall);
}

/* 5: esp=N near 0 with nothing at the other end, 6: with something there */
static void near_zero(void)
{
	set_stack(LGUEST_KERNEL_DS, parameter("esp", 0));
	run_user_at(user_syscall);
}

static void around_zero(void)
{
	map(first_pgdir, TOP, pa(new_page()), PTE_KERNEL);
	set_stack(LGUEST_KERNEL_DS, parameter("esp", 0));
	run_user_at(user_syscall);
}

/* 7: a stack in pages of ring 3, which SMAP protects from the host, too */
static void user_pages(void)
{
	map(first_pgdir, LOW, pa(new_page()), PTE_ALL);
	set_stack(LGUEST_KERNEL_DS, LOW + PAGE_SIZE);
	CHECK_EQ(run_user_at(user_syscall).vector, VECTOR_SYSCALL);
}

/* 8: odd alignments */
static void unaligned(void)
{
	u32 i;

	for (i = 0; i < 64; i++) {
		set_stack(LGUEST_KERNEL_DS, trap_stack_top() - i);
		CHECK_EQ(run_user_at(user_syscall).vector, VECTOR_SYSCALL);
	}
}

/* 9 and 10: ring 1's own esp when it traps */
static void own_stack_unmapped(void)
{
	asm volatile("movl %0, %%esp\n ud2" :: "r"(LOW));
}

static void own_stack_near_zero(void)
{
	asm volatile("movl %0, %%esp\n ud2" :: "r"(parameter("esp", 0)));
}

/* 11: a hypercall needs no stack at all */
static void hypercall_without_stack(void)
{
	CHECK_EQ(TRY("movl $0x10000000, %%esp\n"
		     "xorl %%eax, %%eax\n"
		     "int $0x1f\n"
		     "xorl %%esp, %%esp\n"
		     "int $0x1f\n"), VECTOR_NONE);
}

/* 12: an interrupt finds no stack */
static void interrupt_without_stack(void)
{
	set_timer(5 * MSEC);
	/* (The stack goes first: it may be due before the next instruction.) */
	asm volatile("movl %1, %%esp\n"
		     "movl %2, %0\n"
		     "int %3\n"
		     "1: jmp 1b"
		     : "=m"(lguest_data.irq_enabled)
		     : "r"(LOW), "i"(EFLAGS_IF), "i"(LGUEST_TRAP_ENTRY),
		       "a"(LHCALL_SEND_INTERRUPTS));
}

/* 13: LHCALL_IRET finds none */
static void iret_without_stack(void)
{
	asm volatile("movl %0, %%esp\n int %1"
		     :: "r"(LOW), "i"(LGUEST_TRAP_ENTRY), "a"(LHCALL_IRET));
}

/* 14: the frame is across the end of addresses */
static void iret_around_zero(void)
{
	map(first_pgdir, TOP, pa(new_page()), PTE_KERNEL);
	TRY_WITH("movl $0xfffffff8, %%esp\n int $0x1f", LHCALL_IRET, 0);
}

/* 15: pushes that wrap around, many at a time */
static void push_around_zero(void)
{
	map(first_pgdir, TOP, pa(new_page()), PTE_KERNEL);
	TRY("movl $8, %%esp\n pushal\n pushal");
	TRY("movl $2, %%esp\n pushl $0");
	TRY("xorl %%esp, %%esp\n call 1f\n 1: popl %%eax");
}

/* 16: the handler's stack overflows into nothing by recursion */
static void recursion(void)
{
	u32 i;

	/* Every handler is a ud2. */
	map(first_pgdir, LOW, pa(new_page()), PTE_KERNEL);
	*(u16 *)at(LOW) = 0x0b0f;
	for (i = 0; i < 32; i++)
		load_gate(i, LOW, GATE_INTERRUPT, 1);
	map(first_pgdir, LOW + PAGE_SIZE, 0, 0);
	map(first_pgdir, LOW + 2 * PAGE_SIZE, pa(new_page()), PTE_KERNEL);
	asm volatile("movl %0, %%esp\n ud2" :: "r"(LOW + 3 * PAGE_SIZE));
}

static member *const members[] = {
	wrong_segment, unmapped_syscall, unmapped_fault, read_only_stack,
	half_a_frame, near_zero, around_zero, user_pages, unaligned,
	own_stack_unmapped, own_stack_near_zero, hypercall_without_stack,
	interrupt_without_stack, iret_without_stack, iret_around_zero,
	push_around_zero, recursion,
};

static void test(void)
{
	setup();
	RUN_MEMBER(members);
}
