#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: whatever keeps a capture from going on is said, and what was written until then can be read
# timeout: 400
set -eu
. tests/vm/lib.sh
. tests/vm/dump.sh

NET=$TMPDIR/net0
ECHO_MAC=02:00:00:00:00:01
LGNETDUMP=build/lgnetdump

# --- what is no net, and who may not

mkdir "$TMPDIR/folder"
mkfifo "$TMPDIR/pipe"
refused "there is no net $NET" $LGNETDUMP -i "$NET"
refused 'it is a folder' $LGNETDUMP -i "$TMPDIR/folder"
refused 'it is a pipe' $LGNETDUMP -i "$TMPDIR/pipe"
refused 'which net\?' $LGNETDUMP
touch "$NET"
chmod 755 "$TMPDIR"
chmod 600 "$NET"
chmod 666 /dev/lguest
refused 'listening needs read permission' as_nobody $LGNETDUMP -i "$NET"
chmod 644 "$NET"
chmod 600 /dev/lguest
refused '/dev/lguest: Permission denied' as_nobody $LGNETDUMP -i "$NET"
mv /dev/lguest /dev/lguest.gone
refused 'is the module loaded\?' $LGNETDUMP -i "$NET"
mv /dev/lguest.gone /dev/lguest

# --- what makes no sense

refused 'filter: ' $LGNETDUMP -i "$NET" tcp prt 80
run grep -q '\^' "$TMPDIR/refusal"
refused '--dst' $LGNETDUMP -i "$NET" inbound
refused '--src' $LGNETDUMP -i "$NET" 'outbound and tcp'
refused 'which one\?' $LGNETDUMP -i "$NET" -C 10
refused 'standard output cannot become another file' $LGNETDUMP -i "$NET" -w - -G 10
refused 'there is no option' $LGNETDUMP -i "$NET" --snap=10
refused 'are about sending' $LGNETDUMP -i "$NET" --speed=2
refused 'captures none' $LGNETDUMP -i "$NET" --replay=x -w y

# --- where nothing can be written

refused 'cannot create .*/missing/f' $LGNETDUMP -i "$NET" -w "$TMPDIR/missing/f.pcap"
refused 'cannot create .*folder' $LGNETDUMP -i "$NET" -w "$TMPDIR/folder"

start_echo "$NET" echo $ECHO_MAC
run mkdir "$TMPDIR/small"
run mount -t tmpfs -o size=300k tmpfs "$TMPDIR/small"
at_exit "umount $TMPDIR/small"
# full FILE: a disk that becomes full
full() {
	start_dump full -i "$NET" -w "$1"
	talk "$NET" $ECHO_MAC 400 1000
	wait_for 20 test ! -e "/proc/${DUMP[full]}/exe"
	end_dump full 1
	run grep -q "$1: No space left on device" "$TMPDIR/full.said"
	judge "$1"
	run test "$(frames "$1")" -gt 50
	run test "$(frames "$1")" -eq "$(counted full captured)"
	run rm "$1"
}
full "$TMPDIR/small/full.pcapng"
full "$TMPDIR/small/full.pcap"

# --- pipes

echo "a pipe into tcpdump:"
tcpdump -n -r "$TMPDIR/pipe" > "$TMPDIR/piped" 2> "$TMPDIR/tcpdump" &
READER=$!
start_dump piped -i "$NET" -w "$TMPDIR/pipe" --format=pcap -c 40
talk "$NET" $ECHO_MAC 30 100
wait $READER || fail "tcpdump failed: $(< "$TMPDIR/tcpdump")"
run test "$(grep -c 'ethertype Unknown (0x88b5)' "$TMPDIR/piped")" -eq 40
echo "a reader that goes away:"
mkfifo "$TMPDIR/fifo"
head -c 100 "$TMPDIR/fifo" > /dev/null &
READER=$!
start_dump gone -i "$NET" -U -w "$TMPDIR/fifo"
talk "$NET" $ECHO_MAC 10 100
wait $READER
talk "$NET" $ECHO_MAC 10 100
wait_for 20 test ! -e "/proc/${DUMP[gone]}/exe"
end_dump gone 0

# --- files that come and go

start_dump file -i "$NET" -w "$TMPDIR/file.pcapng"
talk "$NET" $ECHO_MAC 5 100
run truncate -s 100 "$NET"
run truncate -s 0 "$NET"
talk "$NET" $ECHO_MAC 5 100
run rm "$NET"
drained file
end_dump file
run test "$(counted file captured)" -eq 20
judge "$TMPDIR/file.pcapng"

# --- and what was lost is told

touch "$NET"
kill $ECHO
start_echo "$NET" echo $ECHO_MAC
start_dump slow -i "$NET" --ring=256K -w "$TMPDIR/slow.pcapng"
talk "$NET" $ECHO_MAC 5 100
drained slow
kill -STOP "${DUMP[slow]}"
talk "$NET" $ECHO_MAC 3000 100
kill -CONT "${DUMP[slow]}"
drained slow
talk "$NET" $ECHO_MAC 5 100
drained slow
end_dump slow
lost=$(counted slow 'lost in the ring')
echo "captured $(counted slow captured), lost $lost"
run test "$lost" -gt 1000
run test $(($(counted slow captured) + lost)) -eq 6020
capinfos_of "$TMPDIR/slow.pcapng"
run test "$(fields "$TMPDIR/slow.pcapng" frame.drop_count | awk '{ sum += $1 } END { print sum }')" -eq "$lost"
