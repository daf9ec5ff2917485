#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: the ready-made initrd does what the kernel's command line says, complains of what is wrong there, and gives a shell
# timeout: 150
set -eu
. tests/vm/linux.sh

INITRD=build/guest/initrd.gz
NET=$TMPDIR/net

echo "settings:"
linux 0 40 64m --sharenet="$NET" --sharenet="$NET" \
	lg.hostname=wrong lg.hostname=zed lg.ip=eth0:10.0.0.1/24,eth1:fd00::1/64,eth1:10.0.1.1/24 \
	lg.gateway=10.0.0.254,fd00::fe lg.forward=1 \
	'lg.run="hostname; ip -o addr; ip route; ip -6 route; cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding | xargs; tty; false"'
unseen 'lguest-init:'
seen '^lguest-init-up'
seen '^zed'
seen 'eth0 +inet 10\.0\.0\.1/24'
seen 'eth1 +inet 10\.0\.1\.1/24'
seen 'eth1 +inet6 fd00::1/64'
seen '^default via 10\.0\.0\.254 dev eth0'
seen '^default via fd00::fe dev eth1'
seen '^1 1'
seen '^/dev/hvc0'
seen '^lguest-run-status 1'

echo "mistakes, each of which is said and leaves the rest alone:"
linux 0 40 64m --sharenet="$NET" lg.ip=eth0:10.0.0.1,eth7:10.0.0.1/24,eth0:10.0.0.2/24,eth0:10.0.0.3/77 \
	lg.gateway=10.9.9.9 lg.forward=maybe lg.gatway=10.0.0.9 lg.run=true
seen "^lguest-init: lg.ip: '10\.0\.0\.1' for eth0 is neither"
seen '^lguest-init: lg.ip: there is no device eth7'
seen '^lguest-init: lg.ip: eth0 cannot have 10\.0\.0\.3/77'
seen '^lguest-init: lg.gateway: no way to 10\.9\.9\.9'
seen '^lguest-init: lg.forward is 1 or 0'
seen '^lguest-init: lg.gatway=10\.0\.0\.9: there are lg\.hostname='
seen '^lguest-run-status 0'

# typed LINE...: each a moment after the one before it has been answered
typed() {
	local line
	for line; do
		until grep -qaE '# .{0,8}$|interrupted' "$OUTPUT"; do
			sleep 0.1
		done
		sleep 0.3
		printf '%b' "$line"
	done
}

echo "a shell, with ^C, and poweroff in good order:"
: > "$OUTPUT"
linux 0 60 64m < <(typed 'sleep 1000 || echo interrupted\n' '\003' 'ip link show lo; echo got $((6 * 7))\n' 'poweroff\n')
seen '^guest:/root# '
seen 'LOOPBACK,UP'
seen '^got 42'

echo "its end, and a restart:"
: > "$OUTPUT"
linux 0 40 64m < <(typed 'exit\n')
: > "$OUTPUT"
linux 4 40 64m < <(typed 'reboot\n')
