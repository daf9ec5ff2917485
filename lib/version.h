/* SPDX-License-Identifier: GPL-2.0 */
/*
 * version.h - the release that all programs of this tree belong to.
 * guide: L:090
 */
#ifndef LIB_VERSION_H
#define LIB_VERSION_H

#define LGUEST_VERSION	"0.1"

#endif
