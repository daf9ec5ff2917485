/* SPDX-License-Identifier: GPL-2.0 */
/*
 * host.h - asking the host: hypercalls, made at once or queued, and the two
 * ways for a guest to end.
 */
#ifndef _TEST_GUEST_HOST_H
#define _TEST_GUEST_HOST_H

#include <lguest/hypercall.h>
#include "basic.h"

/* A page of its own, as the contract wants. */
static struct lguest_data lguest_data __attribute__((aligned(4096), used));

static inline u32 hcall(u32 nr, u32 arg1, u32 arg2, u32 arg3)
{
	asm volatile("int %1"
		     : "+a"(nr)
		     : "i"(LGUEST_TRAP_ENTRY), "d"(arg1), "b"(arg2), "c"(arg3)
		     : "memory");
	return nr;
}

/* Every address here is linear and physical at once (see guest.ld). */
static inline u32 pa(const volatile void *p)
{
	return (u32)(uintptr_t)p;
}

/* The compiler must not know which: it takes 0 for no address at all. */
static inline void *at(u32 address)
{
	asm("" : "+r"(address));
	return (void *)(uintptr_t)address;
}

__attribute__((noreturn))
static inline void shutdown(const char *message, u32 reason)
{
	hcall(LHCALL_SHUTDOWN, pa(message), reason, 0);
	for (;;)
		;
}

__attribute__((noreturn)) static inline void pass(void)
{
	shutdown("ok", LGUEST_SHUTDOWN_POWEROFF);
}

/* Say what was wrong and end; launchers exit with status 3 for it. */
__attribute__((noreturn, noinline, format(printf, 1, 2)))
static void fail(const char *fmt, ...)
{
	static char message[LGUEST_MESSAGE_MAX];
	struct text text = { message, message + sizeof(message) };
	va_list args;

	va_start(args, fmt);
	put_format(&text, fmt, args);
	va_end(args);
	shutdown(message, LGUEST_SHUTDOWN_PANIC);
}

/* Index in the ring of queued calls that comes next. */
static u32 ring_next;

/* Store a call into the ring's next place, which must be free. */
static inline void queue_raw(u32 nr, u32 arg1, u32 arg2, u32 arg3)
{
	struct lguest_hcall *call = &lguest_data.hcalls[ring_next];

	call->nr = nr;
	call->arg1 = arg1;
	call->arg2 = arg2;
	call->arg3 = arg3;
	barrier();
	WRITE(lguest_data.hcall_status[ring_next], LGUEST_RING_QUEUED);
	barrier();
	ring_next = (ring_next + 1) % LGUEST_RING_SIZE;
}

/* Queue a call; make room by having the others run if there is none. */
static inline void queue(u32 nr, u32 arg1, u32 arg2, u32 arg3)
{
	if (READ(lguest_data.hcall_status[ring_next]) != LGUEST_RING_FREE)
		hcall(LHCALL_FLUSH_ASYNC, 0, 0, 0);
	queue_raw(nr, arg1, arg2, arg3);
}

#endif /* _TEST_GUEST_HOST_H */
