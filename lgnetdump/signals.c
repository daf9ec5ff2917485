// SPDX-License-Identifier: GPL-2.0
/*
 * signals.c - keeps signals until they are looked at.  See signals.h.
 */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "array.h"
#include "signals.h"

#define NS_PER_S	1000000000LL

static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGALRM };

static volatile sig_atomic_t seen[NSIG];

static void on_signal(int number)
{
	seen[number] = 1;
	/* Nothing that we wait for may keep us from ending. */
	if (number == SIGINT || number == SIGTERM)
		alarm(1);
}

void signals_init(void)
{
	/* Without SA_RESTART: what waits shall notice. */
	struct sigaction action = { .sa_handler = on_signal };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		seen[numbers[i]] = 0;
		sigaction(numbers[i], &action, NULL);
	}
	/* A write to nobody tells by itself. */
	signal(SIGPIPE, SIG_IGN);
}

bool signals_take(int number)
{
	if (!seen[number])
		return false;
	seen[number] = 0;
	return true;
}

bool signals_ended(void)
{
	return seen[SIGINT] || seen[SIGTERM];
}

bool signals_give_up(void)
{
	return signals_ended() && seen[SIGALRM];
}

static bool any_seen(void)
{
	return signals_ended() || seen[SIGHUP] || seen[SIGUSR1];
}

int signals_poll(struct pollfd *polls, unsigned int count, int64_t ns)
{
	const struct timespec time = {
		.tv_sec = ns / NS_PER_S,
		.tv_nsec = ns % NS_PER_S,
	};
	sigset_t ours, before;
	int got = -1;
	size_t i;

	sigemptyset(&ours);
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		sigaddset(&ours, numbers[i]);
	sigprocmask(SIG_BLOCK, &ours, &before);
	errno = EINTR;
	if (!any_seen())
		got = ppoll(polls, count, ns < 0 ? NULL : &time, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return got;
}
