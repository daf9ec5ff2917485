// SPDX-License-Identifier: GPL-2.0
/*
 * hypercalls.c - every hypercall can be made with sensible arguments, returns
 * 0 and changes no register but EAX, before paging is on as well as after.
 */
#include "guest.h"

#define FLAGS_KEPT (EFLAGS_CF | 0x4 | 0x10 | 0x40 | 0x80 | EFLAGS_DF | 0x800)

/* What the registers held before and after a call. */
struct registers {
	u32 eax, ebx, ecx, edx, esi, edi, ebp, esp, flags;
};

static struct registers before __attribute__((used));
static struct registers after __attribute__((used));
static u32 saved_esp __attribute__((used));

/*
 * Make the call of "before" with all its registers as they stand there (esp
 * aside) and note them all in "after".
 */
static void call_with_registers(void)
{
	asm volatile(
		"pushal\n"
		"movl %%esp, saved_esp\n"
		"pushl before+32\n"
		"popfl\n"
		"movl before, %%eax\n"
		"movl before+4, %%ebx\n"
		"movl before+8, %%ecx\n"
		"movl before+12, %%edx\n"
		"movl before+16, %%esi\n"
		"movl before+20, %%edi\n"
		"movl before+24, %%ebp\n"
		"int %0\n"
		"movl %%eax, after\n"
		"movl %%ebx, after+4\n"
		"movl %%ecx, after+8\n"
		"movl %%edx, after+12\n"
		"movl %%esi, after+16\n"
		"movl %%edi, after+20\n"
		"movl %%ebp, after+24\n"
		"movl %%esp, after+28\n"
		"pushfl\n"
		"popl after+32\n"
		"cld\n"
		"movl saved_esp, %%esp\n"
		"popal\n"
		:: "i"(LGUEST_TRAP_ENTRY) : "memory", "cc");
}

static void call(u32 nr, u32 arg1, u32 arg2, u32 arg3, u32 flags)
{
	before = (struct registers) {
		.eax = nr, .edx = arg1, .ebx = arg2, .ecx = arg3,
		.esi = 0x51515151, .edi = 0xd1d1d1d1, .ebp = 0xb0b0b0b0,
		.flags = EFLAGS_ONE | flags,
	};
	call_with_registers();
	if (after.eax)
		fail("hypercall %u returned %x", nr, after.eax);
	CHECK_EQ(after.ebx, arg2);
	CHECK_EQ(after.ecx, arg3);
	CHECK_EQ(after.edx, arg1);
	CHECK_EQ(after.esi, 0x51515151);
	CHECK_EQ(after.edi, 0xd1d1d1d1);
	CHECK_EQ(after.ebp, 0xb0b0b0b0);
	CHECK_EQ(after.esp, saved_esp);
	CHECK_EQ(after.flags & FLAGS_KEPT, flags & FLAGS_KEPT);
}

static u64 descriptors[LGUEST_GDT_ENTRIES];

static void fill_descriptors(void)
{
	descriptors[LGUEST_KERNEL_CS / 8] = 0x00cfbb000000ffffULL;
	descriptors[LGUEST_KERNEL_DS / 8] = 0x00cfb3000000ffffULL;
	descriptors[LGUEST_USER_CS / 8] = 0x00cffb000000ffffULL;
	descriptors[LGUEST_USER_DS / 8] = 0x00cff3000000ffffULL;
}

static void call_those_without_paging(u32 flags)
{
	call(LHCALL_FLUSH_ASYNC, 0, 0, 0, flags);
	call(LHCALL_LOAD_GDT, pa(descriptors), LGUEST_GDT_ENTRIES, 0, flags);
	call(LHCALL_LOAD_GDT, pa(descriptors), 0, 0, flags);
	call(LHCALL_LOAD_IDT_ENTRY, 0x81, gate_low(trap_stub(0x81)),
	     gate_high(trap_stub(0x81), GATE_INTERRUPT, 3), flags);
	call(LHCALL_LOAD_IDT_ENTRY, 0x81, 0, 0, flags);
	call(LHCALL_SET_STACK, LGUEST_KERNEL_DS, trap_stack_top(), 0, flags);
	call(LHCALL_SET_CLOCKEVENT, 0, 0, 0, flags);
	call(LHCALL_READ_CLOCK, 0, 0, 0, flags);
	call(LHCALL_LOAD_TLS, pa(descriptors), 0, 0, flags);
	call(LHCALL_LOAD_GDT_ENTRY, 6, 0xffff, 0x00cff300, flags);
	call(LHCALL_LOAD_GDT_ENTRY, 31, 0, 0, flags);
	call(LHCALL_SEND_INTERRUPTS, 0, 0, 0, flags);
	call(LHCALL_NOTIFY, LGUEST_DEVICE_MAX - 1, 0, 0, flags);
}

static void call_those_of_paging(u32 flags)
{
	u32 *other = new_pgdir();

	call(LHCALL_NEW_PGTABLE, pa(other), 0, 0, flags);
	call(LHCALL_NEW_PGTABLE, pa(first_pgdir), 0, 0, flags);
	call(LHCALL_FLUSH_TLB, LGUEST_FLUSH_TOLD, 0, 0, flags);
	call(LHCALL_FLUSH_TLB, LGUEST_FLUSH_USER, 0, 0, flags);
	call(LHCALL_FLUSH_TLB, LGUEST_FLUSH_ALL, 0, 0, flags);
	call(LHCALL_SET_PTE, pa(first_pgdir), 0x10000000, 0, flags);
	call(LHCALL_SET_PTE, pa(other), 0xfffff000, 0, flags);
	call(LHCALL_SET_PGD, pa(first_pgdir), ENTRIES - 1, 0, flags);
	call(LHCALL_SET_PGD, pa(other), 0, 0, flags);
	call(LHCALL_DROP_PGTABLE, pa(other), 0, 0, flags);
}

/* HALT returns at once while an interrupt is pending. */
static void call_halt(u32 flags)
{
	u32 ticks = timer_ticks;

	irq_off();
	set_timer(USEC);
	while (!READ(lguest_data.irq_pending))
		hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
	call(LHCALL_HALT, 0, 0, 0, flags);
	CHECK_EQ(timer_ticks, ticks + 1);
	CHECK_EQ(lguest_data.irq_enabled, EFLAGS_IF);
}

static void test(void)
{
	setup_init();
	setup_traps();
	setup_timer();
	fill_descriptors();

	call_those_without_paging(0);
	call_those_without_paging(FLAGS_KEPT);
	setup_paging();
	call_those_without_paging(0);
	call_those_without_paging(FLAGS_KEPT);
	call_those_of_paging(0);
	call_those_of_paging(FLAGS_KEPT);
	call_halt(0);
	call_halt(FLAGS_KEPT);
}
