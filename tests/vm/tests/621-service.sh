#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a real systemd runs lgswitch@.service as it was installed: as an ordinary user, restarted when it dies or hangs, reloaded, ended; and make uninstall removes it
# timeout: 300
#
# systemd is process 1 of namespaces made for it, below a cgroup of its own, and
# knows only the units that are put before it.
set -eu
. tests/vm/linux.sh

need_accounts
run cp -a /etc/passwd /etc/group /etc/shadow /etc/gshadow "$TMPDIR/"
at_exit '(cd "$TMPDIR" && cp -a passwd group shadow gshadow /etc/)'
run env PREFIX=/usr/local mk/install --manifest programs
at_exit '[ ! -e /usr/local/lib/lguest/manifest ] || PREFIX=/usr/local mk/uninstall'
run systemd-sysusers lguest.conf
run systemd-tmpfiles --create lguest.conf
at_exit 'rm -rf /var/lg /etc/lguest'
chgrp lguest /dev/lguest
chmod 660 /dev/lguest

modprobe tun
chmod 666 /dev/net/tun

# --- what there is of a system
UNITS=/var/tmp/units
run mkdir -p "$UNITS/lgswitch@.service.d" /etc/lguest
at_exit "rm -rf $UNITS"
for target in sysinit basic shutdown network-online test umount final; do
	printf '[Unit]\nDefaultDependencies=no\n' > "$UNITS/$target.target"
done
run ln -s /usr/local/lib/systemd/system/lgswitch@.service "$UNITS/"
# (A test waits for a hang to be noticed.)
printf '[Service]\nWatchdogSec=2s\nStandardError=append:/run/switch.log\n' > "$UNITS/lgswitch@.service.d/hurry.conf"
run install -o lguest -g lguest -m 660 /dev/null /var/lg/net0
printf 'net=/var/lg/net0\ntap=lg0,addr=10.0.0.254/24\n' > /etc/lguest/sw.conf

CGROUP=/sys/fs/cgroup/test/systemd
mkdir -p $CGROUP "$TMPDIR/run"
end_systemd() {
	echo 1 > $CGROUP/cgroup.kill
	wait_for 10 grep -q 'populated 0' $CGROUP/cgroup.events
	find $CGROUP -depth -type d -exec rmdir {} +
}
at_exit end_systemd
at_exit 'cat "$TMPDIR/systemd.log" "$TMPDIR/run/switch.log"'
(
	echo 0 > $CGROUP/cgroup.procs
	exec unshare --pid --mount --uts --ipc --cgroup --fork --kill-child sh -c '
		mount -t proc proc /proc
		umount /sys/fs/cgroup
		mount -t cgroup2 cgroup2 /sys/fs/cgroup
		mount --bind "$TMPDIR/run" /run
		exec env -i PATH="$PATH" container=test SYSTEMD_UNIT_PATH='$UNITS' \
			/lib/systemd/systemd --system --unit=test.target --show-status=no --log-target=console'
) < /dev/null > "$TMPDIR/systemd.log" 2>&1 &

systemd_pid() {
	pgrep -x systemd --cgroup /test/systemd/init.scope
}

# inside COMMAND...: where that systemd is process 1
inside() {
	nsenter --target "$SYSTEMD" --mount --pid --cgroup --root -- "$@"
}

# value PROPERTY
value() {
	inside systemctl show --property="$1" --value lgswitch@sw
}

is_value() {
	[ "$(value "$1")" = "$2" ]
}

status_of() {
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}

main_pid() {
	pgrep -x lgswitch --uid lguest
}

# Another one than before, and ready.
is_anew() {
	[ "$(main_pid)" != "$1" ] && is_value ActiveState active
}

wait_for 30 systemd_pid
SYSTEMD=$(systemd_pid)
wait_for 60 inside systemctl is-active --quiet test.target

# --- it starts, as an ordinary user
run inside systemctl start lgswitch@sw
run is_value ActiveState active
PID=$(main_pid)
for key in CapEff CapPrm CapAmb; do
	run test "$(status_of "$PID" $key)" = 0000000000000000
done
run test "$(status_of "$PID" Seccomp)" = 2
run inside lgswitch ctl ports
run grep -q 10.0.0.254 <(ip -o addr show lg0)
INDEX=$(< /sys/class/net/lg0/ifindex)

# --- ports are among what bash offers
cat > "$TMPDIR/run/complete" <<'END'
. /usr/local/share/bash-completion/completions/lgswitch
COMP_LINE='lgswitch ctl down lg' COMP_POINT=20
_lguest_complete lgswitch
echo "${COMPREPLY[*]}"
END
run test "$(inside bash /run/complete)" = lg0

# --- a guest on its net reaches the host
init 'ip link set eth0 up
ip addr add 10.0.0.1/24 dev eth0
ping -c 3 -W 5 10.0.0.254 && echo "the host is there"
poweroff -f'
linux 0 60 64m --sharenet=/var/lg/net0
seen '^the host is there'

# --- it is reloaded
echo tap=lg1 >> /etc/lguest/sw.conf
run inside systemctl reload lgswitch@sw
wait_for 20 test -e /sys/class/net/lg1
run test "$(main_pid)" = "$PID"

# --- who kills it or stops it has it back at once, with its taps
run kill -KILL "$PID"
wait_for 30 is_anew "$PID"
run is_value NRestarts 1
PID=$(main_pid)
run kill -STOP "$PID"
wait_for 60 is_anew "$PID"
run is_value NRestarts 2
run test "$(< /sys/class/net/lg0/ifindex)" = "$INDEX"

# --- it ends, and its taps with it
run inside systemctl stop lgswitch@sw
run is_value ActiveState inactive
run is_value Result success
run test ! -e /sys/class/net/lg0 -a ! -e /sys/class/net/lg1

# --- without its file there is nothing to start
run inside systemctl start lgswitch@other
expect 3 inside systemctl is-active lgswitch@other

run env PREFIX=/usr/local mk/uninstall
run test ! -e /usr/local/bin/lgswitch -a ! -e /usr/local/lib/lguest
