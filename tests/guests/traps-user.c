// SPDX-License-Identifier: GPL-2.0
/*
 * traps-user.c - every exception that ring 3 can cause reaches ring 1, on the
 * stack set for it, with a complete frame; hypercalls, privileged
 * instructions and gates not meant for it are general protection faults.
 */
#include "guest.h"

#define BAD_SELECTOR	0xf8u

/* A piece of ring-3 code: ends in the trap, or goes on to int $0x80. */
#define USER(name, code)						\
	USER_CODE static void name(void)				\
	{								\
		asm volatile(code "\n int $0x80\n");			\
	}

USER(divide_error, "xorl %ecx, %ecx\n divl %ecx")
USER(breakpoint, "int3")
USER(overflow, "movb $0x7f, %al\n addb $1, %al\n into")
USER(bound_range, "boundl %eax, (%esp)")
USER(undefined, "ud2")
USER(bad_selector, "movl $0xf8, %eax\n movl %eax, %fs")
USER(kernel_data, "movl $0x69, %eax\n movl %eax, %ds")
USER(kernel_code, "ljmp $0x61, $0x100000")
USER(single_step, "pushfl\n orl $0x100, (%esp)\n popfl\n nop\n nop")
USER(read_kernel, "movl 0x100000, %eax")
USER(write_kernel, "movl %eax, 0xc0100000")
USER(fetch_kernel, "movl $0x100000, %eax\n jmp *%eax")
USER(read_nothing, "movl 0x10000000, %eax")
USER(hypercall, "xorl %eax, %eax\n int $0x1f")
USER(gate_of_ring1, "int $0x40")
USER(gate_of_irq, "int $0x20")
USER(gate_of_fault, "int $14")
USER(clear_if, "cli")
USER(set_if, "sti")
USER(halt_cpu, "hlt")
USER(input, "inb $0x60, %al")
USER(output, "outl %eax, %dx")
USER(read_cr0, "movl %cr0, %eax")
USER(nothing, "nop")

static const struct {
	const void *code;
	u32 vector, error;
	bool trap;		/* EIP is behind the instruction */
} cases[] = {
	{ divide_error, VECTOR_DE, 0, false },
	{ breakpoint, VECTOR_BP, 0, true },
	{ overflow, VECTOR_OF, 0, true },
	{ bound_range, VECTOR_BR, 0, false },
	{ undefined, VECTOR_UD, 0, false },
	{ bad_selector, VECTOR_GP, BAD_SELECTOR, false },
	{ kernel_data, VECTOR_GP, LGUEST_KERNEL_DS & ~3, false },
	{ kernel_code, VECTOR_GP, LGUEST_KERNEL_CS & ~3, false },
	{ single_step, VECTOR_DB, 0, true },
	{ read_kernel, VECTOR_PF, PF_PRESENT | PF_USER, false },
	{ write_kernel, VECTOR_PF, PF_PRESENT | PF_WRITE | PF_USER, false },
	{ fetch_kernel, VECTOR_PF, PF_PRESENT | PF_USER, false },
	{ read_nothing, VECTOR_PF, PF_USER, false },
	{ clear_if, VECTOR_GP, 0, false },
	{ set_if, VECTOR_GP, 0, false },
	{ halt_cpu, VECTOR_GP, 0, false },
	{ input, VECTOR_GP, 0, false },
	{ output, VECTOR_GP, 0, false },
	{ read_cr0, VECTOR_GP, 0, false },
	{ nothing, VECTOR_SYSCALL, 0, true },
};

/* These are #GP(vector * 8 + 2), but QEMU's emulation says * 16. */
static const struct {
	const void *code;
	u32 vector;
} refused_gates[] = {
	{ hypercall, LGUEST_TRAP_ENTRY },
	{ gate_of_ring1, 0x40 },
	{ gate_of_irq, LGUEST_IRQ_VECTOR },
	{ gate_of_fault, VECTOR_PF },
};

static bool in_user_code(u32 eip)
{
	return eip >= pa(user_start) && eip < pa(user_end);
}

static void check_frame(const struct trap *trap, u32 irq_flag)
{
	CHECK_EQ(trap->cs, LGUEST_USER_CS);
	CHECK_EQ(trap->ss, LGUEST_USER_DS);
	CHECK_EQ(trap->eflags & (EFLAGS_IF | EFLAGS_IOPL | EFLAGS_VM), irq_flag);
	CHECK_RANGE(trap->esp, pa(user_stack),
		    pa(user_stack) + sizeof(user_stack));
}

static void check_case(u32 i, u32 irq_flag)
{
	struct trap regs = user_start_at(cases[i].code);

	/* Room for bound_range's limits, 0 and 0, which 1 is out of. */
	regs.esp -= 2 * sizeof(u32);
	regs.eax = 1;
	regs.eflags = EFLAGS_ONE | irq_flag;
	run_user(&regs);
	if (regs.vector != cases[i].vector || regs.error != cases[i].error)
		fail("case %u: trap %u error %x, expected %u %x", i,
		     regs.vector, regs.error, cases[i].vector, cases[i].error);
	check_frame(&regs, irq_flag);
	if (cases[i].code != fetch_kernel)
		CHECK(in_user_code(regs.eip));
}

static void check_refused_gates(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(refused_gates); i++) {
		struct trap regs = run_user_at(refused_gates[i].code);
		u32 v = refused_gates[i].vector;

		CHECK_EQ(regs.vector, VECTOR_GP);
		CHECK(regs.error == v * 8 + 2 || regs.error == v * 16 + 2);
		check_frame(&regs, EFLAGS_IF);
	}
}

USER_CODE static void user_registers(void)
{
	asm volatile("movl $0x1111, %eax\n"
		     "movl $0x2222, %ebx\n"
		     "movl $0x3333, %ecx\n"
		     "movl $0x4444, %edx\n"
		     "movl $0x5555, %esi\n"
		     "movl $0x6666, %edi\n"
		     "movl $0x7777, %ebp\n"
		     "ud2\n");
}

static void check_registers(void)
{
	struct trap regs = run_user_at(user_registers);

	CHECK_EQ(regs.vector, VECTOR_UD);
	CHECK_EQ(regs.eax, 0x1111);
	CHECK_EQ(regs.ebx, 0x2222);
	CHECK_EQ(regs.ecx, 0x3333);
	CHECK_EQ(regs.edx, 0x4444);
	CHECK_EQ(regs.esi, 0x5555);
	CHECK_EQ(regs.edi, 0x6666);
	CHECK_EQ(regs.ebp, 0x7777);
	CHECK_EQ(regs.ds, LGUEST_USER_DS);
	CHECK_EQ(regs.es, LGUEST_USER_DS);
}

static u32 handler_esp;

static void note_esp(struct trap *trap)
{
	handler_esp = pa(trap) + sizeof(*trap);
	handlers[trap->vector] = NULL;
	dispatch(trap);
}

/* Each trap starts at the very top of the stack that SET_STACK named. */
static void check_stack(u32 vector, const void *code)
{
	handlers[vector] = note_esp;
	run_user_at(code);
	CHECK_EQ(handler_esp, KERNEL_HALF + trap_stack_top());
	hcall(LHCALL_SET_STACK, LGUEST_KERNEL_DS, trap_stack_top() - 256, 0);
	handlers[vector] = note_esp;
	run_user_at(code);
	CHECK_EQ(handler_esp, trap_stack_top() - 256);
	hcall(LHCALL_SET_STACK, LGUEST_KERNEL_DS,
	      KERNEL_HALF + trap_stack_top(), 0);
}

/* A trap gate out of ring 3 keeps the flag, an interrupt gate clears it. */
static u32 flag_in_handler;

static void note_flag(struct trap *trap)
{
	flag_in_handler = READ(lguest_data.irq_enabled);
	handlers[trap->vector] = NULL;
	dispatch(trap);
}

static void check_gate_types(u32 vector, const void *code)
{
	u32 type;

	for (type = GATE_INTERRUPT; type <= GATE_TRAP; type += 0x100) {
		load_gate(vector, trap_stub(vector), type, 3);
		handlers[vector] = note_flag;
		CHECK_EQ(run_user_at(code).vector, vector);
		CHECK_EQ(flag_in_handler, type == GATE_TRAP ? EFLAGS_IF : 0);
	}
	load_gate(vector, trap_stub(vector), GATE_INTERRUPT,
		  default_dpl(vector));
}

/* int3 and int $0x80 are ring 3's only while the gate's DPL says so. */
static void check_dpl(u32 vector, const void *code)
{
	struct trap regs;

	load_gate(vector, trap_stub(vector), GATE_INTERRUPT, 1);
	regs = run_user_at(code);
	CHECK_EQ(regs.vector, VECTOR_GP);
	CHECK_EQ(regs.error, vector * 8 + 2);
	load_gate(vector, trap_stub(vector), GATE_INTERRUPT, 3);
	CHECK_EQ(run_user_at(code).vector, vector);
}

static void test(void)
{
	u32 i;

	setup();
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		check_case(i, EFLAGS_IF);
		check_case(i, 0);
	}
	check_refused_gates();
	check_registers();
	check_stack(VECTOR_SYSCALL, nothing);
	check_stack(VECTOR_UD, undefined);
	check_stack(VECTOR_GP, clear_if);
	check_stack(VECTOR_PF, read_nothing);
	check_gate_types(VECTOR_SYSCALL, nothing);
	check_gate_types(VECTOR_UD, undefined);
	check_gate_types(VECTOR_PF, read_nothing);
	check_dpl(VECTOR_SYSCALL, nothing);
	check_dpl(VECTOR_BP, breakpoint);
}
