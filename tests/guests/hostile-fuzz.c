// SPDX-License-Identifier: GPL-2.0
/*
 * hostile-fuzz.c - random bytes as code, in ring 3 (ring=3) or in ring 1,
 * with random registers and flags, thousands of times from seed=N on.  In
 * ring 1 the guest may well ruin itself; the host has to bear it.
 */
#include "guest.h"

#define PIECES		4000u
#define PIECE		64u	/* bytes */
#define SLICE		(2 * MSEC)

/* Instructions that matter come up more often than by chance. */
static u8 random_byte(void)
{
	static const u8 likely[] = {
		0x0f, 0x01, 0x00, 0x1f, 0xcd, 0x80, 0x8e, 0xcf, 0xcb, 0x9d,
		0x9c, 0x17, 0x07, 0x1f, 0x0f, 0xa1, 0xea, 0x9a, 0xe4, 0xee,
		0x66, 0xf0, 0xf3, 0x64, 0x65, 0x34, 0x05, 0x22, 0x20, 0xcc,
		0x61, 0x69, 0x73, 0x7b, 0x10, 0xff,
	};
	u32 r = random();

	return r & 1 ? likely[(r >> 8) % sizeof(likely)] : r >> 16;
}

USER_DATA static u8 code[PAGE_SIZE] __attribute__((aligned(4096)));

static void fill(u8 *place)
{
	u32 i;

	for (i = 0; i < PIECE; i++)
		place[i] = random_byte();
	place[i] = 0x0f;	/* ud2 */
	place[i + 1] = 0x0b;
}

/* The slice is over.  A tick that comes too soon comes again. */
static void give_up(struct trap *trap)
{
	if (!from_user(trap) && !try_eip) {
		set_timer(SLICE);
		return;
	}
	handlers[trap->vector] = NULL;
	dispatch(trap);
}

static void in_ring3(void)
{
	struct trap regs = user_start_at(code);

	fill(code);
	regs.eax = random();
	regs.ebx = random();
	regs.ecx = random() % 64;
	regs.edx = pa(code);
	regs.esi = pa(code) + 1024;
	regs.edi = pa(code) + 2048;
	regs.ebp = random();
	regs.eflags = EFLAGS_IF | (random() & (EFLAGS_TF | EFLAGS_NT |
					       EFLAGS_AC | EFLAGS_DF));
	run_user(&regs);
}

/* In a page apart, and on a stack apart, lest it hits this program at once. */
static void in_ring1(u8 *place)
{
	fill(place);
	TRY_WITH("movl %%ecx, %%esp\n"
		 "addl $4000, %%esp\n"
		 "movl %%ecx, %%esi\n"
		 "movl %%ecx, %%edi\n"
		 "jmp *%%eax\n", pa(place), pa(place));
}

static void test(void)
{
	u32 i, ring = parameter("ring", 1);
	u8 *place;

	seed_random();
	setup();
	place = (u8 *)new_page();
	irq_on();
	for (i = 0; i < PIECES; i++) {
		handle_irq(LGUEST_IRQ_TIMER, give_up);
		set_timer(SLICE);
		if (ring == 3)
			in_ring3();
		else
			in_ring1(place);
	}
	set_timer(0);
}
