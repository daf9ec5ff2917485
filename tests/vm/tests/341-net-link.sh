#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a guest whose link is taken down sees it, and goes on when it comes back
# timeout: 120
set -eu
. tests/vm/guests.sh

PORTS=build/tests/ports
PROGS=(build/tests/progs/traffic)
NET=$TMPDIR/net0
boot a --sharenet="$NET"
boot b --sharenet="$NET,slot=9,name=bob"
ready a b
address a 1
address b 2

# carrier NAME STATE: soon it is like that there
carrier() {
	on "$1" "(n=0; until [ \"\$(cat /sys/class/net/eth0/carrier)\" = $2 ]; do n=\$((n + 1)); [ \$n -lt 100 ] || exit 1; sleep 0.1; done)"
}

reached() {
	# (Linux has a second's time to use a link that has come up.)
	on a 'ping -c 3 -W 5 10.0.0.2'
	on b 'ping -i 0.2 -c 2 -W 5 10.0.0.1'
}

reached
# Under load, by slot and by name
on a 'traffic blast 10.0.0.2 5001 1400 60 500 & sleep 1'
for who in 9 bob 9; do
	run $PORTS/link "$NET" $who down
	carrier b 0
	carrier a 1
	expect 1 try a 'ping -i 0.2 -c 2 -W 1 10.0.0.2'
	on b 'cat /sys/class/net/eth0/statistics/rx_packets'
	before=$SAID
	expect 1 try b 'ping -c 1 -W 1 10.0.0.1'
	on b 'cat /sys/class/net/eth0/statistics/rx_packets'
	[ "$SAID" = "$before" ] || fail "frames came while the link was down"
	run $PORTS/link "$NET" $who up
	carrier b 1
	reached
done

# Down before the guest's driver is up: it stays down until told otherwise.
on b 'ip link set eth0 down'
run $PORTS/link "$NET" bob down
on b 'ip link set eth0 up; sleep 0.3; cat /sys/class/net/eth0/carrier'
[ "$SAID" = 0 ] || fail "the link came up by itself"
run $PORTS/link "$NET" bob up
carrier b 1
reached

# Nobody of that name, or in that slot
expect 1 $PORTS/link "$NET" nobody down
expect 1 $PORTS/link "$NET" 100 down
off a b
