#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a guest's memory may be swapped out, moved and compacted unnoticed
# timeout: 240
#
# Guests with more memory together than their cgroup may have, so that the
# host swaps it; each checks what it has written.
set -eu
. tests/vm/lib.sh
. tests/vm/group.sh

SWAP_KIB=262144
LIMIT=$((48 << 20))

modprobe brd rd_nr=1 rd_size=$SWAP_KIB || skip "no RAM disk to swap to"
at_exit 'rmmod brd'
run mkswap -q /dev/ram0
run swapon /dev/ram0
at_exit 'swapoff /dev/ram0'

new_group pressure
echo $LIMIT > "$GROUP/memory.max"

# Some 37 MiB of its 40 hold a pattern.
pressed_guest() {
	in_group build/lguest --console=null --name="memory-$1" 40M \
		build/tests/guests/memory seconds="$(soak 12 30)" seed="$1" < /dev/null
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
wait_for 10 little_is_left
