#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a guest on two nets routes between them, and another one bridges
# timeout: 180
set -eu
. tests/vm/guests.sh

PROGS=(build/tests/progs/traffic)
boot a --sharenet="$TMPDIR/net0"
boot router --sharenet="$TMPDIR/net0" --sharenet="$TMPDIR/net1"
boot b --sharenet="$TMPDIR/net1"
ready a router b
on a 'ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up; ip route add default via 10.0.0.254'
on b 'ip addr add 10.0.1.1/24 dev eth0; ip link set eth0 up; ip route add default via 10.0.1.254'
on router 'ip addr add 10.0.0.254/24 dev eth0; ip addr add 10.0.1.254/24 dev eth1; ip link set eth0 up; ip link set eth1 up; echo 1 > /proc/sys/net/ipv4/ip_forward'
on a 'ping -i 0.2 -c 3 -W 3 10.0.1.1'
later b 'traffic sink 5000'
on a 'traffic send 10.0.1.1 5000 32'
result b

# The same machine as a bridge: stations behind it are reached by their own
# addresses.
on router 'ip addr flush dev eth0; ip addr flush dev eth1; ip link add br0 type bridge; ip link set eth0 master br0; ip link set eth1 master br0; ip link set br0 up'
on b 'ip addr add 10.0.0.2/24 dev eth0'
on a 'ping -i 0.2 -c 3 -W 3 10.0.0.2'
later b 'traffic sink 5000'
on a 'traffic send 10.0.0.2 5000 32'
result b
off a router b
