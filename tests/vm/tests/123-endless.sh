#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a guest that never ends can always be ended, and hogs nothing
# timeout: 120
#
# Two guests of each endless kind at a time, one per CPU; meanwhile a process
# that sleeps must go on waking up.
set -eu
. tests/vm/lib.sh

run tests/guests/run hostile-loop

# shellcheck disable=SC2016 # expanded at the end
at_exit 'kill $(jobs -p) 2> /dev/null; wait'
for kind in $(seq 0 17); do
	for _ in 1 2; do
		build/lguest --console=null 16M build/tests/guests/hostile-loop \
			case="$kind" > "$TMPDIR/said" 2>&1 < /dev/null &
	done
	worst=$(worst_nap "$(soak 400 1000)")
	echo "kind $kind: a sleep of 10 ms took $worst ms at worst"
	[ "$worst" -lt 1000 ] || fail "kind $kind keeps others from running"
	# shellcheck disable=SC2046 # several words
	kill -KILL $(jobs -p)
	wait
done
