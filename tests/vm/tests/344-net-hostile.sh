#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: hostile guests on a net, with much garbage, cost others there not one frame
# timeout: 400
set -eu
. tests/vm/lib.sh

PORTS=build/tests/ports
export NET=$TMPDIR/net
OTHERS=$TMPDIR/others

$PORTS/pair "$NET" 02:00:00:00:00:01 02:00:00:00:00:02 > "$OTHERS" 2>&1 &
PAIR=$!
at_exit "kill -KILL $PAIR 2> /dev/null"
wait_for 10 grep -q slots "$OTHERS"
run tests/guests/run hostile-net

# What one of them sends is dropped, and counted, with the reason; that of who
# was killed can still be read.
run build/lguest --console=null --sharenet="$NET" 16M build/tests/guests/hostile-net case=7
run $PORTS/counts "$NET"
[ "$($PORTS/counts "$NET" | grep -c '^2 127 9 malformed$')" -eq 1 ] || fail "malformed frames were not counted"

run kill -TERM $PAIR
status=0
wait $PAIR || status=$?
cat "$OTHERS"
[ $status -eq 0 ] || fail "the two that behave lost frames"
run grep -qE '^[1-9][0-9]{3,} frames, all there; [1-9][0-9]* of others' "$OTHERS"
echo "what the kernel has said meanwhile:"
dmesg
[ -z "$(dmesg)" ] || fail "a guest can fill the host's log"
