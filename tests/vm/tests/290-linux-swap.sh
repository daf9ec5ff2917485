#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a guest's checksums hold while the host swaps its memory out and in
# timeout: 240
set -eu
. tests/vm/linux.sh
. tests/vm/group.sh

ROUNDS=$(soak 2 4)
# shellcheck disable=SC2016 # for the guest's shell
init '
rounds='"$ROUNDS"'
dd if=/dev/urandom of=/tmp/data bs=1M count=40 2> /dev/null
want=$(md5sum < /tmp/data)
for n in $(seq $rounds); do
	[ "$(md5sum < /tmp/data)" = "$want" ] || echo DIFFERS
	echo round $n
done
poweroff -f
'
modprobe brd rd_nr=1 rd_size=262144 || skip "no ram disk to swap to"
run mkswap /dev/ram0 > /dev/null
run swapon /dev/ram0
at_exit 'swapoff /dev/ram0; rmmod brd'
new_group linux-swap
echo 32M > "$GROUP/memory.max"
swapped() {
	awk '/^pswpin/ { print $2 }' /proc/vmstat
}

before=$(swapped)
in_group linux 0 200 96m < /dev/null
seen "round $ROUNDS"
unseen DIFFERS
echo "pages swapped in: $(($(swapped) - before))"
run test $(($(swapped) - before)) -gt 1000
