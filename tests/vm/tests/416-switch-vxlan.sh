#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: two hosts with a switch each are one segment by VXLAN: ping, iperf3, frames up to the MTU; a dead peer and a cut underlay unplug its tap
# timeout: 300
set -eu
. tests/vm/switch.sh

#	guest a - net-a - lgswitch swa, tap lga, VXLAN   (namespace A, 192.0.2.1)
#	                                  |
#	                              bridge wan, MTU 1550
#	                                  |
#	guest b - net-b - lgswitch swb, tap lgb, VXLAN   (namespace B, 192.0.2.2)
PROGS=("$TRAFFIC")
netns A B
join_netns wan A 192.0.2.1/24
join_netns wan B 192.0.2.2/24
for netns in A B; do
	run ip -n $netns link set eth0 mtu 1550
	run ip link set to-$netns mtu 1550
done
run ip link set wan mtu 1550
touch "$TMPDIR/net-a" "$TMPDIR/net-b"
TO_B=vni=42,local=192.0.2.1,remote=192.0.2.2
TO_A=vni=42,local=192.0.2.2,remote=192.0.2.1

# --- what does not fit is refused
LGSWITCH_A=(ip netns exec A build/lgswitch "--control=$TMPDIR/refused.sock")
refused 'an MTU of 1501 does not fit: 192.0.2.2 is reached by eth0 with 1550, which leaves 1500' \
	"${LGSWITCH_A[@]}" "--vxlan=$TO_B,mtu=1501"
refused "192.0.2.9 is not one of this host's" "${LGSWITCH_A[@]}" --vxlan=vni=42,local=192.0.2.9,remote=192.0.2.2
refused 'own address' "${LGSWITCH_A[@]}" --vxlan=vni=42,local=192.0.2.1,remote=192.0.2.1
refused 'remote=IP is missing' "${LGSWITCH_A[@]}" --vxlan=vni=42,local=192.0.2.1
refused '0xffffff\|16777215' "${LGSWITCH_A[@]}" "--vxlan=vni=16777216,local=192.0.2.1,remote=192.0.2.2"
run test -z "$(ip -n A -o link show | grep lgv || :)"

in_netns A switch swa "$TMPDIR/net-a" --tap=lga,addr=10.0.0.101/24 "--vxlan=$TO_B"
in_netns B switch swb "$TMPDIR/net-b" --tap=lgb,addr=10.0.0.102/24 "--vxlan=$TO_A"
[[ $(ip -n A -o link show lgvx42) == *'mtu 1500'* ]] || fail "the segment's MTU is not 1500"

boot a --sharenet="$TMPDIR/net-a"
boot b --sharenet="$TMPDIR/net-b"
ready a b
address a 1
address b 2
on a 'ping -i 0.2 -c 3 -W 5 10.0.0.2'
on b 'ping6 -i 0.2 -c 2 -W 5 fd00::1'

# --- the edge: 1500 bytes pass in one frame, 1501 do not
on a 'ping -i 0.2 -c 2 -W 5 -s 1472 10.0.0.2'
on a 'ip link set eth0 mtu 1501'
on b 'ip link set eth0 mtu 1501'
try a 'ping -c 1 -W 2 -s 1473 10.0.0.2' && fail "a frame that is too long passed"
grep 'frames of 1501 bytes are too long for the way to other hosts, which takes 1500' "$TMPDIR/swa.log" ||
	fail "swa did not say that frames are too long"
on a 'ip link set eth0 mtu 1500'
on b 'ip link set eth0 mtu 1500'

# --- TCP whole between guests; iperf3 between hosts, both ways
later b 'traffic sink 5000'
on a 'traffic send 10.0.0.2 5000 32'
sent=$(field sum)
result b
same_sum "$sent"
serve() {
	here iperf B iperf3 -s -1 -B 10.0.0.102
	quietly wait_for 10 is_served B 5201
}
serve
run ip netns exec A iperf3 -c 10.0.0.102 -t 3
result_here iperf > "$TMPDIR/iperf"
serve
run ip netns exec A iperf3 -c 10.0.0.102 -t 3 -R
result_here iperf > "$TMPDIR/iperf"

# --- LLDP, STP and LACP cross, too (pause frames never do: the kernel's bridge)
cat > "$TMPDIR/frame" << 'END'
import socket, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind((sys.argv[1], 0))
for last in sys.argv[2:]:
    s.send(bytes.fromhex("0180c20000" + last + "020000000001" + "88b5" + "00" * 46))
END
ip netns exec B tcpdump -i lgb -n -e -c 3 ether proto 0x88b5 > "$TMPDIR/control" 2> "$TMPDIR/tcpdump" &
TCPDUMP=$!
at_exit "kill -KILL $TCPDUMP 2> /dev/null"
wait_for 20 grep -q 'listening on' "$TMPDIR/tcpdump"
run ip netns exec A python3 "$TMPDIR/frame" lga 00 02 0e
wait_for 20 test ! -e /proc/$TCPDUMP/exe
cat "$TMPDIR/control"
[ "$(grep -c 0x88b5 "$TMPDIR/control")" -eq 3 ] || fail "control frames do not pass"

# --- a dead peer: the next hop answers no more, though our link is up
has_carrier() {
	[[ $(ip -n "$1" -o link show lgvx42) != *NO-CARRIER* ]]
}
is_unplugged() {
	! has_carrier "$1"
}
run ip -n B link set eth0 down
wait_for 30 is_unplugged A
wait_for 30 is_unplugged B
grep 'cannot reach 192.0.2.2: 192.0.2.2 does not answer on eth0' "$TMPDIR/swa.log" || fail "swa did not say why"
try a 'ping -c 1 -W 1 10.0.0.2' && fail "the dead answer"
# The rest of the switch works.
on a 'ping -c 1 -W 5 10.0.0.101'
run ip -n B link set eth0 up
wait_for 30 has_carrier A
wait_for 30 has_carrier B
on a 'ping -i 0.2 -c 3 -W 10 10.0.0.2'

# --- a cut underlay: our own link is unplugged
run ip link set to-A down
wait_for 30 is_unplugged A
wait_for 30 is_unplugged B
run ip link set to-A up
wait_for 30 has_carrier A
wait_for 30 has_carrier B
on a 'ping -i 0.2 -c 3 -W 10 10.0.0.2'

# --- killed and started again, it is the same segment; at the end all is gone
kill_switch swa
run ip -n A link show lgvtep42
in_netns A switch swa "$TMPDIR/net-a" --tap=lga,addr=10.0.0.101/24 "--vxlan=$TO_B"
on a 'ping -i 0.2 -c 3 -W 10 10.0.0.2'
off a b
end_switch swa
end_switch swb
[ "$(ip -n A -o link show | grep -c lg)" -eq 0 ] || { ip -n A link show; fail "something stayed"; }
cat "$TMPDIR/swa.log"
