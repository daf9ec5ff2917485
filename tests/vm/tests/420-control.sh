#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: each verb of lgswitch ctl changes what traffic does at once, and shows what there is
# timeout: 480
#
#	a (10.0.0.1) -- bra -- lga == sw == lgb -- brb -- b (10.0.0.2)
set -eu
. tests/vm/switch.sh

A=02:00:00:00:00:0a B=02:00:00:00:00:0b

netns a b
join_netns bra a 10.0.0.1/24
join_netns brb b 10.0.0.2/24
run ip -n a link set eth0 address $A
run ip -n b link set eth0 address $B
# (Nothing is asked for in vain, then.)
run ip -n a neigh replace 10.0.0.2 lladdr $B dev eth0 nud permanent
run ip -n b neigh replace 10.0.0.1 lladdr $A dev eth0 nud permanent
switch sw --tap=lga,bridge=bra --tap=lgb,bridge=brb --tap=lgm

reaches() {
	ip netns exec a busybox ping -q -c 2 -i 0.2 -W 10 10.0.0.2 > "$TMPDIR/ping" ||
		fail "a does not reach b: $(cat "$TMPDIR/ping")"
}

is_cut() {
	! ip netns exec a busybox ping -q -c 3 -i 0.2 -W 1 10.0.0.2 > /dev/null ||
		fail "a reaches b, and should not"
}

has() {
	grep -qE -- "$1" <<< "$SAID" || fail "no '$1' in: $SAID"
}

ask() {
	echo "\$ lgswitch ctl $*"
	ctl sw "$@"
	[ -z "$SAID" ] || echo "$SAID"
}

echo "what there is:"
reaches
ask ping
ask version
has '^lgswitch [0-9.]* \(switch sw\)$'
ask show
has '^switch sw, up for '
has '^ports: 0 nets, 3 taps, 3 up$'
ask ports
has '^PORT +KIND +STATE '
has '^lga +tap +up +[1-9]'
ask fdb
has "^$A +lga +[0-9.]+ s$"
has "^$B +lgb "
ask matrix
has '^lga +lgb +[1-9]'
ask stats lga
has '^lga +received +[1-9]'
ask --json ports lgb
has '^\{"ports":\[\{"name":"lgb","kind":"tap","state":"up",'

echo "links:"
ask down lgb
is_cut
ask ports lgb
has '^lgb +tap +down'
ask up lgb
reaches

echo "VLANs:"
ask set lga vlan=10
is_cut
ask set lgb vlan=10
reaches
ask fdb
has "^$A +10 +lga"
ask set lga no-vlan
ask set lgb no-vlan
reaches

echo "isolated ports:"
ask set lga isolated
ask set lgb isolated
is_cut
ask set lga no-isolated
reaches
ask set lgb no-isolated

echo "static addresses:"
ask static "$B,port=lgm"
is_cut
ask fdb
has "^$B +lgm +static$"
ask static del "$B,port=lgm"
reaches

echo "faults:"
ask fault lga lgb loss=100%
is_cut
ask faults
has '^lga +lgb +loss=100% +[1-9][0-9]* +[1-9]'
ask stats
has 'fault: lost +[1-9]'
ask fault 'lga>lgb,delay=150ms'
reaches
cat "$TMPDIR/ping"
least=$(sed -n 's|.*min.* = \([0-9]*\)\..*|\1|p' "$TMPDIR/ping")
[ "$least" -ge 150 ] || fail "$least ms is too fast"
ask fault del lga lgb
ask faults
[ -z "$SAID" ] || fail "there are faults"

echo "mirrors:"
copies() {
	cat /sys/class/net/lgm/statistics/rx_packets
}
ask mirror to=lgm,from=lgb
before=$(copies)
reaches
# (Requests and replies, seen twice at least.)
mirrored() {
	[ $(($(copies) - before)) -ge 4 ]
}
wait_for 10 mirrored
ask mirrors
has '^lgm +lgb +up +[1-9]'
ask mirror del lgm
ask mirrors
[ -z "$SAID" ] || fail "there are mirrors"

echo "ports:"
ask del lgb
is_cut
run test ! -e /sys/class/net/lgb
ask add tap=lgb,bridge=brb
reaches
ask add "net=$TMPDIR/net0,name=n0"
build/tests/ports/echo "$TMPDIR/net0" echo 02:00:00:00:00:e0 > "$TMPDIR/echo" &
at_exit "kill -KILL $! 2> /dev/null"
has_slot() {
	ctl sw slots n0
	grep -q 02:00:00:00:00:e0 <<< "$SAID"
}
wait_for 20 has_slot
ask slots n0
has 'uplink'
ask matrix n0
ask del n0

echo "the switch:"
ask set ageing=20 fdb-max=100 control-frames=drop
ask show
has 'of 100 .*, ageing 20'
has '^control frames .* dropped$'
ask flush lga
ask fdb lga
reaches
ask fdb lga
has "^$A +lga"

echo "again and again:"
ask --json watch --interval=0.2 --count=3 ports lga
[ "$(grep -c '^{"event":[123],"missed":0,"time":.*"name":"lga"' <<< "$SAID")" -eq 3 ] || fail "not three lines"
ask watch --interval=0.2 --count=2
has '^PORT +STATE +RECEIVED/s +RATE'
ask watch --interval=0.2 --count=1 fdb
has "^$A"

echo "as it happens:"
build/lgswitch ctl --control="$TMPDIR/sw.sock" --json watch --count=2 events > "$TMPDIR/events" &
EVENTS=$!
at_exit "kill -KILL $EVENTS 2> /dev/null"
# (It is not known when it has begun to listen.)
has_heard() {
	ctl sw down lgm
	ctl sw up lgm
	! kill -0 $EVENTS 2> /dev/null
}
wait_for 20 has_heard
wait $EVENTS
cat "$TMPDIR/events"
[ "$(grep -c '"happened":"port-changed".*"port":"lgm"' "$TMPDIR/events")" -eq 2 ] || fail "not two events"

echo "on a terminal:"
# on_terminal COMMAND...: what it writes there is in $SAID
on_terminal() {
	SAID=$(script -qec "$*" /dev/null < /dev/null)
	cat -v <<< "$SAID"
}
WATCH="build/lgswitch ctl --control=$TMPDIR/sw.sock watch --interval=0.2 --count=2"
export TERM=xterm
on_terminal "$WATCH"
has $'\033\\[H\033\\[1mPORT  STATE'
[ "$(grep -c $'\033\\[J' <<< "$SAID")" -ge 2 ] || fail "it is not drawn anew"
on_terminal "NO_COLOR=1 $WATCH"
has $'\033\\[HPORT +STATE'
TERM=dumb on_terminal "$WATCH"
grep -q $'\033' <<< "$SAID" && fail "there are escapes"

echo "what cannot be:"
no() {
	local words=$1
	shift
	refused "$words" build/lgswitch ctl --control="$TMPDIR/sw.sock" "$@"
}
no 'there is no port nothing' del nothing
no 'there is no port nothing' ports nothing
no 'already' add tap=lga
no 'there is no' add tap=lgx,colour=red
no 'no kind of port' add bridge=br7
no 'vlan' set lga vlan=4095
no 'there is no' set lga colour=red
no "there is no 'change-me=1'" set change-me=1
no 'no port' fault lga nothing loss=1%
no 'loss' fault lga lgb loss=101%
no 'no port' mirror to=lgm,from=nothing
no 'no slots' slots lga
no 'no configuration file' reload
no 'fdb-max' set fdb-max=0
no 'usage: ' del
no 'no verb' nothing
no 'changes something' watch flush
no 'seconds' watch --interval=0
no 'exclude each other' --name=nothing ping
reaches

echo "the same switch, from what it says of itself:"
ask fault lga lgb delay=1ms
ask static "$B,port=lgb"
ask mirror to=lgm,from=lga
ask down lgm
build/lgswitch ctl --control="$TMPDIR/sw.sock" show --config > "$TMPDIR/sw.conf"
cat "$TMPDIR/sw.conf"
end_switch sw
switch sw --config="$TMPDIR/sw.conf"
reaches
build/lgswitch ctl --control="$TMPDIR/sw.sock" show --config > "$TMPDIR/again.conf"
run cmp "$TMPDIR/sw.conf" "$TMPDIR/again.conf"
end_switch sw
run test ! -e "$TMPDIR/sw.sock"
