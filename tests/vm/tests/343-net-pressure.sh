#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: TCP between guests that the host swaps out and in arrives unchanged, and one of them killed leaves nothing
# timeout: 400
set -eu
. tests/vm/guests.sh
. tests/vm/group.sh

PROGS=(build/tests/progs/traffic)
PATIENCE=150
MIB=$(soak 12 48)

modprobe brd rd_nr=1 rd_size=393216 || skip "no ram disk to swap to"
run mkswap /dev/ram0 > /dev/null
run swapon /dev/ram0
at_exit 'swapoff /dev/ram0; rmmod brd'
new_group net-pressure
swapped() {
	awk '/^pswpin/ { print $2 }' /proc/vmstat
}

# shellcheck disable=SC2034 # for boot
boot_in_group() {
	local LAUNCHER=("${INTO_GROUP[@]}" build/lguest)
	boot "$1" --sharenet="$TMPDIR/net0"
}

field() {
	sed -n "s/.*$2=\\([0-9a-f]*\\).*/\\1/p" <<< "$1"
}

# transfer MIB FROM TO ADDRESS: with the receiver's memory in use, too
transfer() {
	local sent
	later "$3" 'traffic sink 5000'
	on "$2" "traffic send $4 5000 $1"
	sent=$SAID
	result "$3"
	[ "$(field "$sent" sum)" = "$(field "$SAID" sum)" ] || fail "the sums differ"
	[ "$(field "$SAID" bytes)" -eq $(($1 << 20)) ] || fail "the length differs"
}

# (which stays, in memory: not on the group's account)
make_guests_initrd
boot_in_group a
boot_in_group b
ready a b
address a 1
address b 2
# Something to swap out, and to want back again
# shellcheck disable=SC2016 # for the guests' shell
for name in a b; do
	on $name 'dd if=/dev/urandom of=/tmp/data bs=1M count=20 2> /dev/null; want=$(md5sum < /tmp/data)'
done
transfer 4 a b 10.0.0.2
echo 40M > "$GROUP/memory.max"
before=$(swapped)
for name in a b; do
	# shellcheck disable=SC2016 # for the guests' shell
	on $name 'while :; do md5sum < /tmp/data > /tmp/sum; [ "$(cat /tmp/sum)" = "$want" ] || echo > /tmp/differs; sleep 1; done &'
done
transfer "$MIB" a b 10.0.0.2
transfer "$MIB" b a 10.0.0.1
echo "pages swapped in: $(($(swapped) - before))"
run test $(($(swapped) - before)) -gt 1000
for name in a b; do
	on $name 'test ! -e /tmp/differs'
done

# One dies amid that; the other one goes on, and nothing is left of it.
later b 'traffic sink 5000'
later a 'traffic send 10.0.0.2 5000 1000'
sleep 2
kill_guest b
boot_in_group b
ready b
address b 2
result a || :
transfer 8 a b 10.0.0.2
echo max > "$GROUP/memory.max"
off a b
rm "$TMPDIR"/*.out
wait_for 10 little_is_left
