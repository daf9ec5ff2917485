#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: three guests with the same --sharenet are one Ethernet segment
# timeout: 180
set -eu
. tests/vm/guests.sh

NET=$TMPDIR/net0
for name in a b c; do
	boot $name --sharenet="$NET"
done
ready a b c
address a 1
address b 2
address c 3

for pair in a:2 a:3 b:1 b:3 c:1 c:2; do
	on "${pair%:*}" "ping -i 0.2 -c 2 -W 2 10.0.0.${pair#*:}"
	on "${pair%:*}" "ping -6 -i 0.2 -c 2 -W 2 fd00::${pair#*:}"
done

# Everybody answers a multicast ping.
on a 'ping -6 -i 0.2 -c 3 -W 2 -I eth0 ff02::1'
on a 'ip -6 neigh | grep -c fe80'

# VLANs, on two of them only
for number in 1 2; do
	name=$(cut -c $number <<< ab)
	on "$name" "ip link add link eth0 name eth0.7 type vlan id 7 && ip addr add 10.7.0.$number/24 dev eth0.7 && ip link set eth0.7 up"
done
on a 'ping -i 0.2 -c 2 -W 2 10.7.0.2'

# Jumbo frames, as large as there are
for name in a b; do
	on $name 'ip link set eth0 mtu 65521'
done
on a 'ping -i 0.2 -c 2 -W 2 -s 65400 10.0.0.2'
on a 'ping -i 0.2 -c 2 -W 2 -s 9000 10.0.0.2'
expect 2 try a 'ip link set eth0 mtu 65522'

# A MAC address of its own choice is heard of.
on b 'ip link set eth0 down; ip link set eth0 address 02:11:22:33:44:55; ip link set eth0 up; ip addr add 10.0.0.22/24 dev eth0'
on a 'ping -i 0.2 -c 2 -W 3 10.0.0.22'
on a 'ip neigh | grep 02:11:22:33:44:55'
expect 2 try b 'ip link set eth0 address 01:11:22:33:44:55'

# Down and up, in use
on c 'ip link set eth0 down; ip link set eth0 up; sleep 1; ping -i 0.2 -c 2 -W 3 10.0.0.1'
off a b c
