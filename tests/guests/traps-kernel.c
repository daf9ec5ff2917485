// SPDX-License-Identifier: GPL-2.0
/*
 * traps-kernel.c - every exception that ring 1 can cause reaches the guest's
 * own handler in ring 1, with the frame, error code and flags that a CPU
 * would push.
 */
#include "guest.h"

#define PAGE		0x10000000u
#define BAD_SELECTOR	0xf8u		/* entry 31, which is empty */

/* After a TRY(): where it happened and what the handler could see. */
static void check(u32 vector, u32 error, u32 irq_flag)
{
	CHECK_TRAP(vector, error);
	CHECK_EQ(caught.cs, LGUEST_KERNEL_CS);
	CHECK_EQ(caught.eflags & (EFLAGS_IF | EFLAGS_IOPL | EFLAGS_VM),
		 irq_flag);
}

static u32 expected_eip __attribute__((used));
static u32 bound_limits[2] __attribute__((used)) = { 1, 5 };

/* The label 1 in the code is where EIP must point. */
#define TRY_AT(code, eax)						\
	do {								\
		TRY_WITH("movl $881f, expected_eip\n" code, eax, 0);	\
		CHECK_EQ(caught.eip, expected_eip);			\
	} while (0)

/* The pushed IF is the virtual one, and the handler starts with it off. */
static u32 flag_in_handler;

static void note_flag(struct trap *trap)
{
	flag_in_handler = READ(lguest_data.irq_enabled);
	handlers[trap->vector] = NULL;
	dispatch(trap);
}

static void check_vector(u32 irq_flag)
{
	WRITE(lguest_data.irq_enabled, irq_flag);

	/* faults: EIP is the instruction's */
	TRY_AT("xorl %%edx, %%edx\n 881: divl %%ecx", 1);
	check(VECTOR_DE, 0, irq_flag);
	TRY_AT("881: boundl %%eax, bound_limits", 6);
	check(VECTOR_BR, 0, irq_flag);
	TRY_AT("881: ud2", 0);
	check(VECTOR_UD, 0, irq_flag);
	TRY_AT("881: movl %%eax, %%fs", BAD_SELECTOR);
	check(VECTOR_GP, BAD_SELECTOR, irq_flag);
	TRY_AT("881: movl %%cr0, %%eax", 0);
	check(VECTOR_GP, 0, irq_flag);
	TRY_AT("881: movl (%%eax), %%eax", PAGE);
	check(VECTOR_PF, 0, irq_flag);
	TRY_AT("881: movl %%eax, (%%eax)", PAGE);
	check(VECTOR_PF, PF_WRITE, irq_flag);

	/* traps: EIP is the next one's */
	TRY_AT("int3\n 881:", 0);
	check(VECTOR_BP, 0, irq_flag);
	TRY_AT("movb $0x7f, %%al\n addb $1, %%al\n into\n 881:", 0);
	check(VECTOR_OF, 0, irq_flag);
	TRY_AT("pushfl\n orl $0x100, (%%esp)\n popfl\n nop\n 881: nop", 0);
	check(VECTOR_DB, 0, irq_flag);
	CHECK((caught.eflags & EFLAGS_TF) != 0);
	CHECK_EQ(READ(lguest_data.dr6) & 0x4000, 0x4000);	/* BS */
}

/* The code segment's own faults: far jumps and calls into nowhere. */
static void check_far(void)
{
	TRY("ljmp $0xf8, $0");
	CHECK_TRAP(VECTOR_GP, BAD_SELECTOR);
	TRY("lcall $0, $0");
	CHECK_TRAP(VECTOR_GP, 0);
}

static void check_registers_kept(void)
{
	TRY("movl $0x11, %%ebx\n movl $0x22, %%edx\n movl $0x33, %%esi\n"
	    "movl $0x44, %%edi\n movl $0x55, %%eax\n movl $0x66, %%ecx\n"
	    "movl $0x77, %%ebp\n ud2");
	CHECK_EQ(caught.ebx, 0x11);
	CHECK_EQ(caught.edx, 0x22);
	CHECK_EQ(caught.esi, 0x33);
	CHECK_EQ(caught.edi, 0x44);
	CHECK_EQ(caught.eax, 0x55);
	CHECK_EQ(caught.ecx, 0x66);
	CHECK_EQ(caught.ebp, 0x77);
	/* The frame of a ring 1 trap is three words below ESP. */
	CHECK_EQ(caught.pushed_esp, try_esp - 5 * sizeof(u32));
}

/* An interrupt gate turns the flag off, a trap gate leaves it. */
static void check_gates(void)
{
	u32 type;

	for (type = GATE_INTERRUPT; type <= GATE_TRAP; type += 0x100) {
		load_gate(VECTOR_UD, trap_stub(VECTOR_UD), type, 0);
		handlers[VECTOR_UD] = note_flag;
		irq_on();
		TRY("ud2");
		CHECK_EQ(caught.vector, VECTOR_UD);
		CHECK_EQ(flag_in_handler,
			 type == GATE_TRAP ? EFLAGS_IF : 0);
		irq_off();
	}
}

static u32 skip_bytes;

static void skip(struct trap *trap)
{
	trap->eip += skip_bytes;
}

/* A handler may return, and everything is as it was. */
static void check_return(void)
{
	u32 i, a, c;

	handlers[VECTOR_UD] = skip;
	skip_bytes = 2;
	for (i = 0; i < 10000; i++) {
		asm volatile("stc\n ud2\n sbbl %%ecx, %%ecx"
			     : "=a"(a), "=c"(c) : "a"(i) : "memory", "cc");
		CHECK_EQ(a, i);
		CHECK_EQ(c, ~0u);
	}
	handlers[VECTOR_UD] = NULL;
}

/* cr2 stays what it was until the next page fault that is delivered. */
static void check_cr2(void)
{
	CHECK_EQ(try_read(PAGE + 0x123), VECTOR_PF);
	CHECK_EQ(lguest_data.cr2, PAGE + 0x123);
	map(first_pgdir, PAGE, pa(new_page()), PTE_KERNEL);
	CHECK_EQ(try_read(PAGE + 0x456), VECTOR_NONE);
	TRY("ud2");
	CHECK_EQ(lguest_data.cr2, PAGE + 0x123);
}

static void test(void)
{
	setup();
	check_vector(0);
	check_vector(EFLAGS_IF);
	irq_off();
	check_far();
	check_registers_kept();
	check_gates();
	check_return();
	check_cr2();
}
