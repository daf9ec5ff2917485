#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: with --wait a capture goes on when the net is made anew, once everybody has left the old one; so many may listen
# timeout: 360
set -eu
. tests/vm/lib.sh
. tests/vm/dump.sh

NET=$TMPDIR/net0
FILE=$TMPDIR/net0.pcapng
ECHO_MAC=02:00:00:00:00:01

said() {
	grep -q "$1" "$TMPDIR/all.said"
}

start_dump all -i "$NET" --wait -w "$FILE"
touch "$NET"
run wait_for 20 said 'listening on'
start_echo "$NET" first $ECHO_MAC
talk "$NET" $ECHO_MAC 10 100

# Its name is gone, but they go on to talk.
exec {old}<> "$NET"
run rm "$NET"
run touch "$NET"
talk "/proc/self/fd/$old" $ECHO_MAC 10 100
drained all
! said 'made anew' || fail "it left those who were there"
run kill "$ECHO"
wait "$ECHO" || :
run wait_for 20 said "net $NET was made anew"
listens_again() {
	[ "$(grep -c 'listening on' "$TMPDIR/all.said")" -eq 2 ]
}
wait_for 20 listens_again

start_echo "$NET" second $ECHO_MAC
talk "$NET" $ECHO_MAC 10 100
drained all
end_dump all
run capinfos_of "$FILE"
[ "$(counted all 'lost in the ring')" -eq 0 ] || fail "frames were lost"
run test "$(frames "$FILE")" -eq "$(counted all captured)"
capinfos "$FILE" > "$TMPDIR/info"
run grep -q 'Name = first' "$TMPDIR/info"
run grep -q 'Name = second' "$TMPDIR/info"
fields "$FILE" frame.interface_name | sort | uniq -c > "$TMPDIR/names"
cat "$TMPDIR/names"
# What the echoes have sent back, of two talks and of one
run grep -q ' 20 first$' "$TMPDIR/names"
run grep -q ' 10 second$' "$TMPDIR/names"

# --- no more may listen than there is room for

for i in {1..16}; do
	start_dump "l$i" -i "$NET" --ring=256K -w /dev/null
done
refused 'as many listen there already as may' build/lgnetdump -i "$NET"
for i in {1..16}; do
	end_dump "l$i"
done
