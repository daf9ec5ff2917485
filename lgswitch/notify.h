/* SPDX-License-Identifier: GPL-2.0 */
/*
 * notify.h - tells the service manager (systemd) how we are.  Where nobody
 * has asked to be told, all this does nothing.
 * guide: C:090
 */
#ifndef LGSWITCH_NOTIFY_H
#define LGSWITCH_NOTIFY_H

#include <stdint.h>

/* All ports are open; @status is for people. */
void notify_ready(const char *status);
/* The configuration is being read again; notify_ready() ends that. */
void notify_reloading(void);
void notify_status(const char *status);
void notify_stopping(void);

/*
 * How often notify_alive() is to be called for the manager not to think that
 * we hang, in ns: half of what it waits for.  0: it does not watch us.
 */
uint64_t notify_watchdog_ns(void);
void notify_alive(void);

#endif
