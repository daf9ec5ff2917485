#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: what a switch cannot do it says and why; taps deleted and files truncated under it, and frames of any kind, are survived
# timeout: 400
set -eu
. tests/vm/switch.sh

NET=$TMPDIR/net0
touch "$NET"
LGSWITCH=(build/lgswitch --control="$TMPDIR/refused.sock")
AS_NOBODY=(setpriv --reuid=65534 --regid=65534 --clear-groups)

# --- words
refused 'create it' "${LGSWITCH[@]}" "$TMPDIR/none/net"
refused 'folder\|regular' "${LGSWITCH[@]}" "$TMPDIR"
refused 'regular\|not a file' "${LGSWITCH[@]}" /dev/null
refused 'VLAN' "${LGSWITCH[@]}" --net="$NET,vlan=4095"
refused 'VLAN' "${LGSWITCH[@]}" --net="$NET,vlan=0"
refused 'trunk\|VLAN' "${LGSWITCH[@]}" --net="$NET,vlan=1,trunk=2"
refused 'net0' "${LGSWITCH[@]}" "$NET" --tap=net0
refused 'lg9' "${LGSWITCH[@]}" "$NET" --mirror=to=lg9,from=net0
refused 'lg9' "${LGSWITCH[@]}" "$NET" '--fault=lg9>net0,loss=1%'
refused 'delay' "${LGSWITCH[@]}" "$NET" '--fault=*>net0,delay=-1ms'
refused 'nobody-there' "${LGSWITCH[@]}" "$NET" --user=nobody-there
refused 'no option\|unknown option' "${LGSWITCH[@]}" --no-such-thing
refused 'cannot open.*none' "${LGSWITCH[@]}" --config="$TMPDIR/none"
refused 'port' "${LGSWITCH[@]}"

# --- the host
refused '/dev/lguest\|ermission' "${AS_NOBODY[@]}" "${LGSWITCH[@]}" "$NET"
chmod 666 /dev/lguest /dev/net/tun
chmod 644 "$NET"
chmod 755 "$TMPDIR"
refused 'ermission denied' "${AS_NOBODY[@]}" build/lgswitch --control=none.sock "$NET"
chmod 666 "$NET"
refused 'CAP_NET_ADMIN' "${AS_NOBODY[@]}" build/lgswitch --control=none.sock "$NET" --tap=lg7
run ip link add br0 type bridge
at_exit 'ip link del br0'
run ip addr add 10.7.0.1/24 dev br0
refused '10.7.0.1 is already an address of this host, of network device br0' "${LGSWITCH[@]}" "$NET" --tap=lg7,addr=10.7.0.1/24
refused 'there is no bridge nobr' "${LGSWITCH[@]}" "$NET" --tap=lg7,bridge=nobr
refused 'is no tap' "${LGSWITCH[@]}" "$NET" --tap=br0
refused 'mtu greater than device maximum\|mtu' "${LGSWITCH[@]}" "$NET" --tap=lg7,mtu=70000
run test ! -e /sys/class/net/lg7
switch one "$NET" --tap=lg7
refused 'another process has it open' "${LGSWITCH[@]}" --tap=lg7
refused 'control\|socket\|another' build/lgswitch --control="$TMPDIR/one.sock" "$NET"
end_switch one

# --- under it: the file truncated, removed; the tap deleted, and made again
PROGS=("$TRAFFIC")
# Else either tap answers for the other's address, and goes with the answer.
echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore
switch sw "$NET" --tap=lg0,addr=10.0.0.254/24 --tap=lg1,addr=10.1.0.254/24
boot a --sharenet="$NET"
ready a
address a 1
on a 'ping -c 1 -W 5 10.0.0.254'
echo grown > "$NET"
truncate -s 0 "$NET"
on a 'ping -c 1 -W 5 10.0.0.254'
rm "$NET"
on a 'ping -c 1 -W 5 10.0.0.254'
run ip link del lg1
on a 'ping -i 0.2 -c 2 -W 5 10.0.0.254'
run ip link del lg0
is_gone_port() {
	ctl sw --json ports lg0
	[[ $SAID == *gone* ]]
}
wait_for 20 is_gone_port
# Who has removed it had a reason; made anew, it becomes what its words say.
# (Who is not its owner may not use it on 6.12.)
run ip tuntap add dev lg0 mode tap user root
at_exit 'ip link del lg0 2> /dev/null'
has_tap() {
	ip -o addr show dev lg0 2> /dev/null | grep -qF 10.0.0.254
}
wait_for 30 has_tap
# It has another MAC address now, which the guest learns from who asks for it.
run ping -i 0.2 -c 3 -W 5 10.0.0.1
on a 'ping -i 0.2 -c 2 -W 5 10.0.0.254'

# --- frames of any length and content, from either side
cat > "$TMPDIR/frames" << 'END'
import os, random, socket, sys
random.seed(7)
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind((sys.argv[1], 0))
kinds = ["0800", "86dd", "8100", "88a8", "0806", "0001", "ffff", "8808", "88cc"]
for i in range(3000):
    length = random.choice([0, 1, 14, 20, 40, 46, 60, 576, 1400, 1486])
    head = bytes(random.choice([b"\xff" * 6, os.urandom(6), b"\x01\x80\xc2\x00\x00" + bytes([i % 16])]))
    head += os.urandom(6) + bytes.fromhex(random.choice(kinds))
    try:
        s.send((head + os.urandom(length))[:1514])
    except OSError:
        pass
END
run python3 "$TMPDIR/frames" lg0
on a 'ping -i 0.2 -c 2 -W 10 10.0.0.254'
kill -0 "${SWITCH[sw]}" || fail "the switch has not survived"
off a
end_switch sw
cat "$TMPDIR/sw.log"
