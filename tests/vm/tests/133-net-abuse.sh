#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: nets refuse wrong calls, and garbage on one harms nobody else there
# timeout: 180
#
# tests/vm/abuse-net.c says what it tries.
set -eu
. tests/vm/lib.sh
. tests/vm/group.sh

abuse() (
	here=$PWD
	cd "$TMPDIR"
	"$here/build/tests/vm/abuse-net"
)

new_group net
run in_group abuse
wait_for 10 little_is_left
