#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: NMIs at any moment hit the host's handler and no guest notices
# timeout: 120
# allow-log: NMI backtrace for cpu|Call Trace|sysrq: Show backtrace|nmi_uaccess_okay
#
# Backtraces by NMI of all CPUs, as fast as they go, while guests enter, leave
# and reflect.  (A debug kernel warns, see kmod/run.c.)
set -eu
. tests/vm/lib.sh

ROUNDS=150
# shellcheck disable=SC2016 # expanded at the end
at_exit 'kill $(jobs -p) 2> /dev/null; wait'

nmis() {
	awk '/NMI:/ { print $2 + $3 }' /proc/interrupts
}

guest() {
	build/lguest --console=null --name="$1" 16M "build/tests/guests/$1" < /dev/null
}

keep_running() {
	while [ ! -e "$TMPDIR/stop" ]; do
		guest "$1" || return 1
	done
}

printk=$(cat /proc/sys/kernel/printk)
at_exit "echo '$printk' > /proc/sys/kernel/printk"
echo 1 > /proc/sys/kernel/printk
before=$(nmis)
keep_running syscalls &
one=$!
keep_running iret &
two=$!
for _ in $(seq $ROUNDS); do
	echo l > /proc/sysrq-trigger
done
touch "$TMPDIR/stop"
run wait $one
run wait $two
after=$(nmis)
echo "$((after - before)) NMIs"
[ $((after - before)) -ge $ROUNDS ] || skip "this host has no NMI backtraces"
