#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: the console carries every byte, in order, both ways, through pipes
# timeout: 60
#
# The guest "console" echoes lines, so all that goes in must come out.
set -eu
. tests/vm/lib.sh

guest() {
	build/lguest --console=stdio 16M build/tests/guests/console
}

cd "$TMPDIR"
LINES_SENT=5000
{
	seq -f 'line number %.0f of a test' $LINES_SENT
	# Longer than the guest's buffer, and than the ring.
	head -c 5000 /dev/zero | tr '\0' y
	echo
	echo flood 2000
	echo quit
} > input
cd - > /dev/null

run guest < "$TMPDIR/input" > "$TMPDIR/output"
cd "$TMPDIR"
{
	echo ready
	seq -f 'echo line number %.0f of a test' $LINES_SENT
	echo "echo $(head -c 255 /dev/zero | tr '\0' y)"
	seq -f 'flood %.0f of 2000' 0 1999
	echo bye
} > expected
run tail -n +1 output > seen
# The first line of "output" is run's own echo of the command.
run sh -c "grep -v '^\\$ guest' output | cmp - expected"
