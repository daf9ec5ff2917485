#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a guest that restarts gets its address and slot back, and its tap stays up all the while
# timeout: 120
set -eu
. tests/vm/linux.sh

NET=$TMPDIR/net

# shellcheck disable=SC2016 # for the guest's shell
init '
ip link set lo up
ip link set eth0 up
ip link set eth1 up
ip addr add 10.77.0.2/24 dev eth0
ping -c 1 -w 10 10.77.0.1 > /dev/null && echo pinged
echo "I am $(cat /sys/class/net/eth0/address) $(cat /sys/class/net/eth1/address)"
mkfifo /tmp/open
sleep 100 > /tmp/open &
until what=$(nc 10.77.0.1 7000 < /tmp/open); do
	sleep 0.1
done
echo "told to $what"
[ "$what" = restart ] && reboot -f
poweroff -f
'

tap_is_up() {
	[ -n "$(ip -o link show dev lg0 up)" ]
}

# tell WORD: to the next who asks
tell() {
	echo "$1" | timeout 60 busybox nc -l -p 7000 > /dev/null
}

# A port that has the same address as the guest on its other net: of that it is
# to be warned, once.
run modprobe tun
build/tests/ports/echo "$NET" first 02:00:00:00:00:07 > /dev/null &
at_exit "kill $!; wait $!"
start_linux 64m --name=again --restart --console="file:$OUTPUT" --tunnet=10.77.0.1/24 \
	--sharenet="$NET,mac=02:00:00:00:00:07" < /dev/null 2> "$TMPDIR/messages"
at_exit "kill -KILL $GUEST 2> /dev/null; wait $GUEST"
wait_for 10 tap_is_up
INDEX=$(cat /sys/class/net/lg0/ifindex)
run tell restart
run tell stop
[ "$(cat /sys/class/net/lg0/ifindex 2> /dev/null || echo "$INDEX")" = "$INDEX" ] || fail "the tap was made anew"
wait "$GUEST" || fail "the guest ended with status $?"
grep -av '^\[' "$OUTPUT" | tr -d '\r'
cat "$TMPDIR/messages"
[ "$(grep -ac '^pinged' "$OUTPUT")" = 2 ] || fail "not both guests reached the host"
[ "$(grep -a '^I am 02:.* 02:00:00:00:00:07' "$OUTPUT" | sort -u | wc -l)" = 1 ] || fail "its address changed"
[ "$(grep -c 'slot 0 has our MAC address' "$TMPDIR/messages")" = 1 ] || fail "it was not warned once"
unseen "$GUEST_COMPLAINTS"
