/* SPDX-License-Identifier: GPL-2.0 */
/*
 * array.h - the number of elements of an array.
 * guide: L:080
 */
#ifndef LIB_ARRAY_H
#define LIB_ARRAY_H

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#endif
