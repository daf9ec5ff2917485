// SPDX-License-Identifier: GPL-2.0
/*
 * console.c - echoes its console: reads lines, writes each back with "echo "
 * before it, sleeping while there is nothing to do; "flood N" writes N
 * numbered lines, far more than the ring holds, and "quit" ends.
 */
#include "guest.h"

#define LINE_MAX	256

static struct lguest_console *console;
static u32 irqs;

static void full_barrier(void)
{
	asm volatile("lock orl $0, (%%esp)" ::: "memory", "cc");
}

static void count_irq(struct trap *trap)
{
	(void)trap;
	irqs++;
}

/* Ring the launcher if it waits. */
static void wake(u32 *wait)
{
	full_barrier();
	if (READ(*wait)) {
		WRITE(*wait, 0);
		hcall(LHCALL_NOTIFY, 0, 0, 0);
	}
}

static bool is_empty(void)
{
	return READ(console->in_head) == console->in_tail;
}

static bool is_full(void)
{
	return console->out_head - READ(console->out_tail) ==
	       LGUEST_CONSOLE_OUT;
}

/* Sleep as long as the ring is as it is, without losing a wakeup. */
static void wait_while(bool (*still)(void), u32 *wait)
{
	while (still()) {
		irq_off();
		WRITE(*wait, 1);
		full_barrier();
		if (still())
			halt();
		irq_on();
	}
	WRITE(*wait, 0);
}

static void put(char c)
{
	wait_while(is_full, &console->out_room);
	console->out[console->out_head % LGUEST_CONSOLE_OUT] = c;
	barrier();
	WRITE(console->out_head, console->out_head + 1);
	wake(&console->out_wait);
}

static char get(void)
{
	char c;

	wait_while(is_empty, &console->in_wait);
	c = console->in[console->in_tail % LGUEST_CONSOLE_IN];
	barrier();
	WRITE(console->in_tail, console->in_tail + 1);
	wake(&console->in_room);
	return c;
}

static void put_line(const char *fmt, ...)
{
	char line[LINE_MAX + 16];
	struct text text = { line, line + sizeof(line) };
	va_list args;
	char *p;

	va_start(args, fmt);
	put_format(&text, fmt, args);
	va_end(args);
	for (p = line; *p; p++)
		put(*p);
	put('\n');
}

static void get_line(char *line)
{
	u32 n = 0;
	char c;

	while ((c = get()) != '\n')
		if (n < LINE_MAX - 1)
			line[n++] = c;
	line[n] = '\0';
}

static bool starts_with(const char *line, const char *word)
{
	while (*word)
		if (*line++ != *word++)
			return false;
	return true;
}

static void flood(const char *number)
{
	u32 i, n = 0;

	for (; *number >= '0' && *number <= '9'; number++)
		n = n * 10 + *number - '0';
	for (i = 0; i < n; i++)
		put_line("flood %u of %u", i, n);
}

static void find_console(void)
{
	struct lguest_device_page *devices = at(ram_end());

	CHECK_EQ(devices->dev[0].type, LGUEST_DEVICE_CONSOLE);
	console = at(devices->dev[0].pfn * PAGE_SIZE);
	devices->dev[0].status = LGUEST_STATUS_ACKNOWLEDGE |
				 LGUEST_STATUS_DRIVER | LGUEST_STATUS_DRIVER_OK;
	handle_irq(1, count_irq);
}

static void test(void)
{
	char line[LINE_MAX];

	setup();
	find_console();
	irq_on();
	put_line("ready");
	for (;;) {
		get_line(line);
		if (starts_with(line, "quit"))
			break;
		if (starts_with(line, "flood "))
			flood(line + 6);
		else
			put_line("echo %s", line);
	}
	CHECK(irqs > 0);
	put_line("bye");
}
