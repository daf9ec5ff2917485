#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a listener sees every frame of three guests once per copy, and what was not delivered; nobody waits for it
# timeout: 240
set -eu
. tests/vm/guests.sh

PORTS=build/tests/ports
PROGS=(build/tests/progs/traffic)
NET=$TMPDIR/net0
HEARD=$TMPDIR/heard

# Any user who may read the file may listen.  It is there before the guests,
# so that nothing is said without being heard.
chmod 755 "$TMPDIR"
chmod 666 /dev/lguest
touch "$NET"
chmod 644 "$NET"

# start_listen COUNT SECONDS: see tests/ports/listen.c
start_listen() {
	setpriv --reuid=65534 --regid=65534 --clear-groups $PORTS/listen "$NET" "$@" > "$HEARD" &
	LISTEN=$!
	at_exit "kill -KILL $LISTEN 2> /dev/null"
	wait_for 10 grep -q listening "$HEARD"
}

start_listen -1 -1
declare -A SLOT=([a]=10 [b]=77 [c]=126)
for name in a b c; do
	boot $name --sharenet="$NET,slot=${SLOT[$name]}"
done
ready a b c
number=0
for name in a b c; do
	number=$((number + 1))
	# (IPv6 speaks without being asked.)
	on $name "echo 1 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6; ip addr add 10.0.0.$number/24 dev eth0; ip link set eth0 up"
done

# --- the conversation

on a 'ping -c 5 -i 0.2 -W 2 10.0.0.2'
on b 'ping -c 3 -i 0.2 -W 2 -s 9000 10.0.0.3'
on c 'ping -c 3 -i 0.2 -W 2 10.0.0.1'
later b 'traffic sink 5000'
on a 'traffic send 10.0.0.2 5000 2'
result b

# To an address that nobody has, and to one whose link is down
expect 1 try a 'arp -s 10.0.0.99 02:00:00:00:00:99; ping -c 3 -i 0.2 -W 1 10.0.0.99'
on c 'cat /sys/class/net/eth0/address'
mac=$SAID
run $PORTS/link "$NET" c down
expect 1 try a "arp -s 10.0.0.3 $mac; ping -c 4 -i 0.2 -W 1 10.0.0.3"
run $PORTS/link "$NET" c up
on a 'ping -i 0.2 -c 2 -W 2 10.0.0.3'

# --- is it what the net has counted, and the guests?

# A line for each copy, or what would have been one: ID SOURCE TARGET VERDICT.
records() {
	sed -nE 's/^frame ([0-9]+) from ([0-9]+)[^,]* to (nobody|[0-9]+)[^,]*, .*: (.*)/\1 \2 \3 \4/p' "$HEARD" |
		sed 's/nobody/127/'
}

# As tests/ports/counts prints it.
heard() {
	records | cut -d ' ' -f 2- | sort | uniq -c |
		sed -E 's/^ *([0-9]+) ([0-9]+) ([0-9]+) /\2 \3 \1 /' | sort
}

same_counts() {
	heard > "$TMPDIR/heard-counts"
	$PORTS/counts "$NET" | sort > "$TMPDIR/counts"
	cmp "$TMPDIR/heard-counts" "$TMPDIR/counts"
}

statistics_agree() {
	local name=$1 sent received
	on "$name" 'cat /sys/class/net/eth0/statistics/tx_packets /sys/class/net/eth0/statistics/rx_packets'
	sent=$(records | awk -v slot="${SLOT[$name]}" '$2 == slot { print $1 }' | sort -u | wc -l)
	received=$(records | awk -v slot="${SLOT[$name]}" '$3 == slot && $4 == "delivered"' | wc -l)
	echo "heard of $name: $sent sent, $received received"
	[ "$SAID" = "$sent"$'\n'"$received" ]
}

compare_all() {
	same_counts && statistics_agree a && statistics_agree b && statistics_agree c
}

quietly wait_for 20 compare_all || { diff "$TMPDIR/heard-counts" "$TMPDIR/counts" || :; compare_all; }
cat "$TMPDIR/counts"
run grep -qx '10 127 3 nobody has that address' "$TMPDIR/counts"
run grep -qx '10 126 4 link is down' "$TMPDIR/counts"
[ "$(records | grep -c '^[0-9]* 10 77 delivered')" -gt 10 ] || fail "hardly anything was heard"
[ -z "$(records | cut -d ' ' -f 1-3 | sort | uniq -d)" ] || fail "something was told twice"
run kill -KILL $LISTEN

# --- one who does not read: nobody waits for it, and it can tell what it missed

total() {
	$PORTS/counts "$NET" | awk '{ sum += $3 } END { print sum }'
}

# It has heard nothing yet if nothing was said from before it began until it
# stopped.
start_deaf_listen() {
	before=$(total)
	start_listen -1 5
	run kill -STOP $LISTEN
	[ "$(total)" -eq "$before" ] && return
	kill -KILL $LISTEN
	return 1
}
until start_deaf_listen; do
	sleep 1
done
later b 'traffic sink 5000'
on a 'traffic send 10.0.0.2 5000 24'
result b
told=$(($(total) - before))
run kill -CONT $LISTEN
wait $LISTEN
missed=$(sed -n 's/^missed //p' "$HEARD")
echo "copies: $told, heard: $(records | wc -l), missed: $missed"
[ "$missed" -gt 0 ] || fail "nothing was missed"
[ $(($(records | wc -l) + missed)) -eq $told ] || fail "they do not add up"
off a b c
