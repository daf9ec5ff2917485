#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: host processes talk as ports of a net, and a listener hears every copy and every drop
# timeout: 90
set -eu
. tests/vm/lib.sh

PORTS=build/tests/ports
NET=$TMPDIR/net
ECHO=02:00:00:00:00:01
TALK=02:00:00:00:00:02
HEARD=$TMPDIR/heard

# talk COUNT SIZE [TO]: to the echo and back
talk() {
	run timeout 30 $PORTS/echo "$NET" talk $TALK "${3-$ECHO}" "$1" "$2"
}

start_echo() {
	$PORTS/echo "$NET" echo $ECHO > "$TMPDIR/echo" &
	ECHO_PID=$!
	wait_for 10 grep -q slot "$TMPDIR/echo"
	cat "$TMPDIR/echo"
}

# start_listen COUNT SECONDS
start_listen() {
	$PORTS/listen "$NET" "$@" > "$HEARD" &
	LISTEN_PID=$!
	wait_for 10 grep -q listening "$HEARD"
}

# heard COUNT REGEX: so many lines are like that
heard() {
	local count
	count=$(grep -cE -- "$2" "$HEARD") || :
	[ "$count" -eq "$1" ] || { head -n 20 "$HEARD"; fail "heard $count times, not $1: $2"; }
}

as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# --- frames come back, in order; a listener hears each way of each

start_echo
[ "$(stat -c %a "$NET")" = 600 ] || fail "the net's file has mode $(stat -c %a "$NET")"
start_listen 20 20
talk 10 60
run wait $LISTEN_PID
heard 10 'from 1( \(talk\))? to 0 \(echo\), 70 bytes, kept 70: delivered'
heard 10 'from 0 \(echo\) to 1( \(talk\))?, 70 bytes, kept 70: delivered'
[ "$(grep -oE '^frame [0-9]+' "$HEARD" | sort -u | wc -l)" -eq 20 ] || fail "frames share numbers"
heard 1 '^missed 0$'
talk 20000 60
talk 3000 65557
talk 5000 1514

# --- frames for nobody

start_listen 3 20
expect 124 timeout 3 $PORTS/echo "$NET" talk $TALK 02:00:00:00:00:99 3 100
run wait $LISTEN_PID
heard 3 'to nobody, 110 bytes, kept 110: nobody has that address'

# --- a receiver that does not go on is skipped, and that is told

start_listen 2000 5
kill -STOP $ECHO_PID
expect 124 timeout 4 $PORTS/echo "$NET" talk $TALK $ECHO 1500 60
run wait $LISTEN_PID
heard 512 'to 0 \(echo\), 70 bytes, kept 70: delivered'
grep -q 'to 0 (echo), .*: receiver has no room' "$HEARD" || fail "no drop was told"
kill -CONT $ECHO_PID

# --- its slot is free once it is dead

kill -KILL $ECHO_PID
wait $ECHO_PID || :
start_echo
run grep -q 'slot 0' "$TMPDIR/echo"
talk 100 60

# --- who may

chmod 666 /dev/lguest
chmod 755 "$TMPDIR"
refused() {
	expect 1 as_nobody "$@" 2> "$TMPDIR/refusal"
	cat "$TMPDIR/refusal"
}
refused $PORTS/listen "$NET" 0
run grep -q 'listening needs read permission' "$TMPDIR/refusal"
chmod 644 "$NET"
run as_nobody $PORTS/listen "$NET" 0
refused $PORTS/echo "$NET" nobody $TALK
run grep -q 'joining needs read and write permission' "$TMPDIR/refusal"
chmod 666 "$NET"
run as_nobody timeout 30 $PORTS/echo "$NET" nobody $TALK $ECHO 10 60
kill $ECHO_PID
wait $ECHO_PID || :
