#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a launcher may take away, move or share its guest's memory at any time
# timeout: 400
#
# tests/vm/abuse-memory.c says what it tries.
set -eu
. tests/vm/lib.sh

abuse() {
	build/tests/vm/abuse-memory
}

run abuse
no_growth 4096 used_kib abuse
