#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: bad disks are refused with a reason, and one that fails is an I/O error to its guest only
# timeout: 240
set -eu
. tests/vm/linux.sh

DISK=build/tests/progs/disk
PROGS=("$DISK")
IMAGE=$TMPDIR/image

run mk/initrd "$INITRD"
truncate -s 4M "$IMAGE"

# refused WORDS OPTION...: what the launcher says when it does not start
refused() {
	local words=$1 said
	shift
	echo "\$ lguest $*"
	said=$(build/lguest 64m "$VMLINUX" "$@" 2>&1) && fail "it started"
	echo "$said"
	grep -qF -- "$words" <<< "$said" || fail "it did not say: $words"
}

: > "$TMPDIR/empty"
mkfifo "$TMPDIR/fifo"
refused 'No such file or directory' --block="$TMPDIR/nothing"
refused 'directory' --block="$TMPDIR"
refused 'is a directory' --block="$TMPDIR,ro"
refused 'it has 0 bytes' --block="$TMPDIR/empty"
refused 'neither a regular file nor a block device' --block="$TMPDIR/fifo"
refused "there is no 'rw'" --block="$IMAGE,rw"
refused 'exclude each other' --block="$IMAGE,ro,overlay"
refused 'in use already' --block="$IMAGE" --block="$IMAGE"
TMPDIR=/no/such/folder refused 'cannot create an overlay' --block="$IMAGE,overlay"
many=()
for ((i = 0; i < 31; i++)); do
	many+=(--block="$IMAGE,ro")
done
refused 'too many devices' "${many[@]}"

echo "without permission:"
chmod 755 "$TMPDIR"
chmod 444 "$IMAGE"
nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups build/lguest 64m "$VMLINUX" "$@" 2>&1 || :
}
run grep -F 'Permission denied (its guest writes to it' <<< "$(nobody --block="$IMAGE")"
run grep -F '/dev/lguest: Permission denied' <<< "$(nobody --block="$IMAGE,ro")"
chmod 644 "$IMAGE"

echo "a disk that is only read:"
run "$DISK" hammer "$IMAGE" 2 10
before=$(md5sum < "$IMAGE")
init '
cat /sys/block/lgba/ro
disk check /dev/lgba
dd if=/dev/zero of=/dev/lgba bs=4k count=1 conv=fsync 2>&1
blockdev --setrw /dev/lgba
dd if=/dev/zero of=/dev/lgba bs=4k count=1 conv=fsync 2>&1
blkdiscard /dev/lgba 2>&1
echo "still here"
poweroff -f
'
linux 0 60 64m --block="$IMAGE,ro" < /dev/null
seen '^1'
seen "^$("$DISK" check "$IMAGE")"
seen '^still here'
run test "$(md5sum < "$IMAGE")" = "$before"

echo "a file that becomes shorter while a guest uses it:"
init '
dd if=/dev/lgba of=/dev/null bs=4k skip=900 count=1 2>/dev/null && echo readable
echo cut it
read go
dd if=/dev/lgba of=/dev/null bs=4k skip=900 count=1 2>&1 | grep -i error
dd if=/dev/zero of=/dev/lgba bs=4k seek=901 count=1 conv=fsync 2>&1 | grep -i error
dd if=/dev/lgba bs=4k count=10 2> /dev/null | wc -c
dd if=/dev/zero of=/dev/lgba bs=4k count=1 conv=fsync && echo writable
poweroff -f
'
# (the guest kernel reports I/O errors, which is as it should be)
mkfifo "$TMPDIR/in"
exec {in}<> "$TMPDIR/in"
start_linux 64m --block="$IMAGE" < "$TMPDIR/in" > "$OUTPUT" 2>&1
wait_for 60 quietly seen '^cut it'
run truncate -s 1M "$IMAGE"
echo go >&"$in"
wait "$GUEST" || fail "the guest ended with status $?"
cat "$OUTPUT"
seen '^readable'
run test "$(grep -acE '^dd: .*([Ee]rror)' "$OUTPUT")" -eq 2
seen '^40960'
seen '^writable'
seen 'the disk .* at byte .*: it has become shorter'
run test "$(grep -ac 'it has become shorter' "$OUTPUT")" -eq 1
run test "$(stat -c %s "$IMAGE")" -eq 1048576

echo "as many disks as there can be:"
init '
ls /sys/block | grep -c lgb
for d in a z aa ad; do cat /sys/block/lgb$d/serial; done
for d in /sys/block/lgb*; do
	dd if=/dev/${d##*/} bs=512 count=1 2> /dev/null | grep -q . && echo read ${d##*/} &
done
wait
poweroff -f
'
many=()
for ((i = 0; i < 30; i++)); do
	echo "this is $i" > "$TMPDIR/disk-$i"
	truncate -s 64K "$TMPDIR/disk-$i"
	many+=(--block="$TMPDIR/disk-$i")
done
linux 0 60 64m "${many[@]}" < /dev/null
seen '^30'
for i in 0 25 26 29; do
	seen "^disk-$i"
done
run test "$(grep -ac '^read lgb' "$OUTPUT")" -eq 30

echo "guests that restart in the midst of it:"
run truncate -s 8M "$IMAGE"
run dd if=/dev/zero of="$IMAGE" bs=512 count=1 conv=notrunc status=none
init '
n=$(dd if=/dev/lgba bs=512 count=1 2> /dev/null | tr -cd x | wc -c)
echo "life $n"
if [ $n -ge 4 ]; then
	disk hammer /dev/lgba 4 20
	poweroff -f
fi
head -c $((n + 1)) /dev/zero | tr "\0" x | dd of=/dev/lgba conv=fsync 2> /dev/null
(disk hammer /dev/lgbb 16 100000 > /dev/null) &
sleep 1
reboot -f
'
run truncate -s 8M "$TMPDIR/second"
linux 0 120 64m --restart --block="$IMAGE" --block="$TMPDIR/second" < /dev/null
for i in 0 1 2 3 4; do
	seen "^life $i"
done
unseen FAILED
