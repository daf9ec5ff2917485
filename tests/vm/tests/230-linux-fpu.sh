#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: x87 and SSE registers survive switches within a guest and between guests
# timeout: 180
set -eu
. tests/vm/linux.sh

PROGS=(build/tests/progs/fpu)
init '
fpu 6 300 && echo fpu good
poweroff -f
'
# Two guests on one CPU of the host, and a host process with registers of its own.
taskset 1 build/tests/progs/fpu 2 400 > "$TMPDIR/host" &
host=$!
(
	export OUTPUT=$TMPDIR/output2
	taskset 1 timeout 120 build/lguest 32m "$VMLINUX" --initrd="$INITRD" console=hvc0 \
		< /dev/null > "$OUTPUT" 2>&1
) &
second=$!
linux 0 120 32m < /dev/null
seen 'fpu good'
wait $second
OUTPUT=$TMPDIR/output2 seen 'fpu good'
wait $host || fail "$(cat "$TMPDIR/host")"
