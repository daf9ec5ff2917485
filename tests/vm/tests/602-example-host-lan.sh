#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: examples/host-lan: a guest has an address from the DHCP server behind a bridge, made or given
# timeout: 180
set -eu
. tests/vm/switch.sh
. tests/vm/examples.sh

example host-lan
shown 'inet 10\.0\.3\.1[0-9][0-9]/24'
shown '^default via 10\.0\.3\.1 '
shown '^3 packets transmitted, 3 packets received'

echo "a bridge that is there stays:"
netns lan
join_netns br9 lan 10.9.0.1/24
cat > "$TMPDIR/udhcpd.conf" << CONF
start 10.9.0.7
end 10.9.0.7
interface eth0
lease_file $TMPDIR/leases
pidfile $TMPDIR/udhcpd.pid
option subnet 255.255.255.0
option router 10.9.0.1
CONF
touch "$TMPDIR/leases"
ip netns exec lan busybox udhcpd -f "$TMPDIR/udhcpd.conf" &
at_exit "kill $!; wait $!"
example host-lan br9
shown 'inet 10\.9\.0\.7/24'
shown '^3 packets transmitted, 3 packets received'
refused 'lo is not a bridge' examples/host-lan lo
