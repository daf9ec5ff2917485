#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: the control socket is for its owner and group, and a switch is found by its name, or for being the only one
# timeout: 240
set -eu
. tests/vm/switch.sh

chmod 755 "$TMPDIR"
GROUP=games
GID=$(getent group $GROUP | cut -d : -f 3)

NOBODY=(setpriv --reuid=65534 --regid=65534)

echo "owner and group:"
switch sw --tap=lg0 --control-group=$GROUP
run test "$(stat -c %a:%G "$TMPDIR/sw.sock")" = "660:$GROUP"
refused 'Permission denied' "${NOBODY[@]}" --clear-groups build/lgswitch ctl --control="$TMPDIR/sw.sock" ping
run "${NOBODY[@]}" --groups "$GID" build/lgswitch ctl --control="$TMPDIR/sw.sock" ports
run build/lgswitch ctl --control="$TMPDIR/sw.sock" ping
end_switch sw
refused 'no group nobody-there' build/lgswitch --control="$TMPDIR/sw.sock" --tap=lg0 --control-group=nobody-there
run test ! -e /sys/class/net/lg0

# plain NAME: one with its socket where it is by default
plain() {
	rm -f "$TMPDIR/$1.told"
	build/tests/vm/notified "$TMPDIR/$1.told" build/lgswitch --name="$1" --tap="lg$1" \
		>> "$TMPDIR/$1.log" 2>&1 &
	SWITCH[$1]=$!
	at_exit "kill -KILL $! 2> /dev/null"
	wait_for 30 grep -q '^READY=1' "$TMPDIR/$1.told"
}

CTL=(build/lgswitch ctl)
echo "by name, or by itself:"
rm -rf /run/lgswitch
refused 'no switch is running' "${CTL[@]}" ping
plain one
run test -S /run/lgswitch/one.sock
run "${CTL[@]}" version
plain two
refused 'several switches run: .*choose with --name' "${CTL[@]}" version
run "${CTL[@]}" --name=two version
refused 'nobody listens there' "${CTL[@]}" --name=three version
refused 'no name of a switch' "${CTL[@]}" --name=../one version
refused 'in use' build/lgswitch --name=two --tap=lgthree

echo "what a dead one leaves is in nobody's way:"
kill_switch two
run test -S /run/lgswitch/two.sock
run grep -F '(switch one)' <<< "$("${CTL[@]}" version)"
refused 'nobody listens there' "${CTL[@]}" --name=two version
plain two
run "${CTL[@]}" --name=two version
end_switch two
end_switch one
refused 'no switch is running' "${CTL[@]}" ping

echo "without a place for it there is none, and all else works:"
: > "$TMPDIR/plainfile"
rm -rf /run/lgswitch
ln -s "$TMPDIR/plainfile" /run/lgswitch
at_exit 'rm -f /run/lgswitch'
plain four
grep 'no control socket: ' "$TMPDIR/four.log" || fail "nothing is said"
end_switch four

echo "who listens but never answers is not waited for:"
python3 -c '
import socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(1)
time.sleep(100)' "$TMPDIR/mute.sock" &
at_exit "kill -KILL $! 2> /dev/null"
wait_for 20 test -S "$TMPDIR/mute.sock"
refused 'does not answer' "${CTL[@]}" --control="$TMPDIR/mute.sock" --timeout=1 ping
