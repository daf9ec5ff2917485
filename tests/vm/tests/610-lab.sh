#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: the lab of `make lab`: its table, its capture, and nothing is left of it
# timeout: 400
set -eu
. tests/vm/lib.sh
. tests/vm/dump.sh
. tests/vm/examples.sh

OUT=$TMPDIR/out
begin_watch
start_it tests/lab/lab "$OUT"
status=0
wait "$STARTED" || status=$?
cat "$SHOWN"
run test $status -eq 0
nothing_left "the lab"

echo "the table:"
for name in a b r c; do
	shown "^$name +192\.168\.[0-9.]+ +[0-9]+\.[0-9] +[1-9][0-9]*\.[0-9]$"
done
# A round trip in each place but with oneself
run test "$(grep -cE '^from [abrc] +(([0-9]+\.[0-9]{3}|-) *){5}$' "$SHOWN")" -eq 4
run test "$(grep -E '^from [abrc]' "$SHOWN" | tr -s ' ' '\n' | grep -cE '^[0-9]+\.[0-9]{3}$')" -eq 16
shown '^a to b +[0-9]+\.[0-9] MiB/s'
shown '^a to c, through r +[0-9]+\.[0-9] MiB/s'
shown 'the same SHA-256'
shown '^net0:[0-9]+ \(a\) +net0:[0-9]+ \(b\) +[1-9]'
shown '^net0:[0-9]+ \(a\) +net0:[0-9]+ \(r\) +[1-9]'
shown '^lab: all is well'

echo "the capture:"
run test "$(ls "$OUT")" = net0.pcapng
capinfos_of "$OUT/net0.pcapng"
count=$(sed -n 's/.*net0.pcapng has \([0-9]*\) frames.*/\1/p' "$SHOWN")
run test "$(frames "$OUT/net0.pcapng")" -eq "$count"
# (pings come before what is many)
FIRST=1000 fields "$OUT/net0.pcapng" frame.interface_name ip.src ip.dst icmp.type | sort | uniq -c | grep -P '\t[08]$' | tee "$TMPDIR/pings"
for pair in a:192.168.19.2:192.168.19.3 b:192.168.19.3:192.168.19.2 r:192.168.20.2:192.168.19.2 b:192.168.19.3:192.168.19.1; do
	IFS=: read -r name from to <<< "$pair"
	# (one that finds the way, and ten that are measured)
	run grep -qP " 11 \S*( \S+)* ?$name\t$from\t$to\t8$" "$TMPDIR/pings"
done
