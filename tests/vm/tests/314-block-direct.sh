#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: disks that are block devices, or files which can be had past the page cache
# timeout: 240
set -eu
. tests/vm/linux.sh

DISK=build/tests/progs/disk
PROGS=("$DISK")

run modprobe loop

# new_loop SIZE [LOSETUP-OPTION...]: sets LOOP
new_loop() {
	local file
	file=$(mktemp "$TMPDIR/loop.XXXXXX")
	truncate -s "$1" "$file"
	LOOP=$(losetup -f --show "${@:2}" "$file")
	at_exit "losetup -d $LOOP"
	echo "$LOOP is $1 ${*:2}"
}

new_loop 24M
run mkfs.ext4 -q "$LOOP"
run mkdir "$TMPDIR/ext4"
run mount "$LOOP" "$TMPDIR/ext4"
at_exit "umount $TMPDIR/ext4"
FILE=$TMPDIR/ext4/image
run truncate -s 6M "$FILE"
new_loop 4M
DEVICE=$LOOP
new_loop 4M --sector-size 4096
LARGE=$LOOP

# Three disks at once, and what they hold in the end.
init '
disk hammer /dev/lgba 8 60 > /tmp/lgba &
disk hammer /dev/lgbb 8 50 > /tmp/lgbb &
disk hammer /dev/lgbc 7 50 > /tmp/lgbc &
wait
for d in lgba lgbb lgbc; do
	echo $d $(cat /tmp/$d)
done
poweroff -f
'
linux 0 150 64m --verbose --block="$FILE" --block="$DEVICE" --block="$LARGE" < /dev/null
unseen FAILED
seen "disk $FILE: 6 MiB, direct"
seen "disk $DEVICE: 4 MiB, direct"
unseen "disk $LARGE: 4 MiB, direct"
for pair in "lgba $FILE" "lgbb $DEVICE" "lgbc $LARGE"; do
	run seen "^${pair% *} $("$DISK" check "${pair#* }")"
done

echo "without what they hold:"
init '
blkdiscard /dev/lgba && echo discarded
disk zero /dev/lgbb 65536 65536
poweroff -f
'
blocks=$(stat -c %b "$FILE")
linux 0 60 64m --block="$FILE" --block="$DEVICE" < /dev/null
seen '^discarded'
seen '^disk: zeroed'
run cmp -n 6291456 "$FILE" /dev/zero
run test "$(stat -c %b "$FILE")" -lt $((blocks / 2))
run cmp -i 65536:0 -n 65536 "$DEVICE" /dev/zero
