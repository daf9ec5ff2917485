#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a switch joins guests of two nets and the host: IPv4, IPv6, DHCP, TCP whole both ways; its tap goes with it
# timeout: 480
set -eu
. tests/vm/switch.sh

#	guests a, b -- net0 --+
#	                      lgswitch -- tap lg0 10.0.0.254 host (udhcpd)
#	guest c ------ net1 --+
PROGS=("$TRAFFIC")
touch "$TMPDIR/net0" "$TMPDIR/net1"
switch sw "$TMPDIR/net0" "$TMPDIR/net1" --tap=lg0,addr=10.0.0.254/24,addr=fd00::fe/64
run ip -o addr show lg0
[[ $(cat /sys/class/net/lg0/address) == fe:* ]] || fail "the tap's address is not one of ours"
[[ $(cat /sys/class/net/lg0/mtu) == 1500 ]] || fail "its MTU is not 1500"

boot a --sharenet="$TMPDIR/net0"
boot b --sharenet="$TMPDIR/net0"
boot c --sharenet="$TMPDIR/net1"
ready a b c
address a 1
address b 2

# --- the host, other guests, both IPs; what is large, too
on a 'ping -i 0.2 -c 3 -W 5 10.0.0.254'
on a 'ping6 -i 0.2 -c 2 -W 5 fd00::fe'
on b 'ping -i 0.2 -c 2 -W 5 -s 1472 10.0.0.254'
run busybox ping -i 0.2 -c 2 -W 5 10.0.0.2
run busybox ping -i 0.2 -c 2 -W 5 fd00::1

# --- DHCP
cat > "$TMPDIR/udhcpd.conf" << END
start 10.0.0.100
end 10.0.0.110
interface lg0
lease_file $TMPDIR/leases
pidfile $TMPDIR/udhcpd.pid
option subnet 255.255.255.0
END
touch "$TMPDIR/leases"
busybox udhcpd -f "$TMPDIR/udhcpd.conf" &
at_exit "kill $!; wait $!"
on c 'printf "#!/bin/sh\n[ \"\$1\" = bound ] && ip addr add \$ip/\$mask dev \$interface\n" > /tmp/dhcp; chmod +x /tmp/dhcp; ip link set eth0 up; udhcpc -i eth0 -n -q -s /tmp/dhcp -t 10'
on c 'ip -o addr show dev eth0'
[[ $SAID == *10.0.0.10[0-9]/* ]] || fail "no lease was given"
on c 'ping -i 0.2 -c 2 -W 5 10.0.0.1'
on a 'ping -i 0.2 -c 2 -W 5 10.0.0.254'

# --- TCP whole, both ways: sums are compared
here sink - $TRAFFIC sink 5000
on a "traffic send 10.0.0.254 5000 32"
sent=$(field sum)
result_here sink
same_sum "$sent"
later a 'traffic sink 5000'
SAID=$($TRAFFIC send fd00::1 5000 32)
sent=$(field sum)
result a
same_sum "$sent"
# Across both nets.
later c 'ip addr add 10.0.0.3/24 dev eth0; traffic sink 5000'
on a 'ping -c 1 -W 5 10.0.0.3'
on a 'traffic send 10.0.0.3 5000 16'
result c

off a b c
end_switch sw
run test ! -e /sys/class/net/lg0
grep -q '^STOPPING=1' "$TMPDIR/sw.told" || fail "its manager was not told of its end"
cat "$TMPDIR/sw.log"
