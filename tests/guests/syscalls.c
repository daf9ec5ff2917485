// SPDX-License-Identifier: GPL-2.0
/*
 * syscalls.c - a million system calls: int $0x80 out of ring 3, and iret
 * back to it, natively and by LHCALL_IRET, all registers right each time.
 */
#include "guest.h"

#define NATIVE		1000000u
#define BY_HYPERCALL	20000u

static u32 left;	/* system calls to come */
static u32 count;

/* Each call gets the last one's result, ebx its complement. */
USER_CODE static void caller(void)
{
	asm volatile(
		"1: movl %eax, %ebx\n"
		"notl %ebx\n"
		"movl %eax, %ecx\n"
		"leal 3(%ecx), %edx\n"
		"movl $0x51515151, %esi\n"
		"movl $0xd1d1d1d1, %edi\n"
		"movl $0xb0b0b0b0, %ebp\n"
		"int $0x80\n"
		"leal 1(%ecx), %edi\n"		/* ring 1 adds one to eax */
		"cmpl %edi, %eax\n"
		"jne 2f\n"
		"notl %ebx\n"
		"cmpl %ecx, %ebx\n"
		"jne 2f\n"
		"subl $3, %edx\n"
		"cmpl %ecx, %edx\n"
		"jne 2f\n"
		"cmpl $0x51515151, %esi\n"
		"jne 2f\n"
		"cmpl $0xb0b0b0b0, %ebp\n"
		"jne 2f\n"
		"jmp 1b\n"
		"2: ud2\n");
}

static void serve(struct trap *trap)
{
	if (trap->eax != count || trap->ebx != ~count || trap->ecx != count ||
	    trap->edx != count + 3 || trap->esi != 0x51515151 ||
	    trap->edi != 0xd1d1d1d1 || trap->ebp != 0xb0b0b0b0)
		fail("system call %u came with wrong registers", count);
	if (trap->cs != LGUEST_USER_CS || trap->ss != LGUEST_USER_DS ||
	    trap->ds != LGUEST_USER_DS || trap->es != LGUEST_USER_DS)
		fail("system call %u came with wrong segments", count);
	if (READ(lguest_data.irq_enabled) || !(trap->eflags & EFLAGS_IF))
		fail("system call %u came with a wrong interrupt flag", count);
	count++;
	trap->eax++;
	if (!--left) {
		handlers[VECTOR_SYSCALL] = NULL;
		dispatch(trap);
	}
}

static void run(u32 calls)
{
	handlers[VECTOR_SYSCALL] = serve;
	left = calls;
	count = 0;
	CHECK_EQ(run_user_at(caller).vector, VECTOR_SYSCALL);
	CHECK_EQ(count, calls);
}

/* With irq_pending set, trap_return goes by LHCALL_IRET. */
static void serve_with_pending(struct trap *trap)
{
	serve(trap);
	WRITE(lguest_data.irq_pending, 1);
}

static void test(void)
{
	setup();
	run(NATIVE);

	handlers[VECTOR_SYSCALL] = serve_with_pending;
	left = BY_HYPERCALL;
	count = 0;
	CHECK_EQ(run_user_at(caller).vector, VECTOR_SYSCALL);
	CHECK_EQ(count, BY_HYPERCALL);
}
