# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# linux.sh - for VM tests that run Linux guests: `. tests/vm/linux.sh` instead
# of lib.sh, which it includes.
#
#	init SCRIPT		make $INITRD, whose init mounts the usual and then
#				does SCRIPT; files of $PROGS are in its /bin
#	linux STATUS SECONDS MEMORY [LGUEST-OPTION...]
#				run a guest of it with what is on standard input as
#				its console's input; its output is shown and kept
#				in $OUTPUT; it must end with STATUS within SECONDS
#	seen REGEX, unseen REGEX  $OUTPUT has a line like that, or none
#	start_linux MEMORY [LGUEST-OPTION...]
#				start such a guest, with the standard streams of
#				the call; $GUEST is its process; $LAUNCHER is what
#				starts it (an array; default: lguest itself)
#
# A guest's kernel complains of its own faults: linux() looks for that, too.
. tests/vm/lib.sh

VMLINUX=build/guest/vmlinux
OUTPUT=$TMPDIR/output
INITRD=$TMPDIR/initrd.gz
PROGS=()
LAUNCHER=(build/lguest)
# Whatever a guest's kernel says when something is wrong with it.
GUEST_COMPLAINTS='BUG:|WARNING:|Oops|Call Trace|bad: scheduling|Bad page|rcu.*stall'

init() {
	{
		echo '#!/bin/sh'
		echo 'mount -t proc proc /proc'
		echo 'mount -t sysfs sys /sys'
		echo 'mount -t devtmpfs dev /dev 2> /dev/null'
		echo 'mkdir -p /dev/pts /dev/shm /tmp'
		echo "$1"
	} > "$TMPDIR/init"
	run mk/initrd "$INITRD" "$TMPDIR/init" "${PROGS[@]}"
}

start_linux() {
	local memory=$1
	shift
	"${LAUNCHER[@]}" "$memory" "$VMLINUX" --initrd="$INITRD" "$@" console=hvc0 quiet <&0 &
	# shellcheck disable=SC2034 # for the test
	GUEST=$!
}

linux() {
	local want=$1 seconds=$2 status=0
	shift 2
	echo "\$ lguest $*"
	timeout --kill-after=5 $((seconds * SLOW)) build/lguest "$1" "$VMLINUX" --initrd="$INITRD" \
		"${@:2}" console=hvc0 > "$OUTPUT" 2>&1 || status=$?
	grep -av '^\[' "$OUTPUT" || :
	if [ "$status" -ne "$want" ]; then
		tail -n 30 "$OUTPUT"
		fail "the guest ended with status $status, not $want"
	fi
	[ -n "${COMPLAINTS_EXPECTED-}" ] || unseen "$GUEST_COMPLAINTS"
}

seen() {
	grep -qaE -- "$1" "$OUTPUT" || fail "the guest did not say: $1"
}

unseen() {
	! grep -aE -- "$1" "$OUTPUT" || fail "the guest said: $1"
}
