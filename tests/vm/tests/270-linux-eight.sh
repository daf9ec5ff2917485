#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: eight Linux guests on two CPUs work at once, and the host stays responsive
# timeout: 300
set -eu
. tests/vm/linux.sh

GUESTS=8
# The host may be busy, so this is no measurement: it tells whether a process
# of the host still gets its turn.
LATENCY_MS=3000

# shellcheck disable=SC2016 # for the guest's shell
init '
dd if=/dev/urandom of=/tmp/data bs=1k count=300 2> /dev/null
want=$(md5sum < /tmp/data)
n=0
while [ $n -lt 40 ]; do
	n=$((n+1))
	[ "$(md5sum < /tmp/data)" = "$want" ] || echo DIFFERS
done
echo guest done
poweroff -f
'
worst=0
watch_latency() {
	local before now
	while :; do
		before=${EPOCHREALTIME/./}
		sleep 0.02
		now=${EPOCHREALTIME/./}
		[ $((now - before)) -le $worst ] || worst=$((now - before))
		echo $((worst / 1000)) > "$TMPDIR/worst"
	done
}
watch_latency &
at_exit "kill $!"
# A host process at full load beside them.
while :; do :; done &
at_exit "kill $!"

pids=()
for i in $(seq $GUESTS); do
	start_linux 32m < /dev/null > "$TMPDIR/output$i" 2>&1
	pids+=("$GUEST")
done
for pid in "${pids[@]}"; do
	wait "$pid" || fail "a guest ended with status $?"
done
for i in $(seq $GUESTS); do
	OUTPUT=$TMPDIR/output$i
	seen 'guest done'
	unseen "DIFFERS|$GUEST_COMPLAINTS"
done
echo "worst latency of a host process: $(cat "$TMPDIR/worst") ms"
run test "$(cat "$TMPDIR/worst")" -lt $LATENCY_MS
