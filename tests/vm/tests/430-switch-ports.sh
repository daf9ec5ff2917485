#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: 300 taps and nets are added to a running switch and removed; its memory, its files and the kernel's stay as they were
# timeout: 400
set -eu
. tests/vm/switch.sh

touch "$TMPDIR/net0"
switch sw "$TMPDIR/net0" --tap=lg0,addr=10.0.0.254/24
PID=${SWITCH[sw]}

# (One request each, all by one connection if ctl can, else by one each.)
round() {
	local i
	for ((i = 0; i < 150; i++)); do
		: > "$TMPDIR/n$i"
		build/lgswitch ctl --control="$TMPDIR/sw.sock" add "tap=t$i,vlan=$((i + 1))" &&
			build/lgswitch ctl --control="$TMPDIR/sw.sock" add "net=$TMPDIR/n$i,name=n$i,vlan=$((i + 1))" || return
	done > /dev/null
	[ -e /sys/class/net/t149 ] || return
	for ((i = 0; i < 150; i++)); do
		build/lgswitch ctl --control="$TMPDIR/sw.sock" del "t$i" &&
			build/lgswitch ctl --control="$TMPDIR/sw.sock" del "n$i" || return
		rm "$TMPDIR/n$i"
	done > /dev/null
	[ ! -e /sys/class/net/t149 ]
}

files() {
	find "/proc/$PID/fd" -mindepth 1 | wc -l
}

private_kib() {
	awk '/^Private_Dirty:/ { print $2 }' "/proc/$PID/smaps_rollup"
}

# The first round may grow what is then kept.
run round
no_growth 0 files no_growth 256 private_kib round
[ "$(find /sys/class/net -name 't[0-9]*' | wc -l)" -eq 0 ] || fail "some taps stayed"
end_switch sw
