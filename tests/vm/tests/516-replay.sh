#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a replayed capture is the same frames with the same pauses, and guests answer to it
# timeout: 400
set -eu
. tests/vm/guests.sh
. tests/vm/dump.sh

NET=$TMPDIR/net0
AGAIN=$TMPDIR/net1
FILE=$TMPDIR/net0.pcapng

# told NAME REGEX: by a replay, in its messages
told() {
	grep -qE -- "$2" "$TMPDIR/$1.said" || { cat "$TMPDIR/$1.said"; fail "it did not say: $2"; }
}

# replay NAME WORD...
replay() {
	local name=$1
	shift
	echo "\$ lgnetdump $*"
	build/lgnetdump "$@" 2> "$TMPDIR/$name.said" || { cat "$TMPDIR/$name.said"; fail "the replay failed"; }
	cat "$TMPDIR/$name.said"
}

# --- a conversation with pauses

for name in a b; do
	boot $name --sharenet="$NET"
done
ready a b
number=0
for name in a b; do
	number=$((number + 1))
	on $name "echo 1 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6; ip addr add 10.0.0.$number/24 dev eth0; ip link set eth0 up; arp -d 10.0.0.1 2> /dev/null; arp -d 10.0.0.2 2> /dev/null; :"
done
start_dump first -i "$NET" -w "$FILE"
on a 'ping -c 5 -i 0.4 -W 5 10.0.0.2'
on a 'ping -c 1 -W 5 -s 20000 10.0.0.2'
drained first
end_dump first
capinfos_of "$FILE"
count=$(frames "$FILE")
run test "$count" -gt 12

# --- the same on another net, where nobody is

touch "$AGAIN"
start_dump again -i "$AGAIN" -w "$TMPDIR/again.pcapng"
replay slow -i "$AGAIN" --replay="$FILE" --name=player --mac=02:00:00:00:00:77 --slot=9
told slow "^lgnetdump: slot 9 of $AGAIN replays $FILE"
told slow "^lgnetdump: $count frames, "
told slow ': nobody has that address'
drained again
end_dump again
capinfos_of "$TMPDIR/again.pcapng"
fields "$FILE" frame.md5_hash frame.time_relative > "$TMPDIR/first"
fields "$TMPDIR/again.pcapng" frame.md5_hash frame.time_relative frame.interface_name > "$TMPDIR/again"
run cmp <(cut -f 1 "$TMPDIR/first") <(cut -f 1 "$TMPDIR/again")
run test "$(cut -f 3 "$TMPDIR/again" | sort -u)" = player

cut -f 2 "$TMPDIR/first" > "$TMPDIR/times"
cut -f 2 "$TMPDIR/again" > "$TMPDIR/times.again"
echo "no frame is early (but for the first one's delay), and none is very late:"
paste "$TMPDIR/times" "$TMPDIR/times.again" | awk '
	{ late = $2 - $1; if (late < least) least = late; if (late > most) most = late }
	END { print "from", least, "to", most; exit !(least > -0.2 && most < 1) }' || fail "pauses are different"

# --- faster, and more often

span=$(tail -n 1 "$TMPDIR/times")
# seconds NAME: that it took, to the millisecond
seconds() {
	sed -n 's/.* sent in \([0-9.]*\) s.*/\1/p' "$TMPDIR/$1.said"
}
replay fast -i "$AGAIN" --replay="$FILE" --speed=4
run awk "BEGIN { exit !($(seconds fast) + 0.001 >= $span / 4 && $(seconds fast) < $span) }"
replay max -i "$AGAIN" --replay=- --speed=max < "$FILE"
run awk "BEGIN { exit !($(seconds max) < $span / 2) }"
replay loop -i "$AGAIN" --replay="$FILE" --speed=max --loop=50
told loop "^lgnetdump: $((50 * count)) frames, "
gzip -c "$FILE" > "$FILE.gz"
build/lgnetdump -i "$AGAIN" --replay="$FILE.gz" --speed=max --loop=0 2> "$TMPDIR/endless.said" &
ENDLESS=$!
at_exit "kill -KILL $ENDLESS 2> /dev/null"
wait_for 20 grep -q replays "$TMPDIR/endless.said"
run kill -USR1 $ENDLESS
wait_for 20 grep -q 'frames, .* sent in' "$TMPDIR/endless.said"
run kill -INT $ENDLESS
run wait $ENDLESS

# --- a guest gets it, and answers

on b 'cat /sys/class/net/eth0/statistics/rx_packets'
before=$SAID
replay to_b -i "$NET" --replay="$FILE" --speed=10
told to_b '^lgnetdump: [1-9][0-9]* copies: delivered'
on b 'cat /sys/class/net/eth0/statistics/rx_packets'
run test $((SAID - before)) -ge $((count / 2))
echo "a guest that does not take frames any more makes nobody wait for ever:"
off b
kill -STOP "${GUEST_PID[a]}"
build/lgnetdump -i "$NET" --replay="$FILE" --speed=max --loop=0 2> "$TMPDIR/stuck.said" &
STUCK=$!
at_exit "kill -KILL $STUCK 2> /dev/null"
wait_for 20 grep -q replays "$TMPDIR/stuck.said"
sleep 1
run kill -TERM $STUCK
run wait $STUCK
kill -CONT "${GUEST_PID[a]}"
off a

# --- what cannot be replayed

head -c 3000 "$FILE" > "$TMPDIR/cut"
expect 1 build/lgnetdump -i "$AGAIN" --replay="$TMPDIR/cut" --speed=max 2> "$TMPDIR/cut.said"
told cut 'cut cannot be read beyond its frame [0-9]+: truncated'
told cut "^lgnetdump: $(sed -n 's/.* beyond its frame \([0-9]*\):.*/\1/p' "$TMPDIR/cut.said") frames, "
head -c 5000 /dev/urandom > "$TMPDIR/noise"
refused 'cannot read .*noise as a capture: unknown file format' build/lgnetdump -i "$AGAIN" --replay="$TMPDIR/noise"
run editcap -F pcap -T rawip "$FILE" "$TMPDIR/raw"
refused 'does not hold Ethernet frames' build/lgnetdump -i "$AGAIN" --replay="$TMPDIR/raw"
refused 'cannot open .*/nothing: No such file' build/lgnetdump -i "$TMPDIR/new" --replay="$TMPDIR/nothing"
run test ! -e "$TMPDIR/new"
run editcap -F pcap -s 50 "$FILE" "$TMPDIR/short"
replay short -i "$AGAIN" --replay="$TMPDIR/short" --speed=max
told short 'frames were not sent: cut short in the file'
chmod 755 "$TMPDIR"
chmod 666 /dev/lguest
chmod 444 "$AGAIN"
refused 'joining needs read and write permission' as_nobody build/lgnetdump -i "$AGAIN" --replay="$FILE"
