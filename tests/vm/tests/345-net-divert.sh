#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a port diverts what goes between two others and sends it on; listeners can tell; it ends with the port
# timeout: 150
set -eu
. tests/vm/lib.sh

# slot 0 is the echo; slot 1 diverts; slot 2 talks
PORTS=build/tests/ports
NET=$TMPDIR/net
ECHO=02:00:00:00:00:01
TALK=02:00:00:00:00:02
HEARD=$TMPDIR/heard
DIVERT=$TMPDIR/divert

talk() {
	run timeout 60 $PORTS/echo "$NET" talk $TALK "${3-$ECHO}" "$1" "$2"
}

# start_divert FROM TO [LOSE]
start_divert() {
	: > "$DIVERT"
	$PORTS/divert "$NET" "$@" > "$DIVERT" &
	DIVERT_PID=$!
	wait_for 10 grep -q 'diverting at slot 1' "$DIVERT"
}

# stop_divert: and what it counted
stop_divert() {
	kill -TERM $DIVERT_PID
	wait $DIVERT_PID
	cat "$DIVERT"
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

# counted FROM TO COUNT
counted() {
	$PORTS/counts "$NET" > "$TMPDIR/counts"
	grep -qx "$1 $2 $3 delivered" "$TMPDIR/counts" ||
		{ cat "$TMPDIR/counts"; fail "not $3 from $1 to $2"; }
}

$PORTS/echo "$NET" echo $ECHO > "$TMPDIR/echo" &
ECHO_PID=$!
wait_for 10 grep -q 'slot 0' "$TMPDIR/echo"

# --- there and back through the port that diverts; each copy is heard

start_divert 0 '*'
start_listen 40 30
talk 10 60
run wait $LISTEN_PID
heard 10 'from 2( \(talk\))? to 1 \(divert\), 70 bytes, kept 70, diverted from 0: delivered'
heard 10 'from 2( \(talk\))? to 0 \(echo\), 70 bytes, kept 70, sent on: delivered'
heard 10 'from 0 \(echo\) to 1 \(divert\), 70 bytes, kept 70, diverted from 2: delivered'
heard 10 'from 0 \(echo\) to 2( \(talk\))?, 70 bytes, kept 70, sent on: delivered'
# (slot 2 begins anew with each talk)
counted 2 1 10
counted 2 0 10

# --- of any size
# (no more at a time than all rings hold: the echo, this port and who talks
# would wait for each other in a circle)

talk 400 60
counted 2 0 400
talk 10 65557
talk 100 1514

# --- one port diverts a pair; another is refused

expect 1 $PORTS/divert "$NET" 0 5 2> "$TMPDIR/refusal"
cat "$TMPDIR/refusal"
run grep -q 'another port diverts it already' "$TMPDIR/refusal"
stop_divert
run grep -qx 'diverted=1040 lost=0 own=0' "$DIVERT"

# --- who sends faster than is received waits, through the port, and nothing is
# lost or out of order

# passed COUNT FROM TO: so many at least
passed() {
	$PORTS/counts "$NET" |
		awk -v n="$1" -v a="$2" -v b="$3" '
			$1 == a && $2 == b && $5 == "" && $4 == "delivered" { seen = $3 }
			END { exit !(seen >= n) }'
}

start_divert '*' '*'
# (Receivers of large frames may be slower here than anybody waits for: few at once.)
for size in 60 1514 '65000 4'; do
	# shellcheck disable=SC2086 # words
	$PORTS/pair "$NET" 02:00:00:00:00:03 02:00:00:00:00:04 $size > "$TMPDIR/pair" &
	PAIR_PID=$!
	# (until then the counters are those of the slot's last owner)
	wait_for 20 grep -q slots "$TMPDIR/pair"
	wait_for 60 passed 3000 2 3
	kill -TERM $PAIR_PID
	run wait $PAIR_PID
	cat "$TMPDIR/pair"
	passed 3000 2 1 || fail "these frames were not diverted"
done
stop_divert
run grep -q 'lost=0' "$DIVERT"

# --- what it loses is lost, whoever talks

start_divert '*' '*' 1
expect 124 timeout 3 $PORTS/echo "$NET" talk $TALK $ECHO 5 60
stop_divert
run grep -qx 'diverted=5 lost=5 own=0' "$DIVERT"

# --- with the port the diversion ends, however that dies

start_divert '*' '*'
talk 10 60
kill -KILL $DIVERT_PID
wait $DIVERT_PID || :
start_listen 20 30
talk 10 60
run wait $LISTEN_PID
heard 0 'diverted|sent on'
# (the talk is in slot 1 now)
heard 10 'from 1( \(talk\))? to 0 \(echo\), 70 bytes, kept 70: delivered'

kill $ECHO_PID
wait $ECHO_PID || :
