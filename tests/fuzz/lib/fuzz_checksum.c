// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_checksum.c - any bytes as a frame whose checksum is to be completed, in
 * one piece and in many: both have to give the same.
 */
#include "checksum.h"
#include "frame_seeds.h"
#include "fuzz.h"

#define PIECES	20

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *one = malloc(size + 1), *many = malloc(size + 1);
	struct iovec whole = { one, size }, piece[PIECES];
	struct checksum checksum;
	unsigned int pieces;

	memcpy(one, data, size);
	memcpy(many, data, size);
	pieces = frame_cut(many, size, piece, PIECES);
	if (checksum_complete(&whole, 1) != checksum_complete(piece, pieces) ||
	    memcmp(one, many, size))
		abort();
	/* What is done is done. */
	if (checksum_find(&whole, 1, &checksum) == CHECKSUM_DUE)
		abort();
	free(one);
	free(many);
	return 0;
}
