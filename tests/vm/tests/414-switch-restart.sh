#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a switch that is killed again and again under load finds its taps again, and guests notice only the gap
# timeout: 400
set -eu
. tests/vm/switch.sh

PROGS=("$TRAFFIC")
PATIENCE=240
RESTARTS=$(soak 6 20)
touch "$TMPDIR/net0"
WORDS=("$TMPDIR/net0" "--tap=lg0,addr=10.0.0.254/24")
switch sw "${WORDS[@]}"
boot a --sharenet="$TMPDIR/net0"
boot b --sharenet="$TMPDIR/net0"
ready a b
address a 1
address b 2
on a 'ping -c 1 -W 5 10.0.0.254'
index=$(cat /sys/class/net/lg0/ifindex)
mac=$(cat /sys/class/net/lg0/address)

# One stream of TCP to the host, which must survive them all: it ends when the
# host has had enough.  Guests among themselves have no gap at all.
here sink - $TRAFFIC sink 5000
later a "traffic send 10.0.0.254 5000 $((RESTARTS * 15))"
PINGS=$((RESTARTS * 5))
later b "ping -i 0.2 -c $PINGS -W 2 10.0.0.1"
for round in $(seq "$RESTARTS"); do
	before=$(cat /sys/class/net/lg0/statistics/tx_packets)
	kill_switch sw
	[ -e /sys/class/net/lg0 ] || fail "the tap is gone with its switch, in round $round"
	switch sw "${WORDS[@]}" > /dev/null
	# The host's answers flow again.
	quietly wait_for 30 eval '[ "$(cat /sys/class/net/lg0/statistics/tx_packets)" -gt '"$before"' ]' ||
		fail "nothing flows after round $round"
	kill -0 "${HERE_PID[sink]}" 2> /dev/null || break
done
echo "restarted $round times under load"
[ "$round" -eq "$RESTARTS" ] || fail "the stream ended before the last restart: make it longer"
result a
sent=$(field sum)
result_here sink
same_sum "$sent"
result b || fail "guests on one net noticed something"
[[ $SAID == *"$PINGS packets received"* ]] || fail "guests on one net noticed something"
[ "$(cat /sys/class/net/lg0/ifindex)" = "$index" ] || fail "it is another tap"
[ "$(cat /sys/class/net/lg0/address)" = "$mac" ] || fail "it has another address"
on b 'ping -i 0.2 -c 2 -W 5 10.0.0.254'
# It is still its own: a good end takes it away.
end_switch sw
run test ! -e /sys/class/net/lg0
# And leaves it if it is told so.
switch sw "${WORDS[@]}" --persist
end_switch sw
run test -e /sys/class/net/lg0
switch sw "${WORDS[@]}"
end_switch sw
run test ! -e /sys/class/net/lg0
off a b
