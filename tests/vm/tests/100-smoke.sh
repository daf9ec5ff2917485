#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: the host VM has lg.ko loaded, two CPUs, and this tree to work in
#
# If this one fails, it is the harness, not lguest.
set -eu
. tests/vm/lib.sh

run test "$(id -u)" -eq 0
run test "$(nproc)" -eq 2
run test -d /sys/module/lg
run test -c /dev/lguest
run test -e "build/kmod/$(uname -r)/lg.ko"

# Programs get a real tmpfs for files that they share, and may write anywhere.
run test "$(stat -f -c %T "$TMPDIR")" = tmpfs
run touch tests/vm/tests/only-in-the-vm
run rm tests/vm/tests/only-in-the-vm

# The helpers of tests mean what they say.
expect 3 sh -c 'exit 3'
run wait_for 1 true
if quietly wait_for 1 false; then
	fail "wait_for does not notice that the time is over"
fi
no_growth 64 open_files true
