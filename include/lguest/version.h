/* SPDX-License-Identifier: GPL-2.0 */
/*
 * version.h - the release that all parts of this tree belong to: the programs
 * say it with --version, lg.ko in its module information.
 * guide: L:090
 */
#ifndef _LGUEST_VERSION_H
#define _LGUEST_VERSION_H

#define LGUEST_VERSION	"0.1"

#endif /* _LGUEST_VERSION_H */
