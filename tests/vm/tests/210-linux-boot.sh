#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: Linux boots to a shell, from vmlinux and from bzImage, and no typed byte is lost
# timeout: 120
set -eu
. tests/vm/linux.sh

TYPED=400

run mk/initrd "$INITRD"

# What a person would type; far more of it than fits into the console's ring
# while the guest is still booting, let alone while it is busy.  (What the kernel
# echoes while a command runs would be in the midst of what that says.)
typed() {
	local i
	echo 'stty -echo'
	echo 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo counted $i'
	for i in $(seq $TYPED); do
		echo "echo line \$(($i * 7))"
	done
	echo 'cat /proc/sys/kernel/osrelease /proc/cpuinfo'
	echo 'poweroff -f'
}

for VMLINUX in build/guest/vmlinux build/guest/bzImage; do
	typed > "$TMPDIR/typed"
	linux 0 60 64m < "$TMPDIR/typed" > "$TMPDIR/shown"
	seen 'lguest-init-up'
	seen '# counted 20000'
	seen '6\.1\..*lguest'
	for i in $(seq $TYPED); do
		echo "line $((i * 7))"
	done > "$TMPDIR/want"
	# (Behind the prompt, as nothing is echoed.)
	tr -d '\r' < "$OUTPUT" | sed -n 's/^[^ ]*# \(line [0-9]*\)$/\1/p' > "$TMPDIR/got"
	run cmp "$TMPDIR/want" "$TMPDIR/got"
done
