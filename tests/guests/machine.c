// SPDX-License-Identifier: GPL-2.0
/*
 * machine.c - the machine that a guest sees: port instructions answer as
 * empty ports do, CPUID and RDTSC run, flags that ring 1 may not have are not
 * there.
 */
#include "guest.h"

#define CPUID_FPU	(1u << 0)
#define CPUID_TSC	(1u << 4)
#define CPUID_FXSR	(1u << 24)
#define CPUID_SSE2	(1u << 26)
#define CPUID_OSXSAVE	(1u << 27)	/* in ecx */

static void check_eax(const char *what, u32 seen, u32 expected)
{
	if (seen != expected)
		fail("%s left %x in eax, expected %x", what, seen, expected);
}

#define IN(code, expected)						\
	do {								\
		u32 _a = 0x12345678;					\
									\
		asm volatile(code : "+a"(_a) : "d"(0x3f8) : "memory");	\
		check_eax(code, _a, expected);				\
	} while (0)

static void ports(void)
{
	IN("inb $0x60, %%al", 0x123456ff);
	IN("inw $0x60, %%ax", 0x1234ffff);
	IN("inl $0x60, %%eax", 0xffffffff);
	IN("inb %%dx, %%al", 0x123456ff);
	IN("inw %%dx, %%ax", 0x1234ffff);
	IN("inl %%dx, %%eax", 0xffffffff);
	IN("outb %%al, $0x80", 0x12345678);
	IN("outw %%ax, $0x80", 0x12345678);
	IN("outl %%eax, $0x80", 0x12345678);
	IN("outb %%al, %%dx", 0x12345678);
	IN("outw %%ax, %%dx", 0x12345678);
	IN("outl %%eax, %%dx", 0x12345678);
}

/* An instruction may begin on one page and end on the next. */
static void port_across_pages(void)
{
	u8 *code = (u8 *)new_page();
	u32 (*fn)(void);

	new_page();
	fn = (u32 (*)(void))(code + PAGE_SIZE - 2);
	memcpy(code + PAGE_SIZE - 2, "\x66\xe5\x60\xc3", 4);	/* inw; ret */
	CHECK_EQ(fn() & 0xffff, 0xffff);
	fn = (u32 (*)(void))(code + PAGE_SIZE - 1);
	memcpy(code + PAGE_SIZE - 1, "\xe5\x60\xc3", 3);	/* inl; ret */
	CHECK_EQ(fn(), 0xffffffff);
}

static void cpuid(void)
{
	u32 a = 1, b, c = 0, d;

	asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	CHECK(d & CPUID_FPU);
	CHECK(d & CPUID_TSC);
	CHECK(d & CPUID_FXSR);
	CHECK(d & CPUID_SSE2);
	/* The guest kernel saves no AVX state, so programs must not use it. */
	CHECK_EQ(c & CPUID_OSXSAVE, 0);
}

static void tsc(void)
{
	u64 last = read_tsc();
	u32 i;

	for (i = 0; i < 10000; i++) {
		u64 t = read_tsc();

		CHECK(t >= last);
		last = t;
	}
}

USER_CODE static void user_cpuid_rdtsc(void)
{
	asm volatile("xorl %eax, %eax\n"
		     "cpuid\n"
		     "rdtsc\n"
		     "int $0x80\n");
}

USER_CODE static void user_nothing(void)
{
	asm volatile("int $0x80");
}

static u32 flags_after(u32 set)
{
	u32 seen;

	asm volatile("pushl %1\n"
		     "popfl\n"
		     "pushfl\n"
		     "popl %0\n"
		     "pushl $2\n"
		     "popfl\n"
		     : "=r"(seen) : "r"(set | EFLAGS_ONE) : "memory", "cc");
	return seen;
}

/* popf gives ring 1 neither I/O privilege, nor vm86, nor real cli. */
static void flags(void)
{
	CHECK_EQ(flags_after(EFLAGS_IOPL) & EFLAGS_IOPL, 0);
	CHECK_EQ(flags_after(EFLAGS_VM) & EFLAGS_VM, 0);
	CHECK_EQ(flags_after(0) & EFLAGS_IF, EFLAGS_IF);
	CHECK_EQ(flags_after(EFLAGS_ID) & EFLAGS_ID, EFLAGS_ID);
	CHECK_EQ(flags_after(EFLAGS_DF) & EFLAGS_DF, EFLAGS_DF);
}

/* The arithmetic flags, and those that ring 3 may set, pass through. */
static void user_flags(u32 set)
{
	struct trap regs = user_start_at(user_nothing);

	regs.eflags = EFLAGS_ONE | EFLAGS_IF | set;
	run_user(&regs);
	CHECK_EQ(regs.vector, VECTOR_SYSCALL);
	CHECK_EQ(regs.eflags & set, set);
}

static void test(void)
{
	setup();
	ports();
	port_across_pages();
	cpuid();
	tsc();
	flags();
	CHECK_EQ(run_user_at(user_cpuid_rdtsc).vector, VECTOR_SYSCALL);
	user_flags(EFLAGS_CF);
	user_flags(EFLAGS_DF);
	user_flags(EFLAGS_ID);
	user_flags(EFLAGS_AC);
}
