/* SPDX-License-Identifier: GPL-2.0 */
/*
 * config_words.h - what the parsers of config.h share among themselves.
 * guide: C:050
 */
#ifndef LGSWITCH_CONFIG_WORDS_H
#define LGSWITCH_CONFIG_WORDS_H

#include "config.h"

/* Text into a field of a struct; false: it is empty, or too long for it. */
bool config_copy(char *to, size_t size, const char *text, const char *what,
		 struct why *why);

#define CONFIG_COPY(field, text, what, why) \
	config_copy(field, sizeof(field), text, what, why)

#endif
