/* SPDX-License-Identifier: GPL-2.0 */
/*
 * signals.h - signals as flags that the program looks at when it can, without
 * missing one that comes just before it sleeps.
 * guide: C:530
 */
#ifndef LGNETDUMP_SIGNALS_H
#define LGNETDUMP_SIGNALS_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

/* SIGINT, SIGTERM, SIGHUP and SIGUSR1 do nothing by themselves any more. */
void signals_init(void);

/* Has it come since last asked? */
bool signals_take(int number);

/* SIGINT or SIGTERM */
bool signals_ended(void);

/*
 * A call that was interrupted has had its time since we were told to end.
 * (Which interrupts it a second after that, if it still goes on.)
 */
bool signals_give_up(void);

/* As ppoll(), but also ends for a signal that has not been taken; ns < 0: never. */
int signals_poll(struct pollfd *polls, unsigned int count, int64_t ns);

#endif
