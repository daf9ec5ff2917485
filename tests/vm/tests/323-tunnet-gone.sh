#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a tap that is deleted under a guest, and a bridge, end that way to the host and nothing else
# timeout: 120
set -eu
. tests/vm/guests.sh

#	a eth0 --- net0 --- eth0 b
#	a eth1 10.77.0.2 --- tap mine 10.77.0.1 host
#	b eth1 10.78.0.2 --- br0 10.78.0.1 host
NET=$TMPDIR/net0

run modprobe -a tun bridge
run ip link add br0 type bridge
run ip addr add 10.78.0.1/24 dev br0
run ip link set br0 up
boot a --sharenet="$NET" --tunnet=10.77.0.1/24,tap=mine
boot b --sharenet="$NET" --tunnet=bridge:br0
ready a b
address a 1
address b 2
on a 'ip addr add 10.77.0.2/24 dev eth1; ip link set eth1 up; ping -i 0.2 -c 2 -w 10 10.77.0.1'
on b 'ip addr add 10.78.0.2/24 dev eth1; ip link set eth1 up; ping -i 0.2 -c 2 -w 10 10.78.0.1'

# Amid traffic
on a 'ping -i 0.01 10.77.0.1 > /dev/null & ping -i 0.01 -s 1400 10.0.0.2 > /dev/null &'
run ip link del mine
wait_for 10 grep -q 'tap device mine is gone' "$TMPDIR/a.out"
run ip link del br0
expect 1 try a 'ping -i 0.2 -c 2 -W 1 10.77.0.1'
expect 1 try b 'ping -i 0.2 -c 2 -W 1 10.78.0.1'
on a 'ping -i 0.2 -c 3 -W 2 10.0.0.2'
on b 'ping -i 0.2 -c 3 -W 2 10.0.0.1'

# The name is free, for the next one
boot c --tunnet=10.77.0.1/24,tap=mine
ready c
on c 'ip addr add 10.77.0.3/24 dev eth0; ip link set eth0 up; ping -i 0.2 -c 2 -w 10 10.77.0.1'
off a b c
