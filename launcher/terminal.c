// SPDX-License-Identifier: GPL-2.0
/*
 * terminal.c - makes a terminal raw and restores it.  A process has one at
 * most, and the handlers of fatal signals need it: hence the static state.
 */
#include <signal.h>
#include <stddef.h>
#include <termios.h>

#include "array.h"
#include "log.h"
#include "terminal.h"

static struct termios before;
static volatile sig_atomic_t raw_fd = -1;

/* What a bug of ours, or a fault of the machine, would end us with. */
static const int crashes[] = {
	SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP,
};

/* SA_RESETHAND: the second time is deadly, as it would have been at once. */
static void restore_and_die(int signal)
{
	terminal_restore();
	raise(signal);
}

static void guard_crashes(void)
{
	struct sigaction action = {
		.sa_handler = restore_and_die,
		.sa_flags = SA_RESETHAND | SA_NODEFER,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(crashes); i++)
		sigaction(crashes[i], &action, NULL);
}

bool terminal_make_raw(int fd, struct why *why)
{
	struct termios raw;

	if (tcgetattr(fd, &before))
		return why_fail(why, "cannot read the terminal's settings: %m");
	raw = before;
	cfmakeraw(&raw);
	guard_crashes();
	raw_fd = fd;
	if (tcsetattr(fd, TCSANOW, &raw)) {
		raw_fd = -1;
		return why_fail(why, "cannot make the terminal raw: %m");
	}
	log_raw_terminal(true);
	return true;
}

void terminal_restore(void)
{
	sigset_t stop, others;

	if (raw_fd < 0)
		return;
	/* Whoever does this in the background is stopped, unless he blocks it. */
	sigemptyset(&stop);
	sigaddset(&stop, SIGTTOU);
	pthread_sigmask(SIG_BLOCK, &stop, &others);
	tcsetattr(raw_fd, TCSANOW, &before);
	pthread_sigmask(SIG_SETMASK, &others, NULL);
	raw_fd = -1;
	log_raw_terminal(false);
}
