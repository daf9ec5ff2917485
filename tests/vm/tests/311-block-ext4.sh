#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: files on ext4 are the same in host and guest, and fsynced ones outlive a kill -9
# timeout: 180
set -eu
. tests/vm/linux.sh

IMAGE=$TMPDIR/image
FILES=$TMPDIR/files

mkdir "$FILES"
for i in 1 2 3 4 5 6 7 8; do
	head -c $((i * i * 10007)) /dev/urandom > "$FILES/host-$i"
done
run truncate -s 32M "$IMAGE"
run mkfs.ext4 -q -d "$FILES" "$IMAGE"

init '
mount -t ext4 /dev/lgba /mnt || poweroff -f
cd /mnt
md5sum host-*
for i in 1 2 3 4 5 6; do
	dd if=/dev/urandom of=guest-$i bs=$((i * 1001)) count=200 2> /dev/null &
done
wait
md5sum guest-*
rm host-8
fstrim -v /mnt > /tmp/trim && echo trimmed
cd /
umount /mnt && echo unmounted
poweroff -f
'
linux 0 100 64m --block="$IMAGE" < /dev/null
seen '^unmounted'
seen '^trimmed'
(cd "$FILES" && md5sum host-*) > "$TMPDIR/want"
tr -d '\r' < "$OUTPUT" | grep -aE '^[0-9a-f]{32}  host-' > "$TMPDIR/got" || :
run cmp "$TMPDIR/want" "$TMPDIR/got"

run e2fsck -fn "$IMAGE"
mkdir "$TMPDIR/out"
run debugfs -R "rdump / $TMPDIR/out" "$IMAGE"
tr -d '\r' < "$OUTPUT" | grep -aE '^[0-9a-f]{32}  guest-' > "$TMPDIR/want" || :
(cd "$TMPDIR/out" && md5sum guest-*) > "$TMPDIR/got"
run cmp "$TMPDIR/want" "$TMPDIR/got"
run test "$(wc -l < "$TMPDIR/got")" -eq 6
run test ! -e "$TMPDIR/out/host-8"

echo "what was fsynced outlives the launcher:"
init '
mount -t ext4 /dev/lgba /mnt
n=0
while :; do
	n=$((n+1))
	dd if=/dev/urandom of=/mnt/synced-$n bs=4k count=20 conv=fsync 2> /dev/null
	md5sum /mnt/synced-$n
	dd if=/dev/zero of=/mnt/noise bs=64k count=10 2> /dev/null
done
'
# Newest of the files that the guest has said are safe.
newest() {
	tr -d '\r' < "$OUTPUT" | grep -aoE '^[0-9a-f]{32}  /mnt/synced-[0-9]+$' | tail -n 1
}

has_synced() {
	[ -n "$(newest)" ] && [ "$(newest | sed 's/.*-//')" -ge "$1" ]
}

for round in 1 2 3; do
	start_linux 64m --block="$IMAGE" < /dev/null > "$OUTPUT" 2>&1
	wait_for 60 has_synced $((round * 3))
	last=$(newest)
	run kill -KILL "$GUEST"
	wait "$GUEST" 2> /dev/null || :
	# (replaying the journal is what a mount would do)
	e2fsck -fy "$IMAGE" > "$TMPDIR/fsck" 2>&1 || [ $? -eq 1 ] || fail "e2fsck: $(cat "$TMPDIR/fsck")"
	run e2fsck -fn "$IMAGE"
	file=${last##*/}
	run debugfs -R "dump /$file $TMPDIR/$file" "$IMAGE"
	run test "$(md5sum < "$TMPDIR/$file" | cut -c 1-32)" = "${last%% *}"
done
