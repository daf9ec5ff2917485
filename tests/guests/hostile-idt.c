// SPDX-License-Identifier: GPL-2.0
/*
 * hostile-idt.c - gates that are no gates, lead nowhere, or are not there
 * when a trap comes.
 */
#include "guest.h"

static void load(u32 vector, u32 selector, u32 type_and_flags, u32 eip)
{
	hcall(LHCALL_LOAD_IDT_ENTRY, vector, selector << 16 | (eip & 0xffff),
	      (eip & 0xffff0000) | type_and_flags);
}

#define GOOD (GATE_PRESENT | GATE_INTERRUPT)

static void vector_too_high(void)
{
	load(VECTORS, LGUEST_KERNEL_CS, GOOD, trap_stub(0));
}

static void vector_wild(void)
{
	load(0xffffffff, LGUEST_KERNEL_CS, GOOD, trap_stub(0));
}

/* selector=N */
static void wrong_selector(void)
{
	load(VECTOR_UD, parameter("selector", 0), GOOD, trap_stub(VECTOR_UD));
}

/* type=N: a task gate, a 16-bit gate, a call gate, a segment... */
static void wrong_type(void)
{
	load(VECTOR_UD, LGUEST_KERNEL_CS,
	     GATE_PRESENT | parameter("type", 0) << 8, trap_stub(VECTOR_UD));
}

/* The handler is not there, nor is that of the page fault that follows. */
static void handlers_nowhere(void)
{
	u32 vector;

	for (vector = 0; vector < 32; vector++)
		load(vector, LGUEST_KERNEL_CS, GOOD, 0xdeadbeef);
	asm volatile("ud2");
}

/* A trap for which there is no gate (any more). */
static void no_gate(void)
{
	load(VECTOR_UD, LGUEST_KERNEL_CS, 0, 0);
	asm volatile("ud2");
}

static void no_gate_for_interrupt(void)
{
	load(LGUEST_IRQ_VECTOR, LGUEST_KERNEL_CS, 0, 0);
	sleep_ns(USEC);
}

USER_CODE static void user_syscall(void)
{
	asm volatile("int $0x80");
}

static void no_gate_for_user(void)
{
	load(VECTOR_SYSCALL, LGUEST_KERNEL_CS, 0, 0);
	run_user_at(user_syscall);
}

/* An absent gate may hold anything else. */
static void absent_gates(void)
{
	u32 type;

	for (type = 0; type < 0x80; type++)
		load(0x90, type * 0x0201, type << 8, 0xffffffff);
}

/* All gates changed while traps use them. */
static void gate_storm(void)
{
	u32 i;

	for (i = 0; i < 50000; i++) {
		u32 type = i % 2 ? GATE_INTERRUPT : GATE_TRAP;

		load(VECTOR_SYSCALL, LGUEST_KERNEL_CS,
		     GATE_PRESENT | GATE_DPL(3) | type,
		     trap_stub(VECTOR_SYSCALL));
		if (i % 16 == 0)
			CHECK_EQ(run_user_at(user_syscall).vector,
				 VECTOR_SYSCALL);
	}
}

static member *const members[] = {
	vector_too_high, vector_wild, wrong_selector, wrong_type,
	handlers_nowhere, no_gate, no_gate_for_interrupt, no_gate_for_user,
	absent_gates, gate_storm,
};

static void test(void)
{
	setup();
	RUN_MEMBER(members);
}
