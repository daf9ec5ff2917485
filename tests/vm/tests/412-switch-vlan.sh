#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: access ports and a trunk to a VLAN-aware Linux bridge: each VLAN reaches its own, and only that; the native one has no tag
# timeout: 480
set -eu
. tests/vm/switch.sh

#	guest a -- net10, vlan=10 --+                              +- veth, VLAN 10 - ns ten
#	guest b -- net20, vlan=20 --+ lgswitch - tap lg0 - br0 ----+- veth, VLAN 20 - ns twenty
#	guest c -- net1,  vlan=1  --+           trunk=1+10+20      +- veth, VLAN 1  - ns one
#	                                        native=1
netns ten twenty one
run ip link add br0 type bridge vlan_filtering 1 vlan_default_pvid 0
at_exit 'ip link del br0'
run ip link set br0 up
for place in ten:10 twenty:20 one:1; do
	join_netns br0 "${place%:*}" 10.0.0.254/24 fd00::fe/64
	run bridge vlan add dev "to-${place%:*}" vid "${place#*:}" pvid untagged
done
for net in net1 net10 net20; do
	touch "$TMPDIR/$net"
done
switch sw --net="$TMPDIR/net10,vlan=10" --net="$TMPDIR/net20,vlan=20" --net="$TMPDIR/net1,vlan=1" \
	--tap=lg0,trunk=1+10+20,native=1,bridge=br0
run bridge vlan add dev lg0 vid 10
run bridge vlan add dev lg0 vid 20
run bridge vlan add dev lg0 vid 1 pvid untagged
PROGS=("$TRAFFIC")
boot a --sharenet="$TMPDIR/net10"
boot b --sharenet="$TMPDIR/net20"
boot c --sharenet="$TMPDIR/net1"
ready a b c
address a 1
address b 2
address c 3

# Each has the same peer's address in its own VLAN: who answers is seen by MAC.
peer_of() {
	on "$1" 'ping -i 0.2 -c 2 -W 5 10.0.0.254 > /dev/null; ip neigh show 10.0.0.254'
	[[ $SAID == *"$(ip netns exec "$2" cat /sys/class/net/eth0/address)"* ]] ||
		fail "$1 did not reach $2"
}

peer_of a ten
peer_of b twenty
peer_of c one
run ip netns exec ten busybox ping -i 0.2 -c 2 -W 5 10.0.0.1
run ip netns exec ten busybox ping -6 -i 0.2 -c 2 -W 5 fd00::1
expect 1 ip netns exec ten busybox ping -c 1 -W 1 10.0.0.2
expect 1 ip netns exec one busybox ping -c 1 -W 1 10.0.0.1
run ip netns exec one busybox ping -c 1 -W 5 10.0.0.3
try a 'ping -c 1 -W 1 10.0.0.2' && fail "a and b reach each other"

# Super-frames get and lose tags, and checksums are good at the far side.
here sink ten $TRAFFIC sink 5000
on a 'traffic send 10.0.0.254 5000 16'
sent=$(field sum)
result_here sink
same_sum "$sent"
later a 'traffic sink 5000'
run ip netns exec ten $TRAFFIC send 10.0.0.1 5000 16
result a
off a b c
end_switch sw
