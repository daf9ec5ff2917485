#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: the program that lg(4) gives as an example runs its guest; and the page tells the truth of the device
set -eu
. tests/vm/lib.sh

tests/manual-example kmod/lg.4 > "$TMPDIR/example.c"
run gcc -Wall -Wextra -Werror -Iinclude -o "$TMPDIR/example" "$TMPDIR/example.c"
run "$TMPDIR/example" > "$TMPDIR/said"
run grep -q '^ended for reason 1: ' "$TMPDIR/said"
run test "$(stat -c %a /dev/lguest)" = 600
run test "$(cat /sys/module/lg/version)" = "$(build/lguest --version | cut -d ' ' -f 2)"
for file in /sys/module/lg/parameters/*; do
	run grep -q "^\.It Cm ${file##*/}\$" kmod/lg.4
done
chmod 000 /dev/lguest
expect 1 setpriv --reuid=65534 --regid=65534 --clear-groups "$TMPDIR/example" 2> "$TMPDIR/said"
chmod 600 /dev/lguest
run grep -q 'Permission denied' "$TMPDIR/said"
