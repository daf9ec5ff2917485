/* SPDX-License-Identifier: GPL-2.0 */
/*
 * boot.h - where a guest starts, what the registers held then, and what the
 * launcher left in boot_params: command line, memory map and device page.
 */
#ifndef _TEST_GUEST_BOOT_H
#define _TEST_GUEST_BOOT_H

#include <asm/bootparam.h>
#include "check.h"

#define STACK_SIZE	16384

/* The registers at the very first instruction. */
struct start_state {
	u32 eax, ebx, ecx, edx, esi, edi, ebp;
	u32 cs, ss, ds, es, fs, gs;
	u32 eflags;
};

static struct start_state start_state __attribute__((used));
static u8 stack[STACK_SIZE] __attribute__((aligned(16), used));

asm(
"	.text\n"
"	.globl _start\n"
"_start:\n"
"	movl %eax, start_state\n"
"	movl %ebx, start_state+4\n"
"	movl %ecx, start_state+8\n"
"	movl %edx, start_state+12\n"
"	movl %esi, start_state+16\n"
"	movl %edi, start_state+20\n"
"	movl %ebp, start_state+24\n"
"	movl %cs, %eax\n"
"	movl %eax, start_state+28\n"
"	movl %ss, %eax\n"
"	movl %eax, start_state+32\n"
"	movl %ds, %eax\n"
"	movl %eax, start_state+36\n"
"	movl %es, %eax\n"
"	movl %eax, start_state+40\n"
"	movl %fs, %eax\n"
"	movl %eax, start_state+44\n"
"	movl %gs, %eax\n"
"	movl %eax, start_state+48\n"
"	movl $stack+16384, %esp\n"
"	pushfl\n"
"	popl start_state+52\n"
"	cld\n"
"	call guest_main\n"
);

_Static_assert(STACK_SIZE == 16384, "_start knows the size of the stack");

/* ESI, saved by _start. */
static inline const struct boot_params *boot_params(void)
{
	return at(start_state.esi);
}

static inline const char *command_line(void)
{
	return at(boot_params()->hdr.cmd_line_ptr);
}

/* The device page follows right behind RAM. */
static inline u32 ram_end(void)
{
	return boot_params()->hdr.hardware_subarch_data;
}

/* The number after "name=" on the command line, or fallback. */
static inline u32 parameter(const char *name, u32 fallback)
{
	const char *p = command_line();
	size_t length = text_length(name);
	u32 value = 0;

	for (; *p; p++) {
		if (!same_memory(p, name, length) || p[length] != '=')
			continue;
		for (p += length + 1; *p >= '0' && *p <= '9'; p++)
			value = value * 10 + *p - '0';
		return value;
	}
	return fallback;
}

/* Which member of a family of guests this is: case=N. */
static inline u32 test_case(void)
{
	return parameter("case", 0);
}

#endif /* _TEST_GUEST_BOOT_H */
