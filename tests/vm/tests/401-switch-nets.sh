#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: between nets and on one net lgswitch forwards, isolates, pins addresses, spoils pairs of slots, copies to one slot, and tells of twins, loops and new files
# timeout: 340
set -eu
. tests/vm/switch.sh

#	talk ---- net0 ---- switch ---- net1 ---- echo
PORTS=build/tests/ports
TALK=02:00:00:00:00:01
ECHO=02:00:00:00:00:02
TWIN=02:00:00:00:00:03
NET0=$TMPDIR/net0
NET1=$TMPDIR/net1

# echo_on NET NAME MAC: somebody who answers; $ECHO_PID
echo_on() {
	rm -f "$TMPDIR/$2.echo"
	$PORTS/echo "$1" "$2" "$3" > "$TMPDIR/$2.echo" &
	ECHO_PID=$!
	at_exit "kill $ECHO_PID 2> /dev/null"
	wait_for 10 grep -q slot "$TMPDIR/$2.echo"
}

end_echo() {
	kill $ECHO_PID
	wait $ECHO_PID || :
}

# talk COUNT SIZE.  (No more than fits into the rings on the way: a receiver that
# gets no CPU for long is not waited for, and in these tests nothing may be lost.)
talk() {
	echo "talk $*"
	timeout 30 $PORTS/echo "$NET0" talk $TALK $ECHO "$1" "$2" && return
	ctl sw stats
	echo "$SAID"
	fail "talk $*"
}

silence() {
	expect 124 timeout 3 $PORTS/echo "$NET0" talk $TALK $ECHO 3 100
}

told() {
	wait_for 10 grep -q -- "$1" "$TMPDIR/sw.log"
}

switch sw "$NET0" "$NET1" --verbose
echo_on "$NET1" echo $ECHO

# --- from net to net: whole, in order, of any size

talk 1 60
for ((i = 0; i < 10; i++)); do
	talk 400 60
	talk 12 65557
	talk 300 1514
done
ctl sw fdb
grep -q "$ECHO.*net1" <<< "$SAID" || fail "the echo was not learned"
ctl sw matrix
grep -qE 'net0 +net1 +7[0-9]+' <<< "$SAID" || fail "the matrix knows nothing of it"

# --- who may not, may not

ctl sw set net0 isolated
ctl sw set net1 isolated
silence
ctl sw set net0 no-isolated
talk 10 60
ctl sw set net0 vlan=10
silence
ctl sw set net1 vlan=10
talk 10 60
ctl sw set net0 no-vlan
ctl sw set net1 no-vlan
ctl sw down net1
silence
ctl sw up net1
talk 10 60
ctl sw down net1:echo
silence
ctl sw up net1:echo
talk 10 60

# --- pinned addresses: also of who joins later

ctl sw set net0 strict
later_pinned() {
	$PORTS/echo "$NET0" later 02:00:00:00:00:07 > "$TMPDIR/later" &
	at_exit "kill $! 2> /dev/null"
	LATER=$!
	wait_for 10 grep -q slot "$TMPDIR/later"
	ctl sw slots net0
	grep -q 'later.*strict' <<< "$SAID" || fail "who joins later is not pinned: $SAID"
	kill $LATER
	wait $LATER || :
}
later_pinned
talk 10 60
ctl sw set net0 no-strict

# --- on one net: just that pair is spoiled

end_echo
echo_on "$NET0" echo $ECHO
# (who talks gets slot 2, anew each time; by number the first frame counts)
talk 100 60
ctl sw fault 'net0:2>net0:echo,loss=100%'
silence
ctl sw faults
echo "$SAID"
ctl sw fault 'net0:2>net0:echo,delay=50ms'
began=${EPOCHREALTIME/./}
talk 100 1000
took=$((${EPOCHREALTIME/./} - began))
[ $took -ge 50000 ] || fail "a delay of 50 ms took $took us"
ctl sw fault 'net0>net0,delay=1ms'
talk 400 1000
ctl sw fault del 'net0>net0'
ctl sw fault del 'net0:2>net0:echo'
talk 400 60
ctl sw faults
echo "$SAID"

# --- a slot gets copies of what others on its net say to each other

boot watch --sharenet="$NET0" --name=watch
ready watch
on watch 'ip link set eth0 up; cat /sys/class/net/eth0/statistics/rx_packets'
ctl sw mirror to=net0:watch,from=net0
talk 400 60
talk 200 60
on watch 'n=0; while [ $(cat /sys/class/net/eth0/statistics/rx_packets) -lt 1000 ] && [ $n -lt 100 ]; do n=$((n + 1)); sleep 0.1; done; cat /sys/class/net/eth0/statistics/rx_packets'
[ "$SAID" -ge 1000 ] || fail "only $SAID frames were copied"
ctl sw mirrors
echo "$SAID"
ctl sw mirror del net0:watch
off watch

# --- two with one address, on two nets

$PORTS/echo "$NET0" one $TWIN > /dev/null &
ONE=$!
at_exit "kill $ONE 2> /dev/null"
$PORTS/echo "$NET1" two $TWIN > /dev/null &
TWO=$!
at_exit "kill $TWO 2> /dev/null"
told "same MAC address $TWIN"

# --- a net whose file is made anew: joined as soon as nobody is on the old one

end_echo
run rm "$NET1"
echo_on "$NET1" echo $ECHO
told "the file $NET1 is another one now"
kill $ONE $TWO
wait $ONE $TWO || :
told 'port net1 is back'
talk 100 60
end_echo
end_switch sw
cat "$TMPDIR/sw.log"
