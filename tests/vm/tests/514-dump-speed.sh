#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: at full speed, what was captured and what was lost are together what was delivered
# timeout: 480
set -eu
. tests/vm/lib.sh
. tests/vm/dump.sh

NET=$TMPDIR/net0
SECONDS_LONG=$(soak 12 60)

touch "$NET"
start_dump large -i "$NET" -s 96 -C "$(soak 1 6)" -W 3 -w "$TMPDIR/large.pcapng"
start_dump small -i "$NET" -s 64 --ring=256K --format=pcap -w /dev/null
$PORTS/pair "$NET" 02:00:00:00:00:01 02:00:00:00:00:02 > "$TMPDIR/pair" &
PAIR=$!
at_exit "kill -KILL $PAIR 2> /dev/null"
wait_for 20 grep -q slots "$TMPDIR/pair"
# (That is how long it has to go on.)
sleep "$SECONDS_LONG"
run kill -TERM $PAIR
wait $PAIR || fail "the pair ended with status $?"
cat "$TMPDIR/pair"
delivered=$($PORTS/counts "$NET" | awk '{ sum += $3 } END { print sum }')
echo "delivered: $delivered, $((delivered / SECONDS_LONG)) a second"
run test "$delivered" -ge "$(sed -n 's/ frames, all there.*//p' "$TMPDIR/pair")"

for name in large small; do
	drained $name
	end_dump $name
	lost=$(counted $name 'lost in the ring')
	echo "$name: captured $(counted $name captured), lost $lost"
	run test $(($(counted $name captured) + lost)) -eq "$delivered"
done
judge "$TMPDIR"/large.pcapng*
