/* SPDX-License-Identifier: GPL-2.0 */
/*
 * packed.h - kernels that come compressed: which compression it is, and
 * undoing gzip's.
 */
#ifndef LAUNCHER_PACKED_H
#define LAUNCHER_PACKED_H

#include <stddef.h>
#include <stdint.h>

#include "why.h"

/*
 * The largest kernel file, packed or not: far more than any guest can hold,
 * and an end to files that would unpack to endless zeros.
 */
#define PACKED_LIMIT	(256u << 20)

/* "gzip", "xz" or the like by how @data begins; NULL if it is not packed. */
const char *packed_format(const uint8_t *data, size_t bytes);

/* Unpack; the caller frees *@to.  Formats other than gzip fail by name. */
bool packed_inflate(const uint8_t *data, size_t bytes, uint8_t **to,
		    size_t *to_bytes, struct why *why);

#endif
