#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: what two guests say is captured from the first frame on, as pcapng, pcap and lines, with names, directions and verdicts
# timeout: 400
set -eu
. tests/vm/guests.sh

NET=$TMPDIR/net0
PORTS=build/tests/ports
export LC_ALL=C

# dump NAME ARGUMENT...: start lgnetdump, which tells in $TMPDIR/NAME.err when it is ready
declare -A DUMP
dump() {
	local name=$1
	shift
	echo "\$ lgnetdump $* &"
	build/lgnetdump "$@" > "$TMPDIR/$name.txt" 2> "$TMPDIR/$name.err" &
	DUMP[$name]=$!
	at_exit "kill -KILL $! 2> /dev/null"
}

listens() {
	wait_for 20 grep -q 'listening on' "$TMPDIR/$1.err"
}

# end NAME...: by SIGINT, as a person would
end() {
	local name
	for name; do
		kill -INT "${DUMP[$name]}"
		wait "${DUMP[$name]}" || fail "lgnetdump $name ended with status $?"
		cat "$TMPDIR/$name.err"
	done
}

# count NAME WHAT: as lgnetdump told at its end
count() {
	sed -nE "s/.*[ ,]$2 ([0-9]+).*/\1/p" "$TMPDIR/$1.err" | tail -n 1
}

# fields FILE FIELD...: a line per frame, fields with blanks between
fields() {
	local file=$1 options=() field
	shift
	for field; do
		options+=(-e "$field")
	done
	tshark -r "$file" -T fields -E separator=' ' "${options[@]}" 2> /dev/null
}

# --- it may be there before the net is

dump all -i "$NET" --wait -w "$TMPDIR/all.pcapng"
run wait_for 20 grep -q "waiting for $NET" "$TMPDIR/all.err"
expect 1 build/lgnetdump -i "$NET"
touch "$NET"
listens all
dump pcap -i "$NET" --slot=b -w "$TMPDIR/b.pcap"
dump gz -i "$NET" -w "$TMPDIR/all.pcapng.gz"
dump copies -i "$NET" --copies -U -w "$TMPDIR/copies.pcapng"
dump lines -i "$NET"
dump dropped -i "$NET" --dropped -n -e
dump icmp -i "$NET" -w "$TMPDIR/icmp.pcapng" icmp or arp
for name in pcap gz copies lines dropped icmp; do
	listens $name
done

# --- a conversation of two, and one with nobody

boot a --sharenet="$NET,slot=3"
boot b --sharenet="$NET,slot=7"
ready a b
address a 1
address b 2
on a 'ping -c 5 -i 0.2 -W 2 10.0.0.2'
on b 'ping -6 -c 3 -i 0.2 -W 2 fd00::1'
on a 'ping -c 2 -i 0.2 -W 2 -s 3000 10.0.0.2'
expect 1 try a 'arp -s 10.0.0.99 02:00:00:00:00:99; ping -c 2 -i 0.2 -W 1 10.0.0.99'
on b 'cat /sys/class/net/eth0/address'
MAC=$SAID

# --- who is there

run build/lgnetdump -D -i "$NET"
build/lgnetdump -D -i "$NET" | grep -qE "^  7 +b +$MAC" || fail "b is not listed"
run build/lgnetdump -D -i "$NET" --json
LGNETDUMP_NETS=$NET build/lgnetdump -D | grep -q "^$NET\$" || fail "the net is not found"
kill -USR1 "${DUMP[all]}"
run wait_for 10 grep -q 'net0: seen' "$TMPDIR/all.err"

# Nothing is said any more, so that all of them have heard the same.
on a 'ip link set eth0 down'
on b 'ip link set eth0 down'
end all pcap gz copies lines dropped icmp

# --- pcapng: a slot is an interface

run capinfos "$TMPDIR/all.pcapng"
fields "$TMPDIR/all.pcapng" frame.interface_name frame.packet_flags_direction frame.verdict.hw eth.src \
	icmp.type frame.comment > "$TMPDIR/fields"
sort "$TMPDIR/fields" | uniq -c
[ "$(wc -l < "$TMPDIR/fields")" -eq "$(count all captured)" ] || fail "the file has not what was captured"
grep -qE "^a .*0x0*2 " "$TMPDIR/fields" || fail "nothing goes out of a"
grep -qE "^b .*0x0*2 00 $MAC" "$TMPDIR/fields" || fail "nothing goes out of b"
[ "$(grep -cE '^a .*0x0*2 04 [0-9a-f:]+ 8 .*nobody has that address' "$TMPDIR/fields")" -eq 2 ] ||
	fail "what nobody got has another verdict, or no comment"
capinfos "$TMPDIR/all.pcapng" | grep -q "Name = a" || fail "no interface is called a"
capinfos "$TMPDIR/all.pcapng" | grep -q "slot 7 of net $NET" || fail "no interface is described as slot 7"
[ "$(count all 'lost in the ring')" -eq 0 ] || fail "frames were lost"

# Compressed, it is the same.
run capinfos "$TMPDIR/all.pcapng.gz"
fields "$TMPDIR/all.pcapng" frame.packet_id frame.len eth.src eth.dst > "$TMPDIR/plain"
fields "$TMPDIR/all.pcapng.gz" frame.packet_id frame.len eth.src eth.dst > "$TMPDIR/packed"
run cmp "$TMPDIR/plain" "$TMPDIR/packed"
[ -z "$(cut -d ' ' -f 1 "$TMPDIR/plain" | sort | uniq -d)" ] || fail "a frame is there twice"

# Each copy is where it was received, with the id of its frame.
fields "$TMPDIR/copies.pcapng" frame.interface_name frame.packet_flags_direction eth.src > "$TMPDIR/fields"
sort "$TMPDIR/fields" | uniq -c
grep -qE "^b .*0x0*1 " "$TMPDIR/fields" || fail "nothing comes in at b"

# --- pcap: frames only, for tcpdump as well

run capinfos "$TMPDIR/b.pcap"
capinfos "$TMPDIR/b.pcap" | grep -q 'nanosecond' || fail "it has no nanoseconds"
run tcpdump -nr "$TMPDIR/b.pcap" -c 5
[ "$(tcpdump -nr "$TMPDIR/b.pcap" 2> /dev/null | wc -l)" -eq "$(count pcap captured)" ] || fail "tcpdump counts otherwise"
# 5 and their replies; 2 of three fragments and their replies
[ "$(tcpdump -nr "$TMPDIR/b.pcap" icmp 2> /dev/null | wc -l)" -eq 22 ] || fail "tcpdump sees other pings"

# --- lines

run head -n 5 "$TMPDIR/lines.txt"
grep -qE '^[0-9:.]{18} a > b: IP 10.0.0.1 > 10.0.0.2 ICMP echo request id [0-9]+ seq 0, 98 bytes, delivered$' "$TMPDIR/lines.txt" ||
	fail "no line for a ping"
grep -qE '^[0-9:.]{18} a > all: ARP who has 10.0.0.2\? tell 10.0.0.1, 42 bytes, delivered$' "$TMPDIR/lines.txt" ||
	fail "no line for an ARP request"
grep -qE "^[0-9:.]{18} slot 3 > nobody: .* > 02:00:00:00:00:99 IP .*, not delivered: nobody has that address\$" "$TMPDIR/dropped.txt" ||
	fail "no line for what was not delivered"
! grep -q ', delivered' "$TMPDIR/dropped.txt" || fail "--dropped shows what was delivered"

# --- filters, and counts that add up

[ "$(fields "$TMPDIR/icmp.pcapng" ip.version arp.opcode | grep -c .)" -eq "$(count icmp captured)" ] || fail "not what the filter says"
for name in all icmp pcap copies dropped; do
	[ "$(count $name seen)" -eq $(($(count $name 'other copies') + $(count $name 'not asked for') +
		$(count $name filtered) + $(count $name captured) + $(count $name 'not written'))) ] ||
		fail "the counts of $name do not add up"
done
[ "$(count copies captured)" -eq "$($PORTS/counts "$NET" | awk '{ sum += $3 } END { print sum }')" ] ||
	fail "the net has counted otherwise"
off a b
