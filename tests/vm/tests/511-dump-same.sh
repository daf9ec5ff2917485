#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a capture is byte for byte what a sniffer in the guest saw, with checksums done or as they were
# timeout: 400
set -eu
. tests/vm/guests.sh
. tests/vm/dump.sh

NET=$TMPDIR/net0
PROGS=(build/tests/progs/traffic build/tests/progs/sniff)
# Bytes to bring a guest's file out by
DISK=$TMPDIR/disk
truncate -s 64M "$DISK"

touch "$NET"
MEMORY=64m boot a --sharenet="$NET"
MEMORY=128m boot b --sharenet="$NET" --block="$DISK"
ready a b
number=0
for name in a b; do
	number=$((number + 1))
	on $name "echo 1 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6; ip addr add 10.0.0.$number/24 dev eth0; ip link set eth0 up"
done

start_dump in -i "$NET" --dst=b -w "$TMPDIR/in.pcap"
start_dump raw -i "$NET" --dst=b --raw-checksum -w "$TMPDIR/raw.pcapng"
start_dump out -i "$NET" --src=b -w "$TMPDIR/out.pcapng.gz"
on b 'sniff eth0 in done /tmp/in > /tmp/in.said & sniff eth0 in raw /tmp/raw > /tmp/raw.said & sniff eth0 out done /tmp/out > /tmp/out.said &'
on b 'until [ "$(cat /tmp/*.said | grep -c sniffing)" -eq 3 ]; do sleep 0.05; done'

# --- the conversation: ARP, ICMP in one frame and in several, TCP with
# super-frames, UDP

on a 'ping -c 3 -i 0.2 -W 2 10.0.0.2; ping -c 3 -i 0.2 -W 2 -s 9000 10.0.0.2'
on b 'ping -c 3 -i 0.2 -W 2 10.0.0.1'
later b 'traffic sink 5000'
on a 'traffic send 10.0.0.2 5000 2'
result b
later a 'traffic sink 5000'
on b 'traffic send 10.0.0.1 5000 2'
result a
later b 'traffic count 5001 1'
on a 'traffic blast 10.0.0.2 5001 700 1 2000'
result b

for name in in raw out; do
	drained $name
done
on b 'kill $(pidof sniff); wait; cat /tmp/*.said'
run test "$(grep -c 'lost=0$' <<< "$SAID")" -eq 3
for name in in raw out; do
	end_dump $name
done

# bring NAME: the guest's file, into $TMPDIR/NAME.guest
bring() {
	on b "cat /tmp/$1 | wc -c; dd if=/tmp/$1 of=/dev/lgba bs=64k conv=fsync,sync 2> /dev/null"
	dd if="$DISK" of="$TMPDIR/$1.guest" bs=64k iflag=count_bytes count="${SAID%%$'\n'*}" status=none
}

# compare NAME FILE
compare() {
	bring "$1"
	capinfos_of "$2" "$TMPDIR/$1.guest"
	fields "$2" frame.md5_hash tcp.checksum.status udp.checksum.status frame.len > "$TMPDIR/fields.$1"
	cut -f 1 "$TMPDIR/fields.$1" > "$TMPDIR/sums.$1"
	sums "$TMPDIR/$1.guest" > "$TMPDIR/sums.guest"
	echo "$1: $(wc -l < "$TMPDIR/sums.$1") frames here, $(wc -l < "$TMPDIR/sums.guest") there"
	run test "$(wc -l < "$TMPDIR/sums.$1")" -gt 50
	run cmp "$TMPDIR/sums.$1" "$TMPDIR/sums.guest"
}

compare in "$TMPDIR/in.pcap"
compare raw "$TMPDIR/raw.pcapng"
compare out "$TMPDIR/out.pcapng.gz"
echo "and what was left to be done was done:"
expect 1 cmp -s "$TMPDIR/sums.in" "$TMPDIR/sums.raw"
cut -f 2,3 "$TMPDIR/fields.in" > "$TMPDIR/status"
run awk -F '\t' '$1 == "0" || $2 == "0" { exit 1 }' "$TMPDIR/status"
run test "$(grep -c 1 "$TMPDIR/status")" -gt 50
echo "super-frames are there as they were:"
run test "$(cut -f 4 "$TMPDIR/fields.out" | sort -n | tail -n 1)" -gt 1514
off a b
