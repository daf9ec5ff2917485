#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: Debian for i386 boots from a disk to a login, works there, talks iperf3 with the host, and powers off
# timeout: 400
set -eu
. tests/vm/linux.sh

IMAGE=$(tests/vm/debian-image --find) || skip "there is no Debian for guests (tests/vm/debian-image makes it)"
INPUT=$TMPDIR/input

run modprobe tun
mkfifo "$INPUT"
exec 8<> "$INPUT"
build/lguest 192m "$VMLINUX" --name=debian --block="$IMAGE,overlay" \
	--tunnet=10.77.0.1/24 root=/dev/lgba rw console=hvc0 < "$INPUT" > "$OUTPUT" 2>&1 &
GUEST=$!
at_exit "kill -KILL $GUEST 2> /dev/null"

# says SECONDS REGEX: or its end is shown
says() {
	quietly wait_for "$1" grep -qaE -- "$2" "$OUTPUT" && return
	tail -n 40 "$OUTPUT" | tr -d '\r'
	fail "not within $1 s: $2"
}

# command LINE: at the shell's prompt.  (The line as echoed has quotes in it.)
number=0
command() {
	number=$((number + 1))
	echo "$1; echo \"do\"\"ne $number\"" >&8
	says 60 "^done $number"
}

says 300 'debian login:'
echo "it took $SECONDS s to a login"
echo root >&8
says 60 '# $'
# One that leaves the lines as they are
echo 'exec sh' >&8
command 'echo "machine: $(uname -m) $(cat /etc/debian_version)"'
command 'echo "root: $(findmnt -no SOURCE,FSTYPE /)"'
command "find $(soak /usr/bin /usr) -xdev -type f -print0 | xargs -0 md5sum > /root/sums; echo \"files: \$(wc -l < /root/sums)\""
command 'sync; echo 3 > /proc/sys/vm/drop_caches; md5sum --quiet -c /root/sums && echo "all the same"'
command 'systemctl --no-legend --plain list-units --state=failed | sed "s/^/failed: /"'

# iperf3 sums up with a line for each side, in Mbit/s: "receiver" at its end.
iperf3 --server --bind 10.77.0.1 > "$TMPDIR/iperf3" 2>&1 &
at_exit "kill $!"
command 'ip addr add 10.77.0.2/24 dev eth0; ip link set eth0 up; ping -i 0.2 -c 2 -w 10 10.77.0.1'
command 'iperf3 --client 10.77.0.1 --time 3 --format m | sed "s/^/up: /"'
command 'iperf3 --client 10.77.0.1 --time 3 --format m --reverse | sed "s/^/down: /"'
command 'iperf3 --client 10.77.0.1 --time 3 --format m --udp --bitrate 20M | sed "s/^/udp: /"'
echo poweroff >&8
wait $GUEST || fail "it ended with status $?"
tr -d '\r' < "$OUTPUT" | grep -aE '^(up|down|udp): ' || :
tr -d '\r' < "$OUTPUT" | tail -n 60
seen 'machine: i686 12'
seen 'root: /dev/lgba ext4'
seen 'files: [0-9]{3,}'
seen '^all the same'
seen '^up: .* [1-9][0-9.]* Mbits/sec .*receiver'
seen '^down: .* [1-9][0-9.]* Mbits/sec .*receiver'
seen '^udp: .* [1-9][0-9.]* Mbits/sec .*receiver'
unseen '^failed: '
unseen "$GUEST_COMPLAINTS"
