#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: files that follow each other by size, time or SIGHUP hold every frame once
# timeout: 400
set -eu
. tests/vm/lib.sh
. tests/vm/dump.sh

NET=$TMPDIR/net0
ECHO_MAC=02:00:00:00:00:01

touch "$NET"
mkdir "$TMPDIR"/{size,pcap,round,time,hup}
start_dump one -i "$NET" -w "$TMPDIR/one.pcapng"
start_dump size -i "$NET" -w "$TMPDIR/size/f.pcapng" -C 400K
start_dump pcap -i "$NET" --format=pcap -w "$TMPDIR/pcap/f" -C 400K
start_dump round -i "$NET" -w "$TMPDIR/round/f.pcapng" -C 400K -W 2
start_dump time -i "$NET" -w "$TMPDIR/time/%s.pcapng" -G 3
start_dump hup -i "$NET" -w "$TMPDIR/hup/f.pcapng.gz"
start_echo "$NET" echo $ECHO_MAC
for _ in 1 2 3 4; do
	talk "$NET" $ECHO_MAC 150 1000
	kill -HUP "${DUMP[hup]}"
	# Time has to go on for the one that minds it.
	sleep 1.2
done
for name in one size pcap round time hup; do
	drained $name
	end_dump $name
	run test "$(counted $name captured)" -eq 1200
done

capinfos_of "$TMPDIR/one.pcapng"
# (What two say at the same time two listeners may hear in either order.)
fields "$TMPDIR/one.pcapng" frame.packet_id frame.md5_hash > "$TMPDIR/one"
cut -f 1 "$TMPDIR/one" | sort -n > "$TMPDIR/ids"
cut -f 2 "$TMPDIR/one" | sort > "$TMPDIR/sums"
run test "$(wc -l < "$TMPDIR/ids")" -eq 1200

# complete FILE...: their frames are all that there were
complete() {
	echo "\$ tshark, capinfos: $*"
	capinfos_of "$@"
	fields_of_all frame.packet_id "$@" | sort -n > "$TMPDIR/got"
	run cmp "$TMPDIR/ids" "$TMPDIR/got"
}

# sorted FOLDER: f, f1, f2... (or by time), in $FILES
sorted() {
	mapfile -t FILES < <(printf '%s\n' "$TMPDIR/$1"/* | sort -V)
	echo "$1: ${#FILES[@]} files"
	[ ${#FILES[@]} -gt "$2" ] || fail "these are too few files: ${FILES[*]}"
}

sorted size 2
complete "${FILES[@]}"
echo "none is much larger than it may be:"
run test "$(stat -c %s "${FILES[@]}" | sort -n | tail -n 1)" -lt 412000
sorted time 2
complete "${FILES[@]}"
sorted hup 3
complete "${FILES[@]}"

sorted pcap 2
capinfos_of "${FILES[@]}"
fields_of_all frame.md5_hash "${FILES[@]}" | sort > "$TMPDIR/got"
run cmp "$TMPDIR/sums" "$TMPDIR/got"

echo "of two files that are written over and over, the newest frames are left:"
sorted round 1
run test ${#FILES[@]} -eq 2
capinfos_of "${FILES[@]}"
fields_of_all frame.packet_id "${FILES[@]}" | sort -n > "$TMPDIR/got"
left=$(uniq "$TMPDIR/got" | wc -l)
run test "$left" -gt 300
run test "$left" -eq "$(wc -l < "$TMPDIR/got")"
last=$(tail -n 1 "$TMPDIR/got")
run test "$last" -eq "$(tail -n 1 "$TMPDIR/ids")"
# (but for the one of each sender's that it was just sending, for long at times)
newest=$(awk -v from=$((last - left)) '$1 > from' "$TMPDIR/got" | wc -l)
run test "$newest" -ge $((left - 8))
