/* SPDX-License-Identifier: GPL-2.0 */
/*
 * trap.h - traps: an IDT for all vectors, TRY() to survive and examine one,
 * virtual interrupts, and running code in ring 3 until it traps.
 */
#ifndef _TEST_GUEST_TRAP_H
#define _TEST_GUEST_TRAP_H

#include "boot.h"

#define VECTOR_DE	0
#define VECTOR_DB	1
#define VECTOR_NMI	2
#define VECTOR_BP	3
#define VECTOR_OF	4
#define VECTOR_BR	5
#define VECTOR_UD	6
#define VECTOR_NM	7
#define VECTOR_DF	8
#define VECTOR_TS	10
#define VECTOR_NP	11
#define VECTOR_SS	12
#define VECTOR_GP	13
#define VECTOR_PF	14
#define VECTOR_MF	16
#define VECTOR_AC	17
#define VECTOR_XM	19
#define VECTOR_SYSCALL	0x80
#define VECTOR_NONE	0x100	/* caught.vector: there was no trap */
#define VECTORS		256

/* Error code of a page fault */
#define PF_PRESENT	1
#define PF_WRITE	2
#define PF_USER		4

/* Bits of a gate's high word */
#define GATE_PRESENT	0x8000u
#define GATE_DPL(n)	((u32)(n) << 13)
#define GATE_INTERRUPT	0x0e00u
#define GATE_TRAP	0x0f00u

/* A trap as the stubs below save it. */
struct trap {
	u32 gs, fs, es, ds;
	u32 edi, esi, ebp, pushed_esp, ebx, edx, ecx, eax;
	u32 vector, error;
	u32 eip, cs, eflags;
	u32 esp, ss;		/* pushed by traps out of ring 3 only */
};

typedef void trap_handler(struct trap *trap);

static trap_handler *handlers[VECTORS];	/* NULL: see dispatch() */

static struct trap caught __attribute__((used));	/* the last by TRY() */
static u32 caught_cr2;					/* if it was a #PF */
static u32 try_eip __attribute__((used));	/* 0: no TRY() is going on */
static u32 try_esp __attribute__((used));
static struct trap *user_regs __attribute__((used));
static u32 user_back_esp __attribute__((used));
static u8 trap_stack[STACK_SIZE] __attribute__((aligned(4096)));

extern char trap_stubs[], trap_return[], noirq_start[], noirq_end[];
void try_again(void) __attribute__((noreturn));
void user_back(void) __attribute__((noreturn));
void run_user(struct trap *regs) __attribute__((regparm(1)));

#define TRAP_STUB_SIZE	16

/*
 * trap_return puts the virtual interrupt flag back as a kernel does: by
 * itself within [noirq_start, noirq_end), or by LHCALL_IRET if an interrupt
 * waits.  fs and gs are noted but not touched: C does not use them, and tests
 * leave unloadable ones behind.
 */
asm(
"	.text\n"
"	.balign 16\n"
"trap_stubs:\n"
"	.set vector, 0\n"
"	.rept 256\n"
"	.balign 16\n"
"	.if vector != 8 && (vector < 10 || vector > 14) && vector != 17\n"
"	pushl $0\n"
"	.endif\n"
"	.byte 0x68\n"			/* pushl, always with 32 bits */
"	.long vector\n"
"	jmp trap_entry\n"
"	.set vector, vector + 1\n"
"	.endr\n"
"\n"
"trap_entry:\n"
"	pushal\n"
"	pushl %ds\n"
"	pushl %es\n"
"	pushl %fs\n"
"	pushl %gs\n"
"	movl $0x69, %eax\n"
"	movl %eax, %ds\n"
"	movl %eax, %es\n"
"	cld\n"
"	movl %esp, %eax\n"
"	call dispatch\n"
"trap_return:\n"
"	addl $8, %esp\n"
"	popl %es\n"
"	popl %ds\n"
"	popal\n"
"	addl $8, %esp\n"
"	pushl %eax\n"
"	movl 12(%esp), %eax\n"
"	andl $0x200, %eax\n"
"	jz noirq_start\n"
"	cmpl $0, %ss:lguest_data+4\n"
"	jne 1f\n"
"noirq_start:\n"
"	movl %eax, %ss:lguest_data\n"
"	popl %eax\n"
"	iret\n"
"noirq_end:\n"
"1:	movl $17, %eax\n"
"	int $0x1f\n"
"\n"
	/* Go on behind a TRY(), whatever the trap left of the stack. */
"try_again:\n"
"	movl $0x69, %eax\n"
"	movl %eax, %ds\n"
"	movl %eax, %es\n"
"	movl %eax, %ss\n"
"	movl try_esp, %esp\n"
"	jmp *try_eip\n"
"\n"
	/* Start ring 3 by returning from a made-up trap. */
"run_user:\n"
"	pushl %ebx\n"
"	pushl %esi\n"
"	pushl %edi\n"
"	pushl %ebp\n"
"	movl %eax, user_regs\n"
"	movl %esp, user_back_esp\n"
"	mov 4(%eax), %fs\n"
"	mov (%eax), %gs\n"
"	subl $76, %esp\n"
"	movl %eax, %esi\n"
"	movl %esp, %edi\n"
"	movl $19, %ecx\n"
"	rep movsl\n"
"	jmp trap_return\n"
"user_back:\n"
"	movl user_back_esp, %esp\n"
"	popl %ebp\n"
"	popl %edi\n"
"	popl %esi\n"
"	popl %ebx\n"
"	ret\n"
);

_Static_assert(sizeof(struct trap) == 76, "run_user knows its size");
_Static_assert(LHCALL_IRET == 17 && LGUEST_TRAP_ENTRY == 0x1f &&
	       LGUEST_KERNEL_DS == 0x69, "the assembler above knows these");

static inline bool from_user(const struct trap *trap)
{
	return (trap->cs & 3) == 3;
}

/* Every trap comes here. */
__attribute__((used, regparm(1))) static void dispatch(struct trap *trap)
{
	if (handlers[trap->vector & 0xff]) {
		handlers[trap->vector & 0xff](trap);
		return;
	}
	if (trap->vector == VECTOR_PF)
		caught_cr2 = READ(lguest_data.cr2);
	if (from_user(trap) && user_regs) {
		*user_regs = *trap;
		user_regs = NULL;
		user_back();
	}
	if (!try_eip)
		fail("unexpected trap %u error %x at %x:%x flags %x cr2 %x",
		     trap->vector, trap->error, trap->cs, trap->eip,
		     trap->eflags, READ(lguest_data.cr2));
	caught = *trap;
	/* A trap out of ring 1 pushes neither of these. */
	caught.esp = pa(&trap->esp);
	caught.ss = LGUEST_KERNEL_DS;
	WRITE(lguest_data.irq_enabled, trap->eflags & EFLAGS_IF);
	try_again();
}

/*
 * Run assembler with eax and ecx given, and come back behind it when it
 * traps.  The value is the vector (VECTOR_NONE if all went well), and "caught"
 * has the rest.  The code may ruin every register, the stack's included.
 */
#define TRY_WITH(code, eax, ecx)					\
({									\
	u32 _a = (eax), _c = (ecx);					\
									\
	caught.vector = VECTOR_NONE;					\
	asm volatile("pushl %%ebp\n"					\
		     "movl %%esp, try_esp\n"				\
		     "movl $771f, try_eip\n"				\
		     code "\n"						\
		     "771: movl %%ss:try_esp, %%esp\n"			\
		     "popl %%ebp\n"					\
		     "movl $0, %%ss:try_eip\n"				\
		     "pushl $0x69\n"					\
		     "popl %%ds\n"					\
		     "pushl $0x69\n"					\
		     "popl %%es\n"					\
		     "cld\n"						\
		     : "+a"(_a), "+c"(_c)				\
		     :: "ebx", "edx", "esi", "edi", "memory", "cc");	\
	caught.vector;							\
})

#define TRY(code)	TRY_WITH(code, 0, 0)

/* Read or write a word that may fault; the vector, or VECTOR_NONE. */
static inline u32 try_read(u32 address)
{
	return TRY_WITH("movl (%%eax), %%eax", address, 0);
}

static inline u32 try_write(u32 address, u32 value)
{
	return TRY_WITH("movl %%ecx, (%%eax)", address, value);
}

#define CHECK_TRAP(expected_vector, expected_error)			\
	do {								\
		CHECK_EQ(caught.vector, expected_vector);		\
		CHECK_EQ(caught.error, expected_error);			\
	} while (0)

/*
 * QEMU's emulation checks neither limits nor types of segments; silicon does.
 * GDT entry 31 is gone afterwards.
 */
static inline bool is_emulated(void)
{
	u32 vector;

	hcall(LHCALL_LOAD_GDT_ENTRY, LGUEST_GDT_ENTRIES - 1, 0, 0x0040b300);
	vector = TRY_WITH("movl %%eax, %%fs\n movl %%fs:64, %%eax",
			  (LGUEST_GDT_ENTRIES - 1) * 8 + 1, 0);
	asm volatile("movl %0, %%fs" :: "r"(0));
	hcall(LHCALL_LOAD_GDT_ENTRY, LGUEST_GDT_ENTRIES - 1, 0, 0);
	return vector == VECTOR_NONE;
}

/* ---- the IDT ---- */

static inline u32 gate_low(u32 eip)
{
	return LGUEST_KERNEL_CS << 16 | (eip & 0xffff);
}

static inline u32 gate_high(u32 eip, u32 type, u32 dpl)
{
	return (eip & 0xffff0000) | GATE_PRESENT | GATE_DPL(dpl) | type;
}

static inline void load_gate(u32 vector, u32 eip, u32 type, u32 dpl)
{
	hcall(LHCALL_LOAD_IDT_ENTRY, vector, gate_low(eip),
	      gate_high(eip, type, dpl));
}

/* Where vector's stub is. */
static inline u32 trap_stub(u32 vector)
{
	return pa(trap_stubs) + vector * TRAP_STUB_SIZE;
}

/* Gates that ring 3 may use by int are the same as in Linux. */
static inline u32 default_dpl(u32 vector)
{
	return vector == VECTOR_BP || vector == VECTOR_OF ||
	       vector == VECTOR_SYSCALL ? 3 : 1;
}

static inline u32 trap_stack_top(void)
{
	return pa(trap_stack) + sizeof(trap_stack);
}

static inline void setup_traps(void)
{
	u32 vector;

	for (vector = 0; vector < VECTORS; vector++)
		load_gate(vector, trap_stub(vector), GATE_INTERRUPT,
			  default_dpl(vector));
	hcall(LHCALL_SET_STACK, LGUEST_KERNEL_DS, trap_stack_top(), 0);
}

/* ---- virtual interrupts ---- */

static inline void irq_off(void)
{
	WRITE(lguest_data.irq_enabled, 0);
	barrier();
}

static inline void irq_on(void)
{
	barrier();
	WRITE(lguest_data.irq_enabled, EFLAGS_IF);
	barrier();
	if (READ(lguest_data.irq_pending))
		hcall(LHCALL_SEND_INTERRUPTS, 0, 0, 0);
}

static inline void handle_irq(u32 irq, trap_handler *handler)
{
	handlers[LGUEST_IRQ_VECTOR + irq] = handler;
}

/* ---- ring 3 ---- */

static u8 user_stack[PAGE_SIZE]
	__attribute__((section(".user.data"), aligned(4096), used));

/* Registers to start fn in ring 3 with interrupts on. */
static inline struct trap user_start_at(const void *fn)
{
	struct trap regs = {
		.ds = LGUEST_USER_DS,
		.es = LGUEST_USER_DS,
		.eip = (u32)(uintptr_t)fn,
		.cs = LGUEST_USER_CS,
		.eflags = EFLAGS_IF | EFLAGS_ONE,
		.esp = pa(user_stack) + sizeof(user_stack),
		.ss = LGUEST_USER_DS,
	};

	return regs;
}

/*
 * Run fn in ring 3 until it traps.  A fn that has nothing more to do ends by
 * int $0x80 (no handler for that, then).
 */
static inline struct trap run_user_at(const void *fn)
{
	struct trap regs = user_start_at(fn);

	run_user(&regs);
	return regs;
}

#endif /* _TEST_GUEST_TRAP_H */
