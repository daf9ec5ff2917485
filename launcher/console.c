// SPDX-License-Identifier: GPL-2.0
/*
 * console.c - moves bytes between a guest's console page and a port.  No byte
 * is lost on the way: who cannot go on leaves the rest in the ring, where the
 * other side finds it full and waits.
 * guide: L:260
 */
#include <string.h>
#include <time.h>

#include "console.h"

/* How often input is moved before others have their turn. */
#define INPUT_ROUNDS	16

static void reset(void *context, void *pages)
{
	struct console *console = context;

	if (pages)
		ring_init(&console->ring, pages);
	else
		console->ring.page = NULL;
}

static void changed(void *context)
{
	console_pump(context);
}

void console_init(struct console *console, struct device_list *list)
{
	*console = (struct console){
		.device = {
			.type = LGUEST_DEVICE_CONSOLE,
			.pages = 1,
			.reset = reset,
			.notified = changed,
			.context = console,
		},
	};
	device_add(list, &console->device);
}

bool console_open(struct console *console, const struct port_spec *spec,
		  const char *guest_name, struct loop *loop, struct why *why)
{
	console->port = (struct port){
		.spec = *spec,
		.guest_name = guest_name,
		.loop = loop,
		.changed = changed,
		.context = console,
	};
	return port_open(&console->port, why);
}

void console_close(struct console *console)
{
	port_close(&console->port);
}

/* Hand output to the port; how many bytes it took. */
static size_t write_out(struct console *console)
{
	uint8_t data[LGUEST_CONSOLE_OUT];
	size_t bytes, done = 0, put = 0;

	bytes = ring_peek(&console->ring, data, sizeof(data));
	for (; done < bytes; done += put) {
		put = port_write(&console->port, data + done, bytes - done);
		if (!put)
			break;
	}
	if (!done)
		return 0;
	ring_take(&console->ring, done);
	if (ring_take_wakes(&console->ring))
		device_interrupt(&console->device);
	return done;
}

static bool has_output(struct console *console)
{
	uint8_t byte;

	return ring_peek(&console->ring, &byte, 1);
}

/* One ring's worth at a time, so that a talkative guest does not starve us. */
static void pump_output(struct console *console)
{
	size_t done = write_out(console);

	if (!has_output(console)) {
		ring_want_output(&console->ring);
		if (!has_output(console))
			return;
		done = 1;
	}
	/* Having moved nothing means the port is full; it will tell. */
	if (done)
		device_again(&console->device);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static bool read_in(struct console *console)
{
	uint8_t *end = console->held + console->held_bytes;
	size_t got, room = sizeof(console->held) - console->held_bytes;

	if (!room)
		return false;
	got = port_read(&console->port, end, room);
	if (console->port.is_terminal &&
	    escape_feed(&console->escape, end, got, now_ns()))
		console->user_leaves = true;
	console->held_bytes += got;
	return got;
}

/* Put into the ring what is held; how much it took. */
static size_t hand_in(struct console *console)
{
	size_t put = ring_put(&console->ring, console->held,
			      console->held_bytes);

	console->held_bytes -= put;
	memmove(console->held, console->held + put, console->held_bytes);
	if (put && ring_put_wakes(&console->ring))
		device_interrupt(&console->device);
	return put;
}

/*
 * Reading goes on while the ring is full, until we hold all we can: ^C has to
 * work with a guest that takes no input any more.
 */
static void pump_input(struct console *console)
{
	unsigned int rounds = INPUT_ROUNDS;
	bool more;

	do {
		more = read_in(console);
		more |= hand_in(console) > 0;
	} while (more && --rounds);
	if (more)
		device_again(&console->device);
	if (!console->held_bytes)
		return;
	ring_want_room(&console->ring);
	if (hand_in(console))
		device_again(&console->device);
}

void console_pump(struct console *console)
{
	if (!console->ring.page)
		return;
	pump_output(console);
	pump_input(console);
}

void console_finish(struct console *console)
{
	ring_freeze(&console->ring);
	console_pump(console);
}

bool console_is_drained(struct console *console)
{
	return !has_output(console);
}
