#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a lot of TCP arrives unchanged, datagrams arrive in order, and none is lost on the way
# timeout: 400
set -eu
. tests/vm/guests.sh

PROGS=(build/tests/progs/traffic)
PATIENCE=240
boot a --sharenet="$TMPDIR/net0"
boot b --sharenet="$TMPDIR/net0"
ready a b
address a 1
address b 2

field() {
	sed -n "s/.*$2=\([0-9a-f]*\).*/\1/p" <<< "$1"
}

transfer() {
	local sent got
	later a 'traffic sink 5000'
	on b "traffic send $1 5000 $2"
	sent=$SAID
	result a
	got=$SAID
	[ "$(field "$sent" sum)" = "$(field "$got" sum)" ] || fail "the sums differ"
	[ "$(field "$got" bytes)" -eq $(($2 << 20)) ] || fail "the length differs"
}

transfer 10.0.0.1 "$(soak 128 1024)"
transfer fd00::1 "$(soak 16 64)"
# Without the offloads it is small frames, and many
on b 'ip link set eth0 mtu 600'
on a 'ip link set eth0 mtu 600'
transfer 10.0.0.1 "$(soak 8 32)"

packets() {
	on "$1" "cat /sys/class/net/eth0/statistics/$2_packets" > /dev/null
	PACKETS=$SAID
}

# What the one interface has sent, the other has received.  (Datagrams that
# are missing nevertheless were dropped inside of a guest, by its own queues.)
packets b tx
sent=-$PACKETS
packets a rx
received=-$PACKETS
later a 'traffic count 5001 2'
on b 'traffic blast 10.0.0.1 5001 64 5'
result a
[[ $SAID = *' late=0 '* ]] || fail "datagrams came in another order"
packets b tx
sent=$((sent + PACKETS))
packets a rx
received=$((received + PACKETS))
echo "frames sent: $sent, received: $received"
[ $sent -gt 10000 ] || fail "hardly any was sent"
[ $sent -eq $received ] || fail "some were lost on the way"
off a b
