#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a lot of TCP from the host to a guest, and half of that back, arrives unchanged
# timeout: 600
set -eu
. tests/vm/switch.sh

PROGS=("$TRAFFIC")
PATIENCE=400
MIB=$(soak 128 1024)
touch "$TMPDIR/net0"
switch sw "$TMPDIR/net0" --tap=lg0,addr=10.0.0.254/24,addr=fd00::fe/64
boot a --sharenet="$TMPDIR/net0"
ready a
address a 1

later a 'traffic sink 5000'
SAID=$($TRAFFIC send 10.0.0.1 5000 "$MIB")
echo "$SAID"
sent=$(field sum)
result a
[ "$(field bytes)" -eq $((MIB << 20)) ] || fail "the length differs"
same_sum "$sent"

here sink - $TRAFFIC sink 5000
on a "traffic send fd00::fe 5000 $((MIB / 2))"
sent=$(field sum)
result_here sink
same_sum "$sent"
off a
end_switch sw
