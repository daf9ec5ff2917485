#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: guests with an overlay share one image, each sees its own writes, none changes it
# timeout: 180
set -eu
. tests/vm/linux.sh

PROGS=(build/tests/progs/disk)
IMAGE=$TMPDIR/image
GUESTS=3

mkdir "$TMPDIR/files"
head -c 3000000 /dev/urandom > "$TMPDIR/files/shared"
run truncate -s 16M "$IMAGE"
run mkfs.ext4 -q -d "$TMPDIR/files" "$IMAGE"
chmod 444 "$IMAGE"
before=$(md5sum < "$IMAGE")
shared=$(md5sum < "$TMPDIR/files/shared" | cut -c 1-32)

# Guests start the second half together, when all of them have been seen.
init '
mount -t ext4 /dev/lgba /mnt || poweroff -f
read name
for i in 1 2 3 4; do
	yes "$name $i" | head -c 700000 > /mnt/mine-$i
done
dd if=/dev/urandom of=/mnt/shared bs=1000 seek=7 count=1 conv=notrunc 2> /dev/null
sync
echo 3 > /proc/sys/vm/drop_caches
sed -n "1p" /mnt/mine-3
for i in 1 2 3 4; do
	yes "$name $i" | head -c 700000 | cmp - /mnt/mine-$i && echo same $i
done
echo ready
read go
umount /mnt
mount -t ext4 /dev/lgba /mnt && sed -n 2p /mnt/mine-4
md5sum /mnt/shared
umount /mnt
disk hammer /dev/lgba 4 30
poweroff -f
'

for ((i = 0; i < GUESTS; i++)); do
	mkfifo "$TMPDIR/in-$i"
	exec {fd}<> "$TMPDIR/in-$i"
	IN[i]=$fd
	start_linux 48m --block="$IMAGE,overlay" \
		< "$TMPDIR/in-$i" > "$TMPDIR/out-$i" 2>&1
	PIDS[i]=$GUEST
	echo "guest$i" >&"$fd"
done
ready() {
	[ "$(grep -la '^ready' "$TMPDIR"/out-* | wc -l)" -eq $GUESTS ]
}
wait_for 90 ready
run test "$(md5sum < "$IMAGE")" = "$before"
expect 1 build/lguest 48m "$VMLINUX" --block="$IMAGE"

for ((i = 0; i < GUESTS; i++)); do
	echo go >&"${IN[i]}"
	wait "${PIDS[i]}" || fail "guest $i ended with status $?"
	OUTPUT=$TMPDIR/out-$i
	echo "guest $i:"
	cat "$OUTPUT"
	seen "^guest$i 3"
	seen "^guest$i 4"
	run test "$(grep -ac '^same' "$OUTPUT")" -eq 4
	seen '^disk: sum'
	unseen "^$shared"
	unseen FAILED
	unseen "$GUEST_COMPLAINTS"
done
run test "$(md5sum < "$IMAGE")" = "$before"
run e2fsck -fn "$IMAGE"
echo "no overlay is left:"
run test -z "$(find "$TMPDIR" -name 'lguest-overlay*')"
