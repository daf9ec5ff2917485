#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a mirror shows both directions of a port on another tap, to tcpdump, with checksums that are good
# timeout: 400
set -eu
. tests/vm/switch.sh

PROGS=("$TRAFFIC")
touch "$TMPDIR/net0"
switch sw "$TMPDIR/net0" --tap=lg0,addr=10.0.0.254/24 --tap=mon0 --mirror=to=mon0,from=lg0
boot a --sharenet="$TMPDIR/net0"
ready a
address a 1
tcpdump -i mon0 -n -U -w "$TMPDIR/seen.pcap" 2> "$TMPDIR/tcpdump" &
TCPDUMP=$!
at_exit "kill -KILL $TCPDUMP 2> /dev/null"
wait_for 20 grep -q 'listening on' "$TMPDIR/tcpdump"
on a 'ping -i 0.2 -c 5 -W 5 10.0.0.254'
seen_both() {
	[ "$(tcpdump -n -r "$TMPDIR/seen.pcap" 'icmp[icmptype] = icmp-echo and src 10.0.0.1' 2> /dev/null | wc -l)" -eq 5 ] &&
		[ "$(tcpdump -n -r "$TMPDIR/seen.pcap" 'icmp[icmptype] = icmp-echoreply and dst 10.0.0.1' 2> /dev/null | wc -l)" -eq 5 ]
}
wait_for 20 seen_both

here sink - $TRAFFIC sink 5000
on a 'traffic send 10.0.0.254 5000 1'
result_here sink
has_end() {
	[ "$(tcpdump -n -r "$TMPDIR/seen.pcap" 'tcp port 5000 and tcp[tcpflags] & tcp-fin != 0' 2> /dev/null | wc -l)" -ge 1 ]
}
wait_for 20 has_end
kill -INT $TCPDUMP
wait $TCPDUMP || :
cat "$TMPDIR/tcpdump"
# All of the stream: as many bytes in it as were sent.
bytes=$(tcpdump -n -r "$TMPDIR/seen.pcap" 'tcp dst port 5000' 2> /dev/null |
	sed -n 's/.*length \([0-9]*\).*/\1/p' | awk '{ sum += $1 } END { print sum }')
echo "bytes seen towards port 5000: $bytes"
[ "$bytes" -ge $((1 << 20)) ] || fail "the mirror has not seen all of it"
# It can be taken away while the switch runs: then mon0 is a port as others
# are, and gets what is for all (a neighbour asked for, say), not six pings.
ctl sw mirror del mon0
mon0_got() {
	cat /sys/class/net/mon0/statistics/rx_packets
}
no_growth 5 mon0_got on a 'ping -i 0.2 -c 3 -W 5 10.0.0.254'
off a
end_switch sw
