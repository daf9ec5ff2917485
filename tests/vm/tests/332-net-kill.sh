#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a guest killed under load frees its slot, the others go on, and comes back with its MAC
# timeout: 300
set -eu
. tests/vm/guests.sh

PROGS=(build/tests/progs/traffic)
NET=$TMPDIR/net0
boot a --sharenet="$NET"
boot b --sharenet="$NET"
boot c --sharenet="$NET"
ready a b c
address a 1
address b 2
address c 3
on c 'cat /sys/class/net/eth0/address'
mac=$SAID

# a and b talk; c is blasted at by both, and killed again and again.
on a 'traffic echo 5000 & traffic blast 10.0.0.3 5001 1400 60 500 & sleep 1'
on b 'traffic blast 10.0.0.3 5001 1400 60 500 & sleep 1'
for round in $(seq "$(soak 2 4)"); do
	kill_guest c
	on b 'traffic rtt 10.0.0.1 5000 100'
	boot c --sharenet="$NET"
	ready c
	on c 'cat /sys/class/net/eth0/address'
	[ "$SAID" = "$mac" ] || fail "round $round: its MAC was $mac"
	address c 3
	on c 'ping -i 0.2 -c 2 -W 3 10.0.0.1'
done
off a b c
unused() {
	[ "$(cat /sys/module/lg/refcnt)" -eq 0 ]
}
run wait_for 10 unused
