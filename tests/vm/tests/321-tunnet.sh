#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a guest with --tunnet reaches the host and back, with TCP whole, and by DHCP; the tap goes with it
# timeout: 150
set -eu
. tests/vm/linux.sh

#	guest eth0 10.77.0.2 ---- lg0 10.77.0.1 host: files on port 7000 and 7001
#	guest eth1 by DHCP   ---- lg1 fd77::1        (udhcpd on the bridge br0)
MIB=24

# (The first tap is lg0.)
tap_is_up() {
	[ -n "$(ip -o link show dev "$1" up)" ]
}

run modprobe -a tun bridge
run ip link add br0 type bridge
at_exit 'ip link del br0'
run ip addr add 10.78.0.1/24 dev br0
run ip link set br0 up

# --- what cannot be is refused, and said

refused() {
	local words=$1
	shift
	expect 1 "$@" > "$TMPDIR/refusal" 2>&1
	cat "$TMPDIR/refusal"
	grep -q -- "$words" "$TMPDIR/refusal" || fail "it did not say: $words"
}

LGUEST=(build/lguest 64m "$VMLINUX" --console=null)
AS_NOBODY=(setpriv --reuid=65534 --regid=65534 --clear-groups)
chmod 666 /dev/lguest /dev/net/tun
refused 'there is no bridge br9' "${LGUEST[@]}" --tunnet=bridge:br9
refused 'lo is not a bridge' "${LGUEST[@]}" --tunnet=bridge:lo
refused '10.78.0.1 is already an address of this host, of network device br0' "${LGUEST[@]}" --tunnet=10.78.0.1
refused 'is no tap' "${LGUEST[@]}" --tunnet=10.79.0.1,tap=lo
refused 'CAP_NET_ADMIN' "${AS_NOBODY[@]}" "${LGUEST[@]}" --tunnet=10.79.0.1
refused 'it is a folder' "${LGUEST[@]}" --sharenet="$TMPDIR"
refused 'create it' "${LGUEST[@]}" --sharenet="$TMPDIR/none/net"
run ip tuntap add dev mine mode tap user nobody
run ip addr add 10.79.0.1/24 dev mine
run ip link set mine up
at_exit 'ip link del mine'

# --- what can, works

head -c ${MIB}M /dev/urandom > "$TMPDIR/down"
SUM=$(md5sum < "$TMPDIR/down" | cut -d ' ' -f 1)

# shellcheck disable=SC2016 # for the guest's shell
init '
ip link set lo up
echo 0 > /proc/sys/net/ipv6/conf/eth0/accept_dad
ip link set eth0 up
ip link set eth1 up
ip addr add 10.77.0.2/24 dev eth0
ip addr add fd77::2/64 dev eth0
ping -i 0.2 -c 3 -w 10 10.77.0.1 && echo pinged: 4
ping -i 0.2 -c 2 -w 10 -s 1400 10.77.0.1 && echo pinged: large
ping6 -i 0.2 -c 2 -w 10 fd77::1 && echo pinged: 6
ping -c 1 -w 1 10.77.0.9 || echo nobody: there
mkfifo /tmp/open
sleep 100 > /tmp/open &
nc 10.77.0.1 7000 < /tmp/open > /tmp/down
echo "down: $(md5sum < /tmp/down)"
nc 10.77.0.1 7001 < /tmp/down > /dev/null
printf "#!/bin/sh\n[ \"\$1\" = bound ] && ip addr add \$ip/\$mask dev \$interface\n" > /tmp/dhcp
chmod +x /tmp/dhcp
udhcpc -i eth1 -n -q -s /tmp/dhcp -t 5 && echo leased
ping -c 1 -w 5 10.78.0.1 && echo pinged: bridge
ip -o addr show dev eth1
poweroff -f
'

cat > "$TMPDIR/udhcpd.conf" << END
start 10.78.0.50
end 10.78.0.60
interface br0
lease_file $TMPDIR/leases
pidfile $TMPDIR/udhcpd.pid
option subnet 255.255.255.0
END
touch "$TMPDIR/leases"
busybox udhcpd -f "$TMPDIR/udhcpd.conf" &
at_exit "kill $!; wait $!"

start_linux 64m --name=tun --console="file:$OUTPUT" --tunnet=10.77.0.1/24 --tunnet=bridge:br0 < /dev/null
at_exit "kill -KILL $GUEST 2> /dev/null; wait $GUEST"
wait_for 10 tap_is_up lg0
run ip addr add fd77::1/64 dev lg0 nodad
# (An end of input is the end of the other direction, too.)
busybox nc -l -p 7000 < "$TMPDIR/down" > /dev/null &
run mkfifo "$TMPDIR/open"
sleep 100 > "$TMPDIR/open" &
at_exit "kill $!"
busybox nc -l -p 7001 > "$TMPDIR/up" < "$TMPDIR/open" &
UP=$!
ip -o link show lg0
ip -o link show lg1
MAC=$(cat /sys/class/net/lg0/address)
[[ $MAC == fe:* ]] || fail "the tap's address $MAC is not one of ours"
wait_for 100 test ! -e /proc/$GUEST/exe
wait "$GUEST" || fail "the guest ended with status $?"
wait_for 5 test ! -e /proc/$UP
grep -av '^\[' "$OUTPUT" | tr -d '\r'
seen '^pinged: 4'
seen '^pinged: large'
seen '^pinged: 6'
seen '^nobody: there'
seen "^down: $SUM"
seen '^leased'
seen '^pinged: bridge'
seen '10\.78\.0\.[56][0-9]/'
unseen "$GUEST_COMPLAINTS"
run cmp "$TMPDIR/down" "$TMPDIR/up"
run test ! -e /sys/class/net/lg0 -a ! -e /sys/class/net/lg1
