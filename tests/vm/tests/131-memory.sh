#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a launcher may take away, move or share its guest's memory at any time
# timeout: 400
#
# tests/vm/abuse-memory.c says what it tries.
set -eu
. tests/vm/lib.sh
. tests/vm/group.sh

abuse() {
	build/tests/vm/abuse-memory
}

new_group memory
run in_group abuse
wait_for 10 little_is_left
