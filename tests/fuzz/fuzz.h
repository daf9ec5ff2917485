/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fuzz.h - what a fuzz target is: tests/fuzz/PROGRAM/fuzz_X.c has these two
 * functions and is linked with lib/ and the program's folder, but main().  It
 * runs under driver.c (make check-fuzz), or under clang's libFuzzer, which
 * sees which way inputs take (make fuzz FUZZ=PROGRAM/X).
 * guide: P:110
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Any bytes, in memory that ends where they do.  What is wrong abort()s. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * The @number-th good input to begin with, of up to @max bytes; its length, or
 * 0: there is none any more.  A target that has no such function begins with
 * nothing.
 */
size_t fuzz_seed(unsigned int number, uint8_t *data, size_t max)
	__attribute__((weak));

#endif
