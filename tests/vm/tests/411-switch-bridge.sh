#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a switch's tap in a Linux bridge: guests reach a namespace behind it, get addresses from there; iperf3 both ways
# timeout: 480
set -eu
. tests/vm/switch.sh

#	guest a -- net0 -- lgswitch -- tap lg0 -- br0 -- veth -- namespace peer
#	                      +------- tap lg1 -- br1 -- veth -- namespace near
PROGS=("$TRAFFIC")
netns peer near
join_netns br0 peer 10.0.0.254/24 fd00::fe/64
join_netns br1 near 10.0.0.253/24 fd00::fd/64
touch "$TMPDIR/net0"
switch sw "$TMPDIR/net0" --tap=lg0,bridge=br0 --tap=lg1,bridge=br1
[[ $(ip -o link show lg0) == *'master br0'* ]] || fail "lg0 is not in br0"

cat > "$TMPDIR/udhcpd.conf" << END
start 10.0.0.100
end 10.0.0.110
interface eth0
lease_file $TMPDIR/leases
pidfile $TMPDIR/udhcpd.pid
option subnet 255.255.255.0
END
touch "$TMPDIR/leases"
ip netns exec peer busybox udhcpd -f "$TMPDIR/udhcpd.conf" &
at_exit "kill $!; wait $!"

boot a --sharenet="$TMPDIR/net0"
ready a
on a 'printf "#!/bin/sh\n[ \"\$1\" = bound ] && ip addr add \$ip/\$mask dev \$interface\n" > /tmp/dhcp; chmod +x /tmp/dhcp; ip link set eth0 up; udhcpc -i eth0 -n -q -s /tmp/dhcp -t 10'
on a 'ip -o addr show dev eth0'
[[ $SAID == *10.0.0.10[0-9]/* ]] || fail "no lease was given"
on a 'ping -i 0.2 -c 3 -W 5 10.0.0.254'
address a 1
on a 'ping6 -i 0.2 -c 2 -W 5 fd00::fe'
run ip netns exec peer busybox ping -i 0.2 -c 2 -W 5 10.0.0.1
run ip netns exec peer busybox ping -i 0.2 -c 2 -W 5 10.0.0.253

# --- TCP from and to the guest
here sink peer $TRAFFIC sink 5000
on a 'traffic send 10.0.0.254 5000 32'
sent=$(field sum)
result_here sink
same_sum "$sent"
later a 'traffic sink 5000'
run ip netns exec peer $TRAFFIC send fd00::1 5000 32
result a

serve() {
	here iperf peer iperf3 -s -1
	quietly wait_for 10 is_served peer 5201
}

# --- iperf3, both ways, from the tap's namespace to that behind the bridge
serve
run ip netns exec near iperf3 -c 10.0.0.254 -t 3
result_here iperf > "$TMPDIR/iperf"
serve
run ip netns exec near iperf3 -6 -c fd00::fe -t 3 -R
result_here iperf > "$TMPDIR/iperf"
# Datagrams, too, in either direction.
serve
run ip netns exec near iperf3 -c 10.0.0.254 -u -b 5m -t 2 --bidir
result_here iperf > "$TMPDIR/iperf"
off a
end_switch sw
run test ! -e /sys/class/net/lg0
cat "$TMPDIR/sw.log"
