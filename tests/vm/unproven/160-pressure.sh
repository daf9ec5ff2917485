#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a guest's memory may be swapped out, moved and compacted unnoticed
# timeout: 240
#
# Guests with more memory together than their cgroup may have, so that the
# host swaps it; each checks what it has written.
set -eu
. tests/vm/lib.sh

GROUP=/sys/fs/cgroup/test-pressure
SWAP_MIB=256
LIMIT=$((48 << 20))

make_swap() {
	modprobe zram num_devices=1 2> /dev/null && [ -e /sys/block/zram0 ] || return 1
	echo $((SWAP_MIB << 20)) > /sys/block/zram0/disksize
	SWAP=/dev/zram0
	at_exit 'echo 1 > /sys/block/zram0/reset'
}

# Swap in a file of the tmpfs cannot be; a loop device over one can.
make_loop_swap() {
	truncate -s ${SWAP_MIB}M "$TMPDIR/swap"
	SWAP=$(losetup --show -f "$TMPDIR/swap") || return 1
	at_exit "losetup -d $SWAP"
}

make_swap || make_loop_swap || skip "neither zram nor a loop device to swap to"
run mkswap -q "$SWAP"
run swapon "$SWAP"
at_exit "swapoff $SWAP"

mkdir -p $GROUP
at_exit "rmdir $GROUP"
[ -e $GROUP/memory.max ] || skip "no memory cgroup"
echo $LIMIT > $GROUP/memory.max

pressed_guest() {
	(
		echo 0 > $GROUP/cgroup.procs
		exec build/lguest --console=null --name="memory-$1" 40M \
			build/tests/guests/memory seconds=30 seed="$1" < /dev/null
	)
}

stir() {
	while [ ! -e "$TMPDIR/stop" ]; do
		echo 1 > /proc/sys/vm/compact_memory
		echo 3 > /proc/sys/vm/drop_caches
		sleep 0.2
	done
}

swapped() {
	awk '/^pswpout/ { print $2 }' /proc/vmstat
}

# shellcheck disable=SC2016 # expanded at the end
at_exit 'kill $(jobs -p) 2> /dev/null; wait'
before=$(swapped)
stir &
pressed_guest 1 &
one=$!
pressed_guest 2 &
two=$!
run wait $one
run wait $two
touch "$TMPDIR/stop"
after=$(swapped)
echo "pages swapped out: $((after - before))"
[ $((after - before)) -gt 5000 ] || fail "hardly anything was swapped out"
grep -E '^(oom|oom_kill) ' $GROUP/memory.events
