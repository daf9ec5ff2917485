#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a capture of three guests tells tshark who sent what to whom, and what was not delivered and why
# timeout: 400
set -eu
. tests/vm/guests.sh
. tests/vm/dump.sh

NET=$TMPDIR/net0
FILE=$TMPDIR/net0.pcapng
PROGS=(build/tests/progs/traffic)

# Before there is anybody, and even before there is a net
start_dump all -i "$NET" --wait -w "$FILE"
run grep -q "waiting for $NET" "$TMPDIR/all.said"
declare -A SLOT=([a]=10 [b]=77 [c]=126)
for name in a b c; do
	boot $name --sharenet="$NET,slot=${SLOT[$name]}"
done
ready a b c
wait_for 20 grep -q "listening on $NET" "$TMPDIR/all.said"
number=0
for name in a b c; do
	number=$((number + 1))
	on $name "echo 1 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6; ip addr add 10.0.0.$number/24 dev eth0; ip link set eth0 up; cat /sys/class/net/eth0/address"
	declare "MAC_$name=$SAID"
done

# --- who is there

run build/lgnetdump -D -i "$NET"
run build/lgnetdump -D -i "$NET" --json > "$TMPDIR/list.json"
run grep -q '"b"' "$TMPDIR/list.json"
run grep -qi "${MAC_b:?}" "$TMPDIR/list.json"

# --- a conversation, with some who shall not get it

start_dump dropped -i "$NET" --dropped -w "$TMPDIR/dropped.pcapng"
start_dump to_b -i "$NET" --dst=b -w "$TMPDIR/to_b.pcap" -U icmp
on a 'ping -c 5 -i 0.2 -W 2 10.0.0.2'
later b 'traffic sink 5000'
on a 'traffic send 10.0.0.2 5000 1'
result b
on c 'ping -c 2 -i 0.2 -W 2 10.0.0.1'
expect 1 try a 'arp -s 10.0.0.99 02:00:00:00:00:99; ping -c 3 -i 0.2 -W 1 10.0.0.99'
run $PORTS/link "$NET" c down
expect 1 try a "arp -s 10.0.0.3 ${MAC_c:?}; ping -c 4 -i 0.2 -W 1 10.0.0.3"
run $PORTS/link "$NET" c up
for name in all dropped to_b; do
	drained $name
	end_dump $name
done
off a b c

# --- what the judges say

capinfos_of "$FILE" "$TMPDIR/dropped.pcapng" "$TMPDIR/to_b.pcap"
run test "$(frames "$FILE")" -eq "$(counted all captured)"
run test "$(counted all 'lost in the ring')" -eq 0

# lines COUNT REGEX < LINES
lines() {
	local got
	got=$(grep -cE -- "$2") || :
	[ "$got" -eq "$1" ] || fail "$got lines, not $1, are like: $2"
}

fields "$FILE" frame.interface_name frame.packet_flags_direction frame.verdict.hw frame.packet_id \
	frame.comment icmp.type ip.src ip.dst arp.opcode frame.time_epoch frame.interface_id \
	ip.checksum.status tcp.checksum.status > "$TMPDIR/fields"
head -n 20 "$TMPDIR/fields"
# Each once, where it was sent
lines 0 $'^[^\t]*\t\t' < "$TMPDIR/fields"
lines 5 $'^a\t0x00000002\t00\t[0-9]+\t\t8\t10.0.0.1\t10.0.0.2\t' < "$TMPDIR/fields"
lines 5 $'^b\t0x00000002\t00\t[0-9]+\t\t0\t10.0.0.2\t10.0.0.1\t' < "$TMPDIR/fields"
lines 2 $'^c\t0x00000002\t00\t[0-9]+\t\t8\t10.0.0.3\t10.0.0.1\t' < "$TMPDIR/fields"
lines 3 $'^a\t0x00000002\t04\t[0-9]+\tnot delivered: nobody has that address\t8\t10.0.0.1\t10.0.0.99\t' < "$TMPDIR/fields"
lines 4 $'^a\t0x00000002\t02\t[0-9]+\tnot delivered to c: link is down\t8\t10.0.0.1\t10.0.0.3\t' < "$TMPDIR/fields"
run test -z "$(cut -f 4 "$TMPDIR/fields" | sort | uniq -d)"
echo "times go on, for each interface:"
run sort -c -s -t $'\t' -k 2,2 -k 1,1n <(awk -F '\t' '{ print $10 "\t" $11 }' "$TMPDIR/fields" | sort -s -t $'\t' -k 2,2)
echo "interfaces have the guests' MAC addresses:"
# (Option 6 of 6 bytes, padded with two; tshark does not show it.)
od -An -t x1 -v "$FILE" | tr -d ' \n' > "$TMPDIR/hex"
for name in a b c; do
	run grep -q "Name = $name\$" "$TMPDIR/capinfos"
	mac=MAC_$name
	run grep -q "06000600${!mac//:/}0000" "$TMPDIR/hex"
done
echo "checksums are good (1, not 0), though nobody had to make them:"
run awk -F '\t' '$12 == "0" || $13 == "0" { exit 1 }' "$TMPDIR/fields"
run test "$(awk -F '\t' '$13 == "1"' "$TMPDIR/fields" | wc -l)" -gt 10

fields "$TMPDIR/dropped.pcapng" frame.verdict.hw > "$TMPDIR/fields"
lines 0 00 < "$TMPDIR/fields"
run test "$(wc -l < "$TMPDIR/fields")" -ge 7
fields "$TMPDIR/to_b.pcap" ip.dst icmp.type > "$TMPDIR/fields"
run test "$(sort "$TMPDIR/fields" | uniq -c | tr -s ' \t' ' ')" = ' 5 10.0.0.2 8'
