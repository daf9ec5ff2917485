#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: lgswitch joins guests of a net to a tap of the host, whole and both ways, and survives the tap's loss
# timeout: 340
set -eu
. tests/vm/switch.sh

#	guests a 10.0.0.1, b 10.0.0.2 ---- net0 -- lgswitch -- lg0 10.0.0.9 host
MIB=16
NET=$TMPDIR/net0

run modprobe tun

# --- what cannot be is refused, and said

refused 'there is no port' build/lgswitch
refused 'it is a folder' build/lgswitch "$TMPDIR"
refused 'there is a port net0 already' build/lgswitch "$NET" "$NET"
refused 'is a port already: net0' build/lgswitch "$NET" --net="$NET,name=other"
refused 'is no tap' build/lgswitch "$NET" --tap=lo
refused "vlan: '4095' is not a VLAN" build/lgswitch --net="$NET,vlan=4095"
refused 'there is no port lg7' build/lgswitch "$NET" --static=02:00:00:00:00:01,port=lg7

# --- frames go both ways

switch s "$NET" --tap=lg0,addr=10.0.0.9/24,mac=fe:00:00:00:00:09 --verbose

boot a --sharenet="$NET"
boot b --sharenet="$NET"
ready a b
address a 1
address b 2
on a 'ping -i 0.2 -c 3 -w 20 10.0.0.9'
on b 'ping -i 0.2 -c 3 -w 20 10.0.0.9'
on b 'ping -i 0.2 -c 3 -w 20 10.0.0.1'
run busybox ping -i 0.2 -c 3 -w 20 10.0.0.1
run busybox ping -i 0.2 -c 2 -w 20 -s 1400 10.0.0.2

# --- TCP, whole

head -c ${MIB}M /dev/urandom > "$TMPDIR/down"
SUM=$(md5sum < "$TMPDIR/down" | cut -d ' ' -f 1)
busybox nc -l -p 7000 < "$TMPDIR/down" > /dev/null &
wait_for 20 is_served - 7000
on a 'mkfifo /tmp/open; sleep 100 > /tmp/open & nc 10.0.0.9 7000 < /tmp/open > /tmp/down; md5sum < /tmp/down'
[[ $SAID == *$SUM* ]] || fail "it did not come whole"
run mkfifo "$TMPDIR/open"
sleep 100 > "$TMPDIR/open" &
at_exit "kill $!"
busybox nc -l -p 7001 > "$TMPDIR/up" < "$TMPDIR/open" &
UP=$!
wait_for 20 is_served - 7001
on a 'nc 10.0.0.9 7001 < /tmp/down > /dev/null'
wait_for 20 test ! -e /proc/$UP
run cmp "$TMPDIR/down" "$TMPDIR/up"

# --- the tap is deleted under it, and made again

is_gone_times() {
	[ "$(grep -c 'port lg0 is gone' "$TMPDIR/s.log")" -eq "$1" ]
}

run ip link del lg0
wait_for 20 is_gone_times 1
on b 'ping -i 0.2 -c 2 -w 20 10.0.0.1'
# (Who is not its owner may not use it on 6.12.)
run ip tuntap add dev lg0 mode tap user root
wait_for 20 grep -q 'port lg0 is back' "$TMPDIR/s.log"
wait_for 20 busybox ping -c 1 -w 5 10.0.0.1
run ip link del lg0
wait_for 20 is_gone_times 2

# --- it ends when told

off a b
end_switch s
cat "$TMPDIR/s.log"
run test ! -e /sys/class/net/lg0
