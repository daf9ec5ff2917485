#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: disks keep what they got while the host swaps their guests, which leave nothing when killed amid that
# timeout: 400
set -eu
. tests/vm/guests.sh
. tests/vm/group.sh

PROGS=(build/tests/progs/disk)
PATIENCE=150
IMAGE=$TMPDIR/image

modprobe brd rd_nr=1 rd_size=262144 || skip "no ram disk to swap to"
run mkswap /dev/ram0 > /dev/null
run swapon /dev/ram0
at_exit 'swapoff /dev/ram0; rmmod brd'
new_group block-pressure
# (all of it is there, so that none of it is on the group's account)
head -c 8M /dev/zero > "$IMAGE"

# shellcheck disable=SC2034 # for boot
boot_in_group() {
	local LAUNCHER=("${INTO_GROUP[@]}" build/lguest)
	boot "$@"
}

swapped() {
	awk '/^pswpin/ { print $2 }' /proc/vmstat
}

# Something to swap out, and to want back again, all the time
# shellcheck disable=SC2016 # for the guest's shell
occupy() {
	on a 'dd if=/dev/urandom of=/tmp/data bs=1M count=12 2> /dev/null; want=$(md5sum < /tmp/data)'
	on a 'while :; do md5sum < /tmp/data > /tmp/sum; [ "$(cat /tmp/sum)" = "$want" ] || echo > /tmp/differs; done &'
}

make_guests_initrd
boot_in_group a --block="$IMAGE"
ready a
occupy
echo 20M > "$GROUP/memory.max"
before=$(swapped)
on a 'disk hammer /dev/lgba 4 3'
want=$SAID
on a 'disk check /dev/lgba'
[ "$SAID" = "$want" ] || fail "the disk has '$SAID', not '$want'"
on a 'test ! -e /tmp/differs'
echo "pages swapped in: $(($(swapped) - before))"
run test $(($(swapped) - before)) -gt 1000

for round in 1 2; do
	echo "killed amid that, for the ${round}th time"
	later a 'disk hammer /dev/lgba 4 1000'
	# shellcheck disable=SC2016 # its own shell's
	wait_for 60 sh -c '[ "$(awk "/^pswpin/ { print \$2 }" /proc/vmstat)" -gt '$(($(swapped) + 100))' ]'
	kill_guest a
	echo max > "$GROUP/memory.max"
	wait_for 10 little_is_left
	boot_in_group a --block="$IMAGE"
	ready a
	occupy
	echo 20M > "$GROUP/memory.max"
done
on a 'disk hammer /dev/lgba 2 1'
want=$SAID
echo max > "$GROUP/memory.max"
off a
run build/tests/progs/disk check "$IMAGE" > "$TMPDIR/sum"
[ "$(tail -n 1 "$TMPDIR/sum")" = "$want" ] || fail "the file has '$(cat "$TMPDIR/sum")', not '$want'"
