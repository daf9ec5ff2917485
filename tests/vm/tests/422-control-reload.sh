#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: SIGHUP and ctl reload make of a running switch what its file says, without a gap for what stays
# timeout: 400
#
#	a (10.0.0.1) -- bra -- lga == sw == lgb -- brb -- b (10.0.0.2)
set -eu
. tests/vm/switch.sh

netns a b
join_netns bra a 10.0.0.1/24
join_netns brb b 10.0.0.2/24
FILE=$TMPDIR/sw.conf

file() {
	printf '%s\n' "$@" | tee "$FILE"
}

reload() {
	local told
	told=$(grep -c 'read.* again' "$TMPDIR/sw.log" || :)
	run kill -HUP "${SWITCH[sw]}"
	has_reloaded() {
		[ "$(grep -c 'read.* again' "$TMPDIR/sw.log")" -gt "$told" ]
	}
	wait_for 20 has_reloaded
	tail -n 3 "$TMPDIR/sw.log"
}

reaches() {
	run ip netns exec a busybox ping -q -c 2 -i 0.2 -W 10 10.0.0.2
}

has_port() {
	ctl sw ports
	grep -qE "^$1 .*${2-}" <<< "$SAID" || fail "no $1 ${2-} in: $SAID"
}

file '# two ports' 'tap lga,bridge=bra' 'tap=lgb,bridge=brb	# as it is' 'tap=lg2'
switch sw --config="$FILE" --ageing=100
reaches
index=$(cat /sys/class/net/lga/ifindex)

echo "nothing differs:"
reload
grep -q '0 changes, 0 failed' "$TMPDIR/sw.log" || fail "something has changed"

echo "ports come, go and change; traffic between others goes on:"
ip netns exec a busybox ping -q -i 0.05 -c 200 -W 20 10.0.0.2 > "$TMPDIR/ping" &
PING=$!
at_exit "kill -KILL $PING 2> /dev/null"
file 'tap=lga,bridge=bra' 'tap=lgb,bridge=brb,storm=5000' 'tap=lg3,vlan=7' 'down=lg3' \
	'fault=lg3<>lga,delay=5ms' 'no-control-frames' 'fdb-max=500'
reload
wait $PING || :
cat "$TMPDIR/ping"
grep -q ' 0% packet loss' "$TMPDIR/ping" || fail "frames were lost"
run test ! -e /sys/class/net/lg2
run test -e /sys/class/net/lg3
run test "$(cat /sys/class/net/lga/ifindex)" -eq "$index"
has_port lgb storm=5000
has_port lg3 'down +7'
ctl sw faults
[ "$(grep -c 'delay=5ms' <<< "$SAID")" -eq 2 ] || fail "not two faults: $SAID"
ctl sw show
grep -q 'of 500 .*ageing 1 min 40 s' <<< "$SAID" || fail "not so: $SAID"
grep -q 'dropped$' <<< "$SAID" || fail "control frames pass"

echo "what fails does not keep the rest from being done:"
file 'tap=lga,bridge=bra' 'tap=lgb,bridge=brb' 'tap=lg4,bridge=nobridge' 'tap=lg5' 'user=nobody-else'
reload
grep 'reload: add tap=lg4,bridge=nobridge' "$TMPDIR/sw.log" || fail "nothing is said of lg4"
grep 'reload: user nobody-else: .*restart' "$TMPDIR/sw.log" || fail "nothing is said of the user"
run test -e /sys/class/net/lg5
run test ! -e /sys/class/net/lg3
reaches
SAID=$(build/lgswitch ctl --control="$TMPDIR/sw.sock" reload) && fail "it says that all is well"
echo "$SAID"
grep -q '^failed: add tap=lg4' <<< "$SAID" || fail "nothing is said of lg4"

echo "a file with an error changes nothing:"
file 'tap=lga,bridge=bra' 'tap=lg6,colour=red'
reload
grep "$FILE:2: tap: " "$TMPDIR/sw.log" || fail "it does not say where"
file 'static=02:00:00:00:00:01,port=nothing'
reload
rm "$FILE"
reload
has_port lgb
reaches

echo "what was changed by hand is undone:"
file 'tap=lga,bridge=bra' 'tap=lgb,bridge=brb'
reload
ctl sw add tap=lg7
ctl sw set lga vlan=9
ctl sw mirror to=lg7,from=lga
ctl sw set ageing=7
ctl sw reload
echo "$SAID"
run test ! -e /sys/class/net/lg7
reaches
ctl sw mirrors
[ -z "$SAID" ] || fail "there are mirrors"
ctl sw reload
run test "$SAID" = 'nothing has changed'

echo "what the switch says of itself is such a file:"
build/lgswitch ctl --control="$TMPDIR/sw.sock" show --config > "$FILE"
cat "$FILE"
ctl sw reload
run test "$SAID" = 'nothing has changed'
end_switch sw
