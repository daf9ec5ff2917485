#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a guest's disk keeps what many processes at once write to it
# timeout: 240
set -eu
. tests/vm/linux.sh

DISK=build/tests/progs/disk
PROGS=("$DISK")
IMAGE=$TMPDIR/image
ODD=$TMPDIR/odd

run truncate -s 8M "$IMAGE"
run truncate -s 1000100 "$ODD"	# 1953 sectors and a bit

init '
show() { for f; do echo "$f: $(cat /sys/block/$f)"; done; }
show lgba/size lgba/ro lgba/serial lgba/queue/write_cache lgbb/size lgbb/queue/write_cache

disk hammer /dev/lgba 12 100
disk check /dev/lgba
echo "requests: $(cat /sys/block/lgba/stat)"
grep -w lgba /proc/interrupts

disk hammer /dev/lgbb 3 50
dd if=/dev/lgbb bs=512 skip=1952 2> /dev/null | wc -c
dd if=/dev/zero of=/dev/lgbb bs=512 seek=1953 count=1 2>&1 | grep -i "no space"

echo discard and zero
blkdiscard -o 65536 -l 131072 /dev/lgba && echo discarded
disk zero /dev/lgba 262144 65536
echo 3 > /proc/sys/vm/drop_caches
dd if=/dev/lgba bs=64k skip=1 count=2 2> /dev/null | md5sum
dd if=/dev/lgba bs=64k skip=4 count=1 2> /dev/null | md5sum

printf "n\np\n1\n\n+1M\nn\np\n2\n\n\nw\n" | fdisk /dev/lgba > /tmp/fdisk 2>&1 || cat /tmp/fdisk
grep lgb /proc/partitions
echo on the partition > /tmp/words
dd if=/tmp/words of=/dev/lgba1 conv=fsync 2> /dev/null
sync
poweroff -f
'
linux 0 200 64m --block="$IMAGE" --block="$ODD,overlay" < /dev/null
unseen FAILED
seen '^lgba/size: 16384'
seen '^lgba/ro: 0'
seen '^lgba/serial: image'
seen '^lgba/queue/write_cache: write back'
seen '^lgbb/size: 1953'
seen '^lgbb/queue/write_cache: write through'
seen 'does not end with a whole sector: its guest does not see the last 164 bytes'
seen '^512'
seen '[Nn]o space'
# All that was hammered was read back the same, in the guest.
run test "$(grep -a '^disk: sum' "$OUTPUT" | head -n 2 | sort -u | wc -l)" -eq 1
seen '^discarded'
seen '^disk: zeroed'
run test "$(grep -ac "^$(head -c 131072 /dev/zero | md5sum)" "$OUTPUT")" -eq 1
run test "$(grep -ac "^$(head -c 65536 /dev/zero | md5sum)" "$OUTPUT")" -eq 1
seen ' lgba2'

echo "what lay behind all that is in the file:"
start=$(od -An -t u4 -j 454 -N 4 "$IMAGE" | tr -d ' ')
run test "$(dd if="$IMAGE" bs=512 skip="$start" count=1 2> /dev/null | head -n 1 | tr -d '\0')" = 'on the partition'

echo "and a disk without partitions, from here:"
run truncate -s 4M "$TMPDIR/whole"
init 'disk hammer /dev/lgba 16 60; poweroff -f'
linux 0 100 64m --block="$TMPDIR/whole" < /dev/null
unseen FAILED
in_guest=$(grep -a '^disk: sum' "$OUTPUT" | tr -d '\r')
run "$DISK" check "$TMPDIR/whole"
run test "$("$DISK" check "$TMPDIR/whole")" = "$in_guest"
