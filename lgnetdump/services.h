/* SPDX-License-Identifier: GPL-2.0 */
/*
 * services.h - names of ports, from this host's /etc/services, which is read
 * once.
 * guide: C:600
 */
#ifndef LGNETDUMP_SERVICES_H
#define LGNETDUMP_SERVICES_H

#include <stdbool.h>
#include <stdint.h>

/* NULL: it has none. */
const char *services_name(uint16_t port, bool tcp);

#endif
