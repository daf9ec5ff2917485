// SPDX-License-Identifier: GPL-2.0
/*
 * notify.c - sd_notify(3).  See notify.h.
 */
#include <time.h>

#include <systemd/sd-daemon.h>

#include "notify.h"

void notify_ready(const char *status)
{
	sd_notifyf(0, "READY=1\nSTATUS=%s", status);
}

/* Newer managers want to know when that was, to tell two of them apart. */
void notify_reloading(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%llu",
		   now.tv_sec * 1000000ULL + now.tv_nsec / 1000);
}

void notify_status(const char *status)
{
	sd_notifyf(0, "STATUS=%s", status);
}

void notify_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

uint64_t notify_watchdog_ns(void)
{
	uint64_t us = 0;

	if (sd_watchdog_enabled(0, &us) <= 0)
		return 0;
	return us * 1000 / 2;
}

void notify_alive(void)
{
	sd_notify(0, "WATCHDOG=1");
}
