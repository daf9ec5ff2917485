// SPDX-License-Identifier: GPL-2.0
/*
 * shutdown.c - the ways to end: each reason, with messages of every length
 * and kind, and with some that are none.
 */
#include "guest.h"

/* Outside the image: a message that is as long as one can be. */
static char *page;

static void power_off(void)
{
	shutdown("good night", LGUEST_SHUTDOWN_POWEROFF);
}

static void restart(void)
{
	shutdown("once more", LGUEST_SHUTDOWN_RESTART);
}

static void panic(void)
{
	shutdown("deliberate panic", LGUEST_SHUTDOWN_PANIC);
}

static void panic_without_message(void)
{
	hcall(LHCALL_SHUTDOWN, 0, LGUEST_SHUTDOWN_PANIC, 0);
}

/* A launcher prints it on a person's terminal. */
static void panic_with_escapes(void)
{
	shutdown("red \033[31malert\r\n\a\2332J \177\377 end",
		 LGUEST_SHUTDOWN_PANIC);
}

/* More than LGUEST_MESSAGE_MAX, and no NUL anywhere; across pages. */
static void endless_message(void)
{
	memset(page, 'x', 2 * PAGE_SIZE);
	shutdown(page + PAGE_SIZE - 100, LGUEST_SHUTDOWN_PANIC);
}

static void message_to_the_last_byte(void)
{
	char *last = at(memory_end() - 5);

	memcpy(last, "last", 5);
	shutdown(last, LGUEST_SHUTDOWN_PANIC);
}

static void message_over_the_end(void)
{
	char *last = at(memory_end() - 4);

	memcpy(last, "last", 4);
	shutdown(last, LGUEST_SHUTDOWN_PANIC);
}

static void message_nowhere(void)
{
	hcall(LHCALL_SHUTDOWN, 0xfffffff0, LGUEST_SHUTDOWN_PANIC, 0);
}

static void no_reason(void)
{
	hcall(LHCALL_SHUTDOWN, 0, 0, 0);
}

static void wild_reason(void)
{
	hcall(LHCALL_SHUTDOWN, 0, LGUEST_SHUTDOWN_PANIC + 1, 0);
}

static member *const members[] = {
	power_off, restart, panic, panic_without_message, panic_with_escapes,
	endless_message, message_to_the_last_byte, message_over_the_end,
	message_nowhere, no_reason, wild_reason,
};

static void test(void)
{
	page = at(ram_end() - 4 * PAGE_SIZE);
	if (!parameter("early", 0))
		setup();
	RUN_MEMBER(members);
}
