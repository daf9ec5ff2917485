#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: once set up a switch is an ordinary user, without capabilities, filtered; it can still add taps, and its service manager hears of it
# timeout: 400
set -eu
. tests/vm/switch.sh

# (The tests that follow know of no such user.)
run cp -a /etc/passwd /etc/group "$TMPDIR/"
at_exit 'cp -a "$TMPDIR/passwd" "$TMPDIR/group" /etc/; chgrp root /dev/lguest'
echo 'lguest:x:990:' >> /etc/group
echo 'lguest:x:990:990::/:/usr/sbin/nologin' >> /etc/passwd
chgrp lguest /dev/lguest
chmod 660 /dev/lguest
chmod 666 /dev/net/tun
chmod 755 "$TMPDIR"
NET=$TMPDIR/net0
touch "$NET"
chown lguest "$NET"
mkdir "$TMPDIR/run"
chown lguest "$TMPDIR/run"

status_of() {
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}

# has PID KEY VALUE
has() {
	local value
	value=$(status_of "$1" "$2")
	echo "$1: $2 $value"
	[ "$value" = "$3" ] || fail "$2 of process $1 is '$value', not '$3'"
}

NONE=0000000000000000
NET_ADMIN=0000000000001000

check_process() {
	local pid=$1 caps=$2 key
	has "$pid" Uid $'990\t990\t990\t990'
	has "$pid" Gid $'990\t990\t990\t990'
	for key in CapEff CapPrm; do
		has "$pid" $key "$caps"
	done
	for key in CapInh CapAmb CapBnd; do
		has "$pid" $key $NONE
	done
	has "$pid" NoNewPrivs 1
	has "$pid" Seccomp 2
}

export WATCHDOG_USEC=1000000
switch sw "$NET" --tap=lg0,addr=10.0.0.254/24 --control="$TMPDIR/run/sw.sock"
unset WATCHDOG_USEC
PID=${SWITCH[sw]}
HELPER=$(pgrep -P "$PID" -x lgswitch-links)
check_process "$PID" $NONE
check_process "$HELPER" $NET_ADMIN
wait_for 10 grep -q '^WATCHDOG=1' "$TMPDIR/sw.told"
[ "$(ip -d -o link show lg0 | grep -c 'user lguest')" -eq 1 ] || { ip -d link show lg0; fail "the tap is not lguest's"; }

# --- taps are added and removed by the process that is left for that
ask() {
	build/lgswitch ctl --control="$TMPDIR/run/sw.sock" "$@"
}
run ask add tap=lg1,addr=10.1.0.254/24
run ip -o addr show lg1
ip -o addr show lg1 | grep -qF 10.1.0.254 || fail "the new tap has no address"
run ask del lg1
run test ! -e /sys/class/net/lg1
# Others' taps are not theirs.
run ip tuntap add dev theirs mode tap user 1234
at_exit 'ip link del theirs'
expect 1 ask add tap=theirs
run ip link set theirs up

# --- works as before; is started again by itself as that user alone
PROGS=("$TRAFFIC")
boot a --sharenet="$NET"
ready a
address a 1
on a 'ping -i 0.2 -c 2 -W 5 10.0.0.254'
kill_switch sw
wait_for 5 test ! -e "/proc/$HELPER/exe"
run test -e /sys/class/net/lg0
run rm -f "$TMPDIR/run/sw.sock"
setpriv --reuid=lguest --regid=lguest --clear-groups build/tests/vm/notified "$TMPDIR/run/told" \
	build/lgswitch --name=sw "$NET" --tap=lg0,addr=10.0.0.254/24 --control="$TMPDIR/run/sw.sock" > "$TMPDIR/plain.log" 2>&1 &
PLAIN=$!
at_exit "kill -KILL $PLAIN 2> /dev/null"
wait_for 20 grep -q '^READY=1' "$TMPDIR/run/told"
has $PLAIN CapEff $NONE
has $PLAIN Seccomp 2
on a 'ping -i 0.2 -c 2 -W 5 10.0.0.254'
off a
kill -TERM $PLAIN
wait $PLAIN || fail "it ended with status $?"
cat "$TMPDIR/plain.log"
run test ! -e /sys/class/net/lg0

# --- as its service starts it: that user, with CAP_NET_ADMIN from the start
WITHIN=(setpriv --reuid=lguest --regid=lguest --clear-groups
	--inh-caps=+net_admin --ambient-caps=+net_admin '--bounding-set=-all,+net_admin')
chmod 777 "$TMPDIR"
switch svc --tap=lg5,addr=10.5.0.254/24
PID=${SWITCH[svc]}
HELPER=$(pgrep -P "$PID" -x lgswitch-links)
for key in CapEff CapPrm CapInh CapAmb; do
	has "$PID" $key $NONE
done
has "$HELPER" CapEff $NET_ADMIN
has "$HELPER" CapAmb $NONE
has "$PID" Seccomp 2
ctl svc add tap=lg6,addr=10.6.0.254/24
run test -e /sys/class/net/lg6
end_switch svc
run test ! -e /sys/class/net/lg5 -a ! -e /sys/class/net/lg6

# --- the service's file is one that systemd understands
at_exit 'rm -f /usr/local/bin/lgswitch'
run cp build/lgswitch /usr/local/bin/
run systemd-analyze verify --man=no lgswitch/lgswitch@.service
