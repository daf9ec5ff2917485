#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: eight guests and a busy process share two CPUs, migrating all the time
# timeout: 180
#
# Each guest checks its registers, FPU state, memory or timers; threads are
# pushed from CPU to CPU; a sleeper measures how the host responds.
set -eu
. tests/vm/lib.sh

SECONDS_EACH=$(soak 8 20)
WORST_MS=2000

# shellcheck disable=SC2016 # expanded at the end
at_exit 'kill $(jobs -p) 2> /dev/null; wait'

guest() {
	local name=$1
	shift
	build/lguest --console=null --name="$name" 16M "build/tests/guests/$name" "$@" \
		< /dev/null
}

# One guest after the other, until the time is over; status 1 if one failed.
keep_running() {
	local end=$((SECONDS + SECONDS_EACH)) runs=0
	while [ $SECONDS -lt $end ]; do
		guest "$@" || { echo "$*: status $?"; return 1; }
		runs=$((runs + 1))
	done
	echo "$*: $runs times"
}

busy() {
	while :; do
		:
	done
}

push_around() {
	local pid mask
	while :; do
		for pid in $(pgrep -x lguest); do
			for mask in 1 2 3; do
				taskset -a -p $mask "$pid" > /dev/null 2>&1 || :
			done
		done
	done
}

busy &
BUSY=$!
push_around &
PUSHER=$!
PIDS=
for work in 'fpu seed=1' 'fpu seed=2' 'iret' 'interrupts' 'pgtables' 'segments' \
	    'memory seconds=3 seed=3' 'syscalls'; do
	# shellcheck disable=SC2086 # words
	keep_running $work &
	PIDS="$PIDS $!"
done

worst=$(worst_nap $((SECONDS_EACH * 1000)))
echo "a sleep of 10 ms took $worst ms at worst"
for pid in $PIDS; do
	wait "$pid" || fail "a guest failed"
done
kill $BUSY $PUSHER
[ "$worst" -lt $WORST_MS ] || fail "the host does not respond"
