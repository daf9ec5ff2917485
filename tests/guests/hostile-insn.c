// SPDX-License-Identifier: GPL-2.0
/*
 * hostile-insn.c - every instruction that is ring 0's, or odd, or was once
 * the end of a CPU, in ring 1 and in ring 3: none may do anything but trap
 * in the guest, or nothing.
 */
#include "guest.h"

struct insn {
	const char *name;
	u8 length;
	u8 bytes[15];
	bool user_may;		/* harmless, so ring 3 may get through */
};

static const struct insn insns[] = {
	{ "hlt", 1, { 0xf4 }, false },
	{ "cli", 1, { 0xfa }, false },
	{ "sti", 1, { 0xfb }, false },
	{ "lgdt", 3, { 0x0f, 0x01, 0x10 }, false },
	{ "lidt", 3, { 0x0f, 0x01, 0x18 }, false },
	{ "sgdt", 3, { 0x0f, 0x01, 0x00 }, true },
	{ "sidt", 3, { 0x0f, 0x01, 0x08 }, true },
	{ "lldt", 3, { 0x0f, 0x00, 0xd0 }, false },
	{ "ltr", 3, { 0x0f, 0x00, 0xd8 }, false },
	{ "sldt", 3, { 0x0f, 0x00, 0xc0 }, true },
	{ "str", 3, { 0x0f, 0x00, 0xc8 }, true },
	{ "smsw", 3, { 0x0f, 0x01, 0xe0 }, true },
	{ "lmsw", 3, { 0x0f, 0x01, 0xf0 }, false },
	{ "clts", 2, { 0x0f, 0x06 }, false },
	{ "mov cr0 out", 3, { 0x0f, 0x20, 0xc0 }, false },
	{ "mov cr0 in", 3, { 0x0f, 0x22, 0xc0 }, false },
	{ "mov cr1", 3, { 0x0f, 0x22, 0xc8 }, false },
	{ "mov cr2 in", 3, { 0x0f, 0x22, 0xd0 }, false },
	{ "mov cr3 out", 3, { 0x0f, 0x20, 0xd8 }, false },
	{ "mov cr3 in", 3, { 0x0f, 0x22, 0xd8 }, false },
	{ "mov cr4 in", 3, { 0x0f, 0x22, 0xe0 }, false },
	{ "lock mov cr0 (cr8)", 4, { 0xf0, 0x0f, 0x22, 0xc0 }, false },
	{ "mov dr0 in", 3, { 0x0f, 0x23, 0xc0 }, false },
	{ "mov dr7 in", 3, { 0x0f, 0x23, 0xf8 }, false },
	{ "mov dr6 out", 3, { 0x0f, 0x21, 0xf0 }, false },
	{ "mov tr6", 3, { 0x0f, 0x24, 0xf0 }, false },
	{ "mov tr7 in", 3, { 0x0f, 0x26, 0xf8 }, false },
	{ "wrmsr", 2, { 0x0f, 0x30 }, false },
	{ "rdmsr", 2, { 0x0f, 0x32 }, false },
	{ "rdpmc", 2, { 0x0f, 0x33 }, false },
	{ "rdtsc", 2, { 0x0f, 0x31 }, true },
	{ "rdtscp", 3, { 0x0f, 0x01, 0xf9 }, true },
	{ "rdpid", 4, { 0xf3, 0x0f, 0xc7, 0xf8 }, true },
	{ "invd", 2, { 0x0f, 0x08 }, false },
	{ "wbinvd", 2, { 0x0f, 0x09 }, false },
	{ "wbnoinvd", 3, { 0xf3, 0x0f, 0x09 }, false },
	{ "invlpg", 3, { 0x0f, 0x01, 0x38 }, false },
	{ "invpcid", 5, { 0x66, 0x0f, 0x38, 0x82, 0x00 }, false },
	{ "invlpgb", 3, { 0x0f, 0x01, 0xfe }, false },
	{ "tlbsync", 3, { 0x0f, 0x01, 0xff }, false },
	{ "sysenter", 2, { 0x0f, 0x34 }, false },
	{ "sysexit", 2, { 0x0f, 0x35 }, false },
	{ "syscall", 2, { 0x0f, 0x05 }, false },
	{ "sysret", 2, { 0x0f, 0x07 }, false },
	{ "swapgs", 3, { 0x0f, 0x01, 0xf8 }, false },
	{ "dec eax; sysret", 3, { 0x48, 0x0f, 0x07 }, false },
	{ "vmcall", 3, { 0x0f, 0x01, 0xc1 }, false },
	{ "vmlaunch", 3, { 0x0f, 0x01, 0xc2 }, false },
	{ "vmresume", 3, { 0x0f, 0x01, 0xc3 }, false },
	{ "vmxoff", 3, { 0x0f, 0x01, 0xc4 }, false },
	{ "vmxon", 4, { 0xf3, 0x0f, 0xc7, 0x30 }, false },
	{ "vmptrld", 3, { 0x0f, 0xc7, 0x30 }, false },
	{ "vmread", 3, { 0x0f, 0x78, 0x00 }, false },
	{ "vmfunc", 3, { 0x0f, 0x01, 0xd4 }, false },
	{ "vmrun", 3, { 0x0f, 0x01, 0xd8 }, false },
	{ "vmmcall", 3, { 0x0f, 0x01, 0xd9 }, false },
	{ "vmload", 3, { 0x0f, 0x01, 0xda }, false },
	{ "vmsave", 3, { 0x0f, 0x01, 0xdb }, false },
	{ "stgi", 3, { 0x0f, 0x01, 0xdc }, false },
	{ "clgi", 3, { 0x0f, 0x01, 0xdd }, false },
	{ "skinit", 3, { 0x0f, 0x01, 0xde }, false },
	{ "invlpga", 3, { 0x0f, 0x01, 0xdf }, false },
	{ "getsec", 2, { 0x0f, 0x37 }, false },
	{ "encls", 3, { 0x0f, 0x01, 0xcf }, false },
	{ "enclu", 3, { 0x0f, 0x01, 0xd7 }, true },
	{ "pconfig", 3, { 0x0f, 0x01, 0xc5 }, false },
	{ "monitor", 3, { 0x0f, 0x01, 0xc8 }, false },
	{ "mwait", 3, { 0x0f, 0x01, 0xc9 }, false },
	{ "monitorx", 3, { 0x0f, 0x01, 0xfa }, true },
	{ "mwaitx", 3, { 0x0f, 0x01, 0xfb }, true },
	{ "umonitor", 4, { 0xf3, 0x0f, 0xae, 0xf0 }, true },
	{ "tpause", 4, { 0x66, 0x0f, 0xae, 0xf0 }, true },
	{ "clac", 3, { 0x0f, 0x01, 0xca }, false },
	{ "stac", 3, { 0x0f, 0x01, 0xcb }, false },
	{ "xgetbv", 3, { 0x0f, 0x01, 0xd0 }, true },
	{ "xsetbv", 3, { 0x0f, 0x01, 0xd1 }, false },
	{ "xsaves", 3, { 0x0f, 0xc7, 0x28 }, false },
	{ "xrstors", 3, { 0x0f, 0xc7, 0x18 }, false },
	{ "rdpkru", 3, { 0x0f, 0x01, 0xee }, true },
	{ "wrpkru", 3, { 0x0f, 0x01, 0xef }, true },
	{ "rdfsbase", 4, { 0xf3, 0x0f, 0xae, 0xc0 }, false },
	{ "wrfsbase", 4, { 0xf3, 0x0f, 0xae, 0xd0 }, false },
	{ "wrgsbase", 4, { 0xf3, 0x0f, 0xae, 0xd8 }, false },
	{ "setssbsy", 4, { 0xf3, 0x0f, 0x01, 0xe8 }, false },
	{ "incssp", 4, { 0xf3, 0x0f, 0xae, 0xe8 }, true },
	{ "wrss", 4, { 0x0f, 0x38, 0xf6, 0x00 }, true },
	{ "wruss", 5, { 0x66, 0x0f, 0x38, 0xf5, 0x00 }, false },
	{ "clrssbsy", 4, { 0xf3, 0x0f, 0xae, 0x30 }, false },
	{ "enqcmds", 5, { 0xf3, 0x0f, 0x38, 0xf8, 0x00 }, false },
	{ "hreset", 6, { 0xf3, 0x0f, 0x3a, 0xf0, 0xc0, 0x00 }, false },
	{ "rsm", 2, { 0x0f, 0xaa }, false },
	{ "icebp", 1, { 0xf1 }, false },
	{ "ud0", 3, { 0x0f, 0xff, 0xc0 }, false },
	{ "ud1", 3, { 0x0f, 0xb9, 0xc0 }, false },
	{ "in", 2, { 0xe4, 0x60 }, false },
	{ "out", 2, { 0xe6, 0x80 }, false },
	{ "insb", 1, { 0x6c }, false },
	{ "outsl", 1, { 0x6f }, false },
	{ "rep insb", 2, { 0xf3, 0x6c }, false },
	{ "lock cmpxchg8b reg", 4, { 0xf0, 0x0f, 0xc7, 0xc8 }, false },
	{ "call of a null selector", 7, { 0x9a, 0, 0, 0, 0, 0, 0 }, false },
	{ "lds", 2, { 0xc5, 0x00 }, true },
	{ "into with OF clear", 1, { 0xce }, true },
	{ "fifteen prefixes", 15, { 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	  0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66 }, true },
	{ "salc", 1, { 0xd6 }, true },
	{ "fwait", 1, { 0x9b }, true },
	{ "fxsave", 3, { 0x0f, 0xae, 0x00 }, true },
	{ "pushf; popf", 2, { 0x9c, 0x9d }, true },
	{ "int $2", 2, { 0xcd, 0x02 }, false },
	{ "int $8", 2, { 0xcd, 0x08 }, false },
	{ "int $18", 2, { 0xcd, 0x12 }, false },
};

/* Where they run: a page of ring 3's.  Behind each, int $0x80. */
USER_DATA static u8 code[PAGE_SIZE] __attribute__((aligned(4096)));
/* What their operands lead to. */
USER_DATA static u8 operand[PAGE_SIZE] __attribute__((aligned(4096)));

/* ring 1 may not run pages of ring 3 where the CPU has SMEP. */
static u8 ring1_code[64];

static void put_code(u8 *place, const u8 *bytes, u32 length)
{
	static const u8 end[] = { 0xcd, VECTOR_SYSCALL };

	memcpy(place, bytes, length);
	memcpy(place + length, end, sizeof(end));
}

static u32 in_ring1(const u8 *bytes, u32 length)
{
	memset(operand, 0, sizeof(operand));
	put_code(ring1_code, bytes, length);
	return TRY_WITH("movl %%eax, %%edi\n"
			"movl %%eax, %%esi\n"
			"movl %%eax, %%edx\n"
			"movl %%eax, %%ebx\n"
			"jmp *%%ecx\n", pa(operand), pa(ring1_code));
}

static u32 in_ring3(const u8 *bytes, u32 length)
{
	struct trap regs = user_start_at(code);

	memset(operand, 0, sizeof(operand));
	put_code(code, bytes, length);
	regs.eax = pa(operand);
	regs.edx = pa(operand);
	regs.ebx = pa(operand);
	regs.esi = pa(operand);
	regs.edi = pa(operand);
	run_user(&regs);
	caught = regs;
	return regs.vector;
}

/* A trap of the guest's own, by a fault that such instructions have. */
static bool is_refusal(u32 vector)
{
	return vector == VECTOR_GP || vector == VECTOR_UD ||
	       vector == VECTOR_NP || vector == VECTOR_DB ||
	       vector == VECTOR_PF || vector == VECTOR_NM;
}

static void all_insns(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(insns); i++) {
		u32 vector = in_ring3(insns[i].bytes, insns[i].length);

		if (!is_refusal(vector) &&
		    !(insns[i].user_may && vector == VECTOR_SYSCALL))
			fail("ring 3: %s ended in %u", insns[i].name, vector);
		vector = in_ring1(insns[i].bytes, insns[i].length);
		if (!is_refusal(vector) && vector != VECTOR_SYSCALL)
			fail("ring 1: %s ended in %u", insns[i].name, vector);
	}
}

/* Are interrupts, paging and protection still what they were? */
static void check_sane(void)
{
	u32 flags;

	asm volatile("pushfl\n popl %0" : "=r"(flags));
	CHECK_EQ(flags & (EFLAGS_IF | EFLAGS_IOPL), EFLAGS_IF);
	CHECK_EQ(try_read(0xfffff000), VECTOR_PF);
	setup_timer();
	sleep_ns(MSEC);
	irq_off();
}

/* All 256 software interrupts, from both rings. */
static void all_ints(void)
{
	u8 bytes[2] = { 0xcd };
	u32 n;

	for (n = 0; n < 0x100; n++) {
		u32 vector;

		bytes[1] = n;
		vector = in_ring3(bytes, 2);
		if (default_dpl(n) == 3)
			CHECK_EQ(vector, n);
		else
			CHECK_EQ(vector, VECTOR_GP);
		if (n == LGUEST_TRAP_ENTRY)
			continue;	/* a hypercall of any number */
		vector = in_ring1(bytes, 2);
		CHECK(vector == VECTOR_GP || vector == n);
	}
}

/*
 * Sixteen opcodes, high=N of one byte or (prefix=1) of two, with every third
 * byte behind them; in ring 3, as most do what they say.
 */
#define SLICE	(5 * MSEC)	/* for those that loop */

static void tick_out(struct trap *trap)
{
	handlers[trap->vector] = NULL;
	dispatch(trap);
}

/* Maps of three-byte opcodes: on some of them QEMU 7.2 itself crashes. */
static bool crashes_qemu(u32 prefix, u32 op)
{
	return prefix && (op == 0x38 || op == 0x3a) && is_emulated();
}

static void some_opcodes(void)
{
	u32 prefix = parameter("prefix", 0), high = parameter("high", 0);
	u32 low, modrm;

	for (low = 0; low < 16; low++) {
		if (crashes_qemu(prefix, high << 4 | low))
			continue;
		for (modrm = 0; modrm < 0x100; modrm += 3) {
			u8 bytes[8] = { 0x0f, high << 4 | low, modrm };

			handle_irq(LGUEST_IRQ_TIMER, tick_out);
			set_timer(SLICE);
			in_ring3(prefix ? bytes : bytes + 1, 7);
			set_timer(0);
		}
	}
}

static member *const members[] = { all_insns, all_ints, some_opcodes };

static void test(void)
{
	setup();
	RUN_MEMBER(members);
	check_sane();
}
